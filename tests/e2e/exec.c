// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starting a program, and what must still hold when the kernel refuses.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"
#include "self.h"

#define EXTRA 63

static char *arguments[3 + EXTRA] = { "payload", "0" };

void exec_lengthen_args(void)
{
	static char extra[100];
	int i;

	memset(extra, 'x', sizeof(extra) - 1);
	for (i = 0; i < EXTRA; i++)
		arguments[2 + i] = extra;
}

struct identity {
	char comm[17];
	char exe[4096];
	char page[16];
};

static void identify(struct identity *self)
{
	memset(self, 0, sizeof(*self));
	prctl(PR_GET_NAME, self->comm);
	if (readlink("/proc/self/exe", self->exe, sizeof(self->exe) - 1) < 0)
		actor_failed("cannot read /proc/self/exe: %s", strerror(errno));
	strcpy(self->page, "still here");
}

/* Return: the call's errno, or 0; the caller of the call has not changed. */
static int attempt(int dirfd, const char *path, char *const argv[], int flags)
{
	static struct identity before, after;
	long done;
	int error;

	/*
	 * The environment holds its own address (as an argument of the call).
	 * Set once, it no longer moves when it is set again.
	 */
	setenv("ACTOR_CALL", "", 1);
	identify(&before);
	if (dirfd == AT_FDCWD && !flags)
		done = actor_call(SYS_execve, (long)path, (long)argv,
				  (long)environ, 0, 0, 0);
	else
		done = actor_call(SYS_execveat, dirfd, (long)path, (long)argv,
				  (long)environ, flags, 0);
	error = done < 0 ? errno : 0;
	identify(&after);
	if (memcmp(&before, &after, sizeof(before)) != 0)
		actor_failed("the start failed and changed its caller");
	return error;
}

static _Noreturn void start(int dirfd, const char *path, char *const argv[],
			    int flags)
{
	int error = attempt(dirfd, path, argv, flags);

	if (error == EPERM)
		actor_denied();
	actor_failed("cannot start \"%s\": %s", path, strerror(error));
}

void exec_start(int dirfd, const char *path, int flags)
{
	start(dirfd, path, arguments, flags);
}

#ifndef AT_EXECVE_CHECK
#define AT_EXECVE_CHECK 0x10000
#endif

void exec_check(int fd)
{
	int error = attempt(fd, "", arguments, AT_EMPTY_PATH | AT_EXECVE_CHECK);

	if (error == EINVAL)
		actor_skipped("AT_EXECVE_CHECK needs Linux 6.14");
	if (error == EPERM)
		actor_denied();
	if (error)
		actor_failed("cannot ask: %s", strerror(error));
	actor_allowed();
}

void exec_start_with(const char *path, char *const argv[])
{
	start(AT_FDCWD, path, argv, 0);
}

const char *exec_beside(const char *name)
{
	static char path[4608];

	snprintf(path, sizeof(path), "%s/%s", actor_directory(), name);
	return path;
}

int exec_open_payload(void)
{
	int fd = open(exec_beside("payload"), O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		actor_failed("cannot open the payload: %s", strerror(errno));
	return fd;
}

void exec_start_copy(const char *directory, const char *name)
{
	char path[4608];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);
	if (fd < 0)
		actor_failed("cannot make %s: %s", path, strerror(errno));
	actor_copy(exec_beside("payload"), fd);
	close(fd);
	exec_start(AT_FDCWD, path, 0);
}

int exec_memfd(const char *name, unsigned int flags)
{
	int fd = memfd_create(name, flags);

	if (fd < 0)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	actor_copy(exec_beside("payload"), fd);
	return fd;
}

void exec_write_script(int fd, const char *interpreter)
{
	if (fd < 0)
		actor_failed("cannot make the script: %s", strerror(errno));
	dprintf(fd, "#!%s\n" EXEC_SCRIPT_BODY, interpreter);
}

void exec_in_child(void)
{
	int status;
	pid_t child = fork();

	if (child < 0)
		actor_failed("cannot fork: %s", strerror(errno));
	if (child == 0)
		return;
	if (waitpid(child, &status, 0) != child)
		actor_failed("cannot wait: %s", strerror(errno));
	if (WIFEXITED(status))
		_exit(WEXITSTATUS(status));
	raise(WTERMSIG(status));
	actor_failed("the child was ended by signal %d", WTERMSIG(status));
}
