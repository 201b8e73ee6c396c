// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard exclude add: one exclusion from options, or those of a preset.
 * Everything that the command line alone can get wrong is refused before the
 * module is asked.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/rules_text.h"
#include "classes.h"
#include "exclude_line.h"
#include "rules_apply.h"
#include "units.h"

#define PRESET_DIR "/usr/share/wxguard/presets"

enum {
	KEY_EXE = 256,
	KEY_UID,
	KEY_CGROUP,
	KEY_COMM,
	KEY_UNSAFE,
	KEY_CLASS,
	KEY_REASON,
	KEY_EXPIRES,
	KEY_AUTHOR,
	KEY_PRESET,
};

static const struct verb_option options[] = {
	{ KEY_EXE, "exe", "GLOB", "executable of the caller: * within a directory, ** across" },
	{ KEY_UID, "uid", "N", "real user id" },
	{ KEY_CGROUP, "cgroup", "GLOB", "control group path" },
	{ KEY_COMM, "comm", "NAME", "command name; any process can choose its own" },
	{ KEY_UNSAFE, "unsafe", NULL, "accept --comm nevertheless" },
	{ KEY_CLASS, "class", "CLASS", "for this class; repeatable (default rwx_mprotect)" },
	{ KEY_REASON, "reason", "TEXT", "why; required" },
	{ KEY_EXPIRES, "expires", "WHEN", "30d, or a date such as 2026-12-31" },
	{ KEY_AUTHOR, "author", "NAME", "who decided (default: who is logged in)" },
	{ KEY_PRESET, "preset", "NAME", "add the exclusions of a preset or file instead" },
	{ 0 }
};

static int copy(const struct verb *verb, const char *option, const char *value,
		char *to, size_t size)
{
	if (!*value)
		return option_wrong(verb, "--%s is empty", option);
	if (strlen(value) >= size)
		return option_wrong(verb, "--%s has %zu bytes, at most %zu fit",
				    option, strlen(value), size - 1);
	strcpy(to, value);
	return 0;
}

static int set_expires(const struct verb *verb, const char *value, uint64_t *expires)
{
	struct units_clock clock;
	uint64_t span;
	time_t when;

	units_clock_read(&clock, false);
	if (!units_parse_duration(value, &span))
		when = clock.now + (time_t)span;
	else if (*value == '-' || units_parse_time(value, &clock, &when))
		return option_wrong(verb, "--expires is a duration such as 30d or a date such as 2026-12-31, not \"%s\"",
				    value);
	if (when <= clock.now)
		return option_wrong(verb, "--expires %s is in the past", value);
	*expires = (uint64_t)when;
	return 0;
}

static int set_option(const struct option_walk *walk, int key,
		      struct client_exemption *row, const char **preset)
{
	const struct verb *verb = walk->verb;
	const char *value = walk->value;

	switch (key) {
	case KEY_EXE:
		return copy(verb, "exe", value, row->exe, sizeof(row->exe));
	case KEY_CGROUP:
		return copy(verb, "cgroup", value, row->cgroup, sizeof(row->cgroup));
	case KEY_COMM:
		return copy(verb, "comm", value, row->comm, sizeof(row->comm));
	case KEY_REASON:
		return copy(verb, "reason", value, row->reason, sizeof(row->reason));
	case KEY_AUTHOR:
		return copy(verb, "author", value, row->author, sizeof(row->author));
	case KEY_UNSAFE:
		row->unsafe = true;
		return 0;
	case KEY_CLASS:
		return classes_add(verb, value, &row->classes);
	case KEY_UID:
		row->has_uid = true;
		if (units_parse_u32(value, &row->uid))
			return option_wrong(verb, "--uid is a number, not \"%s\"", value);
		return 0;
	case KEY_EXPIRES:
		return set_expires(verb, value, &row->expires);
	case KEY_PRESET:
		*preset = value;
		return 0;
	}
	return CTL_USAGE;
}

/* The login uid survives su and sudo, so it is the better answer to "who". */
static void set_author(struct client_exemption *row)
{
	FILE *file = fopen("/proc/self/loginuid", "re");
	unsigned int uid = UINT32_MAX;
	struct passwd *user = NULL;

	if (file) {
		if (fscanf(file, "%u", &uid) != 1)
			uid = UINT32_MAX;
		fclose(file);
	}
	if (uid != UINT32_MAX)
		user = getpwuid(uid);
	if (!user)
		user = getpwuid(getuid());
	if (user && strlen(user->pw_name) < sizeof(row->author))
		strcpy(row->author, user->pw_name);
}

static int check_row(const struct option_walk *walk, struct client_exemption *row)
{
	const struct verb *verb = walk->verb;
	int code = option_operands(walk, 1, 1);

	if (code)
		return code;
	if (strlen(walk->argv[0]) >= sizeof(row->name))
		return option_wrong(verb, "a name has at most %zu bytes",
				    sizeof(row->name) - 1);
	strcpy(row->name, walk->argv[0]);
	if (!row->reason[0])
		return option_wrong(verb, "say why with --reason TEXT; whoever finds the exclusion in a year will ask");
	if (!row->exe[0] && !row->has_uid && !row->cgroup[0] && !row->comm[0])
		return option_wrong(verb, "say what is excluded: at least one of --exe, --uid, --cgroup, --comm");
	if (row->comm[0] && !row->unsafe)
		return option_wrong(verb, "--comm is text that any process can set; prefer --exe, or add --unsafe");
	if (!row->classes)
		row->classes = 1U << WXGUARD_CLASS_RWX_MPROTECT;
	if (!row->author[0])
		set_author(row);
	return 0;
}

static int read_preset(const char *name, struct client_rules *preset)
{
	char path[4096], why[RULES_TEXT_WHY_MAX];
	int error;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "%s/%s.conf", PRESET_DIR, name);
	error = rules_text_parse(path, (uint64_t)time(NULL), NULL, preset, why);
	if (error == -ENOENT)
		return ctl_fail(CTL_NOT_FOUND, "there is no preset \"%s\": %s", name, why);
	return error ? ctl_fail(CTL_INVALID, "%s", why) : 0;
}

static int add_one(const struct client_rules *live, struct client_rules *rules,
		   const struct client_exemption *row)
{
	if (rules_find(live, row->name))
		return ctl_fail(CTL_FAILED, "\"%s\" is excluded already; remove it first, or take another name",
				row->name);
	return rules_append(rules, row, 1);
}

/* What is there under the same name stays: a second time adds nothing. */
static int add_preset(const struct client_rules *live, struct client_rules *rules,
		      const struct client_rules *preset)
{
	unsigned int i;
	int code = 0;

	for (i = 0; i < preset->count && !code; i++) {
		if (rules_find(live, preset->exemption[i].name))
			printf("kept as it is: %s\n", preset->exemption[i].name);
		else
			code = rules_append(rules, &preset->exemption[i], 1);
	}
	return code;
}

static void print_added(const struct client_rules *live,
			const struct client_rules *rules, uint32_t generation)
{
	unsigned int i;

	for (i = live->count; i < rules->count; i++) {
		char *match = exclude_match(&rules->exemption[i]);
		char classes[256];

		printf("excluded: %s  %s  %s  (rules generation %u)\n",
		       rules->exemption[i].name,
		       classes_print(classes, sizeof(classes), rules->exemption[i].classes),
		       match ? match : "?", generation);
		free(match);
	}
}

static int add(struct client *client, const struct client_exemption *row,
	       const struct client_rules *preset)
{
	struct client_rules live, rules;
	uint32_t generation;
	int code, error;

	error = client_rules_get(client, &live);
	if (error)
		return ctl_refused(client, error, NULL);
	code = rules_copy(&live, &rules);
	if (!code) {
		code = preset ? add_preset(&live, &rules, preset) :
				add_one(&live, &rules, row);
		if (!code && rules.count > live.count)
			code = rules_apply(client, &live, &rules, &generation);
		if (!code && rules.count > live.count)
			print_added(&live, &rules, generation);
		client_rules_free(&rules);
	}
	client_rules_free(&live);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct client_exemption row = { 0 };
	struct client_rules preset = { 0 };
	const char *preset_name = NULL;
	struct option_walk walk;
	struct client *client;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&walk, key, &row, &preset_name);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = preset_name ? option_operands(&walk, 0, 0) : check_row(&walk, &row);
	if (!code && preset_name)
		code = read_preset(preset_name, &preset);
	if (!code)
		code = ctl_connect(&client);
	if (!code) {
		code = add(client, &row, preset_name ? &preset : NULL);
		client_close(client);
	}
	client_rules_free(&preset);
	return code ? code : ctl_flush();
}

const struct verb verb_exclude_add = {
	.name = "exclude add",
	.args = "NAME",
	.purpose = "Exclude something for a reason, in the module and in the rules file",
	.options = options,
	.run = run,
};
