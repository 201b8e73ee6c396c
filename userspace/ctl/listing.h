/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What "scope list", "exclude list" and "known list" do alike: ask the module
 * for a set, print it as a table or as JSON lines.
 */
#ifndef WXG_CTL_LISTING_H
#define WXG_CTL_LISTING_H

#include "ctl.h"

struct listing {
	const char *empty;	/* said in place of a table without rows */
	/* Fill @set. 0, or -errno of @client, and then there is nothing to release. */
	int (*read)(struct client *client, void *set);
	void (*release)(void *set);
	size_t (*count)(const void *set);
	/* What stands in the first column; NULL = no column grows with it. */
	const char *(*name)(const void *set, size_t i);
	void (*head)(const struct ctl *ctl);	/* behind it, and the line's end */
	void (*row)(const struct ctl *ctl, const void *set, size_t i, int width);
	json_t *(*json)(const void *set, size_t i);
};

/**
 * listing_run() - the whole verb
 * @set: room for what @listing reads
 *
 * Return: the exit code; what went wrong was said.
 */
int listing_run(struct ctl *ctl, const struct verb *verb, int argc, char **argv,
		const struct listing *listing, void *set);

/* read and release of a struct client_rules. */
int listing_read_rules(struct client *client, void *rules);
void listing_free_rules(void *rules);

#endif
