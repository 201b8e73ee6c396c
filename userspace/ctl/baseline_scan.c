// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline scan: enter every program below some directories as known
 * for exec_unknown, which makes an allowlist of them. Counted first, so that
 * a known set that is too small is refused before anything is entered.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/text.h"
#include "by.h"
#include "daemon.h"
#include "known_file.h"
#include "known_set.h"
#include "scan_walk.h"

#define EXEC_UNKNOWN (1U << WXGUARD_CLASS_EXEC_UNKNOWN)
#define PROGRESS_MS 200

static volatile sig_atomic_t stopped;

/* Which inode; several names of one are one program. */
struct identity {
	dev_t dev;
	ino_t ino;
};

struct scan {
	struct client *client;
	struct identity *seen;
	size_t count, room;
	uint64_t entered, now;
	bool tty;
	uint64_t shown_ms;
	int code;		/* of a complaint that ended the walk */
};

static void on_signal(int number)
{
	(void)number;
	stopped = 1;
}

static void catch_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

static void on_step(const struct scan_walk *walk, void *arg)
{
	struct scan *scan = arg;
	uint64_t now = daemon_clock_ms();

	if (!scan->tty || now < scan->shown_ms + PROGRESS_MS)
		return;
	scan->shown_ms = now;
	fprintf(stderr, "\r%" PRIu64 " files, %" PRIu64 " programs, %" PRIu64 " entered ",
		walk->files, walk->programs, scan->entered);
}

static void end_progress(struct scan *scan)
{
	if (scan->shown_ms)
		fputs("\r\033[K", stderr);
	scan->shown_ms = 0;
}

/* ---- the first walk: how many? ---- */

static int count_program(int fd, const struct stat *stat, const char *path, void *arg)
{
	struct scan *scan = arg;
	struct identity *grown;

	(void)fd;
	(void)path;
	if (scan->count == scan->room) {
		scan->room = scan->room ? 2 * scan->room : 1024;
		grown = reallocarray(scan->seen, scan->room, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		scan->seen = grown;
	}
	scan->seen[scan->count++] = (struct identity){ stat->st_dev, stat->st_ino };
	return 0;
}

static int by_identity(const void *left, const void *right)
{
	const struct identity *a = left, *b = right;

	if (a->dev != b->dev)
		return a->dev < b->dev ? -1 : 1;
	return (a->ino > b->ino) - (a->ino < b->ino);
}

static size_t count_distinct(struct scan *scan)
{
	size_t i, distinct = 0;

	if (scan->count)
		qsort(scan->seen, scan->count, sizeof(*scan->seen), by_identity);
	for (i = 0; i < scan->count; i++)
		distinct += !i || by_identity(&scan->seen[i - 1], &scan->seen[i]);
	return distinct;
}

/* Pinned entries of an earlier scan are mostly the same programs. */
static int check_room(struct scan *scan)
{
	size_t i, pinned = 0, distinct = count_distinct(scan);
	struct client_status status;
	struct known_set set;
	int error = client_status(scan->client, &status);

	if (!error)
		error = known_set_read(scan->client, &set, KNOWN_SET_BY_ENTRY);
	if (error)
		return ctl_refused(scan->client, error, "nothing was entered");
	for (i = 0; i < set.count; i++)
		pinned += set.entry[i].flags & WXGUARD_KNOWN_F_PINNED &&
			  !(set.entry[i].classes & EXEC_UNKNOWN);
	known_set_free(&set);
	if (pinned + distinct <= status.known_max)
		return 0;
	return ctl_fail(CTL_FAILED, "nothing was entered: there are %zu programs and %zu other pinned entries, the known set holds %u; load the module with known_max=%zu or more",
			distinct, pinned, status.known_max, 2 * (pinned + distinct));
}

/* ---- the second: enter them ---- */

static int enter_program(int fd, const struct stat *stat, const char *path, void *arg)
{
	struct scan *scan = arg;
	struct client_known known = { .classes = EXEC_UNKNOWN,
				      .flags = WXGUARD_KNOWN_F_PINNED };
	int error;

	(void)stat;
	known.first_seen = known.last_seen = scan->now;
	/* Cut, it would name another file. */
	if (strlen(path) <= WXGUARD_KNOWN_PATH_MAX) {
		known.path_len = strlen(path);
		memcpy(known.path, path, known.path_len);
	}
	error = client_known_add(scan->client, fd, &known);
	if (!error) {
		scan->entered++;
		return 0;
	}
	end_progress(scan);
	if (error == -ENOSPC)
		scan->code = ctl_fail(CTL_FAILED, "%s", client_error(scan->client));
	else
		scan->code = known_file_refused(scan->client, error, path);
	return error;
}

static int walk_all(struct scan *scan, struct scan_walk *walk, char **roots, int count)
{
	int i, error = 0;

	for (i = 0; i < count && !error; i++)
		error = scan_walk(walk, roots[i]);
	end_progress(scan);
	if (!error || error == -EINTR || scan->code)
		return error;
	scan->code = ctl_fail(CTL_FAILED, "the directories could not be walked: %s",
			      strerror(-error));
	return error;
}

/* Also when it was interrupted: what was entered stays. */
static void note(const struct scan *scan, char **roots, int count)
{
	char *from = NULL;
	int len = count == 1 ? asprintf(&from, "below %s", roots[0]) :
			       asprintf(&from, "below %s and %d more", roots[0], count - 1);

	if (len < 0)
		return;
	by_known_many("entered and pinned", true, scan->entered, from);
	free(from);
}

static int scan_all(struct scan *scan, char **roots, int count)
{
	struct scan_walk walk = { .on_program = count_program, .on_step = on_step,
				  .arg = scan, .stop = &stopped };
	int error = walk_all(scan, &walk, roots, count);

	if (error == -EINTR)
		return ctl_fail(CTL_FAILED, "interrupted while counting; nothing was entered");
	if (error)
		return scan->code;
	scan->code = check_room(scan);
	if (scan->code)
		return scan->code;
	walk = (struct scan_walk){ .on_program = enter_program, .on_step = on_step,
				   .arg = scan, .stop = &stopped };
	error = walk_all(scan, &walk, roots, count);
	note(scan, roots, count);
	printf("scanned: %" PRIu64 " files, %" PRIu64 " entered as known for exec_unknown, %" PRIu64 " unreadable\n",
	       walk.files, scan->entered, walk.unreadable);
	if (error == -EINTR)
		return ctl_fail(CTL_FAILED, "interrupted; what was entered so far stays");
	if (error)
		return scan->code;
	puts("next: give class exec_unknown the action log, and later deny, in the rules file, then: wxguard rules load");
	return 0;
}

/* Real paths, so that what is entered is what the kernel will see. */
static int resolve(int count, char **operands, char **roots)
{
	struct stat stat_buf;
	int i;

	for (i = 0; i < count; i++) {
		char *shown = text_quote(text_bytes(operands[i]), 0);
		int code = 0;

		roots[i] = realpath(operands[i], NULL);
		if (!roots[i] || stat(roots[i], &stat_buf))
			code = ctl_fail(errno == ENOENT ? CTL_NOT_FOUND :
					errno == EACCES ? CTL_PERMISSION : CTL_FAILED,
					"%s: %s", shown ? shown : "?", strerror(errno));
		else if (!S_ISDIR(stat_buf.st_mode))
			code = ctl_fail(CTL_USAGE, "%s: not a directory; for one program: wxguard known add --class exec_unknown",
					shown ? shown : "?");
		free(shown);
		if (code)
			return code;
	}
	return 0;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct scan scan = { .now = (uint64_t)time(NULL), .tty = isatty(STDERR_FILENO) };
	struct option_walk walk;
	char **roots;
	int code, i;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 1, INT_MAX))
		return walk.exit;
	roots = calloc((size_t)walk.argc, sizeof(*roots));
	if (!roots)
		return ctl_fail(CTL_FAILED, "out of memory");
	code = resolve(walk.argc, walk.argv, roots);
	if (!code)
		code = ctl_connect_to_decide(&scan.client);
	if (!code) {
		catch_signals();
		code = scan_all(&scan, roots, walk.argc);
		client_close(scan.client);
	}
	for (i = 0; i < walk.argc; i++)
		free(roots[i]);
	free(roots);
	free(scan.seen);
	return code ? code : ctl_flush();
}

const struct verb verb_baseline_scan = {
	.name = "baseline scan",
	.args = "DIR...",
	.purpose = "Make every program below these directories known, for the class exec_unknown",
	.notes = "Regular files with an x bit, on the file system of each DIR; links are not\n"
		 "followed. The entries are pinned; a program that is changed or replaced is\n"
		 "unknown again, so scan again after an upgrade.\n"
		 "Exit codes: 1 not finished (interrupted, or the known set is too small), 3 no\n"
		 "such directory.\n",
	.run = run,
};
