// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's fail-nth and make-it-fail, for the calling thread. What is armed
 * lasts through an exec: the new program ends it.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "starve.h"

#define TRIES 8
#define NTH "/proc/thread-self/fail-nth"
#define ALL "/proc/thread-self/make-it-fail"

/* Kept open: where nothing is to be had any more, they could not be opened. */
static int nth = -1, all = -1;

static int open_patiently(const char *path)
{
	int fd = -1, try;

	/* To open it takes memory, and that may be what fails. */
	for (try = 0; fd < 0 && try < TRIES; try++)
		fd = open(path, O_RDWR | O_CLOEXEC);
	return fd;
}

static void put(int fd, const char *path, const char *number)
{
	int try;

	/* Its own copy from user memory may be what fails. */
	for (try = 0; try < 2; try++) {
		if (pwrite(fd, number, strlen(number), 0) >= 0)
			return;
	}
	fprintf(stderr, "starve: %s cannot be written\n", path);
}

/* The environment goes on to the next program, and the count with it. */
static bool skip(void)
{
	const char *left = getenv(STARVE_SKIP_ENV);
	char fewer[16];

	if (!left || atoi(left) < 1)
		return false;
	snprintf(fewer, sizeof(fewer), "%d", atoi(left) - 1);
	setenv(STARVE_SKIP_ENV, fewer, 1);
	return true;
}

void starve_begin(void)
{
	const char *number = getenv(STARVE_ENV);
	char digits[16];

	if (!number || skip())
		return;
	snprintf(digits, sizeof(digits), "%d", atoi(number));
	nth = open_patiently(NTH);
	if (strchr(number, '+'))
		all = open_patiently(ALL);
	if (all >= 0)
		put(all, ALL, "1");
	put(nth, NTH, digits);
}

void starve_end(void)
{
	const char *number = getenv(STARVE_ENV), *path = getenv(STARVED_ENV);
	char left[16] = "";
	int fd;

	if (!number)
		return;
	if (all >= 0)
		put(all, ALL, "0");
	if (nth < 0)
		nth = open_patiently(NTH);
	if (pread(nth, left, sizeof(left) - 1, 0) < 0)
		left[0] = '0';
	put(nth, NTH, "0");
	close(nth);
	close(all);
	nth = all = -1;
	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	if (fd >= 0 && write(fd, left, strlen(left)) < 0)
		fprintf(stderr, "starve: %s cannot be written\n", path);
	close(fd);
}
