// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The last N of a stream whose end is not known: a circle that grows up to N.
 */
#include <stdlib.h>

#include "tail.h"

static int grow(struct tail *tail)
{
	uint64_t room = tail->room ? 2 * tail->room : 64;
	struct feed_item **grown;

	if (room > tail->limit)
		room = tail->limit;
	grown = reallocarray(tail->item, room, sizeof(struct feed_item *));
	if (!grown)
		return ctl_fail(CTL_FAILED, "out of memory");
	tail->item = grown;
	tail->room = room;
	return 0;
}

int tail_push(struct tail *tail, struct feed_item *item)
{
	uint64_t at;

	if (!tail->code && !tail->limit)
		tail->code = feed_print(tail->feed, item);
	if (!tail->code && tail->limit && tail->seen >= tail->room &&
	    tail->room < tail->limit)
		tail->code = grow(tail);
	if (tail->code || !tail->limit) {
		feed_drop(item);
		return tail->code;
	}
	at = tail->seen % tail->limit;
	if (tail->seen >= tail->limit)
		feed_drop(tail->item[at]);
	tail->item[at] = item;
	tail->seen++;
	return 0;
}

int tail_end(struct tail *tail)
{
	uint64_t count = tail->seen < tail->limit ? tail->seen : tail->limit;
	uint64_t i, at;

	for (i = 0; i < count; i++) {
		at = (tail->seen - count + i) % tail->limit;
		if (!tail->code)
			tail->code = feed_print(tail->feed, tail->item[at]);
		feed_drop(tail->item[at]);
	}
	free(tail->item);
	tail->item = NULL;
	tail->seen = 0;
	return tail->code;
}
