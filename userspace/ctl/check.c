// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard check: the one step that is missing between an installed package
 * and a running one, and what to type for it. Changes nothing.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "check.h"
#include "term.h"

enum { KEY_ROOT = 256, KEY_KERNEL };

static const struct verb_option options[] = {
	{ KEY_KERNEL, "kernel", "RELEASE", "ask about this kernel instead of the running one" },
	{ KEY_ROOT, "root", "DIR", "ask about the system below DIR, for example a mounted disk" },
	{ 0 }
};

#define STEP_WIDTH 11

static void print_step(const struct ctl *ctl, const struct check_step *step)
{
	size_t i;

	if (step->done == CHECK_YES)
		term_put(stdout, ctl->color, TERM_GREEN, "ok", 9);
	else if (step->done == CHECK_NO)
		term_put(stdout, ctl->color, TERM_ALARM, "MISSING", 9);
	else
		term_put(stdout, ctl->color, TERM_YELLOW, "unknown", 9);
	term_put(stdout, ctl->color, TERM_BOLD, step->name, STEP_WIDTH);
	puts(step->text);
	for (i = 0; i < 2; i++)
		if (step->type[i][0])
			printf("%9s%-*s%s\n", "", STEP_WIDTH, i ? "then" : "type", step->type[i]);
	if (step->then[0])
		printf("%9s%-*s%s\n", "", STEP_WIDTH, "", step->then);
}

static json_t *step_json(const struct check_step *step)
{
	json_t *row = json_pack("{s:s, s:o, s:s}", "step", step->name, "ok",
				step->done == CHECK_UNKNOWN ? json_null() :
							      json_boolean(step->done == CHECK_YES),
				"text", step->text);

	if (step->type[0][0])
		json_put(row, "type", json_pack("[s, s*]", step->type[0],
						step->type[1][0] ? step->type[1] : NULL));
	if (step->then[0])
		json_put(row, "then", json_string(step->then));
	return row;
}

static json_t *to_json(const struct check_facts *facts, const struct check_step *steps,
		       size_t count)
{
	const struct check_step *last = &steps[count - 1];
	json_t *root, *list = json_array();
	size_t i;

	for (i = 0; i < count; i++)
		json_array_append_new(list, step_json(&steps[i]));
	root = json_pack("{s:s, s:b, s:o}", "kernel", facts->release, "well",
			 last->done != CHECK_NO, "steps", list);
	json_put(root, "missing", last->done == CHECK_NO ? json_string(last->name) : json_null());
	return root;
}

static void ask_module(struct check_facts *facts)
{
	struct client *client;

	if (client_reach(&client, facts->refused, sizeof(facts->refused)))
		return;
	facts->asked = !client_status(client, &facts->status);
	if (!facts->asked)
		snprintf(facts->refused, sizeof(facts->refused), "%s", client_error(client));
	client_close(client);
}

/* The first that is missing decides, else whether something could not be read. */
static int exit_code(const struct check_step *steps, size_t count)
{
	size_t i;

	if (steps[count - 1].done == CHECK_NO)
		return steps[count - 1].exit;
	for (i = 0; i < count; i++)
		if (steps[i].done == CHECK_UNKNOWN)
			return CTL_PERMISSION;
	return CTL_OK;
}

static int check(struct ctl *ctl, const char *root, const char *release)
{
	struct check_facts *facts = malloc(sizeof(*facts));
	struct check_step *steps = calloc(CHECK_STEPS_MAX, sizeof(*steps));
	size_t i, count;
	int code, printed = 0;

	if (!facts || !steps) {
		free(facts);
		free(steps);
		return ctl_fail(CTL_FAILED, "out of memory");
	}
	check_look(facts, root, release);
	if (facts->loaded && !*root)
		ask_module(facts);
	count = check_judge(facts, steps);
	code = exit_code(steps, count);
	if (ctl->json) {
		printed = ctl_print_json(to_json(facts, steps, count));
	} else {
		for (i = 0; i < count; i++)
			print_step(ctl, &steps[i]);
		if (code == CTL_OK)
			puts(facts->running ? "all is well" : "ready for that kernel");
		if (code == CTL_PERMISSION)
			puts("not all could be read: ask again as root");
	}
	free(facts);
	free(steps);
	return printed || ctl_flush() ? CTL_FAILED : code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	const char *root = "", *release = NULL;
	struct option_walk walk;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		if (key == KEY_ROOT)
			root = walk.value;
		else
			release = walk.value;
		if (!*walk.value || (key == KEY_KERNEL && strchr(walk.value, '/')))
			return option_stop(&walk, option_wrong(verb, "--%s takes %s, not \"%s\"",
				key == KEY_ROOT ? "root" : "kernel",
				key == KEY_ROOT ? "a folder" : "a release, as uname -r prints it",
				walk.value));
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (code)
		return code;
	/* "/" is where one looks without it. */
	return check(ctl, strcmp(root, "/") ? root : "", release);
}

const struct verb verb_check = {
	.name = "check",
	.args = "",
	.purpose = "Find the one step that is missing between installed and running",
	.options = options,
	.notes = "Exit code 0: all is well; else by the step that is missing: 5 up to a module\n"
		 "that is loaded and armed, 4 the daemon, 1 what comes after; 6: not all could\n"
		 "be read.\n",
	.reads = true,
	.run = run,
};
