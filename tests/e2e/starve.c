// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The kernel's fail-nth, for the calling thread. What is armed lasts through
 * an exec: the new program ends it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "starve.h"

#define TRIES 8

static void set(const char *number)
{
	int fd, try;

	/* To open it takes memory, and that may be what fails. */
	for (try = 0; try < TRIES; try++) {
		fd = open("/proc/thread-self/fail-nth", O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			break;
	}
	if (fd < 0 || write(fd, number, strlen(number)) < 0)
		fputs("starve: /proc/thread-self/fail-nth cannot be written\n", stderr);
	close(fd);
}

void starve_begin(void)
{
	const char *number = getenv(STARVE_ENV);

	if (number)
		set(number);
}

void starve_end(void)
{
	if (getenv(STARVE_ENV))
		set("0");
}
