// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One row of the bench: runs it N times and prints one line,
 *	ROW N CALLER OWN TOTAL
 * in instructions per operation. CALLER is what the caller saw, the median, so
 * timer ticks are left out; OWN is the processor time of the caller and its
 * children; TOTAL that of everybody on this processor until nobody has anything
 * to do any more, so that who reads events is counted as well.
 *
 *	bench ROW N
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "bench.h"

#define IDLE_MS		40	/* a look at who is still running, each so often */
#define IDLE_NS		400000	/* less than this in between is idle: our own looks, ticks */
#define IDLE_LOOKS	100000

static const struct {
	const char *name;
	row_fn run;
} rows[] = {
	{ "null", row_null },
	{ "mprotect", row_mprotect },
	{ "mmap", row_mmap },
	{ "library", row_library },
	{ "rwx", row_rwx },
	{ "transition", row_transition },
	{ "finding", row_finding },
	{ "latency", row_latency },
	{ "backlog", row_backlog },
	{ "exec", row_exec },
	{ "memfd", row_memfd },
	{ "memfd-new", row_memfd_new },
	{ "script", row_script },
	{ "burst", row_burst },
};

void bench_failed(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t median(struct samples *samples)
{
	qsort(samples->cost, samples->count, sizeof(*samples->cost), by_size);
	return samples->cost[samples->count / 2];
}

static uint64_t used(int who)
{
	struct rusage usage;

	if (getrusage(who, &usage))
		bench_failed("getrusage");
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000000000ULL +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000ULL;
}

static uint64_t own(void)
{
	return used(RUSAGE_SELF) + used(RUSAGE_CHILDREN);
}

/* Time for which the one processor was not idle: the 7th of its numbers. */
static uint64_t busy(void)
{
	static char line[4096];
	unsigned long long value;
	FILE *file = fopen("/proc/schedstat", "r");
	int found = 0;

	if (!file)
		bench_failed("/proc/schedstat");
	while (!found && fgets(line, sizeof(line), file))
		found = sscanf(line, "cpu0 %*u %*u %*u %*u %*u %*u %llu", &value);
	fclose(file);
	if (found != 1)
		bench_failed("/proc/schedstat has no cpu0");
	return value;
}

/* Until all readers of events have drained them: what was used by then. */
static uint64_t busy_until_idle(void)
{
	uint64_t before = busy(), after;
	int looks;

	for (looks = 0; looks < IDLE_LOOKS; looks++) {
		poll(NULL, 0, IDLE_MS);
		after = busy();
		if (after - before < IDLE_NS)
			return before;
		before = after;
	}
	errno = ETIMEDOUT;
	bench_failed("the machine does not come to rest");
}

static int measure(const char *name, row_fn run, long count)
{
	struct samples samples = { .count = count };
	struct samples warm = { .count = count / 20 + 2 };
	uint64_t own_before, busy_before, own_used, busy_used;

	samples.cost = calloc(count + warm.count, sizeof(*samples.cost));
	if (!samples.cost)
		bench_failed("no memory for the samples");
	memset(samples.cost, 1, (count + warm.count) * sizeof(*samples.cost));
	warm.cost = samples.cost + count;
	/* One burst is of one program, and its first call is part of it. */
	if (run != row_burst && run != row_backlog)
		run(&warm);
	busy_before = busy_until_idle();
	own_before = own();
	run(&samples);
	own_used = own() - own_before;
	busy_used = busy_until_idle() - busy_before;
	printf("%s\t%ld\t%llu\t%llu\t%llu\n", name, count,
	       (unsigned long long)median(&samples),
	       (unsigned long long)(own_used / count),
	       (unsigned long long)(busy_used / count));
	return 0;
}

int main(int argc, char **argv)
{
	size_t i;
	long count = argc == 3 ? atol(argv[2]) : 0;

	for (i = 0; count > 0 && i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strcmp(argv[1], rows[i].name) == 0)
			return measure(rows[i].name, rows[i].run, count);
	fputs("bench: needs a row and how often\n", stderr);
	return 2;
}
