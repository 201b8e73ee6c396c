// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard scope list, add, remove: another rule for some classes in a subtree
 * of control groups, so that a container may be stricter than the host. The
 * first scope that matches decides, so their order is kept.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../module/core/class.h"
#include "../lib/raw_json.h"
#include "../lib/text.h"
#include "cgroup.h"
#include "classes.h"
#include "fields.h"
#include "listing.h"
#include "rules_apply.h"
#include "term.h"

/* ---- list ---- */

static const struct client_scope *scope_at(const void *rules, size_t i)
{
	return &((const struct client_rules *)rules)->scope[i];
}

static size_t count_scopes(const void *rules)
{
	return ((const struct client_rules *)rules)->scopes;
}

static const char *name_of(const void *rules, size_t i)
{
	return scope_at(rules, i)->name;
}

static void print_head(const struct ctl *ctl)
{
	(void)ctl;
	printf("%6s  %-4s  %-7s  %s\n", "HITS", "DOES", "KNOWN", "FOR");
}

static void print_row(const struct ctl *ctl, const void *rules, size_t i, int width)
{
	const struct client_scope *scope = scope_at(rules, i);
	char classes[256];

	term_put(stdout, ctl->color, TERM_BOLD, scope->name, (size_t)width);
	printf("  %6" PRIu64 "  %-4s  %-7s  %s  cgroup ", scope->hits,
	       wxg_action_name(scope->action),
	       !scope->has_known ? "-" : scope->known ? "exempt" : "report",
	       classes_print(classes, sizeof(classes), scope->classes));
	text_print(stdout, text_bytes(scope->cgroup), 0);
	putchar('\n');
}

static json_t *row_json(const void *rules, size_t i)
{
	return scope_json(scope_at(rules, i));
}

static int run_list(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	static const struct listing listing = {
		.empty = "there is no scope; the classes hold for every control group",
		.read = listing_read_rules,
		.release = listing_free_rules,
		.count = count_scopes,
		.name = name_of,
		.head = print_head,
		.row = print_row,
		.json = row_json,
	};
	struct client_rules rules;

	return listing_run(ctl, verb, argc, argv, &listing, &rules);
}

/* ---- add ---- */

enum { KEY_CGROUP = 256, KEY_CLASS, KEY_ACTION, KEY_KNOWN, KEY_FORCE };

static const struct verb_option add_options[] = {
	{ KEY_CGROUP, "cgroup", "GLOB", "control group; /x/** is what lies below /x; required" },
	{ KEY_CLASS, "class", "CLASS", "for this class; repeatable, required" },
	{ KEY_ACTION, "action", "off|log|deny|kill", "what is done; required" },
	{ KEY_KNOWN, "known", "exempt|report", "what is known is left out, or not (default: as the class)" },
	{ KEY_FORCE, "force", NULL, "also one that can lock you out, or a cgroup yet to come" },
	{ 0 }
};

struct wish {
	struct client_scope scope;
	bool has_action, force;
};

static int set_action(const struct option_walk *walk, struct wish *wish)
{
	int action = wxg_action_parse(walk->value, strlen(walk->value));

	if (action < 0)
		return option_wrong(walk->verb, "--action is off, log, deny or kill, not \"%s\"",
				    walk->value);
	wish->scope.action = (uint32_t)action;
	wish->has_action = true;
	return 0;
}

static int set_known(const struct option_walk *walk, struct wish *wish)
{
	if (strcmp(walk->value, "exempt") && strcmp(walk->value, "report"))
		return option_wrong(walk->verb, "--known is exempt or report, not \"%s\"", walk->value);
	wish->scope.has_known = true;
	wish->scope.known = !strcmp(walk->value, "exempt");
	return 0;
}

static int set_option(const struct option_walk *walk, int key, struct wish *wish)
{
	switch (key) {
	case KEY_CGROUP:
		return fields_text(walk->verb, "cgroup", walk->value, wish->scope.cgroup,
				   sizeof(wish->scope.cgroup));
	case KEY_CLASS:
		return classes_add(walk->verb, walk->value, &wish->scope.classes);
	case KEY_ACTION:
		return set_action(walk, wish);
	case KEY_KNOWN:
		return set_known(walk, wish);
	case KEY_FORCE:
		wish->force = true;
		return 0;
	}
	return CTL_USAGE;
}

static int check(const struct option_walk *walk, struct wish *wish)
{
	int code = option_operands(walk, 1, 1);

	if (!code)
		code = fields_name(walk->verb, walk->argv[0], wish->scope.name);
	if (code)
		return code;
	if (!wish->scope.cgroup[0] || !wish->scope.classes || !wish->has_action)
		return option_wrong(walk->verb, "say where, for what, and what to do: --cgroup, --class and --action are needed");
	return cgroup_check(walk->verb, wish->scope.cgroup, wish->force);
}

static int add(struct client_rules *rules, void *arg)
{
	const struct client_scope *scope = arg;

	if (rules_find_scope(rules, scope->name))
		return ctl_fail(CTL_FAILED, "there is a scope \"%s\" already; remove it first, or take another name",
				scope->name);
	return rules_append_scope(rules, scope);
}

static void print_added(const struct client_rules *live, const struct client_rules *rules,
			uint32_t generation, void *arg)
{
	const struct client_scope *scope = arg;

	(void)live;
	(void)rules;
	printf("scope added: %s (rules generation %u)\n", scope->name, generation);
}

static int run_add(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { 0 };
	struct option_walk walk;
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
	code = check(&walk, &wish);
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	code = rules_apply(client, &(struct rules_change){
		.change = add, .done = print_added, .arg = &wish.scope, .force = wish.force });
	client_close(client);
	return code ? code : ctl_flush();
}

static int drop(struct client_rules *rules, void *arg)
{
	const char *name = arg;
	struct client_scope *gone = rules_find_scope(rules, name);

	if (!gone)
		return ctl_fail(CTL_NOT_FOUND, "there is no scope \"%s\" (see: wxguard scope list)", name);
	rules->scopes--;
	memmove(gone, gone + 1, (size_t)(rules->scope + rules->scopes - gone) * sizeof(*gone));
	return 0;
}

static void print_dropped(const struct client_rules *live, const struct client_rules *rules,
			  uint32_t generation, void *arg)
{
	(void)live;
	(void)rules;
	printf("scope removed: %s (rules generation %u)\n", (const char *)arg, generation);
}

static int run_remove(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 1, 1))
		return walk.exit;
	code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	code = rules_apply(client, &(struct rules_change){
		.change = drop, .done = print_dropped, .arg = walk.argv[0], .force = true });
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_scope_list = {
	.name = "scope list",
	.args = "",
	.purpose = "Show which control groups have rules of their own",
	.reads = true,
	.run = run_list,
};

const struct verb verb_scope_add = {
	.name = "scope add",
	.args = "NAME",
	.purpose = "Give some classes another rule in a subtree of control groups",
	.options = add_options,
	.notes = "It comes last: the first scope that has the class and matches decides.\n"
		 "Exit codes: 1 the name is taken, 7 refused as a rule (a cgroup that does not\n"
		 "exist, one that can lock you out; see --force).\n",
	.run = run_add,
};

const struct verb verb_scope_remove = {
	.name = "scope remove",
	.args = "NAME",
	.purpose = "Take a scope back",
	.run = run_remove,
};
