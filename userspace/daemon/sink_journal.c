// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The journal, by its native protocol: one datagram per record, never
 * waiting for journald (libsystemd's call would). A record may arrive twice
 * after a crash, with the same WXGUARD_EVENT_ID.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "arena.h"
#include "sink.h"
#include "sink_journal.h"

#define SEND_BUFFER (1 << 20)

struct journal {
	int fd;
	struct journal_entry entry;
};

static int failed(struct sink *sink, const char *what, int error)
{
	snprintf(sink->why, sizeof(sink->why), "cannot %s the journal: %s", what,
		 strerror(-error));
	return error;
}

static int journal_open(struct sink *sink, struct store *store)
{
	struct journal *journal = calloc(1, sizeof(*journal));
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int size = SEND_BUFFER;

	if (!journal)
		return failed(sink, "open", -ENOMEM);
	sink->state = journal;
	journal->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (journal->fd < 0)
		return failed(sink, "open", -errno);
	setsockopt(journal->fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", JOURNAL_SOCKET);
	if (connect(journal->fd, (struct sockaddr *)&address, sizeof(address)))
		return failed(sink, "reach", -errno);
	/* New to this output: the past stays in the store. */
	if (!sink->has_place && store_newest_row(store, &sink->place.row))
		return failed(sink, "begin", -EIO);
	return 0;
}

static void journal_close(struct sink *sink)
{
	struct journal *journal = sink->state;

	if (journal->fd >= 0)
		close(journal->fd);
	free(journal->entry.data);
	free(journal);
}

static int journal_put(struct sink *sink, const struct store_record *record)
{
	struct journal *journal = sink->state;
	struct journal_entry *entry = &journal->entry;
	ssize_t sent;
	int error;

	arena_begin();
	error = journal_from_json(entry, record->json, record->json_len);
	arena_end();
	if (error)
		return failed(sink, "write", -ENOMEM);
	do {
		sent = send(journal->fd, entry->data, entry->len, MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	/* One that no datagram can hold would stop all others: it is left out. */
	if (sent < 0 && errno != EMSGSIZE)
		return failed(sink, "write", -errno);
	sink->place.row = record->row;
	sink->saved = false;
	return 0;
}

static int journal_flush(struct sink *sink, struct store *store)
{
	if (!sink->saved)
		sink_save(sink, store);
	return 0;
}

const struct sink_ops sink_journal = {
	.name = "journal",
	.open = journal_open,
	.put = journal_put,
	.flush = journal_flush,
	.close = journal_close,
};
