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
		" pid, uid, comm, exe, json, unit, container)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
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
	store_bind_bytes(statement, 13, record->unit);
	if (record->container)
		sqlite3_bind_text(statement, 14, record->container, -1, SQLITE_STATIC);
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

int store_record_ack(struct store *store, const char *id, uint64_t when,
		     const char *by, const char *note)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_RECORD_ACK,
		"UPDATE record SET acked=?2, acked_by=?3, acked_note=?4"
		" WHERE id=?1 AND kind=1");
	int error;

	if (!statement)
		return store_fail(store, "write who has dealt with a finding");
	sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 2, when);
	if (by)
		sqlite3_bind_text(statement, 3, by, -1, SQLITE_STATIC);
	if (note)
		sqlite3_bind_text(statement, 4, note, -1, SQLITE_STATIC);
	error = store_run(store, statement, "write who has dealt with a finding");
	return error ? error : sqlite3_changes(store->db) ? 0 : -ENOENT;
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
	record->unit = store_column_bytes(statement, 15);
	record->container = (const char *)sqlite3_column_text(statement, 16);
	record->acked = sqlite3_column_int64(statement, 17);
	record->acked_by = (const char *)sqlite3_column_text(statement, 18);
	record->acked_note = (const char *)sqlite3_column_text(statement, 19);
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

/* What is asked of a record; each part may be absent. */
#define AND_TIME	" AND time>=?2 AND (?3=0 OR time<?3)"
#define AND_CLASS	" AND (?4=0 OR (kind=1 AND (1<<class)&?4))"
#define AND_KIND	" AND (?5=0 OR (1<<kind)&?5)"
#define AND_EXE		" AND (?7 IS NULL OR (kind=1 AND wxg_glob(?7, exe)))"
#define FILTERED(index, first) \
	"SELECT " STORE_RECORD_COLUMNS " FROM record WHERE row IN (SELECT row FROM record" \
	" INDEXED BY " index " WHERE " first AND_TIME AND_CLASS AND_KIND AND_EXE \
	" AND row>?1 ORDER BY "

static int class_of(uint32_t classes)
{
	return __builtin_ctz(classes);
}

static bool is_one(uint32_t bits)
{
	return bits && !(bits & (bits - 1));
}

/*
 * Which rows, from the index that has the fewest to look at; the documents of
 * only those are read.
 */
static const char *statement_of(const struct store_query *query)
{
	if (!query->since && !query->until && !query->classes && !query->exe &&
	    !query->unacked && (!query->kinds || query->kinds & 1U << STORE_FINDING))
		return query->newest ?
			"SELECT * FROM (SELECT " STORE_RECORD_COLUMNS " FROM record WHERE row>?1" AND_KIND
			" ORDER BY row DESC LIMIT ?6) ORDER BY row" :
			"SELECT " STORE_RECORD_COLUMNS " FROM record WHERE row>?1" AND_KIND
			" ORDER BY row LIMIT ?6";
	/* Losses and notices are few. */
	if (query->kinds && !(query->kinds & 1U << STORE_FINDING))
		return query->newest ?
			FILTERED("record_other", "kind<>1") "row DESC LIMIT ?6) ORDER BY row" :
			FILTERED("record_other", "kind<>1") "row LIMIT ?6) ORDER BY row";
	if (query->unacked)
		return query->newest ?
			FILTERED("record_open", "kind=1 AND acked=0") "row DESC LIMIT ?6) ORDER BY row" :
			FILTERED("record_open", "kind=1 AND acked=0") "row LIMIT ?6) ORDER BY row";
	if (is_one(query->classes) && !query->since)
		return query->newest ?
			FILTERED("record_class", "kind=1 AND class=?8") "row DESC LIMIT ?6) ORDER BY row" :
			FILTERED("record_class", "kind=1 AND class=?8") "row LIMIT ?6) ORDER BY row";
	return query->newest ?
		FILTERED("record_narrow", "1") "time DESC, row DESC LIMIT ?6) ORDER BY row" :
		FILTERED("record_narrow", "1") "time, row LIMIT ?6) ORDER BY row";
}

int store_query(struct store *store, const struct store_query *query,
		store_on_record on_record, void *arg)
{
	sqlite3_stmt *statement;
	int error;

	if (!query->since && !query->until && !query->classes && !query->kinds &&
	    !query->exe && !query->unacked && !query->newest)
		return query_after(store, query, on_record, arg);
	statement = store_prepare(store, statement_of(query));
	if (!statement)
		return store_fail(store, "read the records");
	sqlite3_bind_int64(statement, 1, query->after_row);
	sqlite3_bind_int64(statement, 2, query->since);
	sqlite3_bind_int64(statement, 3, query->until);
	sqlite3_bind_int64(statement, 4, query->classes);
	sqlite3_bind_int64(statement, 5, query->kinds);
	sqlite3_bind_int64(statement, 6, query->limit ? (int64_t)query->limit : -1);
	if (query->exe)
		sqlite3_bind_text(statement, 7, query->exe, -1, SQLITE_STATIC);
	if (query->classes)
		sqlite3_bind_int(statement, 8, class_of(query->classes));
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

static int prune(struct store *store, const char *sql, uint64_t number)
{
	sqlite3_stmt *statement = store_prepare(store, sql);
	int error;

	if (!statement)
		return store_fail(store, "remove old records");
	sqlite3_bind_int64(statement, 1, (int64_t)number);
	error = store_run(store, statement, "remove old records");
	sqlite3_finalize(statement);
	return error ? error : store_exec(store, "DELETE FROM moment WHERE row <"
		" (SELECT coalesce(min(row), 9223372036854775807) FROM record)",
		"remove old records");
}

/* The rows up to some row, but none that has yet to be delivered. */
#define PRUNE(upto) "DELETE FROM record WHERE row <= min(" upto "," \
		    " coalesce((SELECT min(row) FROM sink), 9223372036854775807))"

int store_prune_records(struct store *store, uint64_t keep)
{
	return prune(store, PRUNE("(SELECT coalesce(max(row), 0) FROM record) - ?1"), keep);
}

int store_prune_before(struct store *store, uint64_t time)
{
	/* The clock may have been set: rows are in the order of arrival. */
	return prune(store, PRUNE("9223372036854775807") " AND time < ?1", time);
}

/* What is removed at once, so that the daemon is away for a moment only. */
#define SIZE_STEPS 16

int store_prune_size(struct store *store, uint64_t bytes)
{
	int64_t pages = 0, free_pages = 0, page = 0;
	int error = read_number(store, "PRAGMA page_count", NULL, &pages);

	if (!error)
		error = read_number(store, "PRAGMA freelist_count", NULL, &free_pages);
	if (!error)
		error = read_number(store, "PRAGMA page_size", NULL, &page);
	if (error || (uint64_t)((pages - free_pages) * page) <= bytes)
		return error;
	return prune(store, PRUNE("(SELECT coalesce(min(row), 0) + (max(row) - min(row)) / ?1"
				  " FROM record)"), SIZE_STEPS);
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
