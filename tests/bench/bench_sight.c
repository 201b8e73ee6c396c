// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows that make findings: programs that are new, each of which makes memory
 * writable and executable once (sight.c), and how soon that is in the file.
 */
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

/* Where the daemon writes, seen from outside its root. */
#define FINDINGS "/r/var/log/wxguard/findings.json"

static void copy(const char *from, const char *to)
{
	int in = open(from, O_RDONLY), out = open(to, O_CREAT | O_EXCL | O_WRONLY, 0700);
	struct stat info;

	if (in < 0 || out < 0 || fstat(in, &info) ||
	    sendfile(out, in, NULL, info.st_size) != info.st_size)
		bench_failed("a program cannot be copied");
	close(in);
	close(out);
}

/* Starts a program that is new, and hears from it what its call cost it. */
static void sight(const int ends[2], struct sighting *sighting)
{
	char path[PATH_MAX];
	char *argv[] = { path, NULL };
	static long number;
	pid_t child;

	snprintf(path, sizeof(path), "%s-%d-%ld", bench_beside("sight"), getpid(), number++);
	copy(bench_beside("sight"), path);
	child = fork();
	if (child == 0) {
		dup2(ends[1], 1);
		execve(path, argv, bench_no_environment);
		_exit(1);
	}
	bench_await(child);
	if (read(ends[0], sighting, sizeof(*sighting)) != sizeof(*sighting))
		bench_failed("a program said nothing");
	unlink(path);
}

/*
 * What a program's first W+X request costs it. Each program is a file of its
 * own, so that each is new.
 */
void row_finding(struct samples *samples)
{
	int ends[2];
	long i;

	if (pipe(ends))
		bench_failed("pipe");
	for (i = 0; i < samples->count; i++) {
		struct sighting sighting;

		sight(ends, &sighting);
		samples->cost[i] = sighting.cost;
	}
	close(ends[0]);
	close(ends[1]);
}

static off_t size_of_findings(void)
{
	struct stat info;

	if (stat(FINDINGS, &info))
		bench_failed(FINDINGS);
	return info.st_size;
}

/* From the call to the line in the daemon's file. */
void row_latency(struct samples *samples)
{
	int ends[2];
	long i;

	if (pipe(ends))
		bench_failed("pipe");
	for (i = 0; i < samples->count; i++) {
		off_t before = size_of_findings();
		struct sighting sighting;

		sight(ends, &sighting);
		/* The daemon runs when this one yields. */
		while (size_of_findings() == before)
			sched_yield();
		samples->cost[i] = bench_now() - sighting.end;
	}
	close(ends[0]);
	close(ends[1]);
}

/* A reader that was stopped goes on: what it does counts, this one is done. */
void row_backlog(struct samples *samples)
{
	const char *reader = getenv("BENCH_READER");

	if (!reader || kill(atoi(reader), SIGCONT))
		bench_failed("BENCH_READER");
	memset(samples->cost, 0, samples->count * sizeof(*samples->cost));
}
