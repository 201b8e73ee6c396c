// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's fail-nth and make-it-fail, for the calling thread. What is armed
 * lasts through an exec: the new program ends it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "starve.h"

#define TRIES 8
#define NTH "/proc/thread-self/fail-nth"
#define ALL "/proc/thread-self/make-it-fail"

/* Writes @number; what stood there before goes to @before. */
static void set(const char *path, const char *number, char before[16])
{
	ssize_t got = -1;
	int fd, try;

	/* To open it takes memory, and that may be what fails. */
	for (try = 0; try < TRIES; try++) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd >= 0)
			break;
	}
	if (fd >= 0)
		got = pread(fd, before, 15, 0);
	before[got > 0 ? got : 0] = '\0';
	if (fd < 0 || pwrite(fd, number, strlen(number), 0) < 0)
		fprintf(stderr, "starve: %s cannot be written\n", path);
	close(fd);
}

void starve_begin(void)
{
	const char *number = getenv(STARVE_ENV);
	char before[16];

	if (number && strcmp(number, STARVE_ALL) == 0)
		set(ALL, "1", before);
	else if (number)
		set(NTH, number, before);
}

void starve_end(void)
{
	const char *number = getenv(STARVE_ENV), *path = getenv(STARVED_ENV);
	char left[16];
	int fd;

	if (!number)
		return;
	set(strcmp(number, STARVE_ALL) == 0 ? ALL : NTH, "0", left);
	fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600) : -1;
	if (fd >= 0 && write(fd, left, strlen(left)) < 0)
		fprintf(stderr, "starve: %s cannot be written\n", path);
	close(fd);
}
