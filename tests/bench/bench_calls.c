// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows that are one or two system calls. Each has its memory between pages
 * without access, so that no VMA is split or merged: the cheapest call there
 * is, against which a cost of ours looks largest.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench.h"

#define PAGE	4096L
#define RW	(PROT_READ | PROT_WRITE)
#define RX	(PROT_READ | PROT_EXEC)
#define RWX	(PROT_READ | PROT_WRITE | PROT_EXEC)

static void change(char *page, int prot)
{
	if (syscall(SYS_mprotect, page, PAGE, prot))
		bench_failed("mprotect");
}

static char *lonely_page(void)
{
	char *area = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (area == MAP_FAILED)
		bench_failed("mmap");
	change(area + PAGE, RW);
	area[PAGE] = 1;
	return area + PAGE;
}

void row_null(struct samples *samples)
{
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();

		syscall(SYS_getppid);
		samples->cost[i] = bench_now() - begin;
	}
}

/* RW to R and back, per call. */
void row_mprotect(struct samples *samples)
{
	char *page = lonely_page();
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();

		change(page, PROT_READ);
		change(page, RW);
		samples->cost[i] = (bench_now() - begin) / 2;
	}
}

/* A page of memory taken and given back. */
void row_mmap(struct samples *samples)
{
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();
		char *page = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (page == MAP_FAILED || munmap(page, PAGE))
			bench_failed("mmap");
		samples->cost[i] = bench_now() - begin;
	}
}

/* The text of a file mapped as the loader maps a library, and unmapped. */
void row_library(struct samples *samples)
{
	int fd = open("/proc/self/exe", O_RDONLY);
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();
		char *text = mmap(NULL, 4 * PAGE, RX, MAP_PRIVATE, fd, 0);

		if (text == MAP_FAILED || munmap(text, 4 * PAGE))
			bench_failed("mmap of a file");
		samples->cost[i] = bench_now() - begin;
	}
	close(fd);
}

/* From RW to @prot; the way back is not counted. */
static void there_and_back(struct samples *samples, int prot)
{
	char *page = lonely_page();
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();

		change(page, prot);
		samples->cost[i] = bench_now() - begin;
		change(page, RW);
	}
}

/* RW to RWX, by a program that is known after the warm-up. */
void row_rwx(struct samples *samples)
{
	there_and_back(samples, RWX);
}

/* RW to RX of a written page, as a JIT does that keeps W and X apart. */
void row_transition(struct samples *samples)
{
	there_and_back(samples, RX);
}

/* RWX again and again: nothing changes after the first, so it is as fast as can be. */
void row_burst(struct samples *samples)
{
	char *page = lonely_page();
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();

		change(page, RWX);
		samples->cost[i] = bench_now() - begin;
	}
}
