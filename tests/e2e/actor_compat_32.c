// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The 32-bit program: mprotect and mmap through the compat entry of the
 * kernel. Built with -m32, static. Where the compiler has no such thing, the
 * variants that are about it say so, and "own" ones do the same natively.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "actor.h"

#define PAGE 4096L

static char *map_rw(void)
{
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map a page: %s", strerror(errno));
	*memory = 42;
	return memory;
}

static void mprotect_to(long prot, const char *after)
{
	char *memory = map_rw();
	long result = actor_call(SYS_mprotect, (long)memory, PAGE, prot, 0, 0, 0);

	if (*memory != 42)
		actor_failed("the memory lost its contents");
	if (result < 0 && errno == EACCES && actor_perms_are(memory, "rw-"))
		actor_denied();
	if (result < 0)
		actor_failed("mprotect: %s", strerror(errno));
	if (!actor_perms_are(memory, after))
		actor_failed("the memory is not %s", after);
	actor_allowed();
}

static void need_32_bit(void)
{
	if (sizeof(long) != 4)
		actor_skipped("32-bit programs are tried on x86_64 only");
}

static void own_mprotect(void)
{
	mprotect_to(PROT_READ | PROT_WRITE | PROT_EXEC, "rwx");
}

static void mprotect_rwx(void)
{
	need_32_bit();
	own_mprotect();
}

static void mprotect_r(void)
{
	need_32_bit();
	mprotect_to(PROT_READ, "r--");
}

static void own_mmap(void)
{
#ifndef SYS_mmap2
#define SYS_mmap2 SYS_mmap
#endif
	long result = actor_call(SYS_mmap2, 0, PAGE,
				 PROT_READ | PROT_WRITE | PROT_EXEC,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (result == -1 && errno == EACCES)
		actor_denied();
	if (result == -1)
		actor_failed("mmap: %s", strerror(errno));
	if (!actor_perms_are((void *)result, "rwx"))
		actor_failed("the mapping is not rwx");
	actor_allowed();
}

static void mmap_rwx(void)
{
	need_32_bit();
	own_mmap();
}

static const struct actor_variant variants[] = {
	{ "mprotect_rwx", mprotect_rwx },
	{ "mprotect_r", mprotect_r },
	{ "mmap_rwx", mmap_rwx },
	{ "own_mprotect", own_mprotect },
	{ "own_mmap", own_mmap },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
