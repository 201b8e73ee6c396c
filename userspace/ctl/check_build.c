// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What of the module there is for one kernel: its sources, the headers, what
 * DKMS made of them, and the file that modprobe would load. Starts modinfo,
 * because that file may be compressed.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/text.h"
#include "check.h"

/* What Debian's kernels all have, and others may not. */
static const char *const needed[] = {
	"CONFIG_MODULES", "CONFIG_NET", "CONFIG_SECURITY", "CONFIG_KPROBES",
	"CONFIG_KRETPROBES",
};

static void look_config(struct check_facts *facts)
{
	char path[PATH_MAX], line[CHECK_WORD];
	size_t i, size;
	char *config;

	check_path(facts, path, "/boot/config-%s", facts->release);
	config = check_read(path, &size);
	for (i = 0; config && i < sizeof(needed) / sizeof(*needed); i++) {
		snprintf(line, sizeof(line), "\n%s=y\n", needed[i]);
		if (strstr(config, line))
			continue;
		snprintf(facts->lacks, sizeof(facts->lacks), "%s", needed[i]);
		break;
	}
	free(config);
}

/* DKMS keeps the log of a failed build; its first line names the kernel. */
static void look_log(struct check_facts *facts)
{
	char path[PATH_MAX], *log, *error;
	size_t size;

	check_path(facts, path, "/var/lib/dkms/wxguard/%s/build/make.log", facts->source);
	log = check_read(path, &size);
	if (!log)
		return;
	error = strchr(log, '\n');
	if (error)
		*error++ = 0;
	if (strstr(log, facts->release)) {
		snprintf(facts->log, sizeof(facts->log), "%s", path);
		error = error ? strstr(error, "error: ") : NULL;
		if (error)
			snprintf(facts->error, sizeof(facts->error), "%.*s",
				 (int)strcspn(error + 7, "\n"), error + 7);
		text_inert(facts->error);
	}
	free(log);
}

/* The link to them is absolute, and means a place below the root. */
bool check_has_headers(const struct check_facts *facts, const char *release)
{
	char path[PATH_MAX], target[PATH_MAX];
	ssize_t len;

	check_path(facts, path, "/lib/modules/%s/build", release);
	len = readlink(path, target, sizeof(target) - 1);
	if (len > 0 && *target == '/')
		return check_exists(facts, "%.*s/Makefile", (int)len, target);
	return check_exists(facts, "/lib/modules/%s/build/Makefile", release);
}

void check_look_build(struct check_facts *facts)
{
	static const char before[] = "/usr/src/wxguard-";
	char path[PATH_MAX], *version;

	look_config(facts);
	facts->headers = check_has_headers(facts, facts->release);
	facts->dkms = check_exists(facts, "/usr/sbin/dkms");
	check_newest(facts, path, "%s*/dkms.conf", before);
	version = strstr(path, before);
	if (!version)
		return;
	version += strlen(before);
	snprintf(facts->source, sizeof(facts->source), "%.*s", (int)strcspn(version, "/"), version);
	check_newest(facts, path, "/var/lib/dkms/wxguard/%s/%s/*/module/wxguard.ko*",
			   facts->source, facts->release);
	facts->built = *path;
	if (!facts->built)
		look_log(facts);
}

/* ---- the file ---- */

/* "updates/dkms/wxguard.ko.xz: ..." */
static bool find_indexed(const struct check_facts *facts, char *found)
{
	char line[PATH_MAX], path[PATH_MAX], *name;
	FILE *in;

	check_path(facts, path, "/lib/modules/%s/modules.dep", facts->release);
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in)) {
		line[strcspn(line, ":\n")] = 0;
		name = strrchr(line, '/');
		if (!name || strncmp(name, "/wxguard.ko", 11))
			continue;
		check_path(facts, found, "/lib/modules/%s/%s", facts->release, line);
		fclose(in);
		return true;
	}
	if (in)
		fclose(in);
	return false;
}

static void take(char *word, const char *line, const char *name)
{
	size_t len = strlen(name);

	if (strncmp(line, name, len))
		return;
	line += len + strspn(line + len, " ");
	snprintf(word, CHECK_WORD, "%.*s", (int)strcspn(line, "\n"), line);
	text_inert(word);
}

static void read_fields(struct check_file *file, FILE *in)
{
	char line[1024], signer[CHECK_WORD] = "";

	while (fgets(line, sizeof(line), in)) {
		take(file->version, line, "version:");
		take(file->srcversion, line, "srcversion:");
		take(signer, line, "signature:");
		take(signer, line, "sig_id:");
	}
	file->is_signed = signer[0] ? CHECK_YES : CHECK_NO;
}

static void ask_modinfo(const struct check_facts *facts, struct check_file *file)
{
	char program[PATH_MAX];
	char *argv[] = { program, file->path, NULL };
	char *envp[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status;
	pid_t pid;
	FILE *in;

	file->is_signed = CHECK_UNKNOWN;
	check_path(facts, program, "/usr/sbin/modinfo");
	if (access(program, X_OK))
		check_path(facts, program, "/sbin/modinfo");
	if (pipe2(ends, O_CLOEXEC))
		return;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	status = posix_spawn(&pid, program, &actions, NULL, argv, envp);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	in = status ? NULL : fdopen(ends[0], "r");
	if (in) {
		read_fields(file, in);
		fclose(in);
	} else {
		close(ends[0]);
	}
	if (!status)
		while (waitpid(pid, &status, 0) < 0)
			continue;
	/* Not even a version: modinfo could not read it. */
	if (!file->version[0])
		file->is_signed = CHECK_UNKNOWN;
}

void check_look_file(struct check_facts *facts, struct check_file *file)
{
	memset(file, 0, sizeof(*file));
	file->indexed = find_indexed(facts, file->path);
	if (!file->indexed)
		check_newest(facts, file->path, "/lib/modules/%s/updates/dkms/wxguard.ko*",
			     facts->release);
	if (file->path[0] && access(file->path, F_OK))
		file->path[0] = 0;
	if (file->path[0])
		ask_modinfo(facts, file);
}
