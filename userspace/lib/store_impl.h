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
	SLOT_RECORD_REPEAT,
	SLOT_RECORD_ACK,
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
/* Remember what SQLite says as "cannot WHAT: ..."; returns the errno. */
int store_fail(struct store *store, const char *what);
int store_errno(int sqlite_code);

/* The columns of a record, in the order in which store_deliver() reads them. */
#define STORE_RECORD_COLUMNS \
	"row, kind, id, number, time, class, verdict, mode, pid, uid," \
	" comm, exe, json, repeat_count, repeat_last, unit, container," \
	" acked, acked_by, acked_note"

/* Hand out each row of a bound statement; @count, if given, counts them. */
int store_deliver(struct store *store, sqlite3_stmt *statement,
		  store_on_record on_record, void *arg, uint64_t *count);

/* Bytes as a BLOB, absent as NULL. */
void store_bind_bytes(sqlite3_stmt *statement, int index, struct bytes bytes);
struct bytes store_column_bytes(sqlite3_stmt *statement, int index);

#endif
