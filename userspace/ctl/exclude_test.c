// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard exclude test: which exclusions would cover a finding, or a program
 * at a path, and what keeps the others from it. Only reads.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "classes.h"
#include "explain_case.h"
#include "fields.h"
#include "known_file.h"
#include "pick.h"
#include "term.h"
#include "units.h"

enum { KEY_CLASS = 256, KEY_UID, KEY_CGROUP };

static const struct verb_option options[] = {
	{ KEY_CLASS, "class", "CLASS", "of a path: as if it did this (default: what each is for)" },
	{ KEY_UID, "uid", "N", "of a path: as this user" },
	{ KEY_CGROUP, "cgroup", "PATH", "of a path: in this control group" },
	{ 0 }
};

struct test {
	const struct ctl *ctl;
	struct explain_case found;
	bool is_path, any_class;
	struct stat stat;
	uint32_t classes;
	char cgroup[WXGUARD_GLOB_MAX + 1];
	unsigned int covering;
};

static const char *const words[] = {
	"class", "expired", "exe", "file", "uid", "cgroup", "comm", "not known",
};

/* What the kernel's inode has and stat does not is taken from the row, if the rest fits. */
static void take_identity(struct test *test, const struct client_exemption *row)
{
	struct rules_case *event = &test->found.event;

	event->has_key = true;
	event->ino = test->stat.st_ino;
	event->ctime_sec = test->stat.st_ctim.tv_sec;
	event->ctime_nsec = (uint32_t)test->stat.st_ctim.tv_nsec;
	event->dev = row->dev;
	event->generation = row->generation;
}

static unsigned int ask(struct test *test, const struct client_exemption *row)
{
	if (test->is_path)
		take_identity(test, row);
	if (test->any_class)
		test->found.event.class = (uint32_t)__builtin_ctz(row->classes ? row->classes : 1);
	return rules_why(row, &test->found.event);
}

static int print_json(const struct client_exemption *row, unsigned int misses)
{
	json_t *list = json_array(), *json = json_object();
	size_t i;
	int error;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (misses & 1U << i)
			json_array_append_new(list, json_string(words[i]));
	error = json_put(json, "name", json_bytes(text_bytes(row->name))) |
		json_put(json, "covers", json_boolean(!misses)) | json_put(json, "misses", list);
	return ctl_print_json(json_finish(json, error));
}

static int print_row(struct test *test, const struct client_exemption *row)
{
	unsigned int misses = ask(test, row);
	const char *between = "";
	size_t i;

	test->covering += !misses;
	if (test->ctl->json)
		return print_json(row, misses);
	term_put(stdout, test->ctl->color, misses ? TERM_PLAIN : TERM_GREEN,
		 misses ? "no      " : "covers  ", 0);
	fputs(row->name, stdout);
	if (misses)
		fputs(misses & RULES_MISS_UNTOLD ? "  depends on: " : "  differs: ", stdout);
	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!(misses & 1U << i) || 1U << i == RULES_MISS_UNTOLD)
			continue;
		printf("%s%s", between, words[i]);
		between = ", ";
	}
	putchar('\n');
	return 0;
}

static int print_all(struct test *test, struct client *client)
{
	struct client_rules rules;
	unsigned int i;
	int code = 0, error = client_rules_get(client, &rules);

	if (error)
		return ctl_refused(client, error, NULL);
	for (i = 0; i < rules.count && !code; i++)
		code = print_row(test, &rules.exemption[i]);
	if (!code && !rules.count && !test->ctl->json)
		puts("nothing is excluded");
	client_rules_free(&rules);
	return code ? code : test->covering ? CTL_OK : CTL_NOT_FOUND;
}

static int set_option(const struct option_walk *walk, int key, struct test *test)
{
	struct rules_case *event = &test->found.event;

	switch (key) {
	case KEY_CLASS:
		return classes_add(walk->verb, walk->value, &test->classes);
	case KEY_CGROUP:
		return fields_text(walk->verb, "cgroup", walk->value, test->cgroup,
				   sizeof(test->cgroup));
	default:
		event->has_uid = true;
		if (units_parse_u32(walk->value, &event->uid))
			return option_wrong(walk->verb, "--uid is a number, not \"%s\"", walk->value);
		return 0;
	}
}

/* The program at a path, as it is now. */
static int take_path(struct test *test, const char *path)
{
	struct rules_case *event = &test->found.event;
	int fd = -1, code = known_file_open(path, &fd);

	if (code)
		return code;
	if (fstat(fd, &test->stat))
		code = ctl_fail(CTL_FAILED, "%s: %s", path, strerror(errno));
	close(fd);
	test->found.exe = realpath(path, NULL);
	if (!code && !test->found.exe)
		code = ctl_fail(CTL_FAILED, "%s: %s", path, strerror(errno));
	if (code)
		return code;
	test->is_path = true;
	test->any_class = !test->classes;
	if (test->classes)
		event->class = (uint32_t)__builtin_ctz(test->classes);
	event->exe = text_bytes(test->found.exe);
	event->now = (uint64_t)time(NULL);
	if (*test->cgroup)
		event->cgroup = text_bytes(test->cgroup);
	return 0;
}

static int take_finding(struct test *test, const struct verb *verb, const char *id)
{
	json_t *doc = NULL;
	int64_t row;
	int code;

	if (test->classes || test->found.event.has_uid || *test->cgroup)
		return option_wrong(verb, "a finding has its own class, uid and cgroup; these go with a path");
	code = pick_finding(test->ctl, verb, id, &doc, &row);
	if (!code)
		explain_case(doc, (uint64_t)time(NULL), &test->found);
	json_decref(doc);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct test test = { .ctl = ctl };
	struct option_walk walk;
	struct client *client;
	int key, code, end;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&walk, key, &test);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (!code)
		code = strchr(walk.argv[0], '/') ? take_path(&test, walk.argv[0]) :
						   take_finding(&test, verb, walk.argv[0]);
	if (!code)
		code = ctl_connect(&client);
	if (!code) {
		code = print_all(&test, client);
		client_close(client);
	}
	explain_case_free(&test.found);
	end = ctl_flush();
	return code ? code : end;
}

const struct verb verb_exclude_test = {
	.name = "exclude test",
	.args = "ID | PATH",
	.purpose = "Say which exclusions cover a finding, or a program",
	.options = options,
	.notes = "A path has a / in it. Exit code 3 when none covers it.\n",
	.reads = true,
	.run = run,
};
