/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The known set as a person sees it: one entry per executable, and one more
 * for each further kind of memory (wx_transition). The module tells one
 * message per executable and class.
 */
#ifndef WXG_CTL_KNOWN_SET_H
#define WXG_CTL_KNOWN_SET_H

#include "ctl.h"

struct known_set {
	struct client_known *entry;
	size_t count, room;
};

enum known_set_by {
	KNOWN_SET_BY_ENTRY,
	KNOWN_SET_BY_PIN,	/* and apart what it is pinned for, and what not */
};

/* Read all of it, merged, least recently seen first. 0 or -errno. */
int known_set_read(struct client *client, struct known_set *set, enum known_set_by by);
void known_set_free(struct known_set *set);

/* The steps of known_set_read(), for its tests. */
int known_set_add(const struct client_known *known, void *set);
void known_set_merge(struct known_set *set, enum known_set_by by);

#endif
