// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes a page writable and executable, once, and writes to standard output
 * what that call cost and when it ended. Without a libc, so that nothing else
 * of the kind comes before.
 */
#include <sys/mman.h>
#include <sys/syscall.h>

#include "bench.h"

#define PAGE 4096L

static long call(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d, r8 __asm__("r8") = e, r9 __asm__("r9") = f;
	long result;

	__asm__ volatile("syscall" : "=a"(result)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static long change(long page, long prot)
{
	return call(SYS_mprotect, page, PAGE, prot, 0, 0, 0);
}

void _start(void);
void _start(void)
{
	long page = call(SYS_mmap, 0, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct sighting sighting;
	uint64_t begin;
	long error;

	page += PAGE;
	change(page, PROT_READ | PROT_WRITE);
	*(volatile char *)page = 1;
	/* Warm. */
	change(page, PROT_READ);
	change(page, PROT_READ | PROT_WRITE);
	begin = bench_now();
	error = change(page, PROT_READ | PROT_WRITE | PROT_EXEC);
	sighting.end = bench_now();
	sighting.cost = sighting.end - begin;
	call(SYS_write, 1, (long)&sighting, sizeof(sighting), 0, 0, 0);
	call(SYS_exit, error != 0, 0, 0, 0, 0, 0);
	__builtin_unreachable();
}
