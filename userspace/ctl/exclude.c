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

static void print_row(const struct ctl *ctl, const struct client_exemption *row,
		      size_t name_width, time_t now)
{
	char *match = exclude_match(row), *reason = text_quote(text_bytes(row->reason), 0);
	char classes[256];

	term_put(stdout, ctl->color, TERM_BOLD, row->name, name_width);
	printf("  %6" PRIu64 "  ", row->hits);
	print_expiry(ctl, row, now);
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

static int print_table(const struct ctl *ctl, const struct client_rules *rules)
{
	time_t now = time(NULL);
	size_t width = strlen("NAME");
	unsigned int i;

	for (i = 0; i < rules->count; i++)
		if (strlen(rules->exemption[i].name) > width)
			width = strlen(rules->exemption[i].name);
	if (!rules->count) {
		puts("nothing is excluded");
		return CTL_OK;
	}
	printf("%-*s  %6s  %-9s  %s\n", (int)width, "NAME", "HITS", "EXPIRES",
	       "WHAT");
	for (i = 0; i < rules->count; i++)
		print_row(ctl, &rules->exemption[i], width, now);
	return CTL_OK;
}

static int run_list(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct client_rules rules;
	struct option_walk walk;
	struct client *client;
	unsigned int i;
	int code, error;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = ctl_connect(&client);
	if (code)
		return code;
	error = client_rules_get(client, &rules);
	if (error) {
		code = ctl_refused(client, error, NULL);
		client_close(client);
		return code;
	}
	if (!ctl->json)
		code = print_table(ctl, &rules);
	for (i = 0; ctl->json && !code && i < rules.count; i++)
		code = ctl_print_json(exemption_json(&rules.exemption[i]));
	client_rules_free(&rules);
	client_close(client);
	return code ? code : ctl_flush();
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
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (!code)
		code = ctl_connect(&client);
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
