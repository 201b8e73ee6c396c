// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The known set, merged per executable and shape. Holds all of it in memory: the module
 * bounds it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "known_set.h"

int known_set_add(const struct client_known *known, void *arg)
{
	struct known_set *set = arg;
	struct client_known *grown;

	if (set->count == set->room) {
		set->room = set->room ? 2 * set->room : 256;
		grown = reallocarray(set->entry, set->room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		set->entry = grown;
	}
	set->entry[set->count++] = *known;
	return 0;
}

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int by_identity(const void *left, const void *right)
{
	const struct client_known *a = left, *b = right;
	int order = COMPARE(a->dev, b->dev);

	if (!order)
		order = COMPARE(a->ino, b->ino);
	if (!order)
		order = COMPARE(a->generation, b->generation);
	if (!order)
		order = COMPARE(a->ctime_sec, b->ctime_sec);
	if (!order)
		order = COMPARE(a->ctime_nsec, b->ctime_nsec);
	if (!order)	/* part of it: one is forgotten without the other */
		order = COMPARE(a->shape, b->shape);
	return order;
}

/* A pin is for a class: the others of the same entry age. */
static int by_pin(const void *left, const void *right)
{
	const struct client_known *a = left, *b = right;
	int order = by_identity(left, right);

	return order ? order : COMPARE(a->flags & WXGUARD_KNOWN_F_PINNED,
				       b->flags & WXGUARD_KNOWN_F_PINNED);
}

static int by_last_seen(const void *left, const void *right)
{
	const struct client_known *a = left, *b = right;
	int order = COMPARE(a->last_seen, b->last_seen);

	return order ? order : by_pin(left, right);
}

static void sort(struct known_set *set,
		 int (*compare)(const void *left, const void *right))
{
	if (set->count)
		qsort(set->entry, set->count, sizeof(*set->entry), compare);
}

/* COUNT is of the executable, so it repeats in each message: no sum. */
static void absorb(struct client_known *into, const struct client_known *from)
{
	into->classes |= from->classes;
	into->flags |= from->flags;
	if (from->first_seen < into->first_seen)
		into->first_seen = from->first_seen;
	if (from->last_seen > into->last_seen)
		into->last_seen = from->last_seen;
	if (from->count > into->count)
		into->count = from->count;
}

void known_set_merge(struct known_set *set, enum known_set_by by)
{
	int (*compare)(const void *left, const void *right) =
		by == KNOWN_SET_BY_PIN ? by_pin : by_identity;
	size_t i, kept = 0;

	sort(set, compare);
	for (i = 0; i < set->count; i++) {
		if (kept && !compare(&set->entry[kept - 1], &set->entry[i]))
			absorb(&set->entry[kept - 1], &set->entry[i]);
		else
			set->entry[kept++] = set->entry[i];
	}
	set->count = kept;
	sort(set, by_last_seen);
}

int known_set_read(struct client *client, struct known_set *set, enum known_set_by by)
{
	int error;

	memset(set, 0, sizeof(*set));
	error = client_known_list(client, known_set_add, set);
	if (error) {
		known_set_free(set);
		return error;
	}
	known_set_merge(set, by);
	return 0;
}

void known_set_free(struct known_set *set)
{
	free(set->entry);
	memset(set, 0, sizeof(*set));
}
