// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard exclude add: one exclusion from options, or those of a preset.
 * Everything that the command line alone can get wrong is refused before the
 * module is asked. A file is opened once: its identity and its content are
 * those of the same descriptor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/rules_text.h"
#include "cgroup.h"
#include "classes.h"
#include "exclude_line.h"
#include "fields.h"
#include "known_file.h"
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
	KEY_SHA256,
	KEY_SHA256_OF,
	KEY_INODE_OF,
	KEY_FORCE,
};

static const struct verb_option options[] = {
	{ KEY_EXE, "exe", "GLOB", "executable of the caller: * within a directory, ** across" },
	{ KEY_SHA256, "sha256", "HEX", "content of the executable" },
	{ KEY_SHA256_OF, "sha256-of", "FILE", "the same, taken from a file" },
	{ KEY_INODE_OF, "inode-of", "FILE", "this very file, as it is now; any change of it ends that" },
	{ KEY_UID, "uid", "N", "real user id" },
	{ KEY_CGROUP, "cgroup", "GLOB", "control group path; /x/** is what lies below /x" },
	{ KEY_COMM, "comm", "NAME", "command name; any process can choose its own" },
	{ KEY_UNSAFE, "unsafe", NULL, "accept --comm nevertheless" },
	{ KEY_CLASS, "class", "CLASS", "for this class; repeatable (default rwx_mprotect)" },
	{ KEY_REASON, "reason", "TEXT", "why; required" },
	{ KEY_EXPIRES, "expires", "WHEN", "30d, or a date such as 2026-12-31" },
	{ KEY_AUTHOR, "author", "NAME", "who decided (default: who is logged in)" },
	{ KEY_PRESET, "preset", "NAME", "add the exclusions of a preset or file instead" },
	{ KEY_FORCE, "force", NULL, "also one that covers everything, or a cgroup yet to come" },
	{ 0 }
};

/* What the command line asks for. */
struct wish {
	struct client_exemption row;
	const char *preset;
	struct client_rules presets;	/* what it says */
	bool force;
	int fd;			/* the file that row.fd names, -1 */
};

/* One file at most: an exemption has one identity. */
static int set_file(const struct option_walk *walk, struct wish *wish)
{
	if (wish->fd >= 0 || wish->row.has_sha256)
		return option_wrong(walk->verb, "one of --sha256, --sha256-of and --inode-of is enough");
	return 0;
}

static int set_inode_of(const struct option_walk *walk, struct wish *wish)
{
	int code = set_file(walk, wish);

	return code ? code : known_file_open(walk->value, &wish->fd);
}

static int set_sha256(const struct option_walk *walk, int key, struct wish *wish)
{
	struct client_exemption *row = &wish->row;
	int code = set_file(walk, wish);
	struct stat stat_buf;

	if (!code && key == KEY_SHA256)
		code = fields_sha256(walk->verb, walk->value, row->sha256);
	else if (!code)
		code = fields_sha256_of(walk->value, row->sha256, &stat_buf, &wish->fd);
	if (code)
		return code;
	row->has_sha256 = true;
	if (key == KEY_SHA256_OF) {	/* what the module must find, see rules_apply() */
		row->ctime_sec = stat_buf.st_ctim.tv_sec;
		row->ctime_nsec = (uint32_t)stat_buf.st_ctim.tv_nsec;
	}
	return 0;
}

static int set_option(const struct option_walk *walk, int key, struct wish *wish)
{
	const struct verb *verb = walk->verb;
	struct client_exemption *row = &wish->row;
	const char *value = walk->value;

	switch (key) {
	case KEY_EXE:
		return fields_text(verb, "exe", value, row->exe, sizeof(row->exe));
	case KEY_CGROUP:
		return fields_text(verb, "cgroup", value, row->cgroup, sizeof(row->cgroup));
	case KEY_COMM:
		return fields_text(verb, "comm", value, row->comm, sizeof(row->comm));
	case KEY_REASON:
		return fields_text(verb, "reason", value, row->reason, sizeof(row->reason));
	case KEY_AUTHOR:
		return fields_text(verb, "author", value, row->author, sizeof(row->author));
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
		return fields_expires(verb, value, &row->expires);
	case KEY_SHA256:
	case KEY_SHA256_OF:
		return set_sha256(walk, key, wish);
	case KEY_INODE_OF:
		return set_inode_of(walk, wish);
	case KEY_FORCE:
		wish->force = true;
		return 0;
	case KEY_PRESET:
		wish->preset = value;
		return 0;
	}
	return CTL_USAGE;
}

static int check_row(const struct option_walk *walk, struct wish *wish)
{
	struct client_exemption *row = &wish->row;
	const struct verb *verb = walk->verb;
	int code = option_operands(walk, 1, 1);

	if (!code)
		code = fields_name(verb, walk->argv[0], row->name);
	if (code)
		return code;
	if (!row->reason[0])
		return option_wrong(verb, "say why with --reason TEXT; whoever finds the exclusion in a year will ask");
	if (!row->exe[0] && !row->has_uid && !row->cgroup[0] && !row->comm[0] &&
	    !row->has_sha256 && wish->fd < 0)
		return option_wrong(verb, "say what is excluded: at least one of --exe, --sha256, --sha256-of, --inode-of, --uid, --cgroup, --comm");
	if (row->comm[0] && !row->unsafe)
		return option_wrong(verb, "--comm is text that any process can set; prefer --exe, or add --unsafe");
	if (!row->classes)
		row->classes = 1U << WXGUARD_CLASS_RWX_MPROTECT;
	if (!row->author[0])
		fields_author(row->author);
	row->has_fd = wish->fd >= 0;
	row->fd = wish->fd;
	return cgroup_check(verb, row->cgroup, wish->force);
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

static int add_one(struct client_rules *rules, const struct client_exemption *row)
{
	if (rules_find(rules, row->name))
		return ctl_fail(CTL_FAILED, "\"%s\" is excluded already; remove it first, or take another name",
				row->name);
	return rules_append(rules, row, 1);
}

/* What is there under the same name stays: a second time adds nothing. */
static int add_preset(struct client_rules *rules, const struct client_rules *preset)
{
	unsigned int i, before = rules->count;
	int code = 0;

	for (i = 0; i < preset->count && !code; i++) {
		if (rules_find(rules, preset->exemption[i].name))
			printf("kept as it is: %s\n", preset->exemption[i].name);
		else
			code = rules_append(rules, &preset->exemption[i], 1);
	}
	return !code && rules->count == before ? -1 : code;
}

static int add(struct client_rules *rules, void *arg)
{
	const struct wish *wish = arg;

	return wish->preset ? add_preset(rules, &wish->presets) : add_one(rules, &wish->row);
}

static void print_added(const struct client_rules *live, const struct client_rules *rules,
			uint32_t generation, void *arg)
{
	unsigned int i;

	(void)arg;
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

static int ask_module(struct wish *wish)
{
	const struct rules_change change = { .change = add, .done = print_added,
					     .arg = wish, .force = wish->force };
	struct client *client;
	int code = 0;

	if (wish->preset)
		code = read_preset(wish->preset, &wish->presets);
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (!code) {
		code = rules_apply(client, &change);
		client_close(client);
	}
	client_rules_free(&wish->presets);
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { .fd = -1 };
	struct option_walk walk;
	int key, code = 0;

	option_start(&walk, ctl, verb, argc, argv);
	while (!code && (key = option_next(&walk)) > 0)
		code = set_option(&walk, key, &wish);
	if (code)
		option_stop(&walk, code);
	else if (key < 0)
		code = walk.exit ? walk.exit : -1;
	else
		code = wish.preset ? option_operands(&walk, 0, 0) : check_row(&walk, &wish);
	if (!code)
		code = ask_module(&wish);
	if (wish.fd >= 0)
		close(wish.fd);
	return code < 0 ? CTL_OK : code ? code : ctl_flush();
}

const struct verb verb_exclude_add = {
	.name = "exclude add",
	.args = "NAME",
	.purpose = "Exclude something for a reason, in the module and in the rules file",
	.options = options,
	.notes = "All that is given must match. An exclusion by content holds for whatever file\n"
		 "has it; wxguardd looks at the file before the module takes its identity.\n"
		 "Exit codes: 2 wrong command line, 3 no such file, 7 refused as a rule (a cgroup\n"
		 "that does not exist, one that covers everything; see --force).\n",
	.run = run,
};
