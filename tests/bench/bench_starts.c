// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rows that start a program: fork, exec and wait, as a whole. The programs lie
 * beside this one and end after a few instructions.
 */
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

static char *const no_environment[] = { NULL };

static const char *beside(const char *name)
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

static void await(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || status)
		bench_failed("a program did not start, or did not end well");
}

static void start(const char *path)
{
	char *argv[] = { (char *)path, NULL };
	pid_t child = fork();

	if (child == 0) {
		execve(path, argv, no_environment);
		_exit(1);
	}
	await(child);
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
	start_each(samples, beside("tiny"));
}

void row_script(struct samples *samples)
{
	start_each(samples, beside("script"));
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
	fd = open(beside("tiny"), O_RDONLY);
	program.len = read(fd, program.text, sizeof(program.text));
	if (program.len <= 0)
		bench_failed("tiny cannot be read");
	close(fd);
	return &program;
}

static void start_memfd(const struct program *program, const char *name)
{
	char *argv[] = { "tiny", NULL };
	pid_t child = fork();

	if (child == 0) {
		int fd = memfd_create(name, MFD_CLOEXEC);

		if (write(fd, program->text, program->len) != program->len)
			_exit(1);
		execveat(fd, "", argv, no_environment, AT_EMPTY_PATH);
		_exit(1);
	}
	await(child);
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

/*
 * What a program's first W+X request costs it. The program measures that call
 * itself; each is a file of its own, so that each is new.
 */
void row_finding(struct samples *samples)
{
	char path[PATH_MAX];
	static long number;
	int ends[2];
	long i;

	if (pipe(ends))
		bench_failed("pipe");
	for (i = 0; i < samples->count; i++) {
		char *argv[] = { path, NULL };
		pid_t child;

		snprintf(path, sizeof(path), "%s-%d-%ld", beside("sight"), getpid(), number++);
		copy(beside("sight"), path);
		child = fork();
		if (child == 0) {
			dup2(ends[1], 1);
			execve(path, argv, no_environment);
			_exit(1);
		}
		await(child);
		if (read(ends[0], &samples->cost[i], sizeof(uint64_t)) != sizeof(uint64_t))
			bench_failed("a program said nothing");
		unlink(path);
	}
	close(ends[0]);
	close(ends[1]);
}
