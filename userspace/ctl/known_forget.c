// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard known forget: the next sighting is a first one again. A file that
 * is gone or was replaced can still be forgotten, by the path that the set
 * remembers.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/text.h"
#include "ask.h"
#include "by.h"
#include "known_file.h"
#include "known_set.h"

enum { KEY_ALL = 256, KEY_YES };

static const struct verb_option options[] = {
	{ KEY_ALL, "all", NULL, "forget every executable, pinned ones too" },
	{ KEY_YES, "yes", NULL, "do not ask" },
	{ 0 }
};

/* Every entry that the set has under this path. Count, or -errno. */
static int forget_by_path(struct client *client, const char *path)
{
	size_t i, len = strlen(path);
	struct known_set set;
	int gone = 0, error;

	error = known_set_read(client, &set, KNOWN_SET_BY_ENTRY);
	for (i = 0; !error && i < set.count; i++) {
		if (set.entry[i].path_len != len || memcmp(set.entry[i].path, path, len))
			continue;
		error = client_known_remove(client, &set.entry[i]);
		if (error == -ENOENT)	/* it left by itself meanwhile */
			error = 0;
		else
			gone++;
	}
	known_set_free(&set);
	return error ? error : gone;
}

/*
 * The path as the set would have it, also where the file is gone. malloc'ed,
 * NULL if even its directory is gone.
 */
static char *resolve(const char *path)
{
	char *real = realpath(path, NULL), *copy, *slash, *dir, *joined = NULL;

	if (real)
		return real;
	copy = strdup(path);
	if (!copy)
		return NULL;
	slash = strrchr(copy, '/');
	if (slash)
		*slash = 0;
	dir = realpath(!slash ? "." : slash == copy ? "/" : copy, NULL);
	if (dir && asprintf(&joined, "%s/%s", strcmp(dir, "/") ? dir : "",
			    slash ? slash + 1 : copy) < 0)
		joined = NULL;
	free(dir);
	free(copy);
	return joined;
}

static int forget(struct client *client, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	int error = -ENOENT, gone = 0;
	char *real = resolve(path);

	if (fd >= 0) {
		error = client_known_remove_fd(client, fd);
		close(fd);
		gone = !error;
	}
	/* Earlier versions of the file may be there as well. */
	if (!error || error == -ENOENT) {
		error = forget_by_path(client, real ? real : path);
		if (error > 0) {
			gone += error;
			error = 0;
		}
	}
	free(real);
	if (!error && !gone)
		error = -ENOENT;
	if (error)
		return known_file_refused(client, error, path);
	by_known("forgotten", false, path);
	fputs("forgotten: ", stdout);
	text_print(stdout, text_bytes(path), 0);
	putchar('\n');
	return 0;
}

static int forget_all(struct client *client)
{
	struct client_status status;
	int error = client_status(client, &status);

	if (!error)
		error = client_known_flush(client);
	if (error)
		return ctl_refused(client, error, "the known set stays");
	by_known_many("forgotten", false, status.known_count, "all");
	printf("forgotten: all (%u)\n", status.known_count);
	return 0;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	bool all = false, yes = false;
	int key, code = 0;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		all |= key == KEY_ALL;
		yes |= key == KEY_YES;
	}
	if (key < 0)
		return walk.exit;
	if (all && walk.argc)
		return option_wrong(verb, "either --all or one path, not both");
	if (!all)
		code = option_operands(&walk, 1, 1);
	else if (!yes)
		code = ask_yes("Forget every known executable, pinned ones too?",
			       "known forget --all removes every entry, pinned ones too; say --yes as well",
			       "nothing was forgotten");
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	code = all ? forget_all(client) : forget(client, walk.argv[0]);
	client_close(client);
	return code ? code : ctl_flush();
}

const struct verb verb_known_forget = {
	.name = "known forget",
	.args = "PATH | --all",
	.purpose = "Make an executable new again",
	.options = options,
	.run = run,
};
