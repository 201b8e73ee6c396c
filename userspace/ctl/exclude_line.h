/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An exclusion as a person reads it.
 */
#ifndef WXG_CTL_EXCLUDE_LINE_H
#define WXG_CTL_EXCLUDE_LINE_H

#include "../lib/client.h"

/* "exe /opt/acme/agentd uid 1001": malloc'ed, NULL when out of memory. */
char *exclude_match(const struct client_exemption *exemption);

#endif
