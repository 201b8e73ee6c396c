// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The database as a file: opening, checking, setting aside, transactions and
 * named values. Called by one thread. It never deletes a database.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store_impl.h"

/* How long a reader's or writer's lock is waited for, in milliseconds. */
#define BUSY_MS 2000

/*
 * Small caches: the daemon stays resident. NORMAL in WAL mode loses nothing
 * when the daemon is killed; store_set_fsync() covers the power cut.
 */
static const char settings[] =
	"PRAGMA trusted_schema=OFF;"
	"PRAGMA cache_size=-256;"
	"PRAGMA journal_size_limit=4194304;"
	"PRAGMA wal_autocheckpoint=256;"
	"PRAGMA synchronous=NORMAL;";

/* A command is gone soon, and sorts what there is. */
static const char reader[] =
	"PRAGMA query_only=ON;"
	"PRAGMA cache_size=-32768;"
	"PRAGMA temp_store=MEMORY;";

int store_errno(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EUCLEAN;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_INTERRUPT:
		return -EINTR;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_PERM:
	case SQLITE_CANTOPEN:
		return -EACCES;
	case SQLITE_CONSTRAINT:
		return -EINVAL;
	default:
		return -EIO;
	}
}

int store_fail(struct store *store, const char *what)
{
	int code = sqlite3_extended_errcode(store->db);
	int system = sqlite3_system_errno(store->db);
	const char *said = sqlite3_errmsg(store->db);

	/* A full disk reaches us as an I/O error when it hits the -shm file. */
	if ((code & 0xff) == SQLITE_IOERR && system == ENOSPC)
		code = SQLITE_FULL;
	snprintf(store->error, sizeof(store->error), "cannot %s: %s", what, said);
	return store_errno(code) ? store_errno(code) : -EIO;
}

const char *store_error(const struct store *store)
{
	return store->error;
}

sqlite3_stmt *store_prepare(struct store *store, const char *sql)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(store->db, sql, -1, &statement, NULL) != SQLITE_OK)
		return NULL;
	return statement;
}

sqlite3_stmt *store_slot(struct store *store, enum store_slot slot, const char *sql)
{
	if (!store->slot[slot] &&
	    sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
			       &store->slot[slot], NULL) != SQLITE_OK)
		return NULL;
	sqlite3_reset(store->slot[slot]);
	sqlite3_clear_bindings(store->slot[slot]);
	return store->slot[slot];
}

int store_run(struct store *store, sqlite3_stmt *statement, const char *what)
{
	int code, error = 0;

	do {
		code = sqlite3_step(statement);
	} while (code == SQLITE_ROW);
	if (code != SQLITE_DONE)
		error = store_fail(store, what);
	sqlite3_reset(statement);
	return error;
}

int store_exec(struct store *store, const char *sql, const char *what)
{
	if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return store_fail(store, what);
	return 0;
}

int store_number(struct store *store, sqlite3_stmt *statement, int64_t *number)
{
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read the database");
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	else if (code == SQLITE_DONE)
		error = -ENOENT;
	else
		error = store_fail(store, "read the database");
	sqlite3_finalize(statement);
	return error;
}

void store_bind_bytes(sqlite3_stmt *statement, int index, struct bytes bytes)
{
	if (bytes.data)
		sqlite3_bind_blob64(statement, index, bytes.data, bytes.len,
				    SQLITE_STATIC);
}

struct bytes store_column_bytes(sqlite3_stmt *statement, int index)
{
	struct bytes bytes = { 0 };

	if (sqlite3_column_type(statement, index) == SQLITE_NULL)
		return bytes;
	bytes.data = sqlite3_column_blob(statement, index);
	bytes.len = sqlite3_column_bytes(statement, index);
	if (!bytes.data)	/* SQLite gives NULL for an empty blob */
		bytes.data = (const uint8_t *)"";
	return bytes;
}

static int quick_check(struct store *store)
{
	sqlite3_stmt *statement = store_prepare(store, "PRAGMA quick_check(1)");
	const char *said;
	int error = 0;

	if (!statement)
		return store_fail(store, "check the database");
	if (sqlite3_step(statement) != SQLITE_ROW) {
		error = store_fail(store, "check the database");
	} else {
		said = (const char *)sqlite3_column_text(statement, 0);
		if (!said || strcmp(said, "ok")) {
			snprintf(store->error, sizeof(store->error),
				 "the database is damaged: %s", said ? said : "?");
			error = -EUCLEAN;
		}
	}
	sqlite3_finalize(statement);
	return error;
}

/*
 * Who may read the folder and not write into it can read the database as long
 * as its side files are there, so the last one to leave leaves them, too.
 */
static void keep_side_files(struct store *store)
{
	int on = 1;

	sqlite3_file_control(store->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}

static int open_checked(struct store *store, const char *path, enum store_access access)
{
	int flags = access == STORE_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE :
					    SQLITE_OPEN_READWRITE;
	int error;

	/*
	 * A reader opens read-write as well: only so can it take part in the
	 * WAL's shared memory. query_only keeps it from writing.
	 */
	if (sqlite3_open_v2(path, &store->db, flags | SQLITE_OPEN_NOMUTEX |
			    SQLITE_OPEN_NOFOLLOW, NULL) != SQLITE_OK)
		return store_fail(store, "open the database");
	sqlite3_extended_result_codes(store->db, 1);
	sqlite3_busy_timeout(store->db, BUSY_MS);
	keep_side_files(store);
	error = store_exec(store, settings, "set up the database");
	if (!error && access == STORE_READ)
		error = store_exec(store, reader, "set up the database");
	if (!error && access == STORE_WRITE)
		error = store_exec(store, "PRAGMA journal_mode=WAL", "set up the database");
	if (!error && access == STORE_WRITE)
		error = quick_check(store);
	if (!error)
		error = store_functions(store);
	if (!error)
		error = store_layout(store, access);
	return error;
}

int store_open(const char *path, enum store_access access,
	       struct store **store, char why[STORE_WHY_MAX])
{
	struct store *new = calloc(1, sizeof(*new));
	struct stat st;
	int error;

	if (!new) {
		snprintf(why, STORE_WHY_MAX, "out of memory");
		return -ENOMEM;
	}
	if (access != STORE_WRITE && stat(path, &st)) {
		error = -errno;
		snprintf(new->error, sizeof(new->error), "cannot open the database: %s",
			 strerror(-error));
	} else {
		error = open_checked(new, path, access);
	}
	if (error) {
		snprintf(why, STORE_WHY_MAX, "%.300s: %.200s", path, new->error);
		store_close(new);
		return error;
	}
	*store = new;
	return 0;
}

void store_close(struct store *store)
{
	int i;

	if (!store)
		return;
	for (i = 0; i < SLOT_COUNT; i++)
		sqlite3_finalize(store->slot[i]);
	sqlite3_close_v2(store->db);
	free(store);
}

int store_set_fsync(struct store *store, bool fsync)
{
	return store_exec(store, fsync ? "PRAGMA synchronous=FULL" :
			  "PRAGMA synchronous=NORMAL", "set up the database");
}

int store_set_aside(const char *path, uint64_t now, char *aside, size_t size,
		    char why[STORE_WHY_MAX])
{
	static const char *const side[] = { "-wal", "-shm", "" };
	char from[PATH_MAX], to[PATH_MAX];
	unsigned int i;

	snprintf(aside, size, "%s.corrupt-%" PRIu64, path, now);
	/* The main file last: a crash in between leaves a damaged database again. */
	for (i = 0; i < 3; i++) {
		snprintf(from, sizeof(from), "%s%s", path, side[i]);
		snprintf(to, sizeof(to), "%s%s", aside, side[i]);
		if (rename(from, to) && errno != ENOENT) {
			int error = -errno;

			snprintf(why, STORE_WHY_MAX, "cannot rename %.200s to %.200s: %s",
				 from, to, strerror(-error));
			return error;
		}
	}
	return 0;
}

void store_release_memory(struct store *store)
{
	sqlite3_db_release_memory(store->db);
}

int store_begin(struct store *store)
{
	int error = store_exec(store, "BEGIN IMMEDIATE", "begin a transaction");

	store->in_transaction = !error;
	return error;
}

int store_commit(struct store *store)
{
	int error = store_exec(store, "COMMIT", "commit");

	if (!error)
		store->in_transaction = false;
	return error;
}

void store_rollback(struct store *store)
{
	/* After some errors SQLite has rolled back by itself. */
	if (store->in_transaction && !sqlite3_get_autocommit(store->db))
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	store->in_transaction = false;
}

int store_whole(struct store *store, int (*run)(struct store *store, const void *arg),
		const void *arg)
{
	bool own = !store->in_transaction;
	int error = own ? store_begin(store) : 0;

	if (!error)
		error = run(store, arg);
	if (own && !error)
		error = store_commit(store);
	if (own && error)
		store_rollback(store);
	return error;
}

int store_meta_get(struct store *store, const char *key, char *value, size_t size)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_META_GET,
		"SELECT value FROM meta WHERE key=?1");
	int code, error = 0;

	if (!statement)
		return store_fail(store, "read a value");
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	code = sqlite3_step(statement);
	if (code == SQLITE_ROW)
		snprintf(value, size, "%s", (const char *)sqlite3_column_text(statement, 0));
	else if (code == SQLITE_DONE)
		error = -ENOENT;
	else
		error = store_fail(store, "read a value");
	sqlite3_reset(statement);
	return error;
}

int store_meta_set(struct store *store, const char *key, const char *value)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_META_SET,
		"INSERT INTO meta VALUES(?1, ?2)"
		" ON CONFLICT(key) DO UPDATE SET value=?2");

	if (!statement)
		return store_fail(store, "write a value");
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	sqlite3_bind_text(statement, 2, value, -1, SQLITE_STATIC);
	return store_run(store, statement, "write a value");
}

int store_meta_get_u64(struct store *store, const char *key, uint64_t *value)
{
	char text[32];
	int error = store_meta_get(store, key, text, sizeof(text));

	if (!error)
		*value = strtoull(text, NULL, 10);
	return error;
}

int store_meta_set_u64(struct store *store, const char *key, uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return store_meta_set(store, key, text);
}

int store_meta_remove(struct store *store, const char *key)
{
	sqlite3_stmt *statement = store_slot(store, SLOT_META_REMOVE,
		"DELETE FROM meta WHERE key=?1");

	if (!statement)
		return store_fail(store, "remove a value");
	sqlite3_bind_text(statement, 1, key, -1, SQLITE_STATIC);
	return store_run(store, statement, "remove a value");
}
