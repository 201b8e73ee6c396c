// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See proc_same.h. Reads /proc/PID/stat, whose second field is the process's
 * own choice and may hold any byte but NUL: what counts is behind its end.
 */
#include "proc_same.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FIELD_START 22
#define NS_PER_S UINT64_C(1000000000)

/* The line up to the start time: a name of at most 63 bytes and numbers. */
static int read_stat(uint32_t pid, char *text, size_t size)
{
	char path[32];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	len = read(fd, text, size - 1);
	if (len < 0)
		len = -errno;
	close(fd);
	if (len < 0)
		return (int)len;
	text[len] = '\0';
	return len ? 0 : -ESRCH;
}

int proc_start(uint32_t pid, uint64_t *ticks)
{
	char text[1024], *at, *end;
	int error = read_stat(pid, text, sizeof(text)), field;

	if (error)
		return error;
	at = strrchr(text, ')');
	for (field = 2; at && field < FIELD_START; field++)
		at = strchr(at + 1, ' ');
	if (!at)
		return -EINVAL;
	*ticks = strtoull(at + 1, &end, 10);
	return end == at + 1 ? -EINVAL : 0;
}

int proc_same(uint32_t pid, uint64_t start)
{
	uint64_t ticks, hz = (uint64_t)sysconf(_SC_CLK_TCK);
	int error = proc_start(pid, &ticks);

	if (error)
		return error;
	/* As the kernel rounds it. */
	return start / (NS_PER_S / hz) == ticks ? 0 : -ESTALE;
}
