// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the documents say about this host, read once. Process start-up of the
 * daemon and of the CLI; nothing here is hostile, but it may be absent.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "ecs.h"

/* The first line, without its newline; "" if there is none. -errno. */
static int read_line(const char *path, char *line, size_t size)
{
	FILE *file = fopen(path, "re");
	int error = 0;

	line[0] = '\0';
	if (!file)
		return -errno;
	if (!fgets(line, (int)size, file))
		error = -ENODATA;
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return error;
}

static void keep(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from);
}

/* KEY=value or KEY="value", as os-release(5) has it; escapes are rare there. */
static void os_line(struct ecs_context *context, char *line)
{
	char *value = strchr(line, '=');
	size_t len;

	if (!value)
		return;
	*value++ = '\0';
	value[strcspn(value, "\n")] = '\0';
	len = strlen(value);
	if (len >= 2 && (value[0] == '"' || value[0] == '\'') &&
	    value[len - 1] == value[0]) {
		value[len - 1] = '\0';
		value++;
	}
	if (!strcmp(line, "ID"))
		keep(context->os_id, sizeof(context->os_id), value);
	else if (!strcmp(line, "VERSION_ID"))
		keep(context->os_version, sizeof(context->os_version), value);
	else if (!strcmp(line, "NAME"))
		keep(context->os_name, sizeof(context->os_name), value);
	else if (!strcmp(line, "ID_LIKE"))
		keep(context->os_family, sizeof(context->os_family), value);
}

static void load_os(struct ecs_context *context)
{
	FILE *file = fopen("/etc/os-release", "re");
	char line[512];

	if (!file)
		file = fopen("/usr/lib/os-release", "re");
	if (!file)
		return;
	while (fgets(line, sizeof(line), file))
		os_line(context, line);
	fclose(file);
	if (!context->os_family[0])	/* Debian is like nobody but itself */
		keep(context->os_family, sizeof(context->os_family),
		     context->os_id);
	/* "rhel fedora": the nearest relative. */
	context->os_family[strcspn(context->os_family, " ")] = '\0';
}

int ecs_context_load(struct ecs_context *context)
{
	struct utsname host;

	memset(context, 0, sizeof(*context));
	keep(context->version, sizeof(context->version), WXGUARD_VERSION);
	if (!uname(&host)) {
		keep(context->host_name, sizeof(context->host_name),
		     host.nodename);
		keep(context->architecture, sizeof(context->architecture),
		     host.machine);
		keep(context->kernel, sizeof(context->kernel), host.release);
	}
	load_os(context);
	read_line("/etc/machine-id", context->host_id,
		  sizeof(context->host_id));
	return read_line("/proc/sys/kernel/random/boot_id", context->boot_id,
			 sizeof(context->boot_id));
}
