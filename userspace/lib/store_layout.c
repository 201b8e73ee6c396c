// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The tables of the database, and how one that an earlier version made gets
 * them. One transaction: a migration that is cut short has not begun. Only
 * the daemon migrates; a database of a later version is never touched.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "store_impl.h"

#define STORE_SCHEMA 5
#define TEXT(number) TEXT_OF(number)
#define TEXT_OF(number) #number
#define VERSION "PRAGMA user_version=" TEXT(STORE_SCHEMA) ";"

/*
 * What list and report ask without a look at the documents, since a million of
 * those are gigabytes: "brief" has a few numbers of each record, and what
 * changes after it came; "actor" is who did what, once for all the findings of
 * it, and is compared and counted by its number. "seen": see store_record.c.
 */
#define BRIEF \
	"CREATE TABLE actor(" \
	" id INTEGER PRIMARY KEY, class INTEGER NOT NULL, uid INTEGER NOT NULL," \
	" exe BLOB, unit BLOB, container TEXT, seen INTEGER NOT NULL);" \
	"CREATE INDEX actor_what ON actor(exe, class, uid, unit, container);" \
	"CREATE TABLE brief(" \
	" row INTEGER PRIMARY KEY, kind INTEGER NOT NULL, time INTEGER NOT NULL," \
	" actor INTEGER NOT NULL, verdict INTEGER NOT NULL," \
	" repeat_count INTEGER NOT NULL, repeat_last INTEGER NOT NULL," \
	" acked INTEGER NOT NULL);"
#define BRIEF_INDEXES \
	"CREATE INDEX brief_time ON brief(time, actor);" \
	"CREATE INDEX brief_other ON brief(kind) WHERE kind<>1;"

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
	" json TEXT NOT NULL, unit BLOB, container TEXT,"
	" acked_by TEXT, acked_note TEXT);"
	"CREATE INDEX record_number ON record(number);"
	BRIEF
	BRIEF_INDEXES
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
	"CREATE INDEX record_narrow ON record(time, kind, class, verdict, uid, exe,"
	" unit, container, acked, repeat_count, repeat_last);"
	"PRAGMA user_version=4;";

/*
 * From the index that has all of it: no document is read, so that a million
 * findings take seconds. The columns that "brief" now has stay behind unused:
 * without them each record would have to be written again.
 */
static const char from_4[] =
	BRIEF
	"INSERT INTO actor(class, uid, exe, unit, container, seen)"
	" SELECT DISTINCT class, uid, exe, unit, container, (SELECT max(row) FROM record)"
	" FROM record INDEXED BY record_narrow WHERE kind=1;"
	"INSERT INTO brief SELECT row, kind, time, coalesce((SELECT id FROM actor a"
	" WHERE r.kind=1 AND a.exe IS r.exe AND a.class=r.class AND a.uid=r.uid"
	" AND a.unit IS r.unit AND a.container IS r.container), 0),"
	" verdict, repeat_count, repeat_last, acked"
	" FROM record r INDEXED BY record_narrow;"
	BRIEF_INDEXES
	"DROP INDEX record_narrow;"
	"DROP INDEX IF EXISTS record_class;"
	"DROP INDEX IF EXISTS record_open;"
	"DROP INDEX IF EXISTS record_other;"
	VERSION;

/* By the version that they lead away from. */
static const char *const steps[STORE_SCHEMA] = {
	[1] = from_1, [2] = from_2, [3] = from_3, [4] = from_4,
};

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

/*
 * What a step has to sort or to remember may be more than fits into memory, and
 * the daemon may write beside its database only.
 */
static void temporary_files(struct store *store, bool beside)
{
	const char *file = sqlite3_db_filename(store->db, "main");
	const char *slash = file ? strrchr(file, '/') : NULL;

	sqlite3_free(sqlite3_temp_directory);
	sqlite3_temp_directory = beside && slash ?
		sqlite3_mprintf("%.*s", (int)(slash - file), file) : NULL;
}

/* All the steps from there, or none. */
static int migrate(struct store *store, int64_t version)
{
	int error = store_begin(store);

	temporary_files(store, true);
	for (; version < STORE_SCHEMA && !error; version++)
		error = store_exec(store, steps[version],
				   "bring the database to a new layout");
	if (!error)
		error = store_commit(store);
	if (error)
		store_rollback(store);
	temporary_files(store, false);
	return error;
}

int store_layout(struct store *store, enum store_access access)
{
	int64_t version = 0, tables = 0;
	int error = store_number(store, store_prepare(store, "PRAGMA user_version"), &version);

	if (!error)
		error = store_number(store, store_prepare(store,
				     "SELECT count(*) FROM sqlite_master"), &tables);
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
