/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as user space has them, into those of the core. For the library.
 */
#ifndef WXG_LIB_RULES_CORE_H
#define WXG_LIB_RULES_CORE_H

#include "client.h"

struct wxg_exemption;

/* @to is all zero before; the core keeps no count of hits. */
void rules_core_exemption(const struct client_exemption *from, struct wxg_exemption *to);

#endif
