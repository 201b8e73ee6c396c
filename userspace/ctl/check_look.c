// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The facts of "wxguard check": which kernel, what runs on it, and which one
 * may be next. The parts that build and that refuse have files of their own.
 */
#include <stdio.h>
#include <string.h>

#include "check.h"

#define MODULE "sys/module/wxguard"

static void look_running(struct check_facts *facts)
{
	char lock[PATH_MAX];

	facts->loaded = check_exists(facts, "/" MODULE);
	check_line(facts, facts->version, sizeof(facts->version), "/" MODULE "/version");
	check_line(facts, facts->srcversion, sizeof(facts->srcversion), "/" MODULE "/srcversion");
	check_path(facts, lock, DAEMON_LOCK);
	daemon_look(lock, &facts->daemon);
	facts->systemd = check_exists(facts, "/run/systemd/system");
}

/* "/boot/vmlinuz-RELEASE", and where Debian has it since 7.3. */
static void keep_newer(const char *path, void *arg)
{
	struct check_facts *facts = arg;
	char release[CHECK_WORD];
	const char *name;

	name = strstr(path, "/vmlinuz-");
	if (name) {
		snprintf(release, sizeof(release), "%s", name + strlen("/vmlinuz-"));
	} else {
		name = strstr(path, "/lib/modules/");
		if (!name)
			return;
		name += strlen("/lib/modules/");
		snprintf(release, sizeof(release), "%.*s", (int)strcspn(name, "/"), name);
	}
	if (strverscmp(release, facts->next[0] ? facts->next : facts->release) > 0)
		strcpy(facts->next, release);
}

/* The newest kernel that the next boot may take. */
static void look_next(struct check_facts *facts)
{
	struct check_facts other = { .root = facts->root };
	struct check_file file;

	check_each(facts, keep_newer, facts, "/boot/vmlinuz-*");
	check_each(facts, keep_newer, facts, "/lib/modules/*/vmlinuz");
	if (!facts->next[0])
		return;
	strcpy(other.release, facts->next);
	check_look_file(&other, &file);
	facts->next_ready = file.path[0] && file.indexed;
	facts->next_headers = check_has_headers(facts, facts->next);
}

void check_look(struct check_facts *facts, const char *root, const char *release)
{
	char running[CHECK_WORD];

	memset(facts, 0, sizeof(*facts));
	facts->root = root;
	check_line(facts, running, sizeof(running), "/proc/sys/kernel/osrelease");
	snprintf(facts->release, sizeof(facts->release), "%s", release ? release : running);
	facts->running = !strcmp(facts->release, running);
	facts->apt = check_exists(facts, "/usr/bin/apt");
	check_look_build(facts);
	check_look_file(facts, &facts->file);
	check_look_boot(facts);
	if (!facts->running)
		return;
	check_look_probes(facts);
	look_running(facts);
	look_next(facts);
}
