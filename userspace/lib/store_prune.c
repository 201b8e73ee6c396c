// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Old records leave, by number, age and size, and what stands beside them.
 * Called by the daemon's one thread; a few at a time, each whole or not at all.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "store_impl.h"

#define PRUNED "remove old records"
#define STEP_OF(number) #number
#define STEP_TEXT(number) STEP_OF(number)
#define STEP STEP_TEXT(STORE_SEEN_STEP)

static int read_bound(struct store *store, const char *sql, uint64_t bound, int64_t *number)
{
	sqlite3_stmt *statement = store_prepare(store, sql);

	if (statement)
		sqlite3_bind_int64(statement, 1, (int64_t)bound);
	return store_number(store, statement, number);
}

/* Old records in one go: between two of them the disk's log is short again. */
#define CHUNK 4096

struct old {
	int64_t upto;		/* this row, too */
	uint64_t before;	/* only older ones, ns since 1970; 0 = all */
	int64_t row[CHUNK];
	int count;
};

static int read_old(struct store *store, struct old *old)
{
	sqlite3_stmt *statement = store_prepare(store, old->before ?
		"SELECT row FROM brief INDEXED BY brief_time WHERE +row<=?1 AND time<?2 LIMIT ?3" :
		"SELECT row FROM brief WHERE row<=?1 LIMIT ?3");
	int code;

	if (!statement)
		return store_fail(store, PRUNED);
	sqlite3_bind_int64(statement, 1, old->upto);
	sqlite3_bind_int64(statement, 2, old->before);
	sqlite3_bind_int(statement, 3, CHUNK);
	old->count = 0;
	while ((code = sqlite3_step(statement)) == SQLITE_ROW)
		old->row[old->count++] = sqlite3_column_int64(statement, 0);
	sqlite3_finalize(statement);
	return code == SQLITE_DONE ? 0 : store_fail(store, PRUNED);
}

/* From one table. */
static int remove_rows(struct store *store, const char *sql, const struct old *old)
{
	sqlite3_stmt *statement = store_prepare(store, sql);
	int i, error = 0;

	if (!statement)
		return store_fail(store, PRUNED);
	for (i = 0; i < old->count && !error; i++) {
		sqlite3_bind_int64(statement, 1, old->row[i]);
		error = store_run(store, statement, PRUNED);
	}
	sqlite3_finalize(statement);
	return error;
}

/* All that stands beside a record leaves with it. */
static int remove_old(struct store *store, const void *arg)
{
	int error = remove_rows(store, "DELETE FROM record WHERE row=?1", arg);

	if (!error)
		error = remove_rows(store, "DELETE FROM brief WHERE row=?1", arg);
	if (!error)
		error = remove_rows(store, "DELETE FROM moment WHERE row=?1", arg);
	return error;
}

/* Of a database that says one thing and does another: the daemon goes on. */
static int stuck(struct store *store, int64_t row)
{
	snprintf(store->error, sizeof(store->error),
		 "cannot " PRUNED ": row %" PRId64 " does not leave", row);
	return -EUCLEAN;
}

static int prune(struct store *store, const char *upto, uint64_t number, uint64_t before)
{
	struct old old = { .before = before };
	int64_t before_that = 0;
	int error = read_bound(store, upto, number, &old.upto);

	while (!error) {
		error = read_old(store, &old);
		if (error || !old.count)
			break;
		if (old.row[0] == before_that)
			return stuck(store, before_that);
		before_that = old.row[0];
		error = store_whole(store, remove_old, &old);
	}
	if (error || !before_that)
		return error;
	return store_exec(store, "DELETE FROM actor WHERE seen+" STEP "<="
		"(SELECT coalesce(min(row), 9223372036854775807) FROM brief)", PRUNED);
}

/* The rows up to some row, but none that has yet to be delivered. */
#define PRUNE(upto) "SELECT min(" upto "," \
		    " coalesce((SELECT min(row) FROM sink), 9223372036854775807))"

int store_prune_records(struct store *store, uint64_t keep)
{
	return prune(store, PRUNE("(SELECT coalesce(max(row), 0) FROM record) - ?1"), keep, 0);
}

int store_prune_before(struct store *store, uint64_t time)
{
	/* The clock may have been set: rows are in the order of arrival. */
	return time ? prune(store, PRUNE("9223372036854775807"), 0, time) : 0;
}

static int page_number(struct store *store, const char *sql, int64_t *number)
{
	return store_number(store, store_prepare(store, sql), number);
}

/* What is removed at once, so that the daemon is away for a moment only. */
#define SIZE_STEPS 16

int store_prune_size(struct store *store, uint64_t bytes)
{
	int64_t pages = 0, free_pages = 0, page = 0;
	int error = page_number(store, "PRAGMA page_count", &pages);

	if (!error)
		error = page_number(store, "PRAGMA freelist_count", &free_pages);
	if (!error)
		error = page_number(store, "PRAGMA page_size", &page);
	if (error || (uint64_t)((pages - free_pages) * page) <= bytes)
		return error;
	return prune(store, PRUNE("(SELECT coalesce(min(row), 0) + (max(row) - min(row)) / ?1"
				  " FROM record)"), SIZE_STEPS, 0);
}
