// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The known executables as the store keeps them over a reboot. Called by one
 * thread. It only keeps: whether an entry still holds is judged elsewhere.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "store_impl.h"

#define COLUMNS "dev, ino, generation, ctime_sec, ctime_nsec, class, shape," \
		" path, first_seen, last_seen, count, flags, verifiable, size," \
		" mtime_sec, mtime_nsec, sha256"
#define KEY "dev=?1 AND ino=?2 AND generation=?3 AND ctime_sec=?4" \
	    " AND ctime_nsec=?5 AND class=?6 AND shape=?7"

static void bind_key(sqlite3_stmt *statement, const struct client_known *known)
{
	sqlite3_bind_int64(statement, 1, known->dev);
	sqlite3_bind_int64(statement, 2, known->ino);
	sqlite3_bind_int64(statement, 3, known->generation);
	sqlite3_bind_int64(statement, 4, known->ctime_sec);
	sqlite3_bind_int64(statement, 5, known->ctime_nsec);
	sqlite3_bind_int64(statement, 6, known->classes ?
			   __builtin_ctz(known->classes) : 0);
	sqlite3_bind_int64(statement, 7, known->shape);
}

static void read_columns(sqlite3_stmt *statement, struct store_known *entry)
{
	struct client_known *known = &entry->known;
	const char *sha256 = (const char *)sqlite3_column_text(statement, 16);
	struct bytes path = store_column_bytes(statement, 7);

	memset(entry, 0, sizeof(*entry));
	known->dev = sqlite3_column_int64(statement, 0);
	known->ino = sqlite3_column_int64(statement, 1);
	known->generation = sqlite3_column_int64(statement, 2);
	known->ctime_sec = sqlite3_column_int64(statement, 3);
	known->ctime_nsec = sqlite3_column_int64(statement, 4);
	known->classes = 1U << (sqlite3_column_int(statement, 5) & 31);
	known->shape = sqlite3_column_int64(statement, 6);
	if (path.len > WXGUARD_KNOWN_PATH_MAX)
		path.len = WXGUARD_KNOWN_PATH_MAX;
	if (path.len)
		memcpy(known->path, path.data, path.len);
	known->path_len = path.len;
	known->first_seen = sqlite3_column_int64(statement, 8);
	known->last_seen = sqlite3_column_int64(statement, 9);
	known->count = sqlite3_column_int64(statement, 10);
	known->flags = sqlite3_column_int64(statement, 11);
	entry->verifiable = sqlite3_column_int(statement, 12);
	entry->size = sqlite3_column_int64(statement, 13);
	entry->mtime_sec = sqlite3_column_int64(statement, 14);
	entry->mtime_nsec = sqlite3_column_int64(statement, 15);
	snprintf(entry->sha256, sizeof(entry->sha256), "%s", sha256 ? sha256 : "");
}

int store_known_get(struct store *store, const struct client_known *key,
		    struct store_known *entry)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_KNOWN_GET,
		"SELECT " COLUMNS " FROM known WHERE " KEY);
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read the known executables");
	bind_key(statement, key);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		read_columns(statement, entry);
	else if (code == SQLITE_DONE)
		error = -ENOENT;
	else
		error = store_fail(store, "read the known executables");
	sqlite3_reset(statement);
	return error;
}

int store_known_put(struct store *store, const struct store_known *entry)
{
	const struct client_known *known = &entry->known;
	struct bytes path = { known->path, known->path_len };
	sqlite3_stmt *statement = store_slot(store, SLOT_KNOWN_PUT,
		"INSERT INTO known(" COLUMNS ")"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
		" ?14, ?15, ?16, ?17)"
		" ON CONFLICT DO UPDATE SET path=?8, first_seen=?9, last_seen=?10,"
		" count=?11, flags=?12, verifiable=?13, size=?14, mtime_sec=?15,"
		" mtime_nsec=?16, sha256=?17"
		" WHERE last_seen<>?10 OR count<>?11 OR flags<>?12 OR path<>?8"
		" OR verifiable<>?13 OR sha256<>?17");

	if (!statement)
		return store_fail(store, "write a known executable");
	bind_key(statement, known);
	store_bind_bytes(statement, 8, path);
	sqlite3_bind_int64(statement, 9, known->first_seen);
	sqlite3_bind_int64(statement, 10, known->last_seen);
	sqlite3_bind_int64(statement, 11, known->count);
	sqlite3_bind_int64(statement, 12, known->flags);
	sqlite3_bind_int(statement, 13, entry->verifiable);
	sqlite3_bind_int64(statement, 14, entry->size);
	sqlite3_bind_int64(statement, 15, entry->mtime_sec);
	sqlite3_bind_int64(statement, 16, entry->mtime_nsec);
	sqlite3_bind_text(statement, 17, entry->sha256, -1, SQLITE_STATIC);
	return store_run(store, statement, "write a known executable");
}

int store_known_remove(struct store *store, const struct client_known *key)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_KNOWN_REMOVE,
		"DELETE FROM known WHERE " KEY);

	if (!statement)
		return store_fail(store, "remove a known executable");
	bind_key(statement, key);
	return store_run(store, statement, "remove a known executable");
}

int store_known_list(struct store *store,
		     int (*on_known)(const struct store_known *entry, void *arg),
		     void *arg)
{
	sqlite3_stmt *statement = store_prepare(store,
		"SELECT " COLUMNS " FROM known ORDER BY path, class, shape");
	struct store_known entry;
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read the known executables");
	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_columns(statement, &entry);
		error = on_known(&entry, arg);
	}
	if (!error && code != SQLITE_DONE)
		error = store_fail(store, "read the known executables");
	sqlite3_finalize(statement);
	return error;
}

int store_known_count(struct store *store, uint64_t *count)
{
	sqlite3_stmt *statement = store_prepare(store, "SELECT count(*) FROM known");
	int error = 0;

	if (!statement)
		return store_fail(store, "count the known executables");
	if (sqlite3_step(statement) == SQLITE_ROW)
		*count = sqlite3_column_int64(statement, 0);
	else
		error = store_fail(store, "count the known executables");
	sqlite3_finalize(statement);
	return error;
}
