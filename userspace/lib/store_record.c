// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records (findings, losses, notices) and how far each output is with them.
 * Called by one thread. Of a record that is in, only the repeats change.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store_impl.h"

int store_record_add(struct store *store, const struct store_record *record)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_RECORD_ADD,
		"INSERT INTO record(kind, id, number, time, class, verdict, mode,"
		" pid, uid, comm, exe, json)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
		" ON CONFLICT(id) DO NOTHING");

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
	return store_run(store, statement, "write a record");
}

int store_record_repeat(struct store *store, const char *id, uint64_t count,
			uint64_t last)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_RECORD_REPEAT,
		"UPDATE record SET repeat_count=?2, repeat_last=?3"
		" WHERE id=?1 AND repeat_count<?2");

	if (!statement)
		return store_fail(store, "write a repeat");
	sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, count);
	sqlite3_bind_int64(statement, 3, last);
	return store_run(store, statement, "write a repeat");
}

static void read_columns(sqlite3_stmt *statement, struct store_record *record)
{
	record->row = sqlite3_column_int64(statement, 0);
	record->kind = sqlite3_column_int(statement, 1);
	record->id = (const char *)sqlite3_column_text(statement, 2);
	record->number = sqlite3_column_int64(statement, 3);
	record->time = sqlite3_column_int64(statement, 4);
	record->class = sqlite3_column_int64(statement, 5);
	record->verdict = sqlite3_column_int64(statement, 6);
	record->mode = sqlite3_column_int64(statement, 7);
	record->pid = sqlite3_column_int64(statement, 8);
	record->uid = sqlite3_column_int64(statement, 9);
	record->comm = store_column_bytes(statement, 10);
	record->exe = store_column_bytes(statement, 11);
	record->json = (const char *)sqlite3_column_text(statement, 12);
	record->json_len = sqlite3_column_bytes(statement, 12);
	record->repeat_count = sqlite3_column_int64(statement, 13);
	record->repeat_last = sqlite3_column_int64(statement, 14);
}

int store_deliver(struct store *store, sqlite3_stmt *statement,
		  store_on_record on_record, void *arg, uint64_t *count)
{
	struct store_record record;
	int code, error = 0;

	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_columns(statement, &record);
		if (!record.json || !record.id)
			return -ENOMEM;
		error = on_record(&record, arg);
		if (count)
			++*count;
	}
	if (!error && code != SQLITE_DONE)
		error = store_fail(store, "read the records");
	return error;
}

/* What the outputs ask, often, and so with a kept statement. */
static int query_after(struct store *store, const struct store_query *query,
		       store_on_record on_record, void *arg)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_RECORD_AFTER,
		"SELECT " STORE_RECORD_COLUMNS " FROM record WHERE row>?1 ORDER BY row LIMIT ?2");
	int error;

	if (!statement)
		return store_fail(store, "read the records");
	sqlite3_bind_int64(statement, 1, query->after_row);
	sqlite3_bind_int64(statement, 2, query->limit ? (int64_t)query->limit : -1);
	error = store_deliver(store, statement, on_record, arg, NULL);
	sqlite3_reset(statement);
	return error;
}

#define WHERE " FROM record WHERE row>?1 AND time>=?2 AND (?3=0 OR time<?3)" \
	      " AND (?4=0 OR (kind=1 AND (1<<class)&?4)) AND (?5=0 OR (1<<kind)&?5)"

int store_query(struct store *store, const struct store_query *query,
		store_on_record on_record, void *arg)
{
	sqlite3_stmt *statement;
	int error;

	if (!query->since && !query->until && !query->classes && !query->kinds &&
	    !query->newest)
		return query_after(store, query, on_record, arg);
	statement = store_prepare(store, query->newest ?
		"SELECT * FROM (SELECT " STORE_RECORD_COLUMNS WHERE " ORDER BY row DESC LIMIT ?6)"
		" ORDER BY row" :
		"SELECT " STORE_RECORD_COLUMNS WHERE " ORDER BY row LIMIT ?6");
	if (!statement)
		return store_fail(store, "read the records");
	sqlite3_bind_int64(statement, 1, query->after_row);
	sqlite3_bind_int64(statement, 2, query->since);
	sqlite3_bind_int64(statement, 3, query->until);
	sqlite3_bind_int64(statement, 4, query->classes);
	sqlite3_bind_int64(statement, 5, query->kinds);
	sqlite3_bind_int64(statement, 6, query->limit ? (int64_t)query->limit : -1);
	error = store_deliver(store, statement, on_record, arg, NULL);
	sqlite3_finalize(statement);
	return error;
}

int store_find(struct store *store, const char *id_or_number,
	       store_on_record on_record, void *arg)
{
	bool number = *id_or_number &&
		      strspn(id_or_number, "0123456789") == strlen(id_or_number);
	sqlite3_stmt *statement = store_prepare(store, number ?
		"SELECT " STORE_RECORD_COLUMNS " FROM record WHERE number=?1 AND kind=1"
		" ORDER BY row DESC LIMIT 1" :
		"SELECT " STORE_RECORD_COLUMNS " FROM record WHERE id=?1");
	uint64_t count = 0;
	int error;

	if (!statement)
		return store_fail(store, "read the records");
	if (number)
		sqlite3_bind_int64(statement, 1, strtoull(id_or_number, NULL, 10));
	else
		sqlite3_bind_text(statement, 1, id_or_number, -1, SQLITE_STATIC);
	error = store_deliver(store, statement, on_record, arg, &count);
	sqlite3_finalize(statement);
	return error ? error : count ? 0 : -ENOENT;
}

/* So many; an attacker's copies may not keep the caller busy for ever. */
#define PATHS "16"

int store_finding_paths(struct store *store, uint32_t classes, const char *text,
			int (*on_path)(struct bytes path, void *arg), void *arg)
{
	sqlite3_stmt *statement = store_prepare(store,
		"SELECT exe, max(row) FROM record WHERE kind=1 AND (1<<class)&?1"
		" AND exe IS NOT NULL AND instr(json, ?2)"
		" GROUP BY exe ORDER BY 2 DESC LIMIT " PATHS);
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read the records");
	sqlite3_bind_int64(statement, 1, classes);
	sqlite3_bind_text(statement, 2, text, -1, SQLITE_STATIC);
	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW)
		error = on_path(store_column_bytes(statement, 0), arg);
	if (!error && code != SQLITE_DONE)
		error = store_fail(store, "read the records");
	sqlite3_finalize(statement);
	return error;
}

/* One number from one statement; -ENOENT when there is no row. */
static int read_number(struct store *store, const char *sql, const char *text,
		       int64_t *number)
{
	sqlite3_stmt *statement = store_prepare(store, sql);
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read the records");
	if (text)
		sqlite3_bind_text(statement, 1, text, -1, SQLITE_STATIC);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	else if (code == SQLITE_DONE)
		error = -ENOENT;
	else
		error = store_fail(store, "read the records");
	sqlite3_finalize(statement);
	return error;
}

int store_newest_row(struct store *store, int64_t *row)
{
	return read_number(store, "SELECT coalesce(max(row), 0) FROM record", NULL, row);
}

int store_row_of(struct store *store, const char *id, int64_t *row)
{
	return read_number(store, "SELECT row FROM record WHERE id=?1", id, row);
}

int store_prune_records(struct store *store, uint64_t keep)
{
	sqlite3_stmt *statement = store_prepare(store,
		"DELETE FROM record WHERE row <= min("
		" (SELECT coalesce(max(row), 0) FROM record) - ?1,"
		" coalesce((SELECT min(row) FROM sink), 9223372036854775807))");
	int error;

	if (!statement)
		return store_fail(store, "remove old records");
	sqlite3_bind_int64(statement, 1, keep);
	error = store_run(store, statement, "remove old records");
	sqlite3_finalize(statement);
	return error ? error : store_exec(store, "DELETE FROM moment WHERE row <"
		" (SELECT coalesce(min(row), 9223372036854775807) FROM record)",
		"remove old records");
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
