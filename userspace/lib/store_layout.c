// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables of the database, and how one that an earlier version made gets
 * them. One transaction: a migration that is cut short has not begun. Only
 * the daemon migrates; a database of a later version is never touched.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "store_impl.h"

#define STORE_SCHEMA 4
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number
#define VERSION "PRAGMA user_version=" TEXT(STORE_SCHEMA) ";"

/*
 * What list and report ask without a look at the documents: "narrow" has all
 * that they filter and count by; the others lead to the few among many.
 */
#define INDEXES \
	"CREATE INDEX record_narrow ON record(time, kind, class, verdict, uid, exe," \
	" unit, container, acked, repeat_count, repeat_last);" \
	"CREATE INDEX record_class ON record(class) WHERE kind=1;" \
	"CREATE INDEX record_open ON record(acked) WHERE kind=1 AND acked=0;" \
	"CREATE INDEX record_other ON record(kind) WHERE kind<>1;"

#define KNOWN(name) \
	"CREATE TABLE " name "(" \
	" dev INTEGER NOT NULL, ino INTEGER NOT NULL, generation INTEGER NOT NULL," \
	" ctime_sec INTEGER NOT NULL, ctime_nsec INTEGER NOT NULL," \
	" class INTEGER NOT NULL, shape INTEGER NOT NULL, path BLOB," \
	" first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL," \
	" count INTEGER NOT NULL, flags INTEGER NOT NULL," \
	" verifiable INTEGER NOT NULL, size INTEGER NOT NULL," \
	" mtime_sec INTEGER NOT NULL, mtime_nsec INTEGER NOT NULL," \
	" sha256 TEXT NOT NULL," \
	" PRIMARY KEY(dev, ino, generation, ctime_sec, ctime_nsec, class, shape))" \
	" WITHOUT ROWID;"

#define MOMENT "CREATE TABLE moment(row INTEGER PRIMARY KEY, json TEXT NOT NULL);"

/*
 * Rows of "record" are AUTOINCREMENT: an output's place is a row number, and
 * must not be given out again after pruning. "seq" numbers pass 2^63 never.
 */
static const char schema[] =
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE record("
	" row INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
	" id TEXT NOT NULL UNIQUE, number INTEGER NOT NULL, time INTEGER NOT NULL,"
	" class INTEGER NOT NULL, verdict INTEGER NOT NULL, mode INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, uid INTEGER NOT NULL, comm BLOB, exe BLOB,"
	" json TEXT NOT NULL, repeat_count INTEGER NOT NULL DEFAULT 0,"
	" repeat_last INTEGER NOT NULL DEFAULT 0, unit BLOB, container TEXT,"
	" acked INTEGER NOT NULL DEFAULT 0, acked_by TEXT, acked_note TEXT);"
	"CREATE INDEX record_number ON record(number);"
	INDEXES
	"CREATE TABLE sink(name TEXT PRIMARY KEY, row INTEGER NOT NULL,"
	" dev INTEGER NOT NULL, ino INTEGER NOT NULL, offset INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	KNOWN("known")
	MOMENT
	VERSION;

/* Repeats on the first finding; known executables per kind of memory. */
static const char from_1[] =
	"ALTER TABLE record ADD COLUMN repeat_count INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE record ADD COLUMN repeat_last INTEGER NOT NULL DEFAULT 0;"
	KNOWN("known_2")
	"INSERT INTO known_2 SELECT dev, ino, generation, ctime_sec, ctime_nsec,"
	" class, 0, path, first_seen, last_seen, count, flags, verifiable, size,"
	" mtime_sec, mtime_nsec, sha256 FROM known;"
	"DROP TABLE known;"
	"ALTER TABLE known_2 RENAME TO known;"
	"PRAGMA user_version=2;";

/* What was true when a finding came. */
static const char from_2[] = MOMENT "PRAGMA user_version=3;";

/* What report groups by, and who has dealt with a finding. */
#define OF_JSON(path) "CASE WHEN json_valid(json) THEN json_extract(json, '$." path "') END"
static const char from_3[] =
	"ALTER TABLE record ADD COLUMN unit BLOB;"
	"ALTER TABLE record ADD COLUMN container TEXT;"
	"ALTER TABLE record ADD COLUMN acked INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE record ADD COLUMN acked_by TEXT;"
	"ALTER TABLE record ADD COLUMN acked_note TEXT;"
	"UPDATE record SET unit=wxg_unit(" OF_JSON("wxguard.process.cgroup") "),"
	" container=" OF_JSON("container.id") " WHERE kind=1;"
	INDEXES
	"PRAGMA user_version=4;";

/* By the version that they lead away from. */
static const char *const steps[STORE_SCHEMA] = {
	[1] = from_1, [2] = from_2, [3] = from_3,
};

/* The answer of "PRAGMA NAME" as a number, or -errno. */
static int read_number(struct store *store, const char *sql, int64_t *number)
{
	sqlite3_stmt *statement = store_prepare(store, sql);
	int error = 0;

	if (!statement)
		return store_fail(store, "read the database");
	if (sqlite3_step(statement) == SQLITE_ROW)
		*number = sqlite3_column_int64(statement, 0);
	else
		error = store_fail(store, "read the database");
	sqlite3_finalize(statement);
	return error;
}

static int run_whole(struct store *store, const char *sql, const char *what)
{
	int error = store_begin(store);

	if (!error)
		error = store_exec(store, sql, what);
	if (!error)
		error = store_commit(store);
	if (error)
		store_rollback(store);
	return error;
}

/* All the steps from there, or none. */
static int migrate(struct store *store, int64_t version)
{
	int error = store_begin(store);

	for (; version < STORE_SCHEMA && !error; version++)
		error = store_exec(store, steps[version],
				   "bring the database to a new layout");
	if (!error)
		error = store_commit(store);
	if (error)
		store_rollback(store);
	return error;
}

int store_layout(struct store *store, enum store_access access)
{
	int64_t version = 0, tables = 0;
	int error = read_number(store, "PRAGMA user_version", &version);

	if (!error)
		error = read_number(store, "SELECT count(*) FROM sqlite_master", &tables);
	if (error || version == STORE_SCHEMA)
		return error;
	if (access == STORE_WRITE && !version && !tables)
		return run_whole(store, schema, "make the tables");
	if (access == STORE_WRITE && version > 0 && version < STORE_SCHEMA)
		return migrate(store, version);
	snprintf(store->error, sizeof(store->error),
		 "the database has layout %" PRId64 ", this program knows layout %d%s",
		 version, STORE_SCHEMA, version > 0 && version < STORE_SCHEMA ?
		 "; wxguardd of this version changes it when it starts" : "");
	return -EPROTO;
}
