// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts the payload, or a script, from memory in each way there is, and
 * from a disk in the ways that look alike. When the kernel lets it through
 * the payload reports; when it refuses, this program does.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

static void start_at(int dirfd, const char *path, int flags)
{
	exec_start(dirfd, path, flags);
}

static void memfd_fexecve(void)
{
	start_at(exec_memfd("wxg", MFD_CLOEXEC), "", AT_EMPTY_PATH);
}

/* The descriptor is a path only: open for nothing. */
static void memfd_o_path(void)
{
	char path[64];
	int fd = exec_memfd("wxg", MFD_CLOEXEC);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0)
		actor_failed("cannot reopen the memfd: %s", strerror(errno));
	start_at(fd, "", AT_EMPTY_PATH);
}

static void memfd_sealed(void)
{
	int fd = exec_memfd("wxg", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
		  F_SEAL_WRITE) < 0)
		actor_failed("cannot seal: %s", strerror(errno));
	start_at(fd, "", AT_EMPTY_PATH);
}

static void execute_fd_path(pid_t pid, int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fd/%d", pid, fd);
	start_at(AT_FDCWD, path, 0);
}

static void proc_self_fd(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d",
		 exec_memfd("wxg", MFD_CLOEXEC));
	start_at(AT_FDCWD, path, 0);
}

static void proc_pid_fd(void)
{
	int fd = exec_memfd("wxg", MFD_CLOEXEC);
	pid_t parent = getpid();

	exec_in_child();
	execute_fd_path(parent, fd);
}

static void symlink_to_fd(void)
{
	char target[64], link[4352];
	int fd = exec_memfd("wxg", MFD_CLOEXEC);

	snprintf(target, sizeof(target), "/proc/%d/fd/%d", getpid(), fd);
	snprintf(link, sizeof(link), "%s/innocent", actor_workspace());
	if (symlink(target, link) < 0)
		actor_failed("cannot make %s: %s", link, strerror(errno));
	start_at(AT_FDCWD, link, 0);
}

static void script_memfd(void)
{
	char path[64];
	int fd = memfd_create("script", 0);

	exec_write_script(fd, "/bin/sh");
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	start_at(AT_FDCWD, path, 0);
}

/* A script on disk whose interpreter is a memfd. */
static void interpreter_memfd(void)
{
	char interpreter[64], script[4352];
	int fd = exec_memfd("wxg", 0);

	snprintf(interpreter, sizeof(interpreter), "/proc/self/fd/%d", fd);
	snprintf(script, sizeof(script), "%s/script", actor_workspace());
	fd = open(script, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);
	/* The payload reads its first argument as a number: "0". */
	dprintf(fd, "#!%s 0\n", interpreter);
	close(fd);
	start_at(AT_FDCWD, script, 0);
}

static void runc_name(void)
{
	start_at(exec_memfd("runc_cloned:/proc/self/exe", MFD_CLOEXEC), "",
		 AT_EMPTY_PATH);
}

/* Escape codes, a new line, a quote, invalid UTF-8, as long as may be. */
static void hostile_name(void)
{
	static const char head[] = "ev\033[31mil\n\"\\\x80\xff\xc3\x28\x7f\u202e";
	char name[250];

	memset(name, 'A', sizeof(name) - 1);
	memcpy(name, head, sizeof(head) - 1);
	name[sizeof(name) - 1] = '\0';
	start_at(exec_memfd(name, MFD_CLOEXEC), "", AT_EMPTY_PATH);
}

static void *exec_from_thread(void *arg)
{
	(void)arg;
	memfd_fexecve();
	return NULL;
}

/* The thread becomes the process: pid stays, tid becomes the pid. */
static void thread(void)
{
	pthread_t other;
	int error = pthread_create(&other, NULL, exec_from_thread, NULL);

	if (error)
		actor_failed("cannot start a thread: %s", strerror(error));
	pthread_join(other, NULL);
	actor_failed("the thread did not end the actor");
}

/* More arguments than a finding keeps: 4 KiB and some. */
static void long_args(void)
{
	exec_lengthen_args();
	memfd_fexecve();
}

/* The twins. */

static void disk_fexecve(void)
{
	start_at(exec_open_payload(), "", AT_EMPTY_PATH);
}

static void disk_proc_self_fd(void)
{
	execute_fd_path(getpid(), exec_open_payload());
}

static void disk_named_memfd(void)
{
	exec_start_copy(actor_workspace(), "memfd:x");
}

static void disk_script(void)
{
	char script[4352];
	int fd;

	snprintf(script, sizeof(script), "%s/script", actor_workspace());
	fd = open(script, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);
	exec_write_script(fd, "/bin/sh");
	close(fd);
	start_at(AT_FDCWD, script, 0);
}

/* A memfd used as what it is for: memory. */
static void memfd_as_data(void)
{
	int fd = memfd_create("data", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char *memory, back[5] = "";

	if (fd < 0 || ftruncate(fd, 8192) < 0)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	memory = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		actor_failed("cannot map it: %s", strerror(errno));
	memcpy(memory + 4096, "data", 5);
	if (pread(fd, back, 5, 4096) != 5 || strcmp(back, "data") != 0)
		actor_failed("what was written did not come back");
	actor_allowed();
}

static const struct actor_variant variants[] = {
	{ "memfd_fexecve", memfd_fexecve },
	{ "memfd_o_path", memfd_o_path },
	{ "memfd_sealed", memfd_sealed },
	{ "proc_self_fd", proc_self_fd },
	{ "proc_pid_fd", proc_pid_fd },
	{ "symlink", symlink_to_fd },
	{ "script_memfd", script_memfd },
	{ "interpreter_memfd", interpreter_memfd },
	{ "runc_name", runc_name },
	{ "hostile_name", hostile_name },
	{ "thread", thread },
	{ "long_args", long_args },
	{ "disk_fexecve", disk_fexecve },
	{ "disk_proc_self_fd", disk_proc_self_fd },
	{ "disk_named_memfd", disk_named_memfd },
	{ "disk_script", disk_script },
	{ "memfd_as_data", memfd_as_data },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
