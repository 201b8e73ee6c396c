// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard exclude list, remove: what is exempt, and taking it back.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/raw_json.h"
#include "../lib/text.h"
#include "classes.h"
#include "exclude_line.h"
#include "listing.h"
#include "rules_apply.h"
#include "term.h"
#include "units.h"

static void print_expiry(const struct ctl *ctl, const struct client_exemption *row,
			 time_t now)
{
	char text[48] = "never";
	bool over = row->expires && row->expires <= (uint64_t)now;

	if (over)
		snprintf(text, sizeof(text), "expired");
	else if (row->expires)
		units_print_duration(text, sizeof(text), row->expires - (uint64_t)now);
	term_put(stdout, ctl->color, over ? TERM_YELLOW : TERM_PLAIN, text, 9);
}

static const struct client_exemption *exemption_at(const void *rules, size_t i)
{
	return &((const struct client_rules *)rules)->exemption[i];
}

static size_t count_exemptions(const void *rules)
{
	return ((const struct client_rules *)rules)->count;
}

static const char *name_of(const void *rules, size_t i)
{
	return exemption_at(rules, i)->name;
}

static void print_head(const struct ctl *ctl)
{
	(void)ctl;
	printf("%6s  %-9s  %s\n", "HITS", "EXPIRES", "WHAT");
}

static void print_row(const struct ctl *ctl, const void *rules, size_t i, int width)
{
	const struct client_exemption *row = exemption_at(rules, i);
	char *match = exclude_match(row), *reason = text_quote(text_bytes(row->reason), 0);
	char classes[256];

	term_put(stdout, ctl->color, TERM_BOLD, row->name, (size_t)width);
	printf("  %6" PRIu64 "  ", row->hits);
	print_expiry(ctl, row, time(NULL));
	printf("  %s  %s", classes_print(classes, sizeof(classes), row->classes),
	       match ? match : "?");
	printf("  reason %s", reason ? reason : "?");
	if (row->author[0]) {
		fputs("  by ", stdout);
		text_print(stdout, text_bytes(row->author), 0);
	}
	putchar('\n');
	free(match);
	free(reason);
}

static json_t *row_json(const void *rules, size_t i)
{
	return exemption_json(exemption_at(rules, i));
}

static int run_list(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	static const struct listing listing = {
		.empty = "nothing is excluded",
		.read = listing_read_rules,
		.release = listing_free_rules,
		.count = count_exemptions,
		.name = name_of,
		.head = print_head,
		.row = print_row,
		.json = row_json,
	};
	struct client_rules rules;

	return listing_run(ctl, verb, argc, argv, &listing, &rules);
}

static int drop(struct client_rules *rules, void *arg)
{
	const char *name = arg;
	struct client_exemption *gone = rules_find(rules, name);

	if (!gone)
		return ctl_fail(CTL_NOT_FOUND, "nothing is excluded under the name \"%s\" (see: wxguard exclude list)",
				name);
	rules->count--;
	memmove(gone, gone + 1,
		(size_t)(rules->exemption + rules->count - gone) * sizeof(*gone));
	return 0;
}

static void print_dropped(const struct client_rules *live, const struct client_rules *rules,
			  uint32_t generation, void *arg)
{
	(void)live;
	(void)rules;
	printf("removed: %s (rules generation %u)\n", (const char *)arg, generation);
}

static int run_remove(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct rules_change change = { .change = drop, .done = print_dropped, .force = true };
	struct option_walk walk;
	struct client *client;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 1, 1))
		return walk.exit;
	code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	change.arg = walk.argv[0];
	code = rules_apply(client, &change);
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_exclude_list = {
	.name = "exclude list",
	.args = "",
	.purpose = "Show what is excluded, why, how often it was used, until when",
	.reads = true,
	.run = run_list,
};

const struct verb verb_exclude_remove = {
	.name = "exclude remove",
	.args = "NAME",
	.purpose = "Take an exclusion back",
	.run = run_remove,
};
