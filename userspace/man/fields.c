// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs while the manual pages are built: prints the table of fields as a part
 * of wxguard-events(5), in scdoc. With an argument it prints one line per
 * field for the tests instead: path, type, array or one, origin.
 */
#include <stdio.h>
#include <string.h>

#include "../lib/ecs_fields.h"

static const char *const origins[] = {
	[ECS_OF_ECS] = "ECS",
	[ECS_OF_STREAM] = "data stream",
	[ECS_OF_AUDIT] = "audit",
	[ECS_OF_US] = "wxguard",
};

/* Text that scdoc shall not take for its own marks. */
static void print_plain(const char *text)
{
	for (; *text; text++) {
		if (strchr("_*\\<>[]#~`", *text))
			putchar('\\');
		putchar(*text);
	}
}

/* "wxguard.memory" of "wxguard.memory.size", "host" of "host.name". */
static size_t part(const char *path)
{
	size_t len = strcspn(path, ".");

	if (strncmp(path, "wxguard.", 8))
		return len;
	return path[8 + strcspn(path + 8, ".")] ? 8 + strcspn(path + 8, ".") : len;
}

/* Fields that stand alone have no heading of their own. */
static void print_heading(const struct ecs_field *row)
{
	const struct ecs_field *before = row == ecs_fields ? NULL : row - 1;
	size_t len = part(row->path);

	if (!row->path[len] || !strncmp(row->path, "ecs.", 4) ||
	    !strncmp(row->path, "data_stream.", 12) || !strncmp(row->path, "service.", 8))
		return;
	if (before && part(before->path) == len && !strncmp(before->path, row->path, len))
		return;
	printf("## %.*s\n\n", (int)len, row->path);
}

static void print_field(const struct ecs_field *row)
{
	print_heading(row);
	putchar('*');
	print_plain(row->path);
	printf("* (%s%s, %s%s)\n\t", row->array ? "array of " : "", ecs_type_name(row->type),
	       origins[row->origin], row->hostile ? ", chosen by the process" : "");
	print_plain(row->meaning);
	printf(" Example: _");
	print_plain(row->example);
	printf("_\n\n");
}

int main(int argc, char **argv)
{
	const struct ecs_field *row;

	(void)argv;
	for (row = ecs_fields; row->path; row++) {
		if (argc == 1)
			print_field(row);
		else
			printf("%s\t%s\t%s\t%s\n", row->path, ecs_type_name(row->type),
			       row->array ? "array" : "one", origins[row->origin]);
	}
	return fflush(stdout) || ferror(stdout);
}
