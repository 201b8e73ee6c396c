/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the store share; nobody else includes it. */
#ifndef WXG_LIB_STORE_IMPL_H
#define WXG_LIB_STORE_IMPL_H

#include <sqlite3.h>

#include "store.h"

/* Statements that are prepared once, on first use, and kept. */
enum store_slot {
	SLOT_META_GET,
	SLOT_META_SET,
	SLOT_META_REMOVE,
	SLOT_RECORD_ADD,
	SLOT_BRIEF_ADD,
	SLOT_ACTOR_GET,
	SLOT_ACTOR_ADD,
	SLOT_ACTOR_SEEN,
	SLOT_RECORD_REPEAT,
	SLOT_RECORD_ACK,
	SLOT_BRIEF_ACK,
	SLOT_RECORD_AFTER,
	SLOT_SINK_GET,
	SLOT_SINK_SET,
	SLOT_KNOWN_GET,
	SLOT_KNOWN_PUT,
	SLOT_KNOWN_REMOVE,
	SLOT_MOMENT_PUT,

	SLOT_COUNT
};

struct store {
	sqlite3 *db;
	sqlite3_stmt *slot[SLOT_COUNT];
	bool in_transaction;
	char error[STORE_WHY_MAX];
};

/* store_functions.c: what our statements ask of C. */
int store_functions(struct store *store);

/* store_layout.c: the tables, made or migrated; -EPROTO: of another version. */
int store_layout(struct store *store, enum store_access access);

/* The statement of a slot, reset; NULL after store_fail(). */
sqlite3_stmt *store_slot(struct store *store, enum store_slot slot, const char *sql);
/* A statement for one use; sqlite3_finalize() it. NULL after store_fail(). */
sqlite3_stmt *store_prepare(struct store *store, const char *sql);
/* Run to the end, reset, and translate the result. */
int store_run(struct store *store, sqlite3_stmt *statement, const char *what);
int store_exec(struct store *store, const char *sql, const char *what);
/* One number from a statement for one use, which it gives up; -ENOENT: no row. */
int store_number(struct store *store, sqlite3_stmt *statement, int64_t *number);
/* Several statements, whole or not at all, also outside of a transaction. */
int store_whole(struct store *store, int (*run)(struct store *store, const void *arg),
		const void *arg);
/* Remember what SQLite says as "cannot WHAT: ..."; returns the errno. */
int store_fail(struct store *store, const char *what);
int store_errno(int sqlite_code);

/*
 * With which record an actor was seen last is written only now and then, so
 * that it costs next to nothing: what stands there may be so many rows behind.
 */
#define STORE_SEEN_STEP 4096

/* Records, in the columns that store_deliver() reads. */
#define STORE_RECORDS \
	"SELECT r.row, r.kind, r.id, r.number, r.time, r.class, r.verdict, r.mode, r.pid," \
	" r.uid, r.comm, r.exe, r.json, b.repeat_count, b.repeat_last, r.unit," \
	" r.container, b.acked, r.acked_by, r.acked_note" \
	" FROM record r LEFT JOIN brief b ON b.row=r.row"

/* Hand out each row of a bound statement; @count, if given, counts them. */
int store_deliver(struct store *store, sqlite3_stmt *statement,
		  store_on_record on_record, void *arg, uint64_t *count);

/* Bytes as a BLOB, absent as NULL. */
void store_bind_bytes(sqlite3_stmt *statement, int index, struct bytes bytes);
struct bytes store_column_bytes(sqlite3_stmt *statement, int index);

#endif
