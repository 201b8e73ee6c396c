// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changes the protection of its own memory: each way to make it writable and
 * executable at once, and the innocent changes that look alike. Static, so
 * that nothing but the variant changes a protection.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"

#ifndef PROT_SEM
#define PROT_SEM 0x8	/* the kernel's; no libc header has it on x86 */
#endif
#define PAGE 4096L
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)

static const char mark[] = "these bytes must not change";

static char *map_marked(int pages, int flags)
{
	char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | flags, -1, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map %d pages: %s", pages, strerror(errno));
	memcpy(memory, mark, sizeof(mark));
	return memory;
}

static void check_mark(const char *memory)
{
	if (memcmp(memory, mark, sizeof(mark)) != 0)
		actor_failed("the memory lost its contents");
}

static long change(void *memory, long len, long prot)
{
	return actor_call(SYS_mprotect, (long)memory, len, prot, 0, 0, 0);
}

/*
 * Ends the actor. @result and errno are those of the call, @wanted is the
 * errno of a call that nobody guards (0 = success), @after the permissions
 * that it leaves behind. A denied call leaves "rw-".
 */
static _Noreturn void judge(const char *memory, long result, int wanted,
			    const char *after)
{
	int error = result < 0 ? errno : 0;

	check_mark(memory);
	if (error == EACCES) {
		if (!actor_perms_are(memory, "rw-"))
			actor_failed("denied, but the memory is no longer rw-");
		actor_denied();
	}
	if (error != wanted)
		actor_failed("errno %d (%s) instead of %d", error,
			     strerror(error), wanted);
	if (!actor_perms_are(memory, after))
		actor_failed("the memory is not %s", after);
	actor_allowed();
}

static void rwx7(void)
{
	char *memory = map_marked(1, 0);

	judge(memory, change(memory, PAGE, RWX), 0, "rwx");
}

static void wx6(void)
{
	char *memory = map_marked(1, 0);
	long result = change(memory, PAGE, PROT_WRITE | PROT_EXEC);

	judge(memory, result, 0, "-wx");
}

static void sem_f(void)
{
	char *memory = map_marked(1, 0);

	judge(memory, change(memory, PAGE, RWX | PROT_SEM), 0, "rwx");
}

static void growsdown(void)
{
	char *memory = map_marked(1, MAP_GROWSDOWN);

	judge(memory, change(memory, PAGE, RWX | PROT_GROWSDOWN), 0, "rwx");
}

static void pkey(void)
{
	char *memory = map_marked(1, 0);
	long result = actor_call(SYS_pkey_mprotect, (long)memory, PAGE, RWX,
				 -1, 0, 0);

	if (result < 0 && errno == ENOSYS)
		actor_skipped("this kernel has no pkey_mprotect on this processor");
	judge(memory, result, 0, "rwx");
}

/* The hole makes the call fail, after the first page has been changed. */
static void partial_fail(void)
{
	char *memory = map_marked(3, 0);

	munmap(memory + PAGE, PAGE);
	judge(memory, change(memory, 3 * PAGE, RWX), ENOMEM, "rwx");
}

/* PROT_READ means PROT_EXEC too: the effective protection is what counts. */
static void implies_exec(void)
{
	char *memory = map_marked(1, 0);
	int before = personality(0xffffffff);
	long result;
	int error;

	personality(before | READ_IMPLIES_EXEC);
	result = change(memory, PAGE, PROT_READ | PROT_WRITE);
	error = errno;
	personality(before);
	errno = error;
	judge(memory, result, 0, "rwx");
}

/* One call over two regions: judged twice, told once. */
static void two_vmas(void)
{
	char *memory = map_marked(2, 0);
	long result;

	mprotect(memory + PAGE, PAGE, PROT_READ);
	result = change(memory, 2 * PAGE, RWX);
	if (result == 0 && !actor_perms_are(memory + PAGE, "rwx"))
		actor_failed("the second page is not rwx");
	if (result < 0 && errno == EACCES &&
	    !actor_perms_are(memory + PAGE, "r--"))
		actor_failed("denied, but the second page is no longer r--");
	errno = result < 0 ? errno : 0;
	judge(memory, result, 0, "rwx");
}

/* Shared memory: a file behind it, though not one with a name. */
static void shared(void)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	memcpy(memory, mark, sizeof(mark));
	judge(memory, change(memory, PAGE, RWX), 0, "rwx");
}

/* A private mapping of a file on disk: what a patched library looks like. */
static void file_private(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			    fd, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	memcpy(memory, mark, sizeof(mark));
	judge(memory, change(memory, PAGE, RWX), 0, "rwx");
}

/* Its arguments stand in a page that nobody has asked for yet. */
static void moved_args(void)
{
	static const char words[] = "moved\0arguments";
	char name[4352], *place;
	int fd;

	snprintf(name, sizeof(name), "%s/words", actor_workspace());
	fd = open(name, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, words, sizeof(words)) != sizeof(words) ||
	    unlink(name) < 0)
		actor_failed("cannot make %s: %s", name, strerror(errno));
	place = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	if (place == MAP_FAILED ||
	    prctl(PR_SET_MM, PR_SET_MM_ARG_START, place, 0, 0) < 0 ||
	    prctl(PR_SET_MM, PR_SET_MM_ARG_END, place + sizeof(words), 0, 0) < 0)
		actor_failed("cannot move the arguments: %s", strerror(errno));
	rwx7();
}

static void *rwx7_and_end(void *arg)
{
	(void)arg;
	rwx7();
	return NULL;
}

/* From a thread that is not the first: tid and pid differ. */
static void thread(void)
{
	pthread_t other;
	int error = pthread_create(&other, NULL, rwx7_and_end, NULL);

	if (error)
		actor_failed("cannot start a thread: %s", strerror(error));
	pthread_join(other, NULL);
	actor_failed("the thread did not end the actor");
}

/* Once known, the next time is silent: 100 changes, one finding. */
static void repeat(void)
{
	char *memory = map_marked(1, 0);
	int i;

	for (i = 0; i < 99; i++) {
		if (change(memory, PAGE, RWX) < 0)
			break;
		mprotect(memory, PAGE, PROT_READ | PROT_WRITE);
	}
	judge(memory, change(memory, PAGE, RWX), 0, "rwx");
}

/* The 32-bit entry of the kernel, from a 64-bit program. */
static void int80(void)
{
#ifdef __x86_64__
	char *memory = map_marked(1, MAP_32BIT);
	const long args[6] = { (long)memory, PAGE, RWX, 0, 0, 0 };
	long result;

	actor_announce(125, args);
	asm volatile("int $0x80"
		     : "=a"(result)
		     : "a"(125L), "b"((long)memory), "c"(PAGE), "d"((long)RWX)
		     : "memory", "r8", "r9", "r10", "r11");
	if (result == -ENOSYS)
		actor_skipped("this kernel has no 32-bit system calls");
	errno = -result;
	judge(memory, result, 0, "rwx");
#else
	actor_skipped("only x86_64 has a 32-bit entry for 64-bit programs");
#endif
}

/* The twins. */

static void rw_to_r(void)
{
	char *memory = map_marked(1, 0);

	judge(memory, change(memory, PAGE, PROT_READ), 0, "r--");
}

static void rw_to_rw(void)
{
	char *memory = map_marked(1, 0);
	long result = change(memory, PAGE, PROT_READ | PROT_WRITE);

	judge(memory, result, 0, "rw-");
}

static void prot_none(void)
{
	char *memory = map_marked(1, 0);

	if (change(memory, PAGE, PROT_NONE) < 0)
		actor_failed("PROT_NONE: %s", strerror(errno));
	if (!actor_perms_are(memory, "---"))
		actor_failed("the memory is not ---");
	actor_allowed();
}

/* Code of a file on disk, made readable only. */
static void rx_text_to_r(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	char *text = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);

	if (text == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	if (change(text, PAGE, PROT_READ) < 0)
		actor_failed("PROT_READ: %s", strerror(errno));
	if (!actor_perms_are(text, "r--"))
		actor_failed("the text is not r--");
	actor_allowed();
}

static void len0(void)
{
	char *memory = map_marked(1, 0);

	judge(memory, change(memory, 0, RWX), 0, "rw-");
}

static void bad_address(void)
{
	char *memory = map_marked(1, 0);
	char *hole = map_marked(1, 0);

	munmap(hole, PAGE);
	judge(memory, change(hole, PAGE, RWX), ENOMEM, "rw-");
}

static void unaligned(void)
{
	char *memory = map_marked(1, 0);

	judge(memory, change(memory + 1, PAGE, RWX), EINVAL, "rw-");
}

static const struct actor_variant variants[] = {
	{ "rwx7", rwx7 },
	{ "wx6", wx6 },
	{ "sem_f", sem_f },
	{ "growsdown", growsdown },
	{ "pkey", pkey },
	{ "partial_fail", partial_fail },
	{ "implies_exec", implies_exec },
	{ "two_vmas", two_vmas },
	{ "shared", shared },
	{ "file_private", file_private },
	{ "moved_args", moved_args },
	{ "thread", thread },
	{ "repeat", repeat },
	{ "int80", int80 },
	{ "rw_to_r", rw_to_r },
	{ "rw_to_rw", rw_to_rw },
	{ "prot_none", prot_none },
	{ "rx_text_to_r", rx_text_to_r },
	{ "len0", len0 },
	{ "bad_address", bad_address },
	{ "unaligned", unaligned },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
