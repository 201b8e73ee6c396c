// SPDX-License-Identifier: GPL-2.0-or-later
/* A database that the previous version made, in the hands of this one. */
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

#define FIRST "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001ae"
#define SECOND "3f1c9a52d0e14c0f9b0c5a7e6d2b8f10-00000000000001b0"

/* As ".dump" printed one that version 1 had written. */
static const char layout_1[] =
	"BEGIN;"
	"CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"INSERT INTO meta VALUES('boot_id','3f1c9a52-d0e1-4c0f-9b0c-5a7e6d2b8f10');"
	"INSERT INTO meta VALUES('last_seq','432');"
	"CREATE TABLE record( row INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
	" id TEXT NOT NULL UNIQUE, number INTEGER NOT NULL, time INTEGER NOT NULL,"
	" class INTEGER NOT NULL, verdict INTEGER NOT NULL, mode INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, uid INTEGER NOT NULL, comm BLOB, exe BLOB, json TEXT NOT NULL);"
	"INSERT INTO record VALUES(1,1,'" FIRST "',430,1768470067123456789,1,0,2,7,4294967295,"
	"X'610062',X'2f78','{\"n\":430}');"
	"INSERT INTO record VALUES(2,1,'" SECOND "',432,1768470067123456789,1,0,2,7,4294967295,"
	"X'610062',NULL,'{\"n\":432}');"
	"CREATE TABLE sink(name TEXT PRIMARY KEY, row INTEGER NOT NULL, dev INTEGER NOT NULL,"
	" ino INTEGER NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID;"
	"INSERT INTO sink VALUES('json',1,2,3,9);"
	"CREATE TABLE known( dev INTEGER NOT NULL, ino INTEGER NOT NULL, generation INTEGER NOT NULL,"
	" ctime_sec INTEGER NOT NULL, ctime_nsec INTEGER NOT NULL, class INTEGER NOT NULL, path BLOB,"
	" first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL, count INTEGER NOT NULL,"
	" flags INTEGER NOT NULL, verifiable INTEGER NOT NULL, size INTEGER NOT NULL,"
	" mtime_sec INTEGER NOT NULL, mtime_nsec INTEGER NOT NULL, sha256 TEXT NOT NULL,"
	" PRIMARY KEY(dev, ino, generation, ctime_sec, ctime_nsec, class)) WITHOUT ROWID;"
	"INSERT INTO known VALUES(8388609,4242,77,1700000000,5,1,X'2f7573722f62696e2f6a6974',"
	"5,100,9,1,1,912384,1600000000,6,'00ff');"
	"INSERT INTO known VALUES(8388609,4242,77,1700000000,5,5,X'2f7573722f62696e2f6a6974',"
	"5,100,9,1,1,912384,1600000000,6,'00ff');"
	"DELETE FROM sqlite_sequence;"
	"INSERT INTO sqlite_sequence VALUES('record',7);"
	"CREATE INDEX record_number ON record(number);"
	"COMMIT;"
	"PRAGMA user_version=1;";

static char path[128], why[STORE_WHY_MAX];

static void run_sql(const char *sql)
{
	char *said = NULL;
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s", said);
	sqlite3_close(db);
}

static int begin(void **state)
{
	(void)state;
	if (dir_make("layout"))
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	run_sql(layout_1);
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

static int on_record(const struct store_record *record, void *arg)
{
	char *list = arg;

	sprintf(list + strlen(list), "%lld %s %llu %.*s +%llu;", (long long)record->row,
		record->id, (unsigned long long)record->number, (int)record->json_len,
		record->json, (unsigned long long)record->repeat_count);
	assert_int_equal(record->time, UINT64_C(1768470067123456789));
	assert_int_equal(record->uid, 4294967295U);
	assert_memory_equal(record->comm.data, "a\0b", 3);
	return 0;
}

static void expect_records(struct store *store, const char *expected)
{
	const struct store_query all = { 0 };
	char list[512] = "";

	assert_int_equal(store_query(store, &all, on_record, list), 0);
	assert_string_equal(list, expected);
}

static int on_known(const struct store_known *entry, void *arg)
{
	unsigned int *count = arg;

	assert_int_equal(entry->known.dev, 8 << 20 | 1);
	assert_int_equal(entry->known.ino, 4242);
	assert_int_equal(entry->known.generation, 77);
	assert_int_equal(entry->known.ctime_sec, 1700000000);
	assert_int_equal(entry->known.ctime_nsec, 5);
	assert_int_equal(entry->known.classes, *count ? 1 << 5 : 1 << 1);
	assert_int_equal(entry->known.shape, 0);
	assert_string_equal((const char *)entry->known.path, "/usr/bin/jit");
	assert_int_equal(entry->known.first_seen, 5);
	assert_int_equal(entry->known.last_seen, 100);
	assert_int_equal(entry->known.count, 9);
	assert_int_equal(entry->known.flags, WXGUARD_KNOWN_F_PINNED);
	assert_true(entry->verifiable);
	assert_int_equal(entry->size, 912384);
	assert_int_equal(entry->mtime_sec, 1600000000);
	assert_int_equal(entry->mtime_nsec, 6);
	assert_string_equal(entry->sha256, "00ff");
	++*count;
	return 0;
}

/* Everything that was in it is in it, under the same rows. */
static void expect_migrated(struct store *store)
{
	struct store_sink sink;
	unsigned int count = 0;
	uint64_t number;

	expect_records(store, "1 " FIRST " 430 {\"n\":430} +0;2 " SECOND " 432 {\"n\":432} +0;");
	assert_int_equal(store_known_list(store, on_known, &count), 0);
	assert_int_equal(count, 2);
	assert_int_equal(store_sink_get(store, "json", &sink), 0);
	assert_int_equal(sink.row, 1);
	assert_int_equal(store_meta_get_u64(store, "last_seq", &number), 0);
	assert_int_equal(number, 432);
}

static void test_migrate(void **state)
{
	struct store_record record = {
		.kind = STORE_FINDING, .id = "new", .number = 433, .json = "{}", .json_len = 2,
		.time = UINT64_C(1768470067123456789), .uid = 4294967295U,
		.comm = { (const uint8_t *)"a\0b", 3 },
	};
	struct store *store = open_store();
	struct store_known entry;
	char *json = NULL;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {	/* the second time there is nothing to do */
		expect_migrated(store);
		store_close(store);
		store = open_store();
	}
	/* What is new in this layout works on what was there before. */
	assert_int_equal(store_record_repeat(store, FIRST, 10, 5), 0);
	assert_int_equal(store_record_add(store, &record), 0);
	expect_records(store, "1 " FIRST " 430 {\"n\":430} +10;2 " SECOND
			      " 432 {\"n\":432} +0;8 new 433 {} +0;");
	memset(&entry, 0, sizeof(entry));
	entry.known.dev = 8 << 20 | 1;
	entry.known.ino = 4242;
	entry.known.generation = 77;
	entry.known.ctime_sec = 1700000000;
	entry.known.ctime_nsec = 5;
	entry.known.classes = 1 << 5;
	entry.known.shape = WXGUARD_REGION_HEAP;
	assert_int_equal(store_known_get(store, &entry.known, &entry), -ENOENT);
	assert_int_equal(store_known_put(store, &entry), 0);
	assert_int_equal(store_known_get(store, &entry.known, &entry), 0);
	assert_int_equal(store_moment_put(store, "new", "{}", 2), 0);
	assert_int_equal(store_moment_get(store, 8, &json), 0);
	assert_string_equal(json, "{}");
	free(json);
	store_close(store);
}

static int on_unit(const struct store_group *group, void *arg)
{
	char *list = arg;

	sprintf(list + strlen(list), "%.*s:%llu ", (int)group->bytes.len,
		group->bytes.data ? (const char *)group->bytes.data : "",
		(unsigned long long)group->findings);
	return 0;
}

/* What can be grouped by is taken from the documents that are there. */
static void test_units(void **state)
{
	const struct store_question question = { 0 };
	struct store_tally *tally = NULL;
	struct store *store;
	char list[256] = "";

	(void)state;
	run_sql("UPDATE record SET json='{\"container\":{\"id\":\"c0ffee\"},\"wxguard\":"
		"{\"process\":{\"cgroup\":\"/system.slice/web.service\"}}}' WHERE row=1;"
		"UPDATE record SET json='no {json' WHERE row=2;");
	store = open_store();
	assert_int_equal(store_tally(store, &question, &tally), 0);
	assert_int_equal(store_tally_groups(tally, STORE_BY_UNIT, on_unit, list), 0);
	assert_int_equal(store_tally_groups(tally, STORE_BY_CONTAINER, on_unit, list), 0);
	assert_string_equal(list, ":1 web.service:1 :1 c0ffee:1 ");
	store_tally_free(tally);
	store_close(store);
}

/* As ".dump" printed what version 4 had written: repeats and acks in the record. */
static const char layout_4[] =
	"BEGIN;"
	"DROP TABLE record;"
	"CREATE TABLE record( row INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL,"
	" id TEXT NOT NULL UNIQUE, number INTEGER NOT NULL, time INTEGER NOT NULL,"
	" class INTEGER NOT NULL, verdict INTEGER NOT NULL, mode INTEGER NOT NULL,"
	" pid INTEGER NOT NULL, uid INTEGER NOT NULL, comm BLOB, exe BLOB, json TEXT NOT NULL,"
	" repeat_count INTEGER NOT NULL DEFAULT 0, repeat_last INTEGER NOT NULL DEFAULT 0,"
	" unit BLOB, container TEXT, acked INTEGER NOT NULL DEFAULT 0, acked_by TEXT,"
	" acked_note TEXT);"
	"INSERT INTO record VALUES(3,1,'a',1,500,1,1,2,7,0,NULL,X'2f61','{}',0,0,X'752e73657276696365',"
	"'c0ffee',77,'root','mine');"
	"INSERT INTO record VALUES(4,1,'b',2,400,1,0,2,7,0,NULL,X'2f61','{}',3,900,X'752e73657276696365',"
	"'c0ffee',0,NULL,NULL);"
	"INSERT INTO record VALUES(5,2,'l',3,450,0,0,0,0,0,NULL,NULL,'{}',0,0,NULL,NULL,0,NULL,NULL);"
	"INSERT INTO record VALUES(6,1,'c',4,600,2,0,2,7,0,NULL,NULL,'{}',0,0,NULL,NULL,0,NULL,NULL);"
	"CREATE INDEX record_number ON record(number);"
	"CREATE INDEX record_narrow ON record(time, kind, class, verdict, uid, exe,"
	" unit, container, acked, repeat_count, repeat_last);"
	"CREATE INDEX record_class ON record(class) WHERE kind=1;"
	"CREATE INDEX record_open ON record(acked) WHERE kind=1 AND acked=0;"
	"CREATE INDEX record_other ON record(kind) WHERE kind<>1;"
	"DROP TABLE known;"
	"CREATE TABLE known( dev INTEGER NOT NULL, ino INTEGER NOT NULL, generation INTEGER NOT NULL,"
	" ctime_sec INTEGER NOT NULL, ctime_nsec INTEGER NOT NULL, class INTEGER NOT NULL,"
	" shape INTEGER NOT NULL, path BLOB, first_seen INTEGER NOT NULL, last_seen INTEGER NOT NULL,"
	" count INTEGER NOT NULL, flags INTEGER NOT NULL, verifiable INTEGER NOT NULL,"
	" size INTEGER NOT NULL, mtime_sec INTEGER NOT NULL, mtime_nsec INTEGER NOT NULL,"
	" sha256 TEXT NOT NULL, PRIMARY KEY(dev, ino, generation, ctime_sec, ctime_nsec, class, shape))"
	" WITHOUT ROWID;"
	"CREATE TABLE moment(row INTEGER PRIMARY KEY, json TEXT NOT NULL);"
	"INSERT INTO moment VALUES(3,'{}');"
	"COMMIT;"
	"PRAGMA user_version=4;";

static int on_marks(const struct store_record *record, void *arg)
{
	char *list = arg;

	sprintf(list + strlen(list), "%s+%llu@%llu!%llu%s%s%s ", record->id,
		(unsigned long long)record->repeat_count, (unsigned long long)record->repeat_last,
		(unsigned long long)record->acked, record->acked_by ? record->acked_by : "",
		record->acked_note ? record->acked_note : "",
		record->container ? record->container : "");
	return 0;
}

static void expect_marks(struct store *store, struct store_query query, const char *expected)
{
	char list[256] = "";

	assert_int_equal(store_query(store, &query, on_marks, list), 0);
	assert_string_equal(list, expected);
}

/* What changes after a record came leaves it, and is asked for as before. */
static void test_brief(void **state)
{
	struct store *store;

	(void)state;
	run_sql(layout_4);
	store = open_store();
	expect_marks(store, (struct store_query){ 0 },
		     "a+0@0!77rootminec0ffee b+3@900!0c0ffee l+0@0!0 c+0@0!0 ");
	expect_marks(store, (struct store_query){ .exe = "/a" },
		     "a+0@0!77rootminec0ffee b+3@900!0c0ffee ");
	expect_marks(store, (struct store_query){ .unacked = true, .unit = "u.service" },
		     "b+3@900!0c0ffee ");
	expect_marks(store, (struct store_query){ .kinds = 1 << STORE_LOSS }, "l+0@0!0 ");
	expect_marks(store, (struct store_query){ .classes = 1 << 2 }, "c+0@0!0 ");
	assert_int_equal(store_record_repeat(store, "b", 2, 901), 0);	/* goes not back */
	assert_int_equal(store_record_repeat(store, "b", 4, 902), 0);
	assert_int_equal(store_record_ack(store, "a", 0, NULL, NULL), 0);
	expect_marks(store, (struct store_query){ .exe = "/a" },
		     "a+0@0!0c0ffee b+4@902!0c0ffee ");
	store_close(store);
}

/* A reader may not change it, and says who will. */
static void test_reader(void **state)
{
	struct store *store;

	(void)state;
	assert_int_equal(store_open(path, STORE_READ, &store, why), -EPROTO);
	assert_non_null(strstr(why, "layout 1, this program knows layout 5; wxguardd of this version changes it"));
	store_close(open_store());
	assert_int_equal(store_open(path, STORE_READ, &store, why), 0);
	expect_migrated(store);
	store_close(store);
}

/* Of a million findings it is some seconds: the last step fails, and all of it did not happen. */
static void test_cut_late(void **state)
{
	struct store *store;

	(void)state;
	run_sql(layout_4);
	run_sql("CREATE INDEX brief_other ON record(pid)");
	assert_int_equal(store_open(path, STORE_WRITE, &store, why), -EIO);
	run_sql("DROP INDEX brief_other; SELECT * FROM record INDEXED BY record_narrow");
	store = open_store();
	expect_marks(store, (struct store_query){ .exe = "/a" },
		     "a+0@0!77rootminec0ffee b+3@900!0c0ffee ");
	store_close(store);
}

/* It fails half way: then it is as it was, and works once nothing is in the way. */
static void test_cut_short(void **state)
{
	struct store *store;

	(void)state;
	run_sql("CREATE TABLE known_2(in_the_way)");
	assert_int_equal(store_open(path, STORE_WRITE, &store, why), -EIO);
	assert_non_null(strstr(why, "bring the database to a new layout"));
	assert_int_equal(store_open(path, STORE_WRITE, &store, why), -EIO);
	run_sql("DROP TABLE known_2");
	store = open_store();
	expect_migrated(store);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_migrate, begin, finish),
		cmocka_unit_test_setup_teardown(test_units, begin, finish),
		cmocka_unit_test_setup_teardown(test_brief, begin, finish),
		cmocka_unit_test_setup_teardown(test_reader, begin, finish),
		cmocka_unit_test_setup_teardown(test_cut_short, begin, finish),
		cmocka_unit_test_setup_teardown(test_cut_late, begin, finish),
	};

	return cmocka_run_group_tests_name("store_layout", tests, NULL, NULL);
}
