// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows that start a program: vfork, exec and wait, as a whole. The programs lie
 * beside this one and end after a few instructions. vfork, because what a fork
 * costs depends on what lies where, and has nothing to do with us.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

char *const bench_no_environment[] = { NULL };

const char *bench_beside(const char *name)
{
	static char path[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 64);
	char *slash;

	path[len > 0 ? len : 0] = 0;
	slash = strrchr(path, '/');
	if (!slash)
		bench_failed("/proc/self/exe");
	strcpy(slash + 1, name);
	return path;
}

void bench_await(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || status)
		bench_failed("a program did not start, or did not end well");
}

static void start(const char *path)
{
	char *argv[] = { (char *)path, NULL };
	pid_t child = vfork();

	if (child == 0) {
		execve(path, argv, bench_no_environment);
		_exit(1);
	}
	bench_await(child);
}

static void start_each(struct samples *samples, const char *path)
{
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();

		start(path);
		samples->cost[i] = bench_now() - begin;
	}
}

void row_exec(struct samples *samples)
{
	start_each(samples, bench_beside("tiny"));
}

void row_script(struct samples *samples)
{
	start_each(samples, bench_beside("script"));
}

struct program {
	char text[8192];
	ssize_t len;
};

/* The tiny program, read once. */
static const struct program *tiny(void)
{
	static struct program program;
	int fd;

	if (program.len)
		return &program;
	fd = open(bench_beside("tiny"), O_RDONLY);
	program.len = read(fd, program.text, sizeof(program.text));
	if (program.len <= 0)
		bench_failed("tiny cannot be read");
	close(fd);
	return &program;
}

static void start_memfd(const struct program *program, const char *name)
{
	char *argv[] = { "tiny", NULL };
	int fd = memfd_create(name, MFD_CLOEXEC);
	pid_t child;

	if (fd < 0 || write(fd, program->text, program->len) != program->len)
		bench_failed("a memory file cannot be made");
	child = vfork();
	if (child == 0) {
		execveat(fd, "", argv, bench_no_environment, AT_EMPTY_PATH);
		_exit(1);
	}
	bench_await(child);
	close(fd);
}

/* The same program from memory, which is told once and then counted. */
void row_memfd(struct samples *samples)
{
	const struct program *program = tiny();
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin = bench_now();

		start_memfd(program, "tiny");
		samples->cost[i] = bench_now() - begin;
	}
}

/* Each time a program from memory by another name: each is told in full. */
void row_memfd_new(struct samples *samples)
{
	const struct program *program = tiny();
	static long number = 100000;
	char name[16];
	long i;

	for (i = 0; i < samples->count; i++) {
		uint64_t begin;

		snprintf(name, sizeof(name), "%ld", number++);
		begin = bench_now();
		start_memfd(program, name);
		samples->cost[i] = bench_now() - begin;
	}
}
