// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline promote: what was learnt becomes lasting. The whole plan
 * is shown before it is asked for; the exclusions are loaded all or none,
 * and only then is anything pinned.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "ask.h"
#include "by.h"
#include "fields.h"
#include "promote.h"
#include "rules_apply.h"

enum { KEY_AS = 256, KEY_ONLY_KNOWN, KEY_EXPIRES, KEY_AUTHOR, KEY_YES };

static const struct verb_option options[] = {
	{ KEY_ONLY_KNOWN, "only-known", NULL, "pin what is known; add no exclusions" },
	{ KEY_AS, "as", "deny|kill", "as if each class had this action" },
	{ KEY_EXPIRES, "expires", "WHEN", "of the exclusions: 90d, or a date such as 2026-12-31" },
	{ KEY_AUTHOR, "author", "NAME", "who decided (default: who is logged in)" },
	{ KEY_YES, "yes", NULL, "do not ask" },
	{ 0 }
};

struct wish {
	int as;			/* -1 = as the rules say */
	bool only_known, yes;
	uint64_t expires;
	char author[WXGUARD_AUTHOR_MAX + 1];
};

static int set_option(const struct option_walk *walk, int key, struct wish *wish)
{
	switch (key) {
	case KEY_ONLY_KNOWN:
		wish->only_known = true;
		return 0;
	case KEY_AS:
		return review_parse_as(walk->verb, walk->value, &wish->as);
	case KEY_EXPIRES:
		return fields_expires(walk->verb, walk->value, &wish->expires);
	case KEY_AUTHOR:
		return fields_text(walk->verb, "author", walk->value, wish->author,
				   sizeof(wish->author));
	case KEY_YES:
		wish->yes = true;
		return 0;
	}
	return CTL_USAGE;
}

static void print_row(const char *what, const struct review_row *row, const char *why)
{
	const struct bytes path = { row->known.path, row->known.path_len };

	printf("%-8s %-15s  ", what, wxg_class_lookup(row->class)->name);
	text_print(stdout, path, 0);
	printf("%s%s\n", *why ? "  " : "", why);
}

static const char *why_left(const struct review_row *row, bool only_known)
{
	if (only_known)
		return "(--only-known)";
	switch (row->file) {
	case REVIEW_FILE_CHANGED:
		return "(another file is at this path now)";
	case REVIEW_FILE_GONE:
		return "(the file is gone)";
	case REVIEW_FILE_UNREADABLE:
		return "(the file cannot be read)";
	default:
		return "(its path is not known)";
	}
}

static void print_plan(const struct promotion *plan, bool only_known)
{
	size_t i;

	for (i = 0; i < plan->pins; i++)
		print_row("pin", plan->pin[i], "");
	for (i = 0; i < plan->adds; i++) {
		const struct client_exemption *add = &plan->add[i];
		char hex[EXE_FILE_HEX_MAX];

		exe_file_hex(add->sha256, hex);
		printf("exclude  %-15s  ",
		       wxg_class_lookup((uint32_t)__builtin_ctz(add->classes))->name);
		text_print(stdout, text_bytes(add->exe), 0);
		printf("  sha256 %s  as %s\n", hex, add->name);
	}
	for (i = 0; i < plan->lefts; i++)
		print_row("left out", plan->left[i], why_left(plan->left[i], only_known));
}

/* Somebody may have taken a name while the plan was read. */
static int add_exclusions(struct client_rules *rules, void *arg)
{
	const struct promotion *plan = arg;
	size_t i;

	for (i = 0; i < plan->adds; i++)
		if (rules_find(rules, plan->add[i].name))
			return ctl_fail(CTL_FAILED, "nothing was promoted: \"%s\" is excluded meanwhile; try again",
					plan->add[i].name);
	return plan->adds ? rules_append(rules, plan->add, (unsigned int)plan->adds) : -1;
}

/* What left the set meanwhile is no failure: it is new the next time. */
static int pin_all(struct client *client, const struct promotion *plan, size_t *pinned)
{
	size_t i;

	*pinned = 0;
	for (i = 0; i < plan->pins; i++) {
		int error = client_known_pin(client, &plan->pin[i]->known, true);

		if (!error)
			++*pinned;
		else if (error != -ENOENT)
			return ctl_refused(client, error, "not everything was pinned");
	}
	return 0;
}

static int carry_out(struct client *client, struct promotion *plan, bool only_known)
{
	const struct rules_change change = { .change = add_exclusions, .arg = plan };
	int code = rules_apply(client, &change);
	size_t pinned;

	if (code)
		return code;
	code = pin_all(client, plan, &pinned);
	by_known_many("pinned", true, pinned, "promoted from what was learnt");
	printf("promoted: %zu pinned, %zu exclusions added, %zu left out\n", pinned,
	       plan->adds, plan->lefts);
	if (code)
		return code;
	puts("next: wxguard mode enforce --confirm 60s, look around, then: wxguard mode confirm");
	if (!plan->lefts || only_known)
		return 0;
	return ctl_fail(CTL_NOT_FOUND, "%zu that would be denied %s left out, see above",
			plan->lefts, plan->lefts == 1 ? "was" : "were");
}

static int promote(struct client *client, const struct review *review,
		   const struct wish *wish)
{
	const struct promotion_note note = { .author = wish->author,
					     .now = (uint64_t)time(NULL),
					     .expires = wish->expires };
	struct promotion plan;
	char question[96];
	int code = 0;

	if (promotion_make(&plan, review, wish->only_known, &note)) {
		promotion_free(&plan);
		return ctl_fail(CTL_FAILED, "out of memory");
	}
	print_plan(&plan, wish->only_known);
	if (!plan.pins && !plan.adds && !plan.lefts) {
		puts("nothing is left to promote");
	} else {
		snprintf(question, sizeof(question), "Pin %zu executables and add %zu exclusions?",
			 plan.pins, plan.adds);
		if (!wish->yes)
			code = ask_yes(question, "nothing was promoted; to do what is shown, say --yes as well",
				       "nothing was promoted");
		if (!code)
			code = carry_out(client, &plan, wish->only_known);
	}
	promotion_free(&plan);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { .as = -1 };
	struct option_walk walk;
	struct review review;
	struct client *client;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&walk, key, &wish);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	if (!*wish.author)
		fields_author(wish.author);
	code = review_read(client, WXGUARD_KNOWN_F_LEARNED, wish.as, &review);
	if (!code && !review.count)
		code = ctl_fail(CTL_NOT_FOUND, "nothing was learnt; to begin: wxguard baseline start --for 7d");
	if (!code)
		code = promote(client, &review, &wish);
	review_free(&review);
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_baseline_promote = {
	.name = "baseline promote",
	.args = "",
	.purpose = "Make lasting what was learnt: pin what is known, exclude what would be denied",
	.options = options,
	.notes = "An exclusion holds for one class, one path and one content. The rules are loaded\n"
		 "whole or not at all. Exit codes: 1 not done, 3 nothing was learnt, or something\n"
		 "that would be denied was left out.\n",
	.run = run,
};
