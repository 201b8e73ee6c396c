/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is being watched, whether it comes from the module or from the store. */
#ifndef WXG_CTL_WATCH_H
#define WXG_CTL_WATCH_H

#include "feed.h"
#include "screen.h"

/* What a callback returns that has seen what was wanted; no exit code and no errno. */
#define WATCH_ENOUGH 1000
/* The store rings no bell. */
#define WATCH_EVERY_MS 500

struct store;

struct watch {
	struct feed feed;
	bool has_after;
	uint64_t after, limit, shown;
	struct screen *screen;		/* NULL: line by line */
	struct store *store;		/* NULL: straight from the module */
	int64_t row;			/* of the store, shown last */
	unsigned int absent;		/* how often wxguardd was not there */
};

/* For members of the group that may read. 0, or the exit code of the complaint. */
int watch_store_open(struct watch *watch);
/* What is new. 0, WATCH_ENOUGH or the exit code of the complaint. */
int watch_store_read(struct watch *watch);

#endif
