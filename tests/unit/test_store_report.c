// SPDX-License-Identifier: GPL-2.0-or-later
/* The store asked by program, unit, class, time and who has dealt with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sqlite3.h>

#include "../../userspace/lib/store.h"
#include "folder.h"

static char path[128];
static char why[STORE_WHY_MAX];

static int begin(void **state)
{
	(void)state;
	if (dir_make("store"))
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

static struct store *open_store(void)
{
	struct store *store = NULL;

	if (store_open(path, STORE_WRITE, &store, why))
		fail_msg("%s", why);
	return store;
}

static void add_notice(struct store *store, const char *id, uint64_t time)
{
	struct store_record record = {
		.kind = STORE_NOTICE, .id = id, .time = time, .json = id,
		.json_len = strlen(id),
	};

	assert_int_equal(store_record_add(store, &record), 0);
}

static void add_of(struct store *store, const char *id, uint64_t time, uint32_t class,
		   const char *exe, const char *cgroup)
{
	struct store_record record = {
		.kind = STORE_FINDING, .id = id, .number = time, .time = time, .class = class,
		.json = id, .json_len = strlen(id), .pid = 7, .uid = 4294967295U,
		.container = exe ? NULL : "c0ffee",
		.verdict = class == 1 ? WXGUARD_VERDICT_DENIED : WXGUARD_VERDICT_LOGGED,
	};

	if (exe)
		record.exe = (struct bytes){ (const uint8_t *)exe, strlen(exe) };
	record.unit = store_unit((struct bytes){ (const uint8_t *)cgroup, strlen(cgroup) });
	assert_int_equal(store_record_add(store, &record), 0);
}

static int on_id(const struct store_record *record, void *arg)
{
	char *ids = arg;

	sprintf(ids + strlen(ids), "%s ", record->id);
	return 0;
}

static void expect_ids(struct store *store, struct store_query query, const char *expected)
{
	char ids[256] = "";

	assert_int_equal(store_query(store, &query, on_id, ids), 0);
	assert_string_equal(ids, expected);
}

static int on_group(const struct store_group *group, void *arg)
{
	char *text = arg;

	sprintf(text + strlen(text), "%.*s/%lld:%llu+%llu-%llu?%llu@%llu..%llu=%x ",
		(int)group->bytes.len, group->bytes.data ? (const char *)group->bytes.data : "",
		(long long)group->number, (unsigned long long)group->findings,
		(unsigned long long)group->repeats, (unsigned long long)group->stopped,
		(unsigned long long)group->open, (unsigned long long)group->first,
		(unsigned long long)group->last, group->classes);
	return 0;
}

static void expect_groups(struct store *store, enum store_by by,
			  struct store_question question, const char *expected)
{
	struct store_tally *tally = NULL;
	char text[512] = "";
	int i;

	assert_int_equal(store_tally(store, &question, &tally), 0);
	for (i = 0; i < 2; i++) {	/* counted once, asked as often as wanted */
		*text = '\0';
		assert_int_equal(store_tally_groups(tally, by, on_group, text), 0);
		assert_string_equal(text, expected);
	}
	store_tally_free(tally);
}

static struct store *fill(void)
{
	struct store *store = open_store();

	add_of(store, "a", 100, 1, "/opt/a", "/system.slice/web.service");
	add_of(store, "b", 200, 2, "/opt/a", "/system.slice/web.service/sub");
	add_of(store, "c", 300, 2, "/opt/b c", "/user.slice/user@7.service/app.slice/x.scope");
	add_of(store, "d", 400, 3, NULL, "/");
	add_notice(store, "n", 450);
	add_of(store, "e", 500, 1, "/opt/a", "/.service/");
	assert_int_equal(store_record_repeat(store, "b", 7, 900), 0);
	return store;
}

static void test_narrow(void **state)
{
	struct store *store = fill();

	(void)state;
	expect_ids(store, (struct store_query){ .exe = "/opt/*" }, "a b c e ");
	expect_ids(store, (struct store_query){ .exe = "/opt/*", .limit = 2, .newest = true }, "c e ");
	expect_ids(store, (struct store_query){ .exe = "/opt/a", .since = 200 }, "b e ");
	expect_ids(store, (struct store_query){ .exe = "/opt/a", .classes = 1 << 1 }, "a e ");
	expect_ids(store, (struct store_query){ .classes = 1 << 1, .limit = 1, .newest = true }, "e ");
	expect_ids(store, (struct store_query){ .classes = 1 << 2 | 1 << 3 }, "b c d ");
	expect_ids(store, (struct store_query){ .classes = 1 << 2, .after_row = 2 }, "c ");
	expect_ids(store, (struct store_query){ .since = 400, .kinds = 1 << STORE_FINDING }, "d e ");
	expect_ids(store, (struct store_query){ .since = 400, .kinds = 1 << STORE_NOTICE }, "n ");
	expect_ids(store, (struct store_query){ .since = 150, .until = 400, .limit = 1 }, "b ");
	expect_ids(store, (struct store_query){ .unit = "web.*" }, "a b ");
	expect_ids(store, (struct store_query){ .unit = "web.*", .exe = "/opt/a", .since = 150 }, "b ");
	expect_ids(store, (struct store_query){ .container = "c0f" }, "d ");
	expect_ids(store, (struct store_query){ .container = "0ffee" }, "");
	expect_ids(store, (struct store_query){ .has_uid = true }, "");
	expect_ids(store, (struct store_query){ .has_uid = true, .uid = 4294967295U, .limit = 2,
						.newest = true }, "d e ");
	expect_ids(store, (struct store_query){ .exe = "/opt/*",
						.kinds = 1 << STORE_FINDING | 1 << STORE_NOTICE },
		   "a b c e ");
	expect_ids(store, (struct store_query){ .exe = "/opt/*", .kinds = 1 << STORE_NOTICE }, "");
	expect_ids(store, (struct store_query){ .exe = "/none/*" }, "");
	store_close(store);
}

static int on_ack(const struct store_record *record, void *arg)
{
	char *text = arg;

	sprintf(text, "%s %llu %s %s", record->id, (unsigned long long)record->acked,
		record->acked_by ? record->acked_by : "-",
		record->acked_note ? record->acked_note : "-");
	return 0;
}

static void test_ack(void **state)
{
	struct store *store = fill();
	char text[64] = "";

	(void)state;
	expect_ids(store, (struct store_query){ .unacked = true }, "a b c d e ");
	assert_int_equal(store_record_ack(store, "b", 77, "root", "known"), 0);
	assert_int_equal(store_record_ack(store, "e", 78, "root", NULL), 0);
	expect_ids(store, (struct store_query){ .unacked = true }, "a c d ");
	expect_ids(store, (struct store_query){ .unacked = true, .limit = 1, .newest = true }, "d ");
	expect_ids(store, (struct store_query){ .unacked = true, .exe = "/opt/a" }, "a ");
	assert_int_equal(store_find(store, "b", on_ack, text), 0);
	assert_string_equal(text, "b 77 root known");
	assert_int_equal(store_record_ack(store, "b", 0, NULL, NULL), 0);
	assert_int_equal(store_find(store, "b", on_ack, text), 0);
	assert_string_equal(text, "b 0 - -");
	expect_ids(store, (struct store_query){ .unacked = true }, "a b c d ");
	assert_int_equal(store_record_ack(store, "n", 1, "root", NULL), -ENOENT);
	assert_int_equal(store_record_ack(store, "none", 1, "root", NULL), -ENOENT);
	store_close(store);
}

static int enough(void *arg)
{
	++*(int *)arg;
	return 1;
}

static void test_report(void **state)
{
	struct store *store = fill();

	(void)state;
	assert_int_equal(store_record_ack(store, "c", 77, "root", NULL), 0);
	expect_groups(store, STORE_BY_ALL, (struct store_question){ 0 },
		      "/0:5+7-2?4@100..900=e ");
	expect_groups(store, STORE_BY_CLASS, (struct store_question){ 0 },
		      "/1:2+0-2?2@100..500=2 /2:2+7-0?1@200..900=4 /3:1+0-0?1@400..400=8 ");
	expect_groups(store, STORE_BY_EXE, (struct store_question){ 0 },
		      "/opt/a/0:3+7-2?3@100..900=6 /0:1+0-0?1@400..400=8 "
		      "/opt/b c/0:1+0-0?0@300..300=4 ");
	expect_groups(store, STORE_BY_UNIT, (struct store_question){ .until = 500 },
		      "web.service/0:2+7-1?2@100..900=6 /0:1+0-0?1@400..400=8 "
		      "x.scope/0:1+0-0?0@300..300=4 ");
	expect_groups(store, STORE_BY_CONTAINER, (struct store_question){ .since = 400 },
		      "/0:1+0-1?1@500..500=2 c0ffee/0:1+0-0?1@400..400=8 ");
	expect_groups(store, STORE_BY_UID, (struct store_question){ .classes = 1 << 3 },
		      "/4294967295:1+0-0?1@400..400=8 ");
	expect_groups(store, STORE_BY_ALL, (struct store_question){ .since = 1000 }, "");
	add_of(store, "q", UINT64_C(1800000000001), 1, "/q", "");
	expect_groups(store, STORE_BY_QUARTER, (struct store_question){ 0 },
		      "/0:5+7-2?4@100..900=e /1800:1+0-1?1@1800000000001..1800000000001=2 ");
	store_close(store);
}

/* Many findings; the person at the terminal has seen enough. */
static void test_interrupted(void **state)
{
	const struct store_question question = { 0 };
	struct store *store = open_store();
	struct store_tally *tally = NULL;
	char id[16];
	int i, asked = 0;

	(void)state;
	assert_int_equal(store_begin(store), 0);
	for (i = 0; i < 40000; i++) {
		snprintf(id, sizeof(id), "i%d", i);
		add_of(store, id, (uint64_t)i, 1, "/opt/a", "");
	}
	assert_int_equal(store_commit(store), 0);
	store_on_progress(store, enough, &asked);
	assert_int_equal(store_tally(store, &question, &tally), -EINTR);
	assert_int_equal(asked, 1);
	assert_null(tally);
	store_on_progress(store, NULL, NULL);
	expect_groups(store, STORE_BY_EXE, question, "/opt/a/0:40000+0-40000?40000@0..39999=2 ");
	store_close(store);
}

/* How many rows a table has, asked of the file. */
static int rows_of(const char *table)
{
	sqlite3_stmt *statement;
	char sql[64];
	sqlite3 *db;
	int count;

	snprintf(sql, sizeof(sql), "SELECT count(*) FROM %s", table);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
	count = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	sqlite3_close(db);
	return count;
}

/* Who did it is kept once, as long as there is a finding of it. */
static void test_actors(void **state)
{
	struct store *store = fill();
	uint64_t count = 0;
	char id[16];
	int i;

	(void)state;
	assert_int_equal(rows_of("actor"), 5);
	add_of(store, "same", 600, 1, "/opt/a", "/system.slice/web.service");
	assert_int_equal(rows_of("actor"), 5);
	add_of(store, "same", 700, 3, "/opt/z", "/");	/* told already */
	assert_int_equal(rows_of("actor"), 5);
	assert_int_equal(rows_of("brief"), 7);
	assert_int_equal(store_findings(store, &count), 0);
	assert_int_equal(count, 6);
	assert_int_equal(store_begin(store), 0);
	for (i = 0; i < 5000; i++) {	/* the others were long ago then */
		snprintf(id, sizeof(id), "i%d", i);
		add_of(store, id, 800, 2, i % 2 ? "/opt/b c" : "/opt/new", "");
	}
	assert_int_equal(store_commit(store), 0);
	assert_int_equal(rows_of("actor"), 7);
	assert_int_equal(store_moment_put(store, "c", "{}", 2), 0);
	assert_int_equal(store_moment_put(store, "i4999", "{}", 2), 0);
	assert_int_equal(store_prune_records(store, 10), 0);
	expect_ids(store, (struct store_query){ .exe = "/opt/new", .limit = 1 }, "i4990 ");
	expect_ids(store, (struct store_query){ .since = 800, .exe = "/opt/new", .limit = 1,
						.newest = true }, "i4998 ");
	assert_int_equal(rows_of("brief"), 10);
	assert_int_equal(rows_of("record"), 10);
	assert_int_equal(rows_of("moment"), 1);
	assert_int_equal(rows_of("actor"), 2);
	assert_int_equal(store_prune_records(store, 0), 0);
	assert_int_equal(rows_of("actor"), 0);
	assert_int_equal(rows_of("moment"), 0);
	store_close(store);
}

/* A name for each finding: what is asked for is found in another way then. */
static void test_many_actors(void **state)
{
	struct store *store = fill();
	char id[16], exe[32];
	int i;

	(void)state;
	assert_int_equal(store_begin(store), 0);
	for (i = 0; i < 20001; i++) {
		snprintf(id, sizeof(id), "i%d", i);
		snprintf(exe, sizeof(exe), "/tmp/x%d", i);
		add_of(store, id, 1000 + (uint64_t)i, 2, exe, "");
	}
	assert_int_equal(store_commit(store), 0);
	expect_ids(store, (struct store_query){ .exe = "/opt/*" }, "a b c e ");
	expect_ids(store, (struct store_query){ .exe = "/tmp/*", .limit = 2, .newest = true },
		   "i19999 i20000 ");
	expect_ids(store, (struct store_query){ .exe = "/tmp/x7", .classes = 1 << 2 }, "i7 ");
	expect_ids(store, (struct store_query){ .exe = "/tmp/x7", .classes = 1 << 1 }, "");
	expect_ids(store, (struct store_query){ .exe = "/tmp/*", .since = 20999 }, "i19999 i20000 ");
	expect_ids(store, (struct store_query){ .exe = "/none" }, "");
	store_close(store);
}

static void test_prune_more(void **state)
{
	struct store *store = fill();
	struct store_sink sink = { .row = 2 };
	int i;

	(void)state;
	assert_int_equal(store_sink_set(store, "json", &sink), 0);
	assert_int_equal(store_prune_before(store, 450), 0);
	expect_ids(store, (struct store_query){ 0 }, "c d n e ");	/* to be delivered */
	sink.row = 6;
	assert_int_equal(store_sink_set(store, "json", &sink), 0);
	assert_int_equal(store_prune_before(store, 450), 0);
	expect_ids(store, (struct store_query){ 0 }, "n e ");
	assert_int_equal(store_prune_size(store, UINT64_C(1) << 30), 0);
	expect_ids(store, (struct store_query){ 0 }, "n e ");
	for (i = 0; i < 8; i++)
		assert_int_equal(store_prune_size(store, 1), 0);
	expect_ids(store, (struct store_query){ 0 }, "");
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_narrow, begin, finish),
		cmocka_unit_test_setup_teardown(test_ack, begin, finish),
		cmocka_unit_test_setup_teardown(test_report, begin, finish),
		cmocka_unit_test_setup_teardown(test_interrupted, begin, finish),
		cmocka_unit_test_setup_teardown(test_actors, begin, finish),
		cmocka_unit_test_setup_teardown(test_many_actors, begin, finish),
		cmocka_unit_test_setup_teardown(test_prune_more, begin, finish),
	};

	return cmocka_run_group_tests_name("store_report", tests, NULL, NULL);
}
