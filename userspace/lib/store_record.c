// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records (findings, losses, notices) as they are written, and how far each
 * output is with them. Called by one thread. Of a record that is in, only the
 * repeats change, and who has dealt with it.
 */
#include <errno.h>

#include "store_impl.h"

/* Who did what, as far as one asks for it: of this there are few. */
static void bind_actor(sqlite3_stmt *statement, const struct store_record *record)
{
	sqlite3_bind_int64(statement, 1, record->class);
	sqlite3_bind_int64(statement, 2, record->uid);
	store_bind_bytes(statement, 3, record->exe);
	store_bind_bytes(statement, 4, record->unit);
	if (record->container)
		sqlite3_bind_text(statement, 5, record->container, -1, SQLITE_STATIC);
}

static int add_actor(struct store *store, const struct store_record *record, int64_t row,
		     int64_t *actor)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_ACTOR_ADD,
		"INSERT INTO actor(class, uid, exe, unit, container, seen)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
	int error;

	if (!statement)
		return store_fail(store, "write a record");
	bind_actor(statement, record);
	sqlite3_bind_int64(statement, 6, row);
	error = store_run(store, statement, "write a record");
	*actor = sqlite3_last_insert_rowid(store->db);
	return error;
}

static int see_actor(struct store *store, int64_t actor, int64_t row)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_ACTOR_SEEN,
		"UPDATE actor SET seen=?2 WHERE id=?1");

	if (!statement)
		return store_fail(store, "write a record");
	sqlite3_bind_int64(statement, 1, actor);
	sqlite3_bind_int64(statement, 2, row);
	return store_run(store, statement, "write a record");
}

static int find_actor(struct store *store, const struct store_record *record, int64_t row,
		      int64_t *actor)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_ACTOR_GET,
		"SELECT id, seen FROM actor WHERE exe IS ?3 AND class=?1 AND uid=?2"
		" AND unit IS ?4 AND container IS ?5");
	int64_t seen = 0;
	int code;

	if (!statement)
		return store_fail(store, "write a record");
	bind_actor(statement, record);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		*actor = sqlite3_column_int64(statement, 0);
		seen = sqlite3_column_int64(statement, 1);
	}
	sqlite3_reset(statement);
	if (code == SQLITE_DONE)
		return add_actor(store, record, row, actor);
	if (code != SQLITE_ROW)
		return store_fail(store, "write a record");
	return row - seen < STORE_SEEN_STEP ? 0 : see_actor(store, *actor, row);
}

/* What is asked of a record without its document. */
static int add_brief(struct store *store, const struct store_record *record, int64_t row)
{
	sqlite3_stmt *statement;
	int64_t actor = 0;
	int error = 0;

	if (record->kind == STORE_FINDING)
		error = find_actor(store, record, row, &actor);
	if (error)
		return error;
	statement = store_slot(store, SLOT_BRIEF_ADD,
		"INSERT INTO brief VALUES(?1, ?2, ?3, ?4, ?5, 0, 0, 0)");
	if (!statement)
		return store_fail(store, "write a record");
	sqlite3_bind_int64(statement, 1, row);
	sqlite3_bind_int(statement, 2, record->kind);
	sqlite3_bind_int64(statement, 3, record->time);
	sqlite3_bind_int64(statement, 4, actor);
	sqlite3_bind_int64(statement, 5, record->verdict);
	return store_run(store, statement, "write a record");
}

/* @row stays 0 when it is there already. */
static int insert(struct store *store, const struct store_record *record, int64_t *row)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_RECORD_ADD,
		"INSERT INTO record(kind, id, number, time, class, verdict, mode,"
		" pid, uid, comm, exe, json, unit, container)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
		" ON CONFLICT(id) DO NOTHING");
	int error;

	if (!statement)
		return store_fail(store, "write a record");
	sqlite3_bind_int(statement, 1, record->kind);
	sqlite3_bind_text(statement, 2, record->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 3, record->number);
	sqlite3_bind_int64(statement, 4, record->time);
	sqlite3_bind_int64(statement, 5, record->class);
	sqlite3_bind_int64(statement, 6, record->verdict);
	sqlite3_bind_int64(statement, 7, record->mode);
	sqlite3_bind_int64(statement, 8, record->pid);
	sqlite3_bind_int64(statement, 9, record->uid);
	store_bind_bytes(statement, 10, record->comm);
	store_bind_bytes(statement, 11, record->exe);
	sqlite3_bind_text64(statement, 12, record->json, record->json_len,
			    SQLITE_STATIC, SQLITE_UTF8);
	store_bind_bytes(statement, 13, record->unit);
	if (record->container)
		sqlite3_bind_text(statement, 14, record->container, -1, SQLITE_STATIC);
	error = store_run(store, statement, "write a record");
	if (!error && sqlite3_changes(store->db))
		*row = sqlite3_last_insert_rowid(store->db);
	return error;
}

static int add_both(struct store *store, const void *arg)
{
	const struct store_record *record = arg;
	int64_t row = 0;
	int error = insert(store, record, &row);

	return error || !row ? error : add_brief(store, record, row);
}

int store_record_add(struct store *store, const struct store_record *record)
{
	return store_whole(store, add_both, record);
}

#define OF_ID " WHERE row=(SELECT row FROM record WHERE id=?1"

int store_record_repeat(struct store *store, const char *id, uint64_t count,
			uint64_t last)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_RECORD_REPEAT,
		"UPDATE brief SET repeat_count=?2, repeat_last=?3"
		OF_ID ") AND repeat_count<?2");

	if (!statement)
		return store_fail(store, "write a repeat");
	sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, count);
	sqlite3_bind_int64(statement, 3, last);
	return store_run(store, statement, "write a repeat");
}

struct ack {
	const char *id, *by, *note;
	uint64_t when;
};

#define ACKED "write who has dealt with a finding"

static int write_ack(struct store *store, const void *arg)
{
	sqlite3_stmt *names = store_slot(store, SLOT_RECORD_ACK,
		"UPDATE record SET acked_by=?2, acked_note=?3 WHERE id=?1 AND kind=1");
	sqlite3_stmt *when = store_slot(store, SLOT_BRIEF_ACK,
		"UPDATE brief SET acked=?2" OF_ID " AND kind=1)");
	const struct ack *ack = arg;
	int error;

	if (!names || !when)
		return store_fail(store, ACKED);
	sqlite3_bind_text(names, 1, ack->id, -1, SQLITE_STATIC);
	if (ack->by)
		sqlite3_bind_text(names, 2, ack->by, -1, SQLITE_STATIC);
	if (ack->note)
		sqlite3_bind_text(names, 3, ack->note, -1, SQLITE_STATIC);
	error = store_run(store, names, ACKED);
	if (error || !sqlite3_changes(store->db))
		return error ? error : -ENOENT;
	sqlite3_bind_text(when, 1, ack->id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(when, 2, ack->when);
	return store_run(store, when, ACKED);
}

int store_record_ack(struct store *store, const char *id, uint64_t when,
		     const char *by, const char *note)
{
	const struct ack ack = { id, by, note, when };

	return store_whole(store, write_ack, &ack);
}

int store_newest_row(struct store *store, int64_t *row)
{
	return store_number(store, store_prepare(store,
		"SELECT coalesce(max(row), 0) FROM record"), row);
}

int store_row_of(struct store *store, const char *id, int64_t *row)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT row FROM record WHERE id=?1");

	if (statement)
		sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
	return store_number(store, statement, row);
}

int store_sink_get(struct store *store, const char *name, struct store_sink *sink)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_SINK_GET,
		"SELECT row, dev, ino, offset FROM sink WHERE name=?1");
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read an output's place");
	sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		sink->row = sqlite3_column_int64(statement, 0);
		sink->dev = sqlite3_column_int64(statement, 1);
		sink->ino = sqlite3_column_int64(statement, 2);
		sink->offset = sqlite3_column_int64(statement, 3);
	} else if (code == SQLITE_DONE) {
		error = -ENOENT;
	} else {
		error = store_fail(store, "read an output's place");
	}
	sqlite3_reset(statement);
	return error;
}

int store_sink_set(struct store *store, const char *name, const struct store_sink *sink)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_SINK_SET,
		"INSERT OR REPLACE INTO sink VALUES(?1, ?2, ?3, ?4, ?5)");

	if (!statement)
		return store_fail(store, "write an output's place");
	sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, sink->row);
	sqlite3_bind_int64(statement, 3, sink->dev);
	sqlite3_bind_int64(statement, 4, sink->ino);
	sqlite3_bind_int64(statement, 5, sink->offset);
	return store_run(store, statement, "write an output's place");
}

int store_sink_remove(struct store *store, const char *name)
{
	sqlite3_stmt *statement = store_prepare(store, "DELETE FROM sink WHERE name=?1");
	int error;

	if (!statement)
		return store_fail(store, "remove an output's place");
	sqlite3_bind_text(statement, 1, name, -1, SQLITE_STATIC);
	error = store_run(store, statement, "remove an output's place");
	sqlite3_finalize(statement);
	return error;
}
