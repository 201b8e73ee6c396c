/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The last N of a stream whose end is not known.
 */
#ifndef WXG_CTL_TAIL_H
#define WXG_CTL_TAIL_H

#include "feed.h"

struct tail {
	struct feed *feed;
	uint64_t limit;		/* 0 = print each at once */
	uint64_t seen;
	struct feed_item **item; /* limit of them, used in a circle */
	uint64_t room;
	int code;		/* exit code of the first complaint */
};

/* Takes @item. Returns 0, or the exit code of the complaint. */
int tail_push(struct tail *tail, struct feed_item *item);
/* Print what is kept, oldest first, and free it. */
int tail_end(struct tail *tail);

#endif
