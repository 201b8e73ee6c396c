// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard allow: the narrowest exclusion that would have covered a finding.
 * Shown before anything is asked or written; the way into the module and the
 * rules file is that of "exclude add".
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/rules_text.h"
#include "allow.h"
#include "ask.h"
#include "doc.h"
#include "fields.h"
#include "pick.h"
#include "rules_apply.h"

enum { KEY_BY = 256, KEY_REASON, KEY_EXPIRES, KEY_NAME, KEY_AUTHOR, KEY_DRY, KEY_YES, KEY_FORCE };

static const struct verb_option options[] = {
	{ KEY_BY, "by", "content|path|inode", "the program is told by path and content (default), by path alone, or as this file" },
	{ KEY_REASON, "reason", "TEXT", "why; required" },
	{ KEY_EXPIRES, "expires", "WHEN", "30d, or a date such as 2026-12-31" },
	{ KEY_NAME, "name", "NAME", "of the exclusion (default finding-NUMBER)" },
	{ KEY_AUTHOR, "author", "NAME", "who decided (default: who is logged in)" },
	{ KEY_DRY, "dry-run", NULL, "only show it" },
	{ KEY_YES, "yes", NULL, "do not ask" },
	{ KEY_FORCE, "force", NULL, "also one that is broad" },
	{ 0 }
};

struct wish {
	struct client_exemption row;
	enum allow_by by;
	bool dry_run, yes, force;
	int fd;
	json_t *doc;
	struct explain_case found;
};

static int set_by(const struct option_walk *walk, struct wish *wish)
{
	static const char *const words[] = { "content", "path", "inode" };
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(walk->value, words[i]))
			continue;
		wish->by = (enum allow_by)i;
		return 0;
	}
	return option_wrong(walk->verb, "--by is content, path or inode, not \"%s\"", walk->value);
}

static int set_option(const struct option_walk *walk, int key, struct wish *wish)
{
	struct client_exemption *row = &wish->row;

	switch (key) {
	case KEY_BY:
		return set_by(walk, wish);
	case KEY_REASON:
		return fields_text(walk->verb, "reason", walk->value, row->reason,
				   sizeof(row->reason));
	case KEY_AUTHOR:
		return fields_text(walk->verb, "author", walk->value, row->author,
				   sizeof(row->author));
	case KEY_EXPIRES:
		return fields_expires(walk->verb, walk->value, &row->expires);
	case KEY_NAME:
		return fields_name(walk->verb, walk->value, row->name);
	case KEY_DRY:
		wish->dry_run = true;
		return 0;
	case KEY_YES:
		wish->yes = true;
		return 0;
	case KEY_FORCE:
		wish->force = true;
		return 0;
	}
	return CTL_USAGE;
}

/* Would it have covered it? The file that it names is that of the finding. */
static unsigned int misses(const struct wish *wish)
{
	unsigned int missed = rules_why(&wish->row, &wish->found.event);

	return missed & RULES_MISS_FILE ? missed & ~(RULES_MISS_FILE | RULES_MISS_UNTOLD) : missed;
}

static int make_row(struct wish *wish)
{
	char why[ALLOW_WHY_MAX];
	uint64_t number = 0;
	int code = allow_make(wish->doc, &wish->found, wish->by, wish->force, &wish->row,
			      &wish->fd, why);

	if (code)
		return ctl_fail(code, "%s", why);
	if (misses(wish))
		return ctl_fail(CTL_FAILED, "no exclusion that would have covered this finding could be made of it (it lacks %#x); \"wxguard explain\" shows what it has",
				misses(wish));
	doc_number(wish->doc, "wxguard.finding.number", &number);
	if (!wish->row.name[0])
		snprintf(wish->row.name, sizeof(wish->row.name), "finding-%llu",
			 (unsigned long long)number);
	if (!wish->row.author[0])
		fields_author(wish->row.author);
	return 0;
}

/* As the rules file will have it. */
static void show(const struct wish *wish)
{
	char *message = doc_plain(wish->doc, "message");

	printf("# covers: %s\n", message ? message : "?");
	if (wish->by == ALLOW_BY_CONTENT)
		puts("# an upgrade of the program ends it; --by path would not end then");
	if (wish->found.by_parent)
		puts("# a program start belongs to who asks for it, here the parent");
	rules_text_print_exemption(stdout, &wish->row);
	if (wish->by == ALLOW_BY_INODE)
		puts("# and its inode, which the module reads from the file");
	fflush(stdout);
	free(message);
}

static int add(struct client_rules *rules, void *arg)
{
	const struct wish *wish = arg;
	unsigned int i;

	if (rules_find(rules, wish->row.name))
		return ctl_fail(CTL_FAILED, "\"%s\" is excluded already; remove it first, or take another --name",
				wish->row.name);
	for (i = 0; i < rules->count; i++)
		if (!rules_why(&rules->exemption[i], &wish->found.event))
			return ctl_fail(CTL_FAILED, "the exclusion \"%s\" covers this already; nothing was changed",
					rules->exemption[i].name);
	return rules_append(rules, &wish->row, 1);
}

static void print_added(const struct client_rules *live, const struct client_rules *rules,
			uint32_t generation, void *arg)
{
	const struct wish *wish = arg;

	(void)live;
	(void)rules;
	printf("allowed: %s (rules generation %u); take it back with: wxguard exclude remove %s\n",
	       wish->row.name, generation, wish->row.name);
}

static int allow(struct ctl *ctl, const struct verb *verb, const char *id, struct wish *wish)
{
	const struct rules_change change = { .change = add, .done = print_added,
					     .arg = wish, .force = wish->force };
	struct client *client = NULL;
	int64_t row;
	int code = wish->dry_run ? 0 : ctl_connect_to_decide(&client);

	if (!code)
		code = pick_finding(ctl, verb, id, &wish->doc, &row);
	if (code)
		goto out;
	explain_case(wish->doc, (uint64_t)time(NULL), &wish->found);
	code = make_row(wish);
	if (!code)
		show(wish);
	if (code || wish->dry_run)
		goto out;
	if (!wish->yes)
		code = ask_yes("Write it?", "allow changes what is reported and denied; say --yes as well, or --dry-run to see it",
			       "nothing was changed");
	if (!code)
		code = rules_apply(client, &change);
out:
	client_close(client);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { .fd = -1 };
	struct option_walk walk;
	int key, code = 0;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&walk, key, &wish);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (!code && !wish.row.reason[0])
		code = option_wrong(verb, "say why with --reason TEXT; whoever finds the exclusion in a year will ask");
	if (!code)
		code = allow(ctl, verb, walk.argv[0], &wish);
	if (wish.fd >= 0)
		close(wish.fd);
	explain_case_free(&wish.found);
	json_decref(wish.doc);
	return code ? code : ctl_flush();
}

const struct verb verb_allow = {
	.name = "allow",
	.args = "ID",
	.purpose = "Exclude what a finding is about, as narrowly as can be",
	.options = options,
	.notes = "The class, the executable and its content, the user, and the service or container\n"
		 "of the finding must all be the same again. Refused when that would be broad: an\n"
		 "interpreter outside of a service, or a path alone where others may write.\n",
	.run = run,
};
