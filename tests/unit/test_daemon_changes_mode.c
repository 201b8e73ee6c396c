// SPDX-License-Identifier: GPL-2.0-or-later
/* What is told of the mode that was changed while the daemon did not run. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/daemon/wxguardd.h"
#include "folder.h"

static struct wxguardd d;
static char path[128], why[STORE_WHY_MAX];
static int64_t read_up_to;

/* Another process of the daemon, which has only the store. */
static void start_anew(void)
{
	store_close(d.store);
	memset(&d, 0, sizeof(d));
	assert_int_equal(ecs_context_load(&d.context), 0);
	assert_int_equal(store_open(path, STORE_WRITE, &d.store, why), 0);
}

static int begin(void **state)
{
	(void)state;
	if (dir_make("changes"))
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	read_up_to = 0;
	start_anew();
	return 0;
}

static int finish(void **state)
{
	(void)state;
	store_close(d.store);
	memset(&d, 0, sizeof(d));
	return dir_remove();
}

static int on_record(const struct store_record *record, void *arg)
{
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL), *change;
	const char *code = NULL, *reason = NULL, *from = "-", *to = "-", *by = "-";
	char *text = arg;

	assert_int_equal(json_unpack(doc, "{s:{s:s, s:s}}", "event", "code", &code,
				     "reason", &reason), 0);
	change = json_object_get(json_object_get(doc, "wxguard"), "change");
	json_unpack(change, "{s:[s], s:[s]}", "before", &from, "after", &to);
	json_unpack(change, "{s:s}", "by", &by);
	sprintf(text + strlen(text), "%s %s %s %s: %s\n", code, from, to, by, reason);
	read_up_to = record->row;
	json_decref(doc);
	return 0;
}

/* What was told since the last time. */
static void expect_told(const char *expected)
{
	const struct store_query query = { .after_row = read_up_to };
	char text[1024] = "";

	assert_int_equal(store_query(d.store, &query, on_record, text), 0);
	assert_string_equal(text, expected);
}

static void connect_to(struct client_status before, struct client_status after)
{
	start_anew();
	changes_mode_away(&d, &before);
	changes_mode_settled(&d, &after);
}

/* The first time there is nothing to compare with. */
static void the_first_look_tells_nothing(void **state)
{
	const struct client_status detect = { .mode = WXGUARD_MODE_DETECT };
	const struct client_status locked = { .mode = WXGUARD_MODE_ENFORCE, .locked = 1 };

	(void)state;
	connect_to(locked, locked);
	expect_told("");
	connect_to(locked, locked);
	expect_told("");
	assert_int_equal(changes_mode_look(&d, &locked), 0);
	assert_int_equal(changes_mode_look(&d, &detect), 1);
	expect_told("mode_changed enforce detect -: from enforce to detect; nobody said by whom\n");
	connect_to(detect, detect);
	expect_told("");
}

static void what_was_changed_meanwhile_is_told(void **state)
{
	const struct client_status enforce = { .mode = WXGUARD_MODE_ENFORCE };
	const struct client_status off = { .mode = WXGUARD_MODE_OFF };
	const struct client_status detect = { .mode = WXGUARD_MODE_DETECT };
	const struct client_status trial = { .mode = WXGUARD_MODE_ENFORCE, .confirm_left = 50,
					     .confirm_mode = WXGUARD_MODE_DETECT };

	(void)state;
	connect_to(enforce, enforce);
	assert_int_equal(store_by_put(d.store, STORE_BY_MODE, WXGUARD_MODE_OFF, "alice"), 0);
	connect_to(off, off);
	expect_told("mode_changed enforce off alice: from enforce to off; by alice; while wxguardd did not run\n");
	connect_to(off, off);
	expect_told("");
	connect_to(detect, detect);
	expect_told("mode_changed off detect -: from off to detect; nobody said by whom; while wxguardd did not run\n");
	connect_to(trial, trial);
	expect_told("mode_changed detect enforce -: from detect to enforce; it goes back to detect by itself in 50 s unless it is confirmed; nobody said by whom; while wxguardd did not run\n");
	connect_to(detect, detect);
	expect_told("mode_changed enforce detect -: from enforce to detect, without having been confirmed; while wxguardd did not run\n");
}

/* Somebody turned it off, and this daemon's configuration on again: both. */
static void what_the_daemon_does_then_is_told_too(void **state)
{
	const struct client_status enforce = { .mode = WXGUARD_MODE_ENFORCE };
	const struct client_status off = { .mode = WXGUARD_MODE_OFF };

	(void)state;
	connect_to(enforce, enforce);
	start_anew();
	changes_mode_away(&d, &off);
	assert_int_equal(store_by_put(d.store, STORE_BY_MODE, WXGUARD_MODE_ENFORCE, "wxguardd"), 0);
	changes_mode_settled(&d, &enforce);
	expect_told("mode_changed enforce off -: from enforce to off; nobody said by whom; while wxguardd did not run\n"
		    "mode_changed off enforce wxguardd: from off to enforce; by wxguardd\n");
}

static void a_lock_and_a_spent_budget_are_told(void **state)
{
	const struct client_status enforce = { .mode = WXGUARD_MODE_ENFORCE };
	const struct client_status spent = { .mode = WXGUARD_MODE_DETECT, .budget_trips = 1,
					     .locked = 1 };

	(void)state;
	connect_to(enforce, enforce);
	connect_to(spent, spent);
	expect_told("mode_changed enforce detect -: from enforce to detect, since the budget of denials is spent; while wxguardd did not run\n"
		    "budget_spent - - -: more was denied within a minute than the rules allow; the mode is detect; while wxguardd did not run\n"
		    "module_locked - - -: it cannot be unloaded before the next boot; while wxguardd did not run\n");
	connect_to(spent, spent);
	expect_told("");
}

/* Of a module that was loaded meanwhile only what it is like in the end is told. */
static void a_module_loaded_anew_is_told(void **state)
{
	const struct client_status enforce = { .mode = WXGUARD_MODE_ENFORCE, .locked = 1,
					       .budget_trips = 3 };
	const struct client_status detect = { .mode = WXGUARD_MODE_DETECT };

	(void)state;
	connect_to(enforce, enforce);
	assert_int_equal(store_meta_set(d.store, STORE_META_MODE_TOLD,
		"{\"load\": \"other-1\", \"mode\": 3, \"trial\": false, \"locked\": true,"
		" \"budget_trips\": 3, \"looked\": 999999999999}"), 0);
	_Static_assert(WXGUARD_MODE_ENFORCE == 3, "the mode above");
	connect_to(detect, enforce);	/* the configuration says enforce */
	expect_told("");
	assert_int_equal(store_meta_set(d.store, STORE_META_MODE_TOLD,
		"{\"load\": \"other-1\", \"mode\": 3, \"trial\": false, \"locked\": true,"
		" \"budget_trips\": 3, \"looked\": 999999999999}"), 0);
	connect_to(detect, detect);
	expect_told("mode_changed enforce detect the module (loaded anew): from enforce to detect; by the module (loaded anew)\n");
	/* What stands there is no reason to fail. */
	assert_int_equal(store_meta_set(d.store, STORE_META_MODE_TOLD, "{\"mode\": \"x\"}"), 0);
	connect_to(enforce, enforce);
	expect_told("");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_first_look_tells_nothing, begin, finish),
		cmocka_unit_test_setup_teardown(what_was_changed_meanwhile_is_told, begin, finish),
		cmocka_unit_test_setup_teardown(what_the_daemon_does_then_is_told_too, begin, finish),
		cmocka_unit_test_setup_teardown(a_lock_and_a_spent_budget_are_told, begin, finish),
		cmocka_unit_test_setup_teardown(a_module_loaded_anew_is_told, begin, finish),
	};

	return cmocka_run_group_tests_name("daemon_changes_mode", tests, NULL, NULL);
}
