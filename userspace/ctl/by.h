/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who changed the mode or the rules, for wxguardd, which tells it in the
 * stream. Where there is no store nobody tells it, and nothing is said.
 */
#ifndef WXG_CTL_BY_H
#define WXG_CTL_BY_H

#include "../lib/client.h"

/* The caller of this command made this generation live. */
void by_rules(uint32_t generation);

/* client_mode_set(), or client_mode_force(); its result. */
int by_mode_set(struct client *client, uint32_t mode, uint32_t confirm, bool force);

#endif
