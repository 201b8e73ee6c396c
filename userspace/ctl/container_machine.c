// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Containers that are whole systems and are known by their names: what
 * systemd-machined notes of those of systemd-nspawn, and how LXC was told to
 * make one. Lines of NAME=VALUE. Only reads.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "container.h"

/* The value after the first line that begins with @name, a blank or two, "="; malloc'ed. */
static char *value_of(const char *text, const char *name)
{
	size_t len = strlen(name);
	const char *at;

	for (; text && *text; text = strchr(text, '\n'), text = text ? text + 1 : NULL) {
		if (strncmp(text, name, len))
			continue;
		at = text + len + strspn(text + len, " \t");
		if (*at != '=')
			continue;
		at += 1 + strspn(at + 1, " \t");
		return strndup(at, strcspn(at, "\n"));
	}
	return NULL;
}

static void put_value(struct container *container, const char *to, const char *text,
		      const char *name)
{
	char *value = value_of(text, name);

	if (value)
		container_put_text(container, to, value);
	free(value);
}

/* Microseconds since 1970. */
static void put_created(struct container *container, const char *text)
{
	char *value = value_of(text, "REALTIME"), when[40];
	time_t seconds = value ? (time_t)(strtoull(value, NULL, 10) / 1000000) : 0;
	struct tm parts;

	if (seconds && gmtime_r(&seconds, &parts) &&
	    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &parts))
		container_put_text(container, "created", when);
	free(value);
}

/* The file of @container at @path, and what is told of each that has one. */
static char *read_lines(struct container *container, const char *path, const char *runtime)
{
	size_t len;
	char *text = container_file(container, path, false, &len);

	if (!text)
		return NULL;
	container_put_text(container, "name", container->id);
	container_put_text(container, "runtime", runtime);
	container_put_text(container, "source", path);
	return text;
}

bool container_nspawn(struct container *container)
{
	char path[CONTAINER_PATH_MAX], *text;

	snprintf(path, sizeof(path), "/run/systemd/machines/%s", container->id);
	text = read_lines(container, path, "systemd-nspawn");
	if (!text)
		return false;
	put_value(container, "rootfs", text, "ROOT");
	put_created(container, text);
	free(text);
	return true;
}

bool container_lxc(struct container *container)
{
	char path[CONTAINER_PATH_MAX], *text;

	snprintf(path, sizeof(path), "/var/lib/lxc/%s/config", container->id);
	text = read_lines(container, path, "lxc");
	if (!text)
		return false;
	put_value(container, "rootfs", text, "lxc.rootfs.path");
	free(text);
	return true;
}
