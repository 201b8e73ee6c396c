/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A folder for the files of one row of a test. Included after cmocka.h.
 */
#ifndef WXG_TESTS_FOLDER_H
#define WXG_TESTS_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

static char dir[64];

/* For a set-up. @name: says whose it is, where it stays behind. 0 or -1. */
static inline int dir_make(const char *name)
{
	snprintf(dir, sizeof(dir), "/tmp/wxguard-%s-XXXXXX", name);
	return mkdtemp(dir) ? 0 : -1;
}

/* For a tear-down, with all that is in it. 0, or not. */
static inline int dir_remove(void)
{
	char command[96];

	snprintf(command, sizeof(command), "rm -r %s", dir);
	return system(command);
}

/* The path of what has this name in it; good for the next three calls. */
static inline const char *dir_in(const char *name)
{
	static char path[4][128];
	static int next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof(path[next]), "%s/%s", dir, name);
	return path[next];
}

/* A file below it, at "/a/path". */
static inline void dir_put(const char *path, const char *text)
{
	char whole[512], command[600];
	FILE *out;

	snprintf(whole, sizeof(whole), "%s%s", dir, path);
	snprintf(command, sizeof(command), "mkdir -p \"$(dirname '%s')\"", whole);
	assert_int_equal(system(command), 0);
	out = fopen(whole, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

#endif
