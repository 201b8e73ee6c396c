// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One memory file seen from two sides: written here, run there. The two sides
 * are two mappings, an alias of one, a change of protection, or two processes;
 * and memory files that are only data, shared by two processes as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U	/* Linux 6.3; not in the libc of Debian 12 */
#endif
#define PAGE 4096L
#define RX (PROT_READ | PROT_EXEC)
#define RW (PROT_READ | PROT_WRITE)

/* Ends the actor: @memory is the result of mmap, errno its error. */
static _Noreturn void judge_map(long memory)
{
	if (memory == -1 && errno == EACCES)
		actor_denied();
	if (memory == -1)
		actor_failed("cannot map: %s", strerror(errno));
	if (!actor_perms_are((void *)memory, "r-x"))
		actor_failed("the mapping is not r-x");
	actor_allowed();
}

static _Noreturn void judge_protect(const void *memory, long result)
{
	if (result < 0 && errno != EACCES)
		actor_failed("mprotect: %s", strerror(errno));
	if (!actor_perms_are(memory, result < 0 ? "rw-" : "r-x"))
		actor_failed("the memory is not %s", result < 0 ? "rw-" : "r-x");
	if (result < 0)
		actor_denied();
	actor_allowed();
}

static long run_side(int fd)
{
	return actor_call(SYS_mmap, 0, PAGE, RX, MAP_SHARED, fd, 0);
}

static char *write_side(int fd, int flags)
{
	char *memory = mmap(NULL, PAGE, RW, flags, fd, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map rw-: %s", strerror(errno));
	return memory;
}

static int memfd(void)
{
	return exec_memfd("wxg", MFD_CLOEXEC);
}

static long protect(void *memory)
{
	return actor_call(SYS_mprotect, (long)memory, PAGE, RX, 0, 0, 0);
}

static void write_then_run(void)
{
	int fd = memfd();

	write_side(fd, MAP_SHARED);
	judge_map(run_side(fd));
}

static void run_then_write(void)
{
	int fd = memfd();
	long memory = run_side(fd);
	int error = errno;

	write_side(fd, MAP_SHARED);
	errno = error;
	judge_map(memory);
}

/* The writing side was a reading one, until it asked for more. */
static void run_then_unprotect(void)
{
	int fd = memfd();
	long memory = run_side(fd);
	int error = errno;
	char *reader = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	if (reader == MAP_FAILED || mprotect(reader, PAGE, RW) < 0)
		actor_failed("cannot make it rw-: %s", strerror(errno));
	errno = error;
	judge_map(memory);
}

/* The parent writes, the child runs. */
static void parent_writes(void)
{
	int fd = memfd();
	char *memory = write_side(fd, MAP_SHARED);

	exec_in_child();
	/* The writing side is the parent's alone. */
	munmap(memory, PAGE);
	judge_map(run_side(fd));
}

/* The child writes, the parent runs; the child stays until that has happened. */
static void child_writes(void)
{
	int fd = memfd(), ready[2], over[2], error;
	long memory;
	char byte;
	pid_t child;

	if (pipe(ready) < 0 || pipe(over) < 0)
		actor_failed("no pipe: %s", strerror(errno));
	child = fork();
	if (child == 0) {
		close(over[1]);
		*write_side(fd, MAP_SHARED) = 1;
		if (write(ready[1], "", 1) != 1 || read(over[0], &byte, 1) < 0)
			_exit(1);
		_exit(0);
	}
	close(ready[1]);
	if (child < 0 || read(ready[0], &byte, 1) != 1)
		actor_failed("the child does not write");
	memory = run_side(fd);
	error = errno;
	close(over[1]);
	waitpid(child, NULL, 0);
	errno = error;
	judge_map(memory);
}

/* An alias of the executable mapping: no hook of its own, so told once. */
static void alias_of_run(void)
{
	int fd = memfd();
	long memory = run_side(fd);
	int error = errno;

	if (memory != -1 &&
	    mremap((void *)memory, 0, PAGE, MREMAP_MAYMOVE) == MAP_FAILED)
		actor_failed("no alias: %s", strerror(errno));
	errno = error;
	judge_map(memory);
}

/* An alias of the written mapping is made executable. */
static void alias_of_write(void)
{
	char *memory = write_side(memfd(), MAP_SHARED);
	char *alias = mremap(memory, 0, PAGE, MREMAP_MAYMOVE);

	if (alias == MAP_FAILED)
		actor_failed("no alias: %s", strerror(errno));
	judge_protect(alias, protect(alias));
}

static void protect_shared(void)
{
	char *memory = write_side(memfd(), MAP_SHARED);

	judge_protect(memory, protect(memory));
}

static void protect_private(void)
{
	char *memory = write_side(memfd(), MAP_PRIVATE);

	*memory = 1;
	judge_protect(memory, protect(memory));
}

/* May not be started, but may be mapped as code all the same. */
static void noexec_seal(void)
{
	int fd = memfd_create("wxg", MFD_CLOEXEC | MFD_NOEXEC_SEAL);

	if (fd < 0 && errno == EINVAL)
		actor_skipped("MFD_NOEXEC_SEAL needs Linux 6.3");
	if (fd < 0)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	actor_copy(exec_beside("payload"), fd);
	judge_map(run_side(fd));
}

/* The twins. */

/* Memory files as what they are for: two processes, one message. */
static void shared_data(void)
{
	int fd = memfd(), status;
	char *memory = write_side(fd, MAP_SHARED);
	pid_t child = fork();

	if (child == 0) {
		char *other = write_side(fd, MAP_SHARED);

		memcpy(other, "message", 8);
		_exit(0);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status)
		actor_failed("the child did not write");
	if (strcmp(memory, "message") != 0)
		actor_failed("the message did not arrive");
	actor_allowed();
}

/* Handed over read-only, sealed: as graphics and sound servers do. */
static void sealed_data(void)
{
	int fd = memfd_create("data", MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0 || write(fd, "message", 8) != 8)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		actor_failed("cannot seal: %s", strerror(errno));
	if (mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED)
		actor_failed("cannot map r--: %s", strerror(errno));
	actor_allowed();
}

static void alias_of_data(void)
{
	char *memory = write_side(memfd(), MAP_SHARED);
	char *alias = mremap(memory, 0, PAGE, MREMAP_MAYMOVE);

	if (alias == MAP_FAILED)
		actor_failed("no alias: %s", strerror(errno));
	*memory = 42;
	if (*alias != 42)
		actor_failed("the alias shows something else");
	actor_allowed();
}

static const struct actor_variant variants[] = {
	{ "write_then_run", write_then_run },
	{ "run_then_write", run_then_write },
	{ "run_then_unprotect", run_then_unprotect },
	{ "parent_writes", parent_writes },
	{ "child_writes", child_writes },
	{ "alias_of_run", alias_of_run },
	{ "alias_of_write", alias_of_write },
	{ "protect_shared", protect_shared },
	{ "protect_private", protect_private },
	{ "noexec_seal", noexec_seal },
	{ "shared_data", shared_data },
	{ "sealed_data", sealed_data },
	{ "alias_of_data", alias_of_data },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
