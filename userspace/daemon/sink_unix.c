// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NDJSON to a local stream socket that somebody listens at. Never waits. A
 * record counts as delivered once the receiver has read it: what it leaves
 * unread when it ends is sent again to the next one, with the same event.id.
 */
#include <errno.h>
#include <linux/sockios.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sink.h"

struct stream {
	int fd;
	bool broken;		/* to be opened anew */
	size_t sent;		/* bytes of the line behind sink->ahead that are out */
};

static int failed(struct sink *sink, const char *what, int error)
{
	return sink_failed(sink, what, sink->config->stream.path, error);
}

static int unix_open(struct sink *sink, struct store *store)
{
	struct stream *stream = calloc(1, sizeof(*stream));
	int error;

	if (!stream)
		return failed(sink, "open", -ENOMEM);
	sink->state = stream;
	stream->fd = -1;
	error = sink_begin_now(sink, store);
	if (error)
		return error;
	stream->fd = sink_connect(sink, sink->config->stream.path, SOCK_STREAM);
	return stream->fd < 0 ? stream->fd : 0;
}

static void unix_close(struct sink *sink)
{
	struct stream *stream = sink->state;

	if (stream->fd >= 0)
		close(stream->fd);
	free(stream);
}

static int send_some(struct sink *sink, const char *data, size_t len)
{
	struct stream *stream = sink->state;
	ssize_t sent;

	do {
		sent = send(stream->fd, data, len, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0) {
		stream->sent += sent;
		return 0;
	}
	stream->broken = errno != EAGAIN;
	return failed(sink, "write to", -errno);
}

static int unix_put(struct sink *sink, const struct store_record *record)
{
	struct stream *stream = sink->state;
	size_t total = record->json_len + 1;
	int error = 0;

	while (!error && stream->sent < total)
		error = stream->sent < record->json_len ?
			send_some(sink, record->json + stream->sent,
				  record->json_len - stream->sent) :
			send_some(sink, "\n", 1);
	if (error)
		return error;
	stream->sent = 0;
	sink->ahead = record->row;
	return 0;
}

/*
 * Was all that is out read? The kernel also empties the queue of a receiver
 * that has ended, but not before it has left an error with us.
 */
static int confirm(struct sink *sink)
{
	struct stream *stream = sink->state;
	int unread = 0, error = 0;
	socklen_t len = sizeof(error);

	if (ioctl(stream->fd, SIOCOUTQ, &unread) ||
	    getsockopt(stream->fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	if (error) {
		stream->broken = true;
		return failed(sink, "write to", -error);
	}
	if (unread)
		return -EAGAIN;
	sink->place.row = sink->ahead;
	sink->saved = false;
	return 0;
}

static int unix_flush(struct sink *sink, struct store *store)
{
	struct stream *stream = sink->state;
	int error = 0;

	if (sink->ahead > sink->place.row && !stream->broken)
		error = confirm(sink);
	if (!sink->saved)
		sink_save(sink, store);
	if (stream->broken)
		sink_close(sink);
	return error;
}

const struct sink_ops sink_unix = {
	.name = "unix",
	.open = unix_open,
	.put = unix_put,
	.flush = unix_flush,
	.close = unix_close,
};
