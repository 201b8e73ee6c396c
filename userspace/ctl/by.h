/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who changed the mode or the rules, for wxguardd, which tells it in the
 * stream; and what was done to the known executables, which no other program
 * can tell. Where there is no store nobody tells it, and nothing is said.
 */
#ifndef WXG_CTL_BY_H
#define WXG_CTL_BY_H

#include "../lib/client.h"

/* The caller of this command made this generation live. */
void by_rules(uint32_t generation);

/* client_mode_set(), or client_mode_force(); its result. */
int by_mode_set(struct client *client, uint32_t mode, uint32_t confirm, bool force);

/*
 * The executable with this path, or @count of them, are now what @did says:
 * "forgotten"; or "pinned", "entered", and in the set. Paths, and where the many
 * are @from, may be hostile. Of none nothing is told.
 */
void by_known(const char *did, bool in_set, const char *path);
void by_known_many(const char *did, bool in_set, uint64_t count, const char *from);

#endif
