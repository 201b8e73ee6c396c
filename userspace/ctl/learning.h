/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A time of learning, as the store has it: the command writes it down, and
 * the daemon ends it, also after a restart or a reboot.
 */
#ifndef WXG_CTL_LEARNING_H
#define WXG_CTL_LEARNING_H

#include "../lib/store.h"
#include "ctl.h"

struct learning {
	uint64_t until;		/* s since 1970, 0 = nothing is written down */
	uint64_t since;		/* 0 = not known: the daemon began it after a loss */
	uint32_t back;		/* mode to go back to */
	char by[WXGUARD_AUTHOR_MAX + 1];
};

/*
 * Open the store that wxguard.conf names. 0, or say why not and return the
 * exit code: CTL_NO_DAEMON if there is none, since only the daemon makes it.
 */
int learning_open(enum store_access access, struct store **store);

int learning_read(struct store *store, struct learning *learning);
/* All of it or nothing. 0 or -errno of the store. */
int learning_write(struct store *store, const struct learning *learning);
int learning_remove(struct store *store);

/* Is it going on, and not over or broken off by a change of the mode? */
bool learning_runs(const struct learning *learning, uint32_t mode, uint64_t now);

#endif
