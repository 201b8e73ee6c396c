// SPDX-License-Identifier: GPL-2.0-or-later
/* See listing.h. Only reads from the module. */
#include <stdio.h>
#include <string.h>

#include "listing.h"

#define NAME "NAME"

int listing_read_rules(struct client *client, void *rules)
{
	return client_rules_get(client, rules);
}

void listing_free_rules(void *rules)
{
	client_rules_free(rules);
}

static int width_of(const struct listing *listing, const void *set)
{
	size_t i, len, width = strlen(NAME);

	for (i = 0; listing->name && i < listing->count(set); i++) {
		len = strlen(listing->name(set, i));
		if (len > width)
			width = len;
	}
	return (int)width;
}

static int print_set(const struct ctl *ctl, const struct listing *listing, const void *set)
{
	size_t i, count = listing->count(set);
	int width, code = 0;

	if (ctl->json) {
		for (i = 0; i < count && !code; i++)
			code = ctl_print_json(listing->json(set, i));
		return code;
	}
	if (!count) {
		puts(listing->empty);
		return 0;
	}
	width = width_of(listing, set);
	if (listing->name)
		printf("%-*s  ", width, NAME);
	listing->head(ctl);
	for (i = 0; i < count; i++)
		listing->row(ctl, set, i, width);
	return 0;
}

int listing_run(struct ctl *ctl, const struct verb *verb, int argc, char **argv,
		const struct listing *listing, void *set)
{
	struct option_walk walk;
	struct client *client;
	int code, error;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_connect(&walk, 0, 0, &client))
		return walk.exit;
	error = listing->read(client, set);
	if (error) {
		code = ctl_refused(client, error, NULL);
	} else {
		code = print_set(ctl, listing, set);
		listing->release(set);
	}
	client_close(client);
	return code ? code : ctl_flush();
}
