// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes memory executable that it has written before, never writable and
 * executable at once; and the innocent changes that look alike. Static, so
 * that nothing but the variant changes a protection.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"

#define PAGE 4096L
#define R PROT_READ
#define RW (PROT_READ | PROT_WRITE)
#define RX (PROT_READ | PROT_EXEC)

static const char mark[] = "these bytes must not change";

/* A page of this program's own code that holds nothing else: returns 1. */
int patch_me(void);
asm(".pushsection .text.patch_me, \"ax\", @progbits\n"
	".balign 4096\n"
	".globl patch_me\n"
	"patch_me:\n"
#ifdef __x86_64__
	"	mov $1, %eax\n"
	"	ret\n"
#else
	"	mov w0, #1\n"
	"	ret\n"
#endif
	".balign 4096\n"
	".popsection\n");

static char data_page[PAGE] __attribute__((aligned(4096))) = "data";
static char bss_page[PAGE] __attribute__((aligned(4096)));

static long change(void *memory, long prot)
{
	return actor_call(SYS_mprotect, (long)memory, PAGE, prot, 0, 0, 0);
}

/* A step that no rule is about. */
static void must(void *memory, int prot)
{
	if (mprotect(memory, PAGE, prot) < 0)
		actor_failed("cannot make the memory %d: %s", prot,
			     strerror(errno));
}

static char *map(int prot, int flags, int fd)
{
	char *memory = mmap(NULL, PAGE, prot, flags, fd, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	return memory;
}

static char *marked(char *memory)
{
	memcpy(memory, mark, sizeof(mark));
	return memory;
}

/* Ends the actor, unless the change went as it goes without a guard. */
static bool denied(const char *memory, long result, const char *before,
		   const char *after)
{
	int error = result < 0 ? errno : 0;

	if (error && error != EACCES)
		actor_failed("mprotect: %s", strerror(error));
	if (!actor_perms_are(memory, error ? before : after))
		actor_failed("the memory is not %s", error ? before : after);
	return error;
}

static _Noreturn void judge(const char *memory, long result, const char *before,
			    const char *after)
{
	bool refused = denied(memory, result, before, after);

	if (before[0] == 'r' && memcmp(memory, mark, sizeof(mark)) != 0)
		actor_failed("the memory lost its contents");
	if (refused)
		actor_denied();
	actor_allowed();
}

static void anon(void)
{
	char *memory = marked(map(RW, MAP_PRIVATE | MAP_ANONYMOUS, -1));

	judge(memory, change(memory, RX), "rw-", "r-x");
}

/* A detour does not help: what counts is that it was written. */
static void anon_by_r(void)
{
	char *memory = marked(map(RW, MAP_PRIVATE | MAP_ANONYMOUS, -1));

	must(memory, R);
	judge(memory, change(memory, RX), "r--", "r-x");
}

static void anon_by_none(void)
{
	char *memory = marked(map(RW, MAP_PRIVATE | MAP_ANONYMOUS, -1));

	must(memory, PROT_NONE);
	judge(memory, change(memory, RX), "---", "r-x");
}

static void anon_pkey(void)
{
	char *memory = marked(map(RW, MAP_PRIVATE | MAP_ANONYMOUS, -1));

	long result = actor_call(SYS_pkey_mprotect, (long)memory, PAGE, RX, -1, 0, 0);

	if (result < 0 && errno == ENOSYS)
		actor_skipped("this kernel has no pkey_mprotect on this processor");
	judge(memory, result, "rw-", "r-x");
}

static void heap(void)
{
	uintptr_t here = (uintptr_t)sbrk(3 * PAGE);
	char *memory = (char *)((here + PAGE - 1) & ~(PAGE - 1));

	if (here == (uintptr_t)-1)
		actor_failed("cannot grow the heap: %s", strerror(errno));
	marked(memory);
	judge(memory, change(memory, RX), "rw-", "r-x");
}

/* The page in the middle: the frame may go on using the others. */
static __attribute__((noinline)) char *stack_page(char *room)
{
	uintptr_t here = (uintptr_t)room;

	return marked((char *)((here + PAGE - 1) & ~(PAGE - 1)));
}

static void stack(void)
{
	char room[3 * PAGE], *memory = stack_page(room);

	judge(memory, change(memory, RX), "rw-", "r-x");
}

static void shared_anon(void)
{
	char *memory = marked(map(RW, MAP_SHARED | MAP_ANONYMOUS, -1));

	judge(memory, change(memory, RX), "rw-", "r-x");
}

static void data(void)
{
	marked(data_page);
	judge(data_page, change(data_page, RX), "rw-", "r-x");
}

static void bss(void)
{
	marked(bss_page);
	judge(bss_page, change(bss_page, RX), "rw-", "r-x");
}

/* Its own code: made writable, changed, made code again; and then it runs. */
static void text_patch(void)
{
	char *code = (char *)(uintptr_t)patch_me;
	long result;

	if (patch_me() != 1)
		actor_failed("the code was not what it should be");
	must(code, RW);
#ifdef __x86_64__
	code[1] = 2;	/* the constant of "mov $1, %eax" */
#else
	*(uint32_t *)code = 0x52800040;	/* mov w0, #2 */
	__builtin___clear_cache(code, code + 4);
#endif
	result = change(code, RX);
	if (denied(code, result, "rw-", "r-x"))
		actor_denied();
	if (patch_me() != 2)
		actor_failed("the new code does not run");
	actor_allowed();
}

/*
 * The same twice, another kind of memory, and the first kind once more: one
 * finding for each kind. When it is denied, each of the four is.
 */
static void shapes(void)
{
	char room[3 * PAGE], *page[4];
	int i, refused = 0;

	for (i = 0; i < 4; i++) {
		page[i] = i == 2 ? stack_page(room) :
			  marked(map(RW, MAP_PRIVATE | MAP_ANONYMOUS, -1));
		refused += denied(page[i], change(page[i], RX), "rw-", "r-x");
	}
	if (refused == 4)
		actor_denied();
	if (refused)
		actor_failed("%d of 4 were denied", refused);
	actor_allowed();
}

/* The twins. */

/* What a JIT with two mappings reserves, or a loader: never written. */
static void never_written(void)
{
	char *memory = map(PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1);

	judge(memory, change(memory, RX), "---", "r-x");
}

static void rw_to_r(void)
{
	char *memory = marked(map(RW, MAP_PRIVATE | MAP_ANONYMOUS, -1));

	judge(memory, change(memory, R), "rw-", "r--");
}

static char *own_file(int prot)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return map(prot, MAP_PRIVATE, fd);
}

/* As the loader does with the part of a library that it has relocated. */
static void relro(void)
{
	char *memory = marked(own_file(RW));

	judge(memory, change(memory, R), "rw-", "r--");
}

/* The loader maps a whole library, then gives each segment what it needs. */
static void file_r_to_rx(void)
{
	char *memory = own_file(R);
	long result = change(memory, RX);

	if (denied(memory, result, "r--", "r-x"))
		actor_denied();
	actor_allowed();
}

static void text_to_r_and_back(void)
{
	char *code = (char *)(uintptr_t)patch_me;
	long result;

	must(code, R);
	result = change(code, RX);
	if (denied(code, result, "r--", "r-x"))
		actor_denied();
	if (patch_me() != 1)
		actor_failed("the code does not run any more");
	actor_allowed();
}

static const struct actor_variant variants[] = {
	{ "anon", anon },
	{ "anon_by_r", anon_by_r },
	{ "anon_by_none", anon_by_none },
	{ "anon_pkey", anon_pkey },
	{ "heap", heap },
	{ "stack", stack },
	{ "shared_anon", shared_anon },
	{ "data", data },
	{ "bss", bss },
	{ "text_patch", text_patch },
	{ "shapes", shapes },
	{ "never_written", never_written },
	{ "rw_to_r", rw_to_r },
	{ "relro", relro },
	{ "file_r_to_rx", file_r_to_rx },
	{ "text_to_r_and_back", text_to_r_and_back },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
