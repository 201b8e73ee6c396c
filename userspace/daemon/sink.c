// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What all outputs have in common: reading on from their place in the store.
 * Runs after each commit and on the retry timer; may not block.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sink.h"
#include "sink_journal.h"

/* Rows per flush: bounds the memory, and what a crash has to compare. */
#define ROWS 256

void sinks_init(struct sink sinks[SINK_COUNT], const struct config *config,
		struct store *store)
{
	static const struct sink_ops *const all[SINK_COUNT] = {
		[SINK_JSON] = &sink_json,
		[SINK_JOURNAL] = &sink_journal,
		[SINK_STDOUT] = &sink_stdout,
		[SINK_SYSLOG] = &sink_syslog,
		[SINK_UNIX] = &sink_unix,
	};
	bool on[SINK_COUNT] = {
		[SINK_JSON] = config->json.enabled,
		[SINK_JOURNAL] = config->journal == CONFIG_YES ||
				 (config->journal == CONFIG_AUTO &&
				  !access(JOURNAL_SOCKET, F_OK)),
		[SINK_STDOUT] = config->stdout_enabled,
		[SINK_SYSLOG] = config->syslog.enabled,
		[SINK_UNIX] = config->stream.enabled,
	};
	int i;

	memset(sinks, 0, SINK_COUNT * sizeof(*sinks));
	for (i = 0; i < SINK_COUNT; i++) {
		sinks[i].config = config;
		if (on[i])
			sinks[i].ops = all[i];
		else	/* else its old place would hold records back for ever */
			store_sink_remove(store, all[i]->name);
	}
}

int sink_save(struct sink *sink, struct store *store)
{
	int error = store_sink_set(store, sink->ops->name, &sink->place);

	sink->saved = !error;
	return error;
}

int sinks_save(struct sink sinks[SINK_COUNT], struct store *store)
{
	int i, error = 0;

	for (i = 0; i < SINK_COUNT && !error; i++)
		if (sinks[i].state && !sinks[i].saved)
			error = sink_save(&sinks[i], store);
	return error;
}

void sinks_unsave(struct sink sinks[SINK_COUNT])
{
	int i;

	for (i = 0; i < SINK_COUNT; i++)
		sinks[i].saved = false;
}

void sink_close(struct sink *sink)
{
	if (sink->ops && sink->state)
		sink->ops->close(sink);
	sink->state = NULL;
}

static int sink_open(struct sink *sink, struct store *store)
{
	int error;

	memset(&sink->place, 0, sizeof(sink->place));
	sink->ahead = 0;
	error = store_sink_get(store, sink->ops->name, &sink->place);
	sink->has_place = !error;
	if (error && error != -ENOENT) {
		snprintf(sink->why, sizeof(sink->why), "%.300s", store_error(store));
		return error;
	}
	error = sink->ops->open(sink, store);
	if (error) {
		sink_close(sink);
		return error;
	}
	sink_save(sink, store);
	return 0;
}

struct pump {
	struct sink *sink;
	unsigned int count;
	int error;
};

static int on_record(const struct store_record *record, void *arg)
{
	struct pump *pump = arg;
	int result = pump->sink->ops->put(pump->sink, record);

	if (result < 0)
		pump->error = result;
	else
		pump->count++;
	return result;
}

int sink_pump(struct sink *sink, struct store *store)
{
	struct store_query query = { .limit = ROWS };
	struct pump pump;
	int queried, error;

	if (!sink->ops)
		return 0;
	do {
		if (!sink->state) {
			error = sink_open(sink, store);
			if (error)
				return error;
		}
		memset(&pump, 0, sizeof(pump));
		pump.sink = sink;
		query.after_row = sink->ahead > sink->place.row ? sink->ahead : sink->place.row;
		queried = store_query(store, &query, on_record, &pump);
		error = sink->ops->flush(sink, store);
		if (!error)
			error = pump.error;
		if (!error && queried < 0) {
			snprintf(sink->why, sizeof(sink->why), "%.300s", store_error(store));
			error = queried;
		}
	} while (!error && pump.count);
	if (sink->state && sink->ops->sync) {
		queried = sink->ops->sync(sink);
		error = error ? error : queried;
	}
	return error;
}
