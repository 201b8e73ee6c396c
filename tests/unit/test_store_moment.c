// SPDX-License-Identifier: GPL-2.0-or-later
/* What the store keeps beside a finding, and what it finds near one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <lib/store.h>

#include "folder.h"

static char path[128];
static char why[STORE_WHY_MAX];
static struct store *store;

static int begin(void **state)
{
	(void)state;
	if (dir_make("moment"))
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	return store_open(path, STORE_WRITE, &store, why);
}

static int finish(void **state)
{
	(void)state;
	store_close(store);
	return dir_remove();
}

static void add(const char *id, uint64_t time, uint32_t pid, const char *json)
{
	struct store_record record = {
		.kind = STORE_FINDING, .id = id, .number = time, .time = time,
		.pid = pid, .json = json, .json_len = strlen(json),
	};

	assert_int_equal(store_record_add(store, &record), 0);
}

static void a_moment_stands_beside_its_record(void **state)
{
	char *json = NULL;

	(void)state;
	add("one", 1, 7, "{}");
	assert_int_equal(store_moment_get(store, 1, &json), -ENOENT);
	assert_int_equal(store_moment_put(store, "one", "{\"a\":1}", 7), 0);
	assert_int_equal(store_moment_put(store, "one", "{\"b\":1}", 7), 0);
	assert_int_equal(store_moment_put(store, "none", "{}", 2), 0);
	assert_int_equal(store_moment_get(store, 1, &json), 0);
	assert_string_equal(json, "{\"a\":1}");
	free(json);
	assert_int_equal(store_moment_get(store, 2, &json), -ENOENT);
}

static void a_moment_leaves_with_its_record(void **state)
{
	char *json = NULL;

	(void)state;
	add("one", 1, 7, "{}");
	add("two", 2, 7, "{}");
	assert_int_equal(store_moment_put(store, "one", "{}", 2), 0);
	assert_int_equal(store_moment_put(store, "two", "{}", 2), 0);
	assert_int_equal(store_prune_records(store, 1), 0);
	assert_int_equal(store_moment_get(store, 1, &json), -ENOENT);
	assert_int_equal(store_moment_get(store, 2, &json), 0);
	free(json);
	assert_int_equal(store_prune_records(store, 0), 0);
	assert_int_equal(store_moment_get(store, 2, &json), -ENOENT);
}

static int on_record(const struct store_record *record, void *arg)
{
	strcat(arg, record->id);
	return 0;
}

static void expect_near(const struct store_near *near, const char *expected)
{
	char list[64] = "";

	assert_int_equal(store_near(store, near, on_record, list), 0);
	assert_string_equal(list, expected);
}

static void near_is_what_has_something_in_common(void **state)
{
	struct store_near near = { .row = 3, .rows = 10, .since = 0, .until = 100, .pid = 7 };

	(void)state;
	add("a", 10, 7, "{\"x\":1}");
	add("b", 20, 8, "{\"s\":\"12\"}");
	add("c", 30, 7, "{}");
	add("d", 40, 9, "{\"c\":\"f00\"}");
	add("e", 50, 9, "{}");
	add("f", 60, 7, "{}");
	expect_near(&near, "af");
	near.text[0] = "\"s\":\"12\"";
	expect_near(&near, "abf");
	near.text[2] = "\"c\":\"f00\"";
	expect_near(&near, "abdf");
	near.since = 20;
	expect_near(&near, "bdf");
	near.until = 40;
	expect_near(&near, "bd");
	near.rows = 1;
	expect_near(&near, "bd");
	near.text[0] = NULL;
	expect_near(&near, "d");
}

static void an_executable_was_seen(void **state)
{
	struct store_known entry = {
		.known = { .dev = 1, .ino = 2, .generation = 3, .ctime_sec = 4, .ctime_nsec = 5,
			   .classes = 1 << WXGUARD_CLASS_WX_TRANSITION,
			   .first_seen = 100, .last_seen = 200, .count = 3 },
	};
	struct client_known key = entry.known;
	struct store_seen seen;

	(void)state;
	assert_int_equal(store_known_seen(store, &key, &seen), -ENOENT);
	assert_int_equal(store_known_put(store, &entry), 0);
	entry.known.shape = WXGUARD_REGION_HEAP;
	entry.known.first_seen = 50;
	entry.known.last_seen = 150;
	assert_int_equal(store_known_put(store, &entry), 0);
	assert_int_equal(store_known_seen(store, &key, &seen), 0);
	assert_int_equal(seen.first, 50);
	assert_int_equal(seen.last, 200);
	assert_int_equal(seen.count, 6);
	key.classes = 1 << WXGUARD_CLASS_RWX_MPROTECT;
	assert_int_equal(store_known_seen(store, &key, &seen), -ENOENT);
	key.classes = 1 << WXGUARD_CLASS_WX_TRANSITION;
	key.ctime_nsec = 6;
	assert_int_equal(store_known_seen(store, &key, &seen), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_moment_stands_beside_its_record, begin, finish),
		cmocka_unit_test_setup_teardown(a_moment_leaves_with_its_record, begin, finish),
		cmocka_unit_test_setup_teardown(near_is_what_has_something_in_common, begin, finish),
		cmocka_unit_test_setup_teardown(an_executable_was_seen, begin, finish),
	};

	return cmocka_run_group_tests_name("store_moment", tests, NULL, NULL);
}
