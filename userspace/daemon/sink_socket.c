// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the outputs to a local socket have in common. Nothing here waits.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "sink.h"

#define SEND_BUFFER (1 << 20)

int sink_failed(struct sink *sink, const char *what, const char *name, int error)
{
	snprintf(sink->why, sizeof(sink->why), "cannot %s %.200s: %s", what, name,
		 strerror(-error));
	return error;
}

int sink_connect(struct sink *sink, const char *path, int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, error, size = SEND_BUFFER;

	/* The configuration has refused what is longer. */
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return sink_failed(sink, "open", path, -errno);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	error = sink_failed(sink, "reach", path, -errno);
	close(fd);
	return error;
}

int sink_begin_now(struct sink *sink, struct store *store)
{
	int error = 0;

	if (sink->has_place)
		return 0;
	error = store_newest_row(store, &sink->place.row);
	if (!error)
		error = sink_save(sink, store);
	if (error)
		snprintf(sink->why, sizeof(sink->why), "%.300s", store_error(store));
	return error;
}
