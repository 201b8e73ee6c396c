// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NDJSON on standard output, for containers and pipes. Never waits for a
 * slow reader: what the pipe has no room for stays in the store.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink.h"

struct out {
	int fd;
	bool socket;
	size_t sent;		/* bytes of the first undelivered line that are out */
};

static int failed(struct sink *sink, int error)
{
	snprintf(sink->why, sizeof(sink->why), "cannot write to standard output: %s",
		 strerror(-error));
	return error;
}

/*
 * Another open of the same pipe or terminal, so that O_NONBLOCK is ours and
 * not that of everybody who shares it. A socket has MSG_DONTWAIT instead.
 */
static int stdout_open(struct sink *sink, struct store *store)
{
	struct out *out = calloc(1, sizeof(*out));
	struct stat st;

	if (!out)
		return failed(sink, -ENOMEM);
	sink->state = out;
	out->fd = -1;
	if (fstat(STDOUT_FILENO, &st))
		return failed(sink, -errno);
	out->socket = S_ISSOCK(st.st_mode);
	out->fd = out->socket ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) :
		  open("/proc/self/fd/1", O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	if (out->fd < 0)
		return failed(sink, -errno);
	if (!sink->has_place && store_newest_row(store, &sink->place.row))
		return failed(sink, -EIO);
	return 0;
}

static void stdout_close(struct sink *sink)
{
	struct out *out = sink->state;

	if (out->fd >= 0)
		close(out->fd);
	free(out);
}

static ssize_t send_some(struct out *out, const char *data, size_t len)
{
	ssize_t sent;

	do {
		sent = out->socket ? send(out->fd, data, len, MSG_DONTWAIT | MSG_NOSIGNAL) :
				     write(out->fd, data, len);
	} while (sent < 0 && errno == EINTR);
	return sent < 0 ? -errno : sent;
}

static int stdout_put(struct sink *sink, const struct store_record *record)
{
	struct out *out = sink->state;
	size_t total = record->json_len + 1;
	ssize_t sent;

	while (out->sent < total) {
		sent = out->sent < record->json_len ?
		       send_some(out, record->json + out->sent, record->json_len - out->sent) :
		       send_some(out, "\n", 1);
		if (sent <= 0)
			return failed(sink, sent ? sent : -EIO);
		out->sent += sent;
	}
	out->sent = 0;
	sink->place.row = record->row;
	sink->saved = false;
	return 0;
}

static int stdout_flush(struct sink *sink, struct store *store)
{
	if (!sink->saved)
		sink_save(sink, store);
	return 0;
}

const struct sink_ops sink_stdout = {
	.name = "stdout",
	.open = stdout_open,
	.put = stdout_put,
	.flush = stdout_flush,
	.close = stdout_close,
};
