// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * rpm is asked for the owner and the digest of one file. It is started
 * without a shell, with an empty environment, and ended when it takes long.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "package.h"

#define RPM	    "/usr/bin/rpm"
#define PATIENCE_MS 3000
#define ANSWER_MAX (1 << 20)
#define BLANKS "\n\x20"

/* Read until its end; false when it takes longer than PATIENCE_MS at a time. */
static bool read_answer(int fd, char *text, size_t size)
{
	struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
	size_t used = 0;
	ssize_t len;

	while (poll(&poll_fd, 1, PATIENCE_MS) > 0) {
		len = read(fd, text + used, size - 1 - used);
		if (len <= 0) {
			text[used] = '\0';
			return len == 0 && used < size - 1;
		}
		used += (size_t)len;
	}
	return false;
}

static bool ask_rpm(const char *path, char *text, size_t size)
{
	char *const argv[] = {
		"rpm",
		"-qf",
		"--queryformat",
		"%{NAME}-%{VERSION}-%{RELEASE}\n[%{FILEDIGESTS} %{FILENAMES}\n]",
		"--",
		(char *)path,
		NULL
	};
	char *const none[] = { "LC_ALL=C", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status = -1;
	bool read_all;
	pid_t child;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	status = posix_spawn(&child, RPM, &actions, NULL, argv, none);
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (status) {
		close(ends[0]);
		return false;
	}
	read_all = read_answer(ends[0], text, size);
	if (!read_all)
		kill(child, SIGKILL);
	close(ends[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	return read_all && WIFEXITED(status) && !WEXITSTATUS(status);
}

/* "DIGEST PATH" among its lines. */
static const char *find_digest(const char *text, const char *path,
			       char digest[EXE_FILE_HEX_MAX])
{
	size_t len = strlen(path);
	const char *at;

	for (at = strchr(text, '\n'); at && at[1]; at = strchr(at + 1, '\n')) {
		size_t word = strcspn(at + 1, BLANKS);

		if (word != EXE_FILE_HEX_MAX - 1 || at[1 + word] != ' ' ||
		    strncmp(at + 2 + word, path, len) ||
		    at[2 + word + len] != '\n')
			continue;
		memcpy(digest, at + 1, word);
		digest[word] = '\0';
		return digest;
	}
	return NULL;
}

static void compare(const char *path, const char *digest,
		    struct package *package)
{
	uint8_t sum[WXGUARD_SHA256_LEN];
	char hex[EXE_FILE_HEX_MAX];
	struct stat stat;
	int fd = exe_file_open(path);

	if (fd < 0 || fstat(fd, &stat) || exe_file_digest(fd, &stat, sum)) {
		snprintf(package->why, sizeof(package->why),
			 "the file cannot be read");
	} else {
		exe_file_hex(sum, hex);
		package->match =
			strcmp(hex, digest) ? PACKAGE_CHANGED : PACKAGE_SAME;
	}
	if (fd >= 0)
		close(fd);
}

void package_look_rpm(const char *path, struct package *package)
{
	static char text[ANSWER_MAX];
	char digest[EXE_FILE_HEX_MAX];

	if (access(RPM, X_OK)) {
		snprintf(package->why, sizeof(package->why),
			 "this system has neither dpkg nor rpm");
		return;
	}
	package->kind = "rpm";
	if (*path != '/' || strchr(path, '\n')) {
		snprintf(package->why, sizeof(package->why),
			 "no package has such a name");
	} else if (!ask_rpm(path, text, sizeof(text))) {
		snprintf(package->why, sizeof(package->why),
			 "no package has it, or rpm did not answer");
	} else {
		snprintf(package->name, sizeof(package->name), "%.*s",
			 (int)strcspn(text, "\n"), text);
		if (find_digest(text, path, digest))
			compare(path, digest, package);
		else
			snprintf(package->why, sizeof(package->why),
				 "the package has no SHA-256 for it");
	}
}
