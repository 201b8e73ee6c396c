// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was true when a finding came, beside its record, and what else is near
 * it. Called by one thread.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store_impl.h"

int store_moment_put(struct store *store, const char *id, const char *json, size_t len)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_MOMENT_PUT,
		"INSERT INTO moment SELECT row, ?2 FROM record WHERE id=?1"
		" ON CONFLICT DO NOTHING");

	if (!statement)
		return store_fail(store, "write what was true then");
	sqlite3_bind_text(statement, 1, id, -1, SQLITE_STATIC);
	sqlite3_bind_text64(statement, 2, json, len, SQLITE_STATIC, SQLITE_UTF8);
	return store_run(store, statement, "write what was true then");
}

int store_moment_get(struct store *store, int64_t row, char **json)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT json FROM moment WHERE row=?1");
	const char *text;
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read what was true then");
	sqlite3_bind_int64(statement, 1, row);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW) {
		text = (const char *)sqlite3_column_text(statement, 0);
		*json = text ? strdup(text) : NULL;
		error = *json ? 0 : -ENOMEM;
	} else {
		error = code == SQLITE_DONE ? -ENOENT :
			store_fail(store, "read what was true then");
	}
	sqlite3_finalize(statement);
	return error;
}

/*
 * Rows stand nearly in the order of their times, so that the rows beside one
 * are what was near it; their number bounds the work, however many there are.
 */
int store_near(struct store *store, const struct store_near *near,
	       store_on_record on_record, void *arg)
{
	sqlite3_stmt *statement = store_prepare(store,
		STORE_RECORDS
		" WHERE r.row BETWEEN ?1-?2 AND ?1+?2 AND r.row!=?1 AND +r.kind=1"
		" AND +r.time BETWEEN ?3 AND ?4 AND (+r.pid=?5"
		" OR (?6 IS NOT NULL AND instr(r.json, ?6))"
		" OR (?7 IS NOT NULL AND instr(r.json, ?7))"
		" OR (?8 IS NOT NULL AND instr(r.json, ?8))) ORDER BY r.row");
	int error, i;

	if (!statement)
		return store_fail(store, "read the records");
	sqlite3_bind_int64(statement, 1, near->row);
	sqlite3_bind_int64(statement, 2, near->rows);
	sqlite3_bind_int64(statement, 3, near->since);
	sqlite3_bind_int64(statement, 4, near->until);
	sqlite3_bind_int64(statement, 5, near->pid);
	for (i = 0; i < STORE_NEAR_TEXTS; i++)
		if (near->text[i])
			sqlite3_bind_text(statement, 6 + i, near->text[i], -1, SQLITE_STATIC);
	error = store_deliver(store, statement, on_record, arg, NULL);
	sqlite3_finalize(statement);
	return error;
}

int store_first(struct store *store, struct bytes exe, uint64_t until, uint64_t limit,
		store_on_record on_record, void *arg)
{
	sqlite3_stmt *statement = store_prepare(store,
		STORE_RECORDS " WHERE r.row IN (SELECT row FROM brief INDEXED BY brief_time"
		" WHERE time<=?2 AND +actor IN (SELECT id FROM actor WHERE exe=?1)"
		" ORDER BY time LIMIT ?3) ORDER BY r.time, r.row");
	int error;

	if (!statement)
		return store_fail(store, "read the records");
	store_bind_bytes(statement, 1, exe);
	sqlite3_bind_int64(statement, 2, (int64_t)until);
	sqlite3_bind_int64(statement, 3, (int64_t)limit);
	error = store_deliver(store, statement, on_record, arg, NULL);
	sqlite3_finalize(statement);
	return error;
}

int store_known_seen(struct store *store, const struct client_known *key,
		     struct store_seen *seen)
{
	sqlite3_stmt *statement = store_prepare(store,
		"SELECT count(*), min(first_seen), max(last_seen), sum(count)"
		" FROM known WHERE dev=?1 AND ino=?2 AND generation=?3"
		" AND ctime_sec=?4 AND ctime_nsec=?5 AND (1<<class)&?6");
	int error = 0;

	if (!statement)
		return store_fail(store, "read the known executables");
	sqlite3_bind_int64(statement, 1, key->dev);
	sqlite3_bind_int64(statement, 2, key->ino);
	sqlite3_bind_int64(statement, 3, key->generation);
	sqlite3_bind_int64(statement, 4, key->ctime_sec);
	sqlite3_bind_int64(statement, 5, key->ctime_nsec);
	sqlite3_bind_int64(statement, 6, key->classes);
	if (sqlite3_step(statement) != SQLITE_ROW) {
		error = store_fail(store, "read the known executables");
	} else if (!sqlite3_column_int64(statement, 0)) {
		error = -ENOENT;
	} else {
		seen->first = sqlite3_column_int64(statement, 1);
		seen->last = sqlite3_column_int64(statement, 2);
		seen->count = sqlite3_column_int64(statement, 3);
	}
	sqlite3_finalize(statement);
	return error;
}
