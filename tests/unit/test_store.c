// SPDX-License-Identifier: GPL-2.0-or-later
/* The store: what it keeps, what it refuses, and what it does with damage. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
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

static void add(struct store *store, const char *id, uint64_t number, uint64_t time,
		uint32_t class, enum store_kind kind)
{
	struct store_record record = {
		.kind = kind, .id = id, .number = number, .time = time, .class = class,
		.json = id, .json_len = strlen(id), .pid = 7, .uid = 4294967295U,
		.comm = { (const uint8_t *)"a\0b", 3 },
	};

	assert_int_equal(store_record_add(store, &record), 0);
}

/* ---- reading ---- */

struct list {
	char ids[256];
	unsigned int stop_after;
};

static int on_record(const struct store_record *record, void *arg)
{
	struct list *list = arg;

	snprintf(list->ids + strlen(list->ids), sizeof(list->ids) - strlen(list->ids),
		 "%s ", record->id);
	assert_int_equal(record->json_len, strlen(record->id));
	assert_memory_equal(record->json, record->id, record->json_len);
	assert_int_equal(record->uid, 4294967295U);
	assert_int_equal(record->comm.len, 3);
	assert_memory_equal(record->comm.data, "a\0b", 3);
	assert_null(record->exe.data);
	return list->stop_after && !--list->stop_after ? 42 : 0;
}

static void expect_query(struct store *store, struct store_query query, const char *ids)
{
	struct list list = { "", 0 };

	assert_int_equal(store_query(store, &query, on_record, &list), 0);
	assert_string_equal(list.ids, ids);
}

static void test_query(void **state)
{
	struct store_query all = { 0 };
	struct list list = { "", 2 };
	struct store *store = open_store();

	(void)state;
	add(store, "a", 1, 100, 1, STORE_FINDING);
	add(store, "b", 2, 200, 2, STORE_FINDING);
	add(store, "n", 0, 250, 0, STORE_NOTICE);
	add(store, "c", 3, 300, 1, STORE_FINDING);
	add(store, "a", 9, 900, 2, STORE_FINDING);	/* there already */

	expect_query(store, all, "a b n c ");
	expect_query(store, (struct store_query){ .since = 200 }, "b n c ");
	expect_query(store, (struct store_query){ .until = 250 }, "a b ");
	expect_query(store, (struct store_query){ .classes = 1 << 1 }, "a c ");
	expect_query(store, (struct store_query){ .kinds = 1 << STORE_NOTICE }, "n ");
	expect_query(store, (struct store_query){ .limit = 2 }, "a b ");
	expect_query(store, (struct store_query){ .limit = 2, .newest = true }, "n c ");
	expect_query(store, (struct store_query){ .after_row = 2 }, "n c ");
	assert_int_equal(store_query(store, &all, on_record, &list), 42);
	assert_string_equal(list.ids, "a b ");
	store_close(store);
}

static void expect_find(struct store *store, const char *what, const char *ids, int error)
{
	struct list list = { "", 0 };

	assert_int_equal(store_find(store, what, on_record, &list), error);
	assert_string_equal(list.ids, ids);
}

static void test_find(void **state)
{
	struct store *store = open_store();
	int64_t row;

	(void)state;
	add(store, "old-1", 1, 100, 1, STORE_FINDING);
	add(store, "new-1", 1, 200, 1, STORE_FINDING);
	add(store, "loss", 1, 300, 0, STORE_LOSS);
	expect_find(store, "1", "new-1 ", 0);
	expect_find(store, "old-1", "old-1 ", 0);
	expect_find(store, "2", "", -ENOENT);
	expect_find(store, "", "", -ENOENT);
	expect_find(store, "' OR 1=1 --", "", -ENOENT);
	assert_int_equal(store_row_of(store, "new-1", &row), 0);
	assert_int_equal(row, 2);
	assert_int_equal(store_row_of(store, "nothing", &row), -ENOENT);
	assert_int_equal(store_newest_row(store, &row), 0);
	assert_int_equal(row, 3);
	store_close(store);
}

static void test_transaction(void **state)
{
	struct store *store = open_store();
	uint64_t number;
	char text[16];

	(void)state;
	assert_int_equal(store_meta_get(store, "k", text, sizeof(text)), -ENOENT);
	assert_int_equal(store_begin(store), 0);
	add(store, "a", 1, 100, 1, STORE_FINDING);
	assert_int_equal(store_meta_set_u64(store, "k", UINT64_MAX), 0);
	store_rollback(store);
	assert_int_equal(store_meta_get_u64(store, "k", &number), -ENOENT);
	expect_query(store, (struct store_query){ 0 }, "");

	assert_int_equal(store_begin(store), 0);
	assert_int_equal(store_meta_set_u64(store, "k", UINT64_MAX), 0);
	assert_int_equal(store_commit(store), 0);
	store_close(store);
	store = open_store();
	assert_int_equal(store_meta_get_u64(store, "k", &number), 0);
	assert_true(number == UINT64_MAX);
	assert_int_equal(store_meta_remove(store, "k"), 0);
	assert_int_equal(store_meta_get_u64(store, "k", &number), -ENOENT);
	store_close(store);
}

/* Rows are places of outputs: not one is given out twice, none is lost. */
static void test_prune(void **state)
{
	struct store *store = open_store();
	struct store_sink sink = { .row = 4 };
	char id[16];
	int64_t row;
	int i;

	(void)state;
	for (i = 1; i <= 10; i++) {
		snprintf(id, sizeof(id), "%c", 'a' + i - 1);
		add(store, id, i, i, 1, STORE_FINDING);
	}
	assert_int_equal(store_sink_set(store, "json", &sink), 0);
	assert_int_equal(store_prune_records(store, 3), 0);
	expect_query(store, (struct store_query){ 0 }, "e f g h i j ");
	sink.row = 10;
	assert_int_equal(store_sink_set(store, "json", &sink), 0);
	assert_int_equal(store_prune_records(store, 3), 0);
	expect_query(store, (struct store_query){ 0 }, "h i j ");
	assert_int_equal(store_prune_records(store, 0), 0);
	store_close(store);
	store = open_store();
	add(store, "k", 11, 11, 1, STORE_FINDING);
	assert_int_equal(store_newest_row(store, &row), 0);
	assert_int_equal(row, 11);
	memset(&sink, 0, sizeof(sink));
	assert_int_equal(store_sink_get(store, "json", &sink), 0);
	assert_int_equal(sink.row, 10);
	assert_int_equal(store_sink_remove(store, "json"), 0);
	assert_int_equal(store_sink_get(store, "json", &sink), -ENOENT);
	store_close(store);
}

static int on_repeat(const struct store_record *record, void *arg)
{
	uint64_t *told = arg;

	told[0] = record->repeat_count;
	told[1] = record->repeat_last;
	return 0;
}

static void expect_repeat(struct store *store, const char *id, uint64_t count, uint64_t last)
{
	uint64_t told[2] = { 99, 99 };

	assert_int_equal(store_find(store, id, on_repeat, told), 0);
	assert_int_equal(told[0], count);
	assert_int_equal(told[1], last);
}

static void test_repeat(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "a", 1, 100, 1, STORE_FINDING);
	add(store, "b", 2, 200, 1, STORE_FINDING);
	expect_repeat(store, "a", 0, 0);
	assert_int_equal(store_record_repeat(store, "a", 10, 300), 0);
	expect_repeat(store, "a", 10, 300);
	assert_int_equal(store_record_repeat(store, "a", 100, 400), 0);
	/* Read again after a crash: what is told already does not go back. */
	assert_int_equal(store_record_repeat(store, "a", 10, 300), 0);
	assert_int_equal(store_record_repeat(store, "pruned", 10, 300), 0);
	store_close(store);
	store = open_store();
	expect_repeat(store, "a", 100, 400);
	expect_repeat(store, "b", 0, 0);
	store_close(store);
}

static int on_known(const struct store_known *entry, void *arg)
{
	struct list *list = arg;

	snprintf(list->ids + strlen(list->ids), sizeof(list->ids) - strlen(list->ids),
		 "%.*s/%x ", (int)entry->known.path_len, entry->known.path,
		 entry->known.classes);
	return 0;
}

static void expect_known(struct store *store, const char *ids)
{
	struct list list = { "", 0 };
	uint64_t count, expected = 0;

	assert_int_equal(store_known_list(store, on_known, &list), 0);
	assert_string_equal(list.ids, ids);
	for (; *ids; ids++)
		expected += *ids == ' ';
	assert_int_equal(store_known_count(store, &count), 0);
	assert_int_equal(count, expected);
}

static struct store_known known(const char *name, uint32_t classes, uint64_t last_seen)
{
	struct store_known entry = {
		.known = { .dev = 0xfffffff0, .ino = UINT64_MAX, .generation = 3,
			   .ctime_sec = -1, .ctime_nsec = 999999999, .classes = classes,
			   .first_seen = 5, .last_seen = last_seen, .count = 9 },
		.verifiable = true, .size = 1ULL << 40, .mtime_sec = -2, .mtime_nsec = 7,
		.sha256 = "00ff",
	};

	entry.known.ino -= name[1];
	entry.known.path_len = strlen(name);
	memcpy(entry.known.path, name, entry.known.path_len);
	return entry;
}

static void put(struct store *store, struct store_known entry)
{
	assert_int_equal(store_known_put(store, &entry), 0);
}

static void test_known(void **state)
{
	struct store_known b = known("/b", 1 << 1, 100), pinned = known("/p", 1 << 1, 1);
	struct store_known shaped = known("/s", 1 << 5, 7);
	struct store_known got;
	struct store *store = open_store();

	(void)state;
	pinned.known.flags = WXGUARD_KNOWN_F_PINNED;
	put(store, b);
	put(store, known("/b", 1 << 6, 200));
	put(store, known("/a", 1 << 1, 50));
	put(store, pinned);
	expect_known(store, "/a/2 /b/2 /b/40 /p/2 ");

	memset(&got, 0xff, sizeof(got));
	assert_int_equal(store_known_get(store, &b.known, &got), 0);
	assert_memory_equal(&got, &b, sizeof(b));
	b.known.last_seen = 300;
	put(store, b);
	assert_int_equal(store_known_get(store, &b.known, &got), 0);
	assert_int_equal(got.known.last_seen, 300);
	expect_known(store, "/a/2 /b/2 /b/40 /p/2 ");

	assert_int_equal(store_known_remove(store, &b.known), 0);
	expect_known(store, "/a/2 /b/40 /p/2 ");
	assert_int_equal(store_known_get(store, &b.known, &got), -ENOENT);

	/* For one kind of memory is not for another. */
	shaped.known.shape = WXGUARD_REGION_HEAP;
	put(store, shaped);
	assert_int_equal(store_known_get(store, &shaped.known, &got), 0);
	assert_memory_equal(&got, &shaped, sizeof(shaped));
	shaped.known.shape = WXGUARD_REGION_STACK;
	assert_int_equal(store_known_get(store, &shaped.known, &got), -ENOENT);
	put(store, shaped);
	expect_known(store, "/a/2 /b/40 /p/2 /s/20 /s/20 ");
	assert_int_equal(store_known_remove(store, &shaped.known), 0);
	expect_known(store, "/a/2 /b/40 /p/2 /s/20 ");
	store_close(store);
}

/* A reader sees what is committed while the daemon is in a transaction. */
static void test_reader(void **state)
{
	struct store *writer, *reader;
	struct store_sink sink = { 0 };

	(void)state;
	assert_int_equal(store_open(path, STORE_READ, &reader, why), -ENOENT);
	assert_non_null(strstr(why, path));
	writer = open_store();
	add(writer, "a", 1, 1, 1, STORE_FINDING);
	assert_int_equal(store_begin(writer), 0);
	add(writer, "b", 2, 2, 1, STORE_FINDING);
	assert_int_equal(store_open(path, STORE_READ, &reader, why), 0);
	expect_query(reader, (struct store_query){ 0 }, "a ");
	assert_int_not_equal(store_sink_set(reader, "x", &sink), 0);
	assert_int_equal(store_commit(writer), 0);
	expect_query(reader, (struct store_query){ 0 }, "a b ");
	store_close(reader);
	store_close(writer);
}

/* What somebody does who may read the folder and no more; 0 = as it should be. */
static int look_around(const char *ids)
{
	struct list list = { "", 0 };
	struct store *store = NULL;

	if (!geteuid() && (setgroups(0, NULL) || setresgid(65534, 65534, 65534) ||
			   setresuid(65534, 65534, 65534)))
		return 2;
	if (!access(dir, W_OK) || store_open(path, STORE_READ, &store, why))
		return 3;
	if (store_query(store, &(struct store_query){ 0 }, on_record, &list) ||
	    strcmp(list.ids, ids))
		return 4;
	store_close(store);
	if (store_open(path, STORE_AMEND, &store, why))
		return 5;
	if (store_record_ack(store, "a", 1, "mallory", NULL) != -EROFS)
		return 6;
	store_close(store);
	return 0;
}

static int look_without_writing(const char *ids)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		_exit(look_around(ids));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* A member of the group: beside the writer, after it, and after other readers. */
static void test_reader_without_rights(void **state)
{
	struct store *store = open_store();

	(void)state;
	add(store, "a", 1, 100, 1, STORE_FINDING);
	assert_int_equal(chmod(dir, 0555), 0);
	assert_int_equal(look_without_writing("a "), 0);
	add(store, "b", 2, 200, 1, STORE_FINDING);
	assert_int_equal(look_without_writing("a b "), 0);
	store_close(store);
	assert_int_equal(look_without_writing("a b "), 0);
	/* One that may write is the last one, too. */
	assert_int_equal(store_open(path, STORE_READ, &store, why), 0);
	expect_query(store, (struct store_query){ 0 }, "a b ");
	store_close(store);
	assert_int_equal(look_without_writing("a b "), 0);
	assert_int_equal(chmod(dir, 0700), 0);
}

static void damage(long at, size_t len)
{
	char junk[4096];
	int fd = open(path, O_WRONLY);

	memset(junk, 0xa5, sizeof(junk));
	assert_true(fd >= 0);
	assert_int_equal(pwrite(fd, junk, len, at), len);
	close(fd);
}

static void fill(void)
{
	struct store *store = open_store();
	char id[16];
	int i;

	for (i = 0; i < 400; i++) {
		snprintf(id, sizeof(id), "id-%d", i);
		add(store, id, i, i, 1, STORE_FINDING);
	}
	store_close(store);
}

static void expect_damage(void)
{
	struct store *store;

	assert_int_equal(store_open(path, STORE_WRITE, &store, why), -EUCLEAN);
	assert_non_null(strstr(why, path));
}

static void test_damage(void **state)
{
	char aside[256], expected[256];
	struct stat before, after;
	struct store *store;

	(void)state;
	fill();
	damage(10, 16);		/* the header: no database at all */
	expect_damage();
	unlink(path);
	fill();
	damage(4096 * 9, 4096);	/* one page: the check finds it */
	expect_damage();

	/* Set aside whole; an empty one takes its place. */
	assert_int_equal(stat(path, &before), 0);
	assert_int_equal(store_set_aside(path, 1234, aside, sizeof(aside), why), 0);
	snprintf(expected, sizeof(expected), "%s.corrupt-1234", path);
	assert_string_equal(aside, expected);
	assert_int_equal(stat(aside, &after), 0);
	assert_int_equal(after.st_ino, before.st_ino);
	assert_int_equal(after.st_size, before.st_size);
	store = open_store();
	expect_query(store, (struct store_query){ 0 }, "");
	store_close(store);

	assert_int_equal(truncate(path, 5000), 0);
	expect_damage();
}

/* Another program's database, or a later version's: hands off. */
static void test_other_layout(void **state)
{
	struct store *store;
	sqlite3 *db;

	(void)state;
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE mine(x); PRAGMA user_version=7",
				      NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_open(path, STORE_WRITE, &store, why), -EPROTO);
	assert_non_null(strstr(why, "layout 7"));
	assert_int_equal(store_open(path, STORE_READ, &store, why), -EPROTO);

	unlink(path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, "CREATE TABLE mine(x)", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
	assert_int_equal(store_open(path, STORE_WRITE, &store, why), -EPROTO);
}

static void test_cannot_open(void **state)
{
	struct store *store;

	(void)state;
	assert_int_equal(store_open(dir, STORE_WRITE, &store, why), -EACCES);
	assert_non_null(strstr(why, dir));
	assert_int_equal(symlink("/nonexistent", path), 0);
	assert_int_not_equal(store_open(path, STORE_WRITE, &store, why), 0);
}

static void test_by(void **state)
{
	struct store *store = open_store();
	char by[STORE_BY_MAX], long_name[400];
	uint64_t when, later;

	(void)state;
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 3, &when, by), -ENOENT);
	assert_int_equal(store_by_put(store, STORE_BY_RULES, 3, "alice"), 0);
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 3, &when, by), 0);
	assert_string_equal(by, "alice");
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 4, &when, by), -ENOENT);
	assert_int_equal(store_by_get(store, STORE_BY_MODE, 3, &when, by), -ENOENT);
	assert_int_equal(store_by_put(store, STORE_BY_MODE, 3, "wxguardd (its\nfile)"), 0);
	assert_int_equal(store_by_get(store, STORE_BY_MODE, 3, &later, by), 0);
	assert_string_equal(by, "wxguardd (its?file)");
	assert_true(later >= when);
	/* There are so many and no more. */
	assert_int_equal(store_by_put(store, STORE_BY_RULES, 3 + STORE_BY_KEPT, "bob"), 0);
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 3, &when, by), -ENOENT);
	memset(long_name, 'x', sizeof(long_name) - 1);
	long_name[sizeof(long_name) - 1] = '\0';
	assert_int_equal(store_by_put(store, STORE_BY_RULES, 5, long_name), 0);
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 5, &when, by), 0);
	assert_int_equal(strlen(by), STORE_BY_MAX - 1);
	/* Numbers of another load of the module, and what nobody has written. */
	assert_int_equal(store_meta_set(store, "rules_by_6", "other-1 6 1 eve"), 0);
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 6, &when, by), -ENOENT);
	assert_int_equal(store_meta_set(store, "rules_by_6", "6"), 0);
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 6, &when, by), -ENOENT);
	assert_int_equal(store_by_remove(store, STORE_BY_RULES, 5), 0);
	assert_int_equal(store_by_get(store, STORE_BY_RULES, 5, &when, by), -ENOENT);
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_query, begin, finish),
		cmocka_unit_test_setup_teardown(test_find, begin, finish),
		cmocka_unit_test_setup_teardown(test_transaction, begin, finish),
		cmocka_unit_test_setup_teardown(test_prune, begin, finish),
		cmocka_unit_test_setup_teardown(test_repeat, begin, finish),
		cmocka_unit_test_setup_teardown(test_known, begin, finish),
		cmocka_unit_test_setup_teardown(test_reader, begin, finish),
		cmocka_unit_test_setup_teardown(test_reader_without_rights, begin, finish),
		cmocka_unit_test_setup_teardown(test_damage, begin, finish),
		cmocka_unit_test_setup_teardown(test_other_layout, begin, finish),
		cmocka_unit_test_setup_teardown(test_cannot_open, begin, finish),
		cmocka_unit_test_setup_teardown(test_by, begin, finish),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
