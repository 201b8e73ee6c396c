// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts the payload from files of a disk that no directory holds any more,
 * or never held; and goes through the upgrade of a running daemon, whose own
 * file has no name left either.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

/* A file may not be started while it is open for writing. */
static int reopened(int fd)
{
	char path[64];
	int again;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	again = open(path, O_RDONLY);
	if (again < 0)
		actor_failed("cannot open %s again: %s", path, strerror(errno));
	close(fd);
	return again;
}

static int make(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);

	if (fd < 0)
		actor_failed("cannot make %s: %s", path, strerror(errno));
	return fd;
}

static void remove_name(const char *path)
{
	if (unlink(path) < 0)
		actor_failed("cannot unlink %s: %s", path, strerror(errno));
}

static int unlinked_payload(void)
{
	char path[4352];
	int fd;

	snprintf(path, sizeof(path), "%s/program", actor_workspace());
	fd = make(path);
	actor_copy(exec_beside("payload"), fd);
	fd = reopened(fd);
	remove_name(path);
	return fd;
}

static _Noreturn void start_proc_self_fd(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	exec_start(AT_FDCWD, path, 0);
}

static void tmpfile_fexecve(void)
{
	int fd = open(actor_workspace(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0755);

	/* An overlay may have none. */
	if (fd < 0 && errno == EOPNOTSUPP)
		fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0755);
	if (fd < 0)
		actor_failed("cannot make a file without a name: %s",
			     strerror(errno));
	actor_copy(exec_beside("payload"), fd);
	exec_start(reopened(fd), "", AT_EMPTY_PATH);
}

static void unlinked_fexecve(void)
{
	exec_start(unlinked_payload(), "", AT_EMPTY_PATH);
}

static void unlinked_proc_self_fd(void)
{
	start_proc_self_fd(unlinked_payload());
}

static void unlinked_script(void)
{
	char path[4352];
	int fd;

	snprintf(path, sizeof(path), "%s/script", actor_workspace());
	fd = make(path);
	exec_write_script(fd, "/bin/sh");
	fd = reopened(fd);
	remove_name(path);
	start_proc_self_fd(fd);
}

/*
 * Run as "ACTOR self_again", it is started again from its own file, which it
 * has removed; the second time it is the program that reports.
 */
static void self_again(void)
{
	char *argv[] = { "actor_unlinked", "self_again", NULL };
	char path[4352];
	ssize_t len;

	if (getenv("ACTOR_AGAIN"))
		actor_allowed();
	len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	if (len < 0)
		actor_failed("cannot read /proc/self/exe: %s", strerror(errno));
	path[len] = '\0';
	remove_name(path);
	setenv("ACTOR_AGAIN", "1", 1);
	exec_start_with("/proc/self/exe", argv);
}

/* The twins. */

static void linked_fexecve(void)
{
	exec_start(exec_open_payload(), "", AT_EMPTY_PATH);
}

/* Two names, one of which goes: the file still has the other. */
static void one_link_left(void)
{
	char path[4352], other[4608];
	int fd;

	snprintf(path, sizeof(path), "%s/program", actor_workspace());
	snprintf(other, sizeof(other), "%s.other", path);
	fd = make(path);
	actor_copy(exec_beside("payload"), fd);
	if (link(path, other) < 0)
		actor_failed("cannot link %s: %s", other, strerror(errno));
	fd = reopened(fd);
	remove_name(path);
	start_proc_self_fd(fd);
}

/*
 * A package upgrade: the new file takes the name of the one that is running.
 * The daemon, whose own file is deleted now, restarts its child from the path.
 */
static void upgraded_daemon(void)
{
	char daemon[4352], fresh[4608], seen[4608];
	char *argv[] = { "payload", "0", NULL };
	ssize_t len;
	int fd;

	if (getenv("ACTOR_AGAIN")) {
		len = readlink("/proc/self/exe", daemon, sizeof(daemon) - 1);
		daemon[len < 0 ? 0 : len] = '\0';
		snprintf(fresh, sizeof(fresh), "%s.new", daemon);
		fd = make(fresh);
		actor_copy(getenv("ACTOR_AGAIN"), fd);
		close(fd);
		if (rename(fresh, daemon) < 0)
			actor_failed("cannot rename %s: %s", fresh,
				     strerror(errno));
		len = readlink("/proc/self/exe", seen, sizeof(seen) - 1);
		seen[len < 0 ? 0 : len] = '\0';
		if (!strstr(seen, " (deleted)"))
			actor_failed("the daemon still runs from %s", seen);
		exec_in_child();
		exec_start_with(daemon, argv);
	}
	setenv("ACTOR_AGAIN", exec_beside("payload"), 1);
	snprintf(daemon, sizeof(daemon), "%s/daemon", actor_workspace());
	fd = make(daemon);
	actor_copy("/proc/self/exe", fd);
	close(fd);
	argv[1] = "upgraded_daemon";
	exec_start_with(daemon, argv);
}

static const struct actor_variant variants[] = {
	{ "tmpfile_fexecve", tmpfile_fexecve },
	{ "unlinked_fexecve", unlinked_fexecve },
	{ "unlinked_proc_self_fd", unlinked_proc_self_fd },
	{ "unlinked_script", unlinked_script },
	{ "self_again", self_again },
	{ "linked_fexecve", linked_fexecve },
	{ "one_link_left", one_link_left },
	{ "upgraded_daemon", upgraded_daemon },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
