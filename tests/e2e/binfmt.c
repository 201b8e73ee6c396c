// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See binfmt.h.
 */
#include "binfmt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

#define BINFMT "/proc/sys/fs/binfmt_misc"

void binfmt_run(const char *match, int fd, const char *flags,
		void (*start)(const char *file), const char *file)
{
	char rule[128];
	int status;
	pid_t child;

	if (access(BINFMT "/register", W_OK) < 0)
		mount("binfmt_misc", BINFMT, "binfmt_misc", 0, NULL);
	snprintf(rule, sizeof(rule), ":wxg-test:%s:/proc/self/fd/%d:F%s", match,
		 fd, flags);
	if (!actor_write(BINFMT "/register", rule))
		actor_skipped(*flags ? "this Linux has no flag %s of binfmt_misc" :
				       "binfmt_misc takes no rule%s here", flags);
	close(fd);
	child = fork();
	if (child == 0) {
		start(file);
		_exit(ACTOR_FAILED);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		actor_failed("cannot start a child: %s", strerror(errno));
	actor_write(BINFMT "/wxg-test", "-1");
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	actor_failed("the child was ended by signal %d", WTERMSIG(status));
}
