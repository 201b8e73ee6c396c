/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An output. It reads what it has not yet delivered from the store, in order,
 * and keeps its place there; so a full disk, a restart and normal work are
 * one code path. An output never blocks and never loses: it waits.
 */
#ifndef WXG_DAEMON_SINK_H
#define WXG_DAEMON_SINK_H

#include "../lib/config.h"
#include "../lib/store.h"

enum sink_index { SINK_JSON, SINK_JOURNAL, SINK_STDOUT, SINK_SYSLOG, SINK_UNIX, SINK_COUNT };

struct sink;

struct sink_ops {
	const char *name;	/* in the store, and to people */
	/* Set place (already read from the store, has_place says if). */
	int (*open)(struct sink *sink, struct store *store);
	/* Take one record. 0, 1 = enough, now flush; or -errno. */
	int (*put)(struct sink *sink, const struct store_record *record);
	/* Deliver what was taken, and move place past what was delivered. */
	int (*flush)(struct sink *sink, struct store *store);
	/* NULL, or: make sure of what was delivered, once per pump. */
	int (*sync)(struct sink *sink);
	void (*close)(struct sink *sink);
};

struct sink {
	const struct sink_ops *ops;	/* NULL = this output is off */
	const struct config *config;
	void *state;			/* NULL = not open */
	struct store_sink place;
	/* Handed over up to here, and not yet known to have arrived; 0 = none. */
	int64_t ahead;
	bool has_place;
	bool saved;			/* the store knows this place */
	bool degraded;			/* said so */
	char why[384];			/* after -errno: a sentence */
};

extern const struct sink_ops sink_json, sink_journal, sink_stdout, sink_syslog,
	sink_unix;

/* Switch on what the configuration says; @store forgets the others' places. */
void sinks_init(struct sink sinks[SINK_COUNT], const struct config *config,
		struct store *store);
/*
 * A socket of the output @sink to the one at @path that does not wait; its
 * descriptor, or -errno and why. @type: SOCK_DGRAM or SOCK_STREAM.
 */
int sink_connect(struct sink *sink, const char *path, int type);
/*
 * New to this output: the past stays in the store. Before the receiver is asked
 * for, so that what comes while it is not there yet is kept for it. 0, or
 * -errno and why.
 */
int sink_begin_now(struct sink *sink, struct store *store);
/* "cannot WHAT the NAME: ...". Returns @error. */
int sink_failed(struct sink *sink, const char *what, const char *name, int error);

/* Deliver everything. 0, or -errno and why: to be tried again; -EAGAIN is no fault. */
int sink_pump(struct sink *sink, struct store *store);
/* Tell the store the place; an error is remembered in saved, too. */
int sink_save(struct sink *sink, struct store *store);
/*
 * The same for those that the store does not know. An output whose own records
 * tell how far it came (json) leaves it to this: in the transaction of the
 * next batch, which then waits for the disk once, and when it is quiet.
 */
int sinks_save(struct sink sinks[SINK_COUNT], struct store *store);
/* What was saved since the transaction began was not kept. */
void sinks_unsave(struct sink sinks[SINK_COUNT]);
void sink_close(struct sink *sink);

#endif
