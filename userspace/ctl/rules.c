// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard rules: the whole rule set as text. What "show" prints, "load" and
 * "check" accept.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../lib/raw_json.h"
#include "../lib/rules_text.h"
#include "rules_apply.h"

static int run_show(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct client_rules rules;
	struct option_walk walk;
	struct client *client;
	int code = CTL_OK, error;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_connect(&walk, 0, 0, &client))
		return walk.exit;
	error = client_rules_get(client, &rules);
	if (error) {
		code = ctl_refused(client, error, NULL);
		client_close(client);
		return code;
	}
	if (ctl->json)
		code = ctl_print_json(rules_json(&rules));
	else
		rules_text_print(stdout, &rules);
	client_rules_free(&rules);
	client_close(client);
	return code ? code : ctl_flush();
}

enum { KEY_FORCE = 256 };

static const struct verb_option file_options[] = {
	{ KEY_FORCE, "force", NULL, "also rules that can lock you out" },
	{ 0 }
};

/* Read the one operand; the sentence already names file and line. */
static int read_file(struct option_walk *walk, struct client_rules *rules, bool *force)
{
	char why[RULES_TEXT_WHY_MAX];
	int key, code, error;

	while ((key = option_next(walk)) > 0)
		*force = true;
	if (key)
		return walk->exit ? walk->exit : -1;
	code = option_operands(walk, 1, 1);
	if (code)
		return code;
	error = rules_text_parse(walk->argv[0], (uint64_t)time(NULL), NULL, rules, why);
	if (error == -ENOENT)
		return ctl_fail(CTL_NOT_FOUND, "%s", why);
	if (error == -EACCES || error == -EPERM)
		return ctl_fail(CTL_PERMISSION, "%s", why);
	return error ? ctl_fail(CTL_INVALID, "%s", why) : CTL_OK;
}

static int run_check(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	char why[RULES_TEXT_WHY_MAX];
	struct client_rules rules;
	struct option_walk walk;
	bool force = false;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	code = read_file(&walk, &rules, &force);
	if (code)
		return code < 0 ? CTL_OK : code;
	if (!force && rules_text_dangers(&rules, why))
		code = ctl_fail(CTL_INVALID, "%s: %s (--force)", walk.argv[0], why);
	else if (ctl->json)
		code = ctl_print_json(rules_json(&rules));
	else
		printf("%s: valid, %u classes, %u scopes, %u exclusions\n",
		       walk.argv[0], rules.classes, rules.scopes, rules.count);
	client_rules_free(&rules);
	return code ? code : ctl_flush();
}

struct load {
	const struct client_rules *rules;
	const char *path;
};

static int load(struct client_rules *rules, void *arg)
{
	const struct load *wish = arg;

	client_rules_free(rules);
	return rules_copy(wish->rules, rules);
}

static void print_loaded(const struct client_rules *live, const struct client_rules *rules,
			 uint32_t generation, void *arg)
{
	const struct load *wish = arg;

	printf("%s is loaded, and kept for the next start: %u exclusions, generation %u -> %u\n",
	       wish->path, rules->count, live->generation, generation);
}

static int run_load(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct client_rules rules;
	struct load wish = { .rules = &rules };
	struct rules_change change = { .change = load, .done = print_loaded, .arg = &wish };
	struct option_walk walk;
	struct client *client;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	code = read_file(&walk, &rules, &change.force);
	if (code)
		return code < 0 ? CTL_OK : code;
	wish.path = walk.argv[0];
	code = ctl_connect_to_decide(&client);
	if (!code) {
		code = rules_apply(client, &change);
		client_close(client);
	}
	client_rules_free(&rules);
	return code ? code : ctl_flush();
}

const struct verb verb_rules_show = {
	.name = "rules show",
	.args = "",
	.purpose = "Print the live rules, as \"rules load\" accepts them",
	.reads = true,
	.run = run_show,
};

const struct verb verb_rules_load = {
	.name = "rules load",
	.args = "FILE",
	.purpose = "Replace the rules by those of a file, and keep them",
	.options = file_options,
	.run = run_load,
};

const struct verb verb_rules_check = {
	.name = "rules check",
	.args = "FILE",
	.purpose = "Say whether a rules file is valid; change nothing",
	.options = file_options,
	.reads = true,
	.run = run_check,
};
