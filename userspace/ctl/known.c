// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard known list, add, pin, unpin: which executables are known, and
 * making one known or permanent. The module takes the identity from an open
 * descriptor, so that a path cannot be swapped in between.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../../module/core/class.h"
#include "../lib/raw_json.h"
#include "../lib/text.h"
#include "by.h"
#include "classes.h"
#include "known_file.h"
#include "known_set.h"
#include "listing.h"
#include "term.h"
#include "units.h"

static const char *flags_text(uint32_t flags)
{
	if (flags & WXGUARD_KNOWN_F_PINNED)
		return "pinned";
	if (flags & WXGUARD_KNOWN_F_LEARNED)
		return "learned";
	if (flags & WXGUARD_KNOWN_F_RESTORED)
		return "given";
	return "seen";
}

static const struct client_known *known_at(const void *set, size_t i)
{
	return &((const struct known_set *)set)->entry[i];
}

static size_t count_known(const void *set)
{
	return ((const struct known_set *)set)->count;
}

static void print_head(const struct ctl *ctl)
{
	int width = ctl->utc ? 20 : 19;

	printf("%-*s  %-*s  %7s  %-7s  %-22s  %s\n", width, "LAST SEEN", width,
	       "FIRST SEEN", "COUNT", "HOW", "FOR", "EXECUTABLE");
}

static void print_row(const struct ctl *ctl, const void *set, size_t i, int width)
{
	const struct client_known *row = known_at(set, i);
	const struct bytes path = { row->path, row->path_len };
	char first[32], last[32], classes[256];

	(void)width;
	printf("%s  %s  %7" PRIu64 "  %-7s  %-22s  ",
	       units_print_time(last, sizeof(last), (time_t)row->last_seen, ctl->utc, true),
	       units_print_time(first, sizeof(first), (time_t)row->first_seen, ctl->utc, true),
	       row->count, flags_text(row->flags),
	       classes_print(classes, sizeof(classes), row->classes));
	text_print(stdout, path, 0);
	if (row->classes & 1U << WXGUARD_CLASS_WX_TRANSITION)
		printf("  wx_transition of %s", wxg_region_name(row->shape));
	putchar('\n');
}

static json_t *row_json(const void *set, size_t i)
{
	return known_json(known_at(set, i));
}

static int read_set(struct client *client, void *set)
{
	return known_set_read(client, set, KNOWN_SET_BY_PIN);
}

static void free_set(void *set)
{
	known_set_free(set);
}

static int run_list(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	static const struct listing listing = {
		.empty = "no executable is known yet",
		.read = read_set,
		.release = free_set,
		.count = count_known,
		.head = print_head,
		.row = print_row,
		.json = row_json,
	};
	struct known_set set;

	return listing_run(ctl, verb, argc, argv, &listing, &set);
}

enum { KEY_CLASS = 256 };

static const struct verb_option add_options[] = {
	{ KEY_CLASS, "class", "CLASS", "for this class; repeatable (default rwx_mprotect)" },
	{ 0 }
};

static int add(struct client *client, int fd, const char *path, uint32_t classes)
{
	struct client_known known = { .classes = classes };
	char *real = realpath(path, NULL), names[256];
	const char *shown = real ? real : path;
	int error;

	known.first_seen = known.last_seen = (uint64_t)time(NULL);
	known.path_len = strlen(shown);
	/* The path is for people; the identity is the descriptor's. */
	if (known.path_len > WXGUARD_KNOWN_PATH_MAX)
		known.path_len = WXGUARD_KNOWN_PATH_MAX;
	memcpy(known.path, shown, known.path_len);
	error = client_known_add(client, fd, &known);
	if (!error) {
		by_known("entered", true, shown);
		fputs("known: ", stdout);
		text_print(stdout, text_bytes(shown), 0);
		printf("  for %s\n", classes_print(names, sizeof(names), classes));
	}
	free(real);
	return error ? known_file_refused(client, error, path) : 0;
}

static int run_add(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	uint32_t classes = 0;
	int key, code, fd, i;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = classes_add(verb, walk.value, &classes);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	if (!classes)
		classes = 1U << WXGUARD_CLASS_RWX_MPROTECT;
	code = option_operands(&walk, 1, argc);
	if (!code)
		code = known_file_check(walk.argc, walk.argv);
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	for (i = 0; i < walk.argc && !code; i++) {
		code = known_file_open(walk.argv[i], &fd);
		if (!code) {
			code = add(client, fd, walk.argv[i], classes);
			close(fd);
		}
	}
	client_close(client);
	return code ? code : ctl_flush();
}

static int pin(struct ctl *ctl, const struct verb *verb, int argc, char **argv,
	       bool pinned)
{
	struct option_walk walk;
	struct client *client;
	int code, error, fd;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 1, 1))
		return walk.exit;
	code = known_file_open(walk.argv[0], &fd);
	if (code)
		return code;
	code = ctl_connect_to_decide(&client);
	if (!code) {
		error = client_known_pin_fd(client, fd, pinned);
		if (error)
			code = known_file_refused(client, error, walk.argv[0]);
		client_close(client);
	}
	close(fd);
	if (code)
		return code;
	by_known(pinned ? "pinned" : "unpinned", true, walk.argv[0]);
	fputs(pinned ? "pinned: " : "unpinned: ", stdout);
	text_print(stdout, text_bytes(walk.argv[0]), 0);
	putchar('\n');
	return ctl_flush();
}

static int run_pin(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	return pin(ctl, verb, argc, argv, true);
}

static int run_unpin(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	return pin(ctl, verb, argc, argv, false);
}

const struct verb verb_known_list = {
	.name = "known list",
	.args = "",
	.purpose = "Show the executables that are known",
	.reads = true,
	.run = run_list,
};

const struct verb verb_known_add = {
	.name = "known add",
	.args = "PATH...",
	.purpose = "Make executables known",
	.options = add_options,
	.run = run_add,
};

const struct verb verb_known_pin = {
	.name = "known pin",
	.args = "PATH",
	.purpose = "Keep a known executable for good",
	.run = run_pin,
};

const struct verb verb_known_unpin = {
	.name = "known unpin",
	.args = "PATH",
	.purpose = "Let a pinned executable age again",
	.run = run_unpin,
};
