/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The measuring loops, in the guest. Under -icount the time stamp counter
 * counts instructions, so a difference is a cost, exactly.
 */
#ifndef WXG_BENCH_H
#define WXG_BENCH_H

#include <stdint.h>
#include <sys/types.h>

/* What one row did: a cost per operation, warm-up left out. */
struct samples {
	uint64_t *cost;
	long count;
};

/* What the program sight says of itself, in instructions since the boot. */
struct sighting {
	uint64_t cost, end;
};

/* A row runs its operation once per sample. */
typedef void (*row_fn)(struct samples *samples);

static inline uint64_t bench_now(void)
{
	uint32_t low, high, cpu;

	__asm__ volatile("rdtscp" : "=a"(low), "=d"(high), "=c"(cpu) : : "memory");
	return (uint64_t)high << 32 | low;
}

/* Ends the program with one sentence and errno's. */
void bench_failed(const char *what) __attribute__((noreturn));

/* bench_calls.c */
void row_null(struct samples *samples);
void row_mprotect(struct samples *samples);
void row_mmap(struct samples *samples);
void row_library(struct samples *samples);
void row_rwx(struct samples *samples);
void row_transition(struct samples *samples);
void row_burst(struct samples *samples);

/* bench_starts.c: the path of a program beside this one; until the next call. */
const char *bench_beside(const char *name);
void bench_await(pid_t child);
extern char *const bench_no_environment[];
void row_exec(struct samples *samples);
void row_script(struct samples *samples);
void row_memfd(struct samples *samples);
void row_memfd_new(struct samples *samples);

/* bench_sight.c */
void row_finding(struct samples *samples);
void row_latency(struct samples *samples);
void row_backlog(struct samples *samples);

#endif
