// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading the files of a machine that may be below another root. Nothing is
 * written, and nothing that cannot be read is an error here.
 */
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/text.h"
#include "check.h"

/* Logs and lists of certificates are small; what is larger is none. */
#define READ_MAX (64U << 20)

static void join(const struct check_facts *facts, char *path, const char *format,
		 va_list args)
{
	int len = snprintf(path, PATH_MAX, "%s", facts->root);

	if (len < 0 || len >= PATH_MAX)
		len = 0;
	vsnprintf(path + len, (size_t)(PATH_MAX - len), format, args);
}

void check_path(const struct check_facts *facts, char *path, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	join(facts, path, format, args);
	va_end(args);
}

bool check_exists(const struct check_facts *facts, const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;

	va_start(args, format);
	join(facts, path, format, args);
	va_end(args);
	return !access(path, F_OK);
}

bool check_line(const struct check_facts *facts, char *line, size_t size,
		const char *format, ...)
{
	char path[PATH_MAX];
	va_list args;
	FILE *in;

	va_start(args, format);
	join(facts, path, format, args);
	va_end(args);
	*line = 0;
	in = fopen(path, "re");
	if (!in)
		return false;
	if (!fgets(line, (int)size, in))
		*line = 0;
	fclose(in);
	line[strcspn(line, "\n")] = 0;
	text_inert(line);
	return true;
}

char *check_read(const char *path, size_t *size)
{
	char *data = NULL, *grown;
	size_t room = 0, used = 0, got;
	FILE *in = fopen(path, "re");

	if (!in)
		return NULL;
	do {
		room = room ? 2 * room : 65536;
		grown = realloc(data, room + 1);
		if (!grown)
			break;
		data = grown;
		got = fread(data + used, 1, room - used, in);
		used += got;
	} while (used == room && room < READ_MAX);
	fclose(in);
	if (data)
		data[used] = 0;
	*size = used;
	return data;
}

static int by_version(const void *left, const void *right)
{
	return strverscmp(*(char *const *)left, *(char *const *)right);
}

static void each(const char *pattern, void (*on_path)(const char *path, void *arg), void *arg)
{
	glob_t found;
	size_t i;

	if (glob(pattern, GLOB_NOSORT, NULL, &found))
		return;
	qsort(found.gl_pathv, found.gl_pathc, sizeof(*found.gl_pathv), by_version);
	for (i = 0; i < found.gl_pathc; i++)
		on_path(found.gl_pathv[i], arg);
	globfree(&found);
}

void check_each(const struct check_facts *facts,
		void (*on_path)(const char *path, void *arg), void *arg,
		const char *format, ...)
{
	char pattern[PATH_MAX];
	va_list args;

	va_start(args, format);
	join(facts, pattern, format, args);
	va_end(args);
	each(pattern, on_path, arg);
}

static void keep(const char *path, void *arg)
{
	snprintf(arg, PATH_MAX, "%s", path);
}

void check_newest(const struct check_facts *facts, char *path, const char *format, ...)
{
	char pattern[PATH_MAX];
	va_list args;

	va_start(args, format);
	join(facts, pattern, format, args);
	va_end(args);
	*path = 0;
	each(pattern, keep, path);
}
