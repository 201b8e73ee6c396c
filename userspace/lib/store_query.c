// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records as they are read. Which rows is asked of the narrow tables "brief"
 * and "actor"; the documents of only those are read. Called by one thread.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store_impl.h"

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
		STORE_RECORDS " WHERE r.row>?1 ORDER BY r.row LIMIT ?2");
	int error;

	if (!statement)
		return store_fail(store, "read the records");
	sqlite3_bind_int64(statement, 1, query->after_row);
	sqlite3_bind_int64(statement, 2, query->limit ? (int64_t)query->limit : -1);
	error = store_deliver(store, statement, on_record, arg, NULL);
	sqlite3_reset(statement);
	return error;
}

struct sql {
	char text[1536];
	size_t len;
};

/* Only literals of ours: what is asked for is bound. */
static void add(struct sql *sql, bool wanted, const char *text)
{
	size_t len = strlen(text);

	if (!wanted || sql->len + len >= sizeof(sql->text))
		return;
	memcpy(sql->text + sql->len, text, len + 1);
	sql->len += len;
}

/* A question that only a finding answers, by who did what. */
static bool asks_actor(const struct store_query *query)
{
	return query->classes || query->exe || query->has_uid || query->unit ||
	       query->container;
}

static void add_actors(struct sql *sql, const struct store_query *query)
{
	add(sql, true, "(SELECT id FROM actor WHERE 1");
	add(sql, query->classes, " AND (1<<class)&?4");
	add(sql, query->has_uid, " AND uid=?8");
	add(sql, query->container, " AND substr(container, 1, length(?10))=?10");
	add(sql, query->unit, " AND wxg_glob(?9, unit)");
	add(sql, query->exe, " AND wxg_glob(?7, exe)");
}

/*
 * A pattern is tried once on each actor, and those are then numbers in "brief",
 * of which nothing is looked at when there is no such actor. Where a hostile
 * program has made actors as many as findings (a name for each), those of the
 * findings are tried one by one until there are enough.
 */
#define MANY "20000"

static bool are_many(struct store *store)
{
	int64_t many = 0;

	return !store_number(store, store_prepare(store, "SELECT count(*)>" MANY
			     " FROM (SELECT 1 FROM actor LIMIT 1+" MANY ")"), &many) && many;
}

/*
 * Few are so new: they are looked at, and not all. Of many the newest are soon
 * found from the end, without that they are put into order first.
 */
#define FEW "20000"

static bool is_short(struct store *store, const struct store_query *query)
{
	sqlite3_stmt *statement;
	int64_t many = 1;

	if (!query->since)
		return false;
	statement = store_prepare(store, "SELECT count(*)>=" FEW " FROM (SELECT 1 FROM brief"
				  " INDEXED BY brief_time WHERE time>=?1 LIMIT " FEW ")");
	if (statement)
		sqlite3_bind_int64(statement, 1, query->since);
	return !store_number(store, statement, &many) && !many;
}

static void make_statement(struct store *store, struct sql *sql, const struct store_query *query)
{
	bool actors = asks_actor(query), many = actors && are_many(store);
	bool findings = !query->kinds || query->kinds & 1U << STORE_FINDING;
	bool narrow = is_short(store, query);

	sql->len = 0;
	add(sql, true, STORE_RECORDS " WHERE r.row IN (SELECT row FROM ");
	if (actors) {
		add_actors(sql, query);
		add(sql, true, " LIMIT 1) CROSS JOIN ");
	}
	add(sql, true, "brief ");
	/* Losses and notices are few, and have an index. */
	add(sql, !findings, "INDEXED BY brief_other WHERE kind<>1 AND row>?1");
	add(sql, findings && narrow, "INDEXED BY brief_time WHERE +row>?1");
	add(sql, findings && !narrow, "NOT INDEXED WHERE row>?1");
	add(sql, query->since, " AND time>=?2");
	add(sql, query->until, " AND time<?3");
	/* These are of findings only. */
	if (actors) {
		add(sql, true, many ? " AND EXISTS " : " AND actor IN ");
		add_actors(sql, query);
		add(sql, true, many ? " AND id=brief.actor)" : ")");
	}
	add(sql, query->unacked, " AND acked=0 AND kind=1");
	add(sql, query->kinds && !(findings && (actors || query->unacked)), " AND (1<<kind)&?5");
	add(sql, query->newest, " ORDER BY row DESC LIMIT ?6) ORDER BY r.row");
	add(sql, !query->newest, " ORDER BY row LIMIT ?6) ORDER BY r.row");
}

static void bind_query(sqlite3_stmt *statement, const struct store_query *query)
{
	sqlite3_bind_int64(statement, 1, query->after_row);
	sqlite3_bind_int64(statement, 2, query->since);
	sqlite3_bind_int64(statement, 3, query->until);
	sqlite3_bind_int64(statement, 4, query->classes);
	sqlite3_bind_int64(statement, 5, query->kinds);
	sqlite3_bind_int64(statement, 6, query->limit ? (int64_t)query->limit : -1);
	if (query->exe)
		sqlite3_bind_text(statement, 7, query->exe, -1, SQLITE_STATIC);
	sqlite3_bind_int64(statement, 8, query->uid);
	if (query->unit)
		sqlite3_bind_text(statement, 9, query->unit, -1, SQLITE_STATIC);
	if (query->container)
		sqlite3_bind_text(statement, 10, query->container, -1, SQLITE_STATIC);
}

int store_query(struct store *store, const struct store_query *query,
		store_on_record on_record, void *arg)
{
	sqlite3_stmt *statement;
	struct sql sql;
	int error;

	if (!query->since && !query->until && !query->kinds && !query->unacked &&
	    !query->newest && !asks_actor(query))
		return query_after(store, query, on_record, arg);
	make_statement(store, &sql, query);
	statement = store_prepare(store, sql.text);
	if (!statement)
		return store_fail(store, "read the records");
	bind_query(statement, query);
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
		STORE_RECORDS " WHERE r.number=?1 AND r.kind=1 ORDER BY r.row DESC LIMIT 1" :
		STORE_RECORDS " WHERE r.id=?1");
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

int store_findings(struct store *store, uint64_t *count)
{
	int64_t number = 0;
	/* Of all rows without a look at any of them, less the others, which are few. */
	int error = store_number(store, store_prepare(store,
		"SELECT (SELECT count(*) FROM brief) -"
		" (SELECT count(*) FROM brief INDEXED BY brief_other WHERE kind<>1)"), &number);

	*count = (uint64_t)number;
	return error;
}

/*
 * So many, of so many findings: neither an attacker's copies nor a large store
 * may keep the caller busy, who has new findings to read.
 */
#define PATHS "16"
#define PATHS_OF "20000"

int store_finding_paths(struct store *store, uint32_t classes, const char *text,
			int (*on_path)(struct bytes path, void *arg), void *arg)
{
	sqlite3_stmt *statement = store_prepare(store,
		"SELECT exe, max(row) FROM record WHERE row IN (SELECT row FROM brief"
		" WHERE actor IN (SELECT id FROM actor WHERE (1<<class)&?1 AND exe IS NOT NULL)"
		" ORDER BY row DESC LIMIT " PATHS_OF ") AND instr(json, ?2)"
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
