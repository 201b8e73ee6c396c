// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * syslog by RFC 5424, to a local datagram socket: one message per record,
 * never waiting. What the receiver's socket has taken counts as delivered;
 * while there is none, records wait in the store.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena.h"
#include "sink.h"
#include "sink_syslog.h"

struct syslog {
	int fd;
	bool broken;		/* to be opened anew */
	struct syslog_message message;
};

static int failed(struct sink *sink, const char *what, int error)
{
	return sink_failed(sink, what, sink->config->syslog.path, error);
}

static int syslog_open(struct sink *sink, struct store *store)
{
	struct syslog *syslog = calloc(1, sizeof(*syslog));
	int error;

	if (!syslog)
		return failed(sink, "open", -ENOMEM);
	sink->state = syslog;
	syslog->fd = -1;
	syslog->message.data = malloc(sink->config->syslog.max_size);
	syslog->message.size = sink->config->syslog.max_size;
	if (!syslog->message.data)
		return failed(sink, "open", -ENOMEM);
	error = sink_begin_now(sink, store);
	if (error)
		return error;
	syslog->fd = sink_connect(sink, sink->config->syslog.path, SOCK_DGRAM);
	return syslog->fd < 0 ? syslog->fd : 0;
}

static void syslog_close(struct sink *sink)
{
	struct syslog *syslog = sink->state;

	if (syslog->fd >= 0)
		close(syslog->fd);
	free(syslog->message.data);
	free(syslog);
}

static int syslog_put(struct sink *sink, const struct store_record *record)
{
	struct syslog *syslog = sink->state;
	struct syslog_message *message = &syslog->message;
	ssize_t sent;
	int error;

	arena_begin();
	error = syslog_from_json(message, &sink->config->syslog, record->json, record->json_len);
	arena_end();
	if (error)
		return failed(sink, "write a message for", error);
	do {
		sent = send(syslog->fd, message->data, message->len, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent < 0) {
		error = errno == ENOBUFS ? -EAGAIN : -errno;
		/* A receiver that came back has another socket of this name. */
		syslog->broken = error != -EAGAIN;
		return failed(sink, "write to", error);
	}
	sink->place.row = record->row;
	sink->saved = false;
	return 0;
}

static int syslog_flush(struct sink *sink, struct store *store)
{
	struct syslog *syslog = sink->state;

	if (!sink->saved)
		sink_save(sink, store);
	if (syslog->broken)
		sink_close(sink);
	return 0;
}

const struct sink_ops sink_syslog = {
	.name = "syslog",
	.open = syslog_open,
	.put = syslog_put,
	.flush = syslog_flush,
	.close = syslog_close,
};
