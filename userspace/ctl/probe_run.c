// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starting the harmless programs of "wxguard test". Waits for each of them,
 * so that no process and no memory file is left behind.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe_child.h"
#include "probe_run.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U	/* since Linux 6.3 */
#endif

/* Where programs may be started from; /run is often mounted noexec. */
static const char *const places[] = { "/run/wxguard", "/tmp", "/var/tmp", "/var/lib/wxguard", "/root" };

static int copy_self(int to)
{
	int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct stat stat;
	ssize_t sent = 0;
	off_t left;

	if (from < 0)
		return -errno;
	if (fstat(from, &stat))
		sent = -1;
	for (left = stat.st_size; sent >= 0 && left > 0; left -= sent) {
		sent = sendfile(to, from, NULL, (size_t)left);
		if (!sent) {	/* it shrank under us */
			errno = EIO;
			sent = -1;
		}
	}
	if (sent < 0)
		sent = -errno;
	close(from);
	return sent < 0 ? (int)sent : 0;
}

static int copy_to(struct probe_copy *copy, const char *place)
{
	struct statvfs mount;
	int fd, error;

	if (statvfs(place, &mount))
		return -errno;
	if (mount.f_flag & ST_NOEXEC)
		return -EACCES;
	snprintf(copy->path, sizeof(copy->path), "%s/wxguard-test-XXXXXX", place);
	fd = mkostemp(copy->path, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = copy_self(fd);
	if (!error && fchmod(fd, 0700))
		error = -errno;
	/* A file that is open for writing cannot be started. */
	close(fd);
	copy->fd = error ? -1 : open(copy->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (!error && copy->fd < 0)
		error = -errno;
	if (error)
		unlink(copy->path);
	return error;
}

int probe_copy_make(struct probe_copy *copy, const char **what)
{
	int error = -ENOENT;
	size_t i;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		error = copy_to(copy, places[i]);
		if (!error)
			return 0;
	}
	*what = "there is no directory to start a copy of this program from";
	return error;
}

void probe_copy_remove(struct probe_copy *copy)
{
	close(copy->fd);
	unlink(copy->path);
}

/* In the child: start the program; on return it was refused. */
static void start(int fd, const char *path, const char *task)
{
	char *const argv[] = { (char *)PROBE_CHILD_NAME, (char *)task, NULL };

	if (path)
		execv(path, argv);
	else
		fexecve(fd, argv, environ);
	_exit(errno == EPERM || errno == EACCES ? PROBE_CHILD_DENIED : PROBE_CHILD_BROKEN);
}

static int start_and_wait(int fd, const char *path, const char *task,
			  struct probe_result *result, const char **what)
{
	pid_t child = fork();
	int status;

	if (child < 0) {
		*what = "no process could be started";
		return -errno;
	}
	if (!child)
		start(fd, path, task);
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return -errno;
	result->pid = (uint32_t)child;
	result->ended = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
	return 0;
}

int probe_run_rwx(const struct probe_copy *copy, struct probe_result *result,
		  const char **what)
{
	return start_and_wait(-1, copy->path, PROBE_CHILD_RWX, result, what);
}

int probe_run_memfd(struct probe_result *result, const char **what)
{
	char name[32];
	int fd, error;

	/* The same name again would be a repeat, and only be counted. */
	snprintf(name, sizeof(name), "wxguard-test-%d", (int)getpid());
	/* Older kernels do not know MFD_EXEC and make it executable anyway. */
	fd = memfd_create(name, MFD_CLOEXEC | MFD_EXEC);
	if (fd < 0 && errno == EINVAL)
		fd = memfd_create(name, MFD_CLOEXEC);
	*what = "no executable memfd could be made (see vm.memfd_noexec)";
	if (fd < 0)
		return -errno;
	error = copy_self(fd);
	if (!error)
		error = start_and_wait(fd, NULL, PROBE_CHILD_EXIT, result, what);
	close(fd);
	return error;
}
