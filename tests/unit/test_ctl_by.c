// SPDX-License-Identifier: GPL-2.0-or-later
/* What somebody did to the known executables becomes a record in the stream. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../../userspace/ctl/by.h"
#include "../../userspace/ctl/records.h"
#include "folder.h"

static char path[128], why[STORE_WHY_MAX];
static bool no_store;

/* Stands in for the way through wxguard.conf. */
int records_amend(struct store **store, char at[CONFIG_PATH_MAX], char said[RECORDS_WHY_MAX])
{
	snprintf(at, CONFIG_PATH_MAX, "%s", path);
	return no_store ? -ENOENT : store_open(path, STORE_AMEND, store, said);
}

static int begin(void **state)
{
	struct store *store;

	(void)state;
	no_store = false;
	if (dir_make("by"))
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	if (store_open(path, STORE_WRITE, &store, why))
		return -1;
	store_close(store);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

static int on_record(const struct store_record *record, void *arg)
{
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL), *change;
	const char *code = NULL, *reason = NULL, *of = NULL, *before = "-", *after = "-";
	char *text = arg, *by;

	assert_int_equal(record->kind, STORE_NOTICE);
	assert_int_equal(json_unpack(doc, "{s:{s:s, s:s}}", "event", "code", &code,
				     "reason", &reason), 0);
	change = json_object_get(json_object_get(doc, "wxguard"), "change");
	assert_int_equal(json_unpack(change, "{s:s}", "of", &of), 0);
	json_unpack(change, "{s:[s]}", "before", &before);
	json_unpack(change, "{s:[s]}", "after", &after);
	assert_string_equal(code, "known_changed");
	assert_string_equal(of, "known");
	by = strstr(reason, "; by ");	/* whoever runs the test */
	assert_non_null(by);
	sprintf(text + strlen(text), "%.*s [%s] [%s]\n", (int)(by - reason), reason, before, after);
	json_decref(doc);
	return 0;
}

static void expect_told(const char *expected)
{
	const struct store_query query = { 0 };
	struct store *store;
	char text[1024] = "";

	assert_int_equal(store_open(path, STORE_READ, &store, why), 0);
	assert_int_equal(store_query(store, &query, on_record, text), 0);
	store_close(store);
	assert_string_equal(text, expected);
}

static void what_was_done_is_told(void **state)
{
	(void)state;
	by_known("forgotten", false, "/tmp/a\033[31m\nb");
	by_known_many("pinned", true, 0, "promoted");
	by_known_many("entered", true, 12, "baseline of h");
	by_known_many("pinned", true, 1, "promoted");
	expect_told("\"/tmp/a\\x1b[31m\\x0ab\" was forgotten [\"/tmp/a\\x1b[31m\\x0ab\"] [-]\n"
		    "12 executables were entered (\"baseline of h\") [-] [\"baseline of h\"]\n"
		    "1 executable was pinned (promoted) [-] [promoted]\n");
}

static void without_a_store_nothing_is_told(void **state)
{
	(void)state;
	no_store = true;
	by_known("forgotten", false, "/tmp/a");
	expect_told("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_was_done_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(without_a_store_nothing_is_told, begin, finish),
	};

	return cmocka_run_group_tests_name("ctl_by", tests, NULL, NULL);
}
