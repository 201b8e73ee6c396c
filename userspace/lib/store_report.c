// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Findings counted in groups, from the index that has all of it: no document
 * is read. Called by one thread; only reads.
 */
#include <stdio.h>

#include "store_impl.h"

/* What a group is named by. */
static const char *const keys[] = {
	[STORE_BY_ALL] = "0",
	[STORE_BY_CLASS] = "class",
	[STORE_BY_UID] = "uid",
	[STORE_BY_EXE] = "exe",
	[STORE_BY_UNIT] = "unit",
	[STORE_BY_CONTAINER] = "container",
	[STORE_BY_QUARTER] = "time/900000000000",
};

static void read_group(sqlite3_stmt *statement, enum store_by by, struct store_group *group)
{
	group->bytes = (struct bytes){ 0 };
	group->number = 0;
	if (by == STORE_BY_EXE || by == STORE_BY_UNIT || by == STORE_BY_CONTAINER)
		group->bytes = store_column_bytes(statement, 0);
	else
		group->number = sqlite3_column_int64(statement, 0);
	if (by == STORE_BY_QUARTER)
		group->number *= 900;
	group->findings = sqlite3_column_int64(statement, 1);
	group->repeats = sqlite3_column_int64(statement, 2);
	group->stopped = sqlite3_column_int64(statement, 3);
	group->open = sqlite3_column_int64(statement, 4);
	group->first = sqlite3_column_int64(statement, 5);
	group->last = sqlite3_column_int64(statement, 6);
	group->classes = (uint32_t)sqlite3_column_int64(statement, 7);
}

int store_report(struct store *store, const struct store_question *question,
		 store_on_group on_group, void *arg)
{
	struct store_group group;
	sqlite3_stmt *statement;
	char sql[768];
	int code, error = 0;

	snprintf(sql, sizeof(sql),
		 "SELECT %s, count(*) AS findings, sum(repeat_count),"
		 " sum(verdict IN (%d, %d)), sum(acked=0), min(time),"
		 " max(max(time, repeat_last)), wxg_bits(class)"
		 " FROM record INDEXED BY record_narrow"
		 " WHERE time>=?1 AND (?2=0 OR time<?2) AND kind=1"
		 " AND (?3=0 OR (1<<class)&?3) GROUP BY 1 ORDER BY %s LIMIT ?4",
		 keys[question->by], WXGUARD_VERDICT_DENIED, WXGUARD_VERDICT_KILLED,
		 question->by == STORE_BY_QUARTER ? "1" : "findings DESC, 1");
	statement = store_prepare(store, sql);
	if (!statement)
		return store_fail(store, "count the findings");
	sqlite3_bind_int64(statement, 1, question->since);
	sqlite3_bind_int64(statement, 2, question->until);
	sqlite3_bind_int64(statement, 3, question->classes);
	sqlite3_bind_int64(statement, 4, question->limit ? (int64_t)question->limit : -1);
	while (!error && (code = sqlite3_step(statement)) == SQLITE_ROW) {
		read_group(statement, question->by, &group);
		if (group.findings)	/* of nothing there is one group, too */
			error = on_group(&group, arg);
	}
	if (!error && code != SQLITE_DONE)
		error = store_fail(store, "count the findings");
	sqlite3_finalize(statement);
	return error;
}

void store_on_progress(struct store *store, int (*poll)(void *arg), void *arg)
{
	/* In steps of SQLite's machine: some tens of times in a second. */
	sqlite3_progress_handler(store->db, poll ? 1000000 : 0, poll, arg);
}
