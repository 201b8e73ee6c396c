// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The journal, by its native protocol: one datagram per record, never
 * waiting for journald (libsystemd's call would). A record may arrive twice
 * after a crash, with the same WXGUARD_EVENT_ID.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "arena.h"
#include "sink.h"
#include "sink_journal.h"

struct journal {
	int fd;
	struct journal_entry entry;
};

static int failed(struct sink *sink, const char *what, int error)
{
	return sink_failed(sink, what, "the journal", error);
}

static int journal_open(struct sink *sink, struct store *store)
{
	struct journal *journal = calloc(1, sizeof(*journal));
	int error;

	if (!journal)
		return failed(sink, "open", -ENOMEM);
	sink->state = journal;
	journal->fd = -1;
	error = sink_begin_now(sink, store);
	if (!error)
		journal->fd = sink_connect(sink, JOURNAL_SOCKET, SOCK_DGRAM);
	return error ? error : journal->fd < 0 ? journal->fd : 0;
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
