// SPDX-License-Identifier: GPL-2.0-or-later
/* What becomes a record when somebody, or the module itself, changes something. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "../../userspace/daemon/changes.h"

static void mode_is(const struct changes_seen *seen, struct client_status status,
		    const char *expected)
{
	char reason[CHANGES_REASON_MAX] = "";

	assert_int_equal(changes_mode(seen, &status, reason), expected ? 1 : 0);
	if (expected)
		assert_string_equal(reason, expected);
}

static void test_mode(void **state)
{
	struct changes_seen seen = { .mode = WXGUARD_MODE_DETECT };

	(void)state;
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_DETECT }, NULL);
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_OFF }, "from detect to off");
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_ENFORCE, .confirm_left = 60,
						.confirm_mode = WXGUARD_MODE_LEARN },
		"from detect to enforce; it goes back to learn by itself in 60 s unless it is confirmed");
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_DETECT, .confirm_left = 9,
						.confirm_mode = WXGUARD_MODE_OFF },
		"detect goes back to off by itself in 9 s unless it is confirmed");

	seen.mode = WXGUARD_MODE_ENFORCE;
	seen.on_trial = true;
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_ENFORCE, .confirm_left = 58 },
		NULL);
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_ENFORCE },
		"enforce is confirmed and stays");
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_DETECT },
		"from enforce to detect, without having been confirmed");
	mode_is(&seen, (struct client_status){ .mode = WXGUARD_MODE_DETECT, .budget_trips = 1 },
		"from enforce to detect, since the budget of denials is spent");
}

static void test_somebody(void **state)
{
	struct changes_seen seen = { .mode = WXGUARD_MODE_ENFORCE, .on_trial = true };
	struct client_status status = { .mode = WXGUARD_MODE_ENFORCE };

	(void)state;
	assert_true(changes_mode_by_somebody(&seen, &status));	/* confirmed */
	status.mode = WXGUARD_MODE_DETECT;
	assert_false(changes_mode_by_somebody(&seen, &status));	/* the time was over */
	status.confirm_left = 60;
	assert_true(changes_mode_by_somebody(&seen, &status));	/* another trial */
	status.confirm_left = 0;
	seen.on_trial = false;
	assert_true(changes_mode_by_somebody(&seen, &status));
	status.budget_trips = 1;
	assert_false(changes_mode_by_somebody(&seen, &status));
}

static void beat(struct changes_seen *seen, uint64_t heartbeat, uint64_t now_ms,
		 const char *expected)
{
	struct client_status status = { .heartbeat = heartbeat };
	char reason[CHANGES_REASON_MAX] = "";

	assert_int_equal(changes_heartbeat(seen, &status, now_ms, 20000, reason),
			 expected ? 1 : 0);
	if (expected)
		assert_string_equal(reason, expected);
	changes_seen_set(seen, &status, now_ms);
}

static void test_heartbeat(void **state)
{
	struct changes_seen seen = { 0 };

	(void)state;
	beat(&seen, 100, 1000, NULL);
	beat(&seen, 100, 61000, NULL);	/* not more than three intervals yet */
	beat(&seen, 100, 61001, "the module has not looked at itself for 60 s; it should every 20 s");
	beat(&seen, 100, 90000, NULL);	/* said */
	beat(&seen, 200, 95000, "the module looks at itself again");
	beat(&seen, 200, 96000, NULL);
}

static void test_seen(void **state)
{
	const struct client_status status = {
		.mode = 3, .generation = 4, .confirm_left = 5, .locked = 1,
		.budget_trips = 6, .heartbeat = 7,
	};
	struct changes_seen seen = { .heartbeat = 7, .heartbeat_ms = 50 };

	(void)state;
	changes_seen_set(&seen, &status, 100);
	assert_int_equal(seen.mode, 3);
	assert_int_equal(seen.generation, 4);
	assert_int_equal(seen.looked_ms, 100);
	assert_true(seen.on_trial);
	assert_true(seen.locked);
	assert_int_equal(seen.budget_trips, 6);
	assert_int_equal(seen.heartbeat_ms, 50);	/* no new beat */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_mode),
		cmocka_unit_test(test_somebody),
		cmocka_unit_test(test_heartbeat),
		cmocka_unit_test(test_seen),
	};

	return cmocka_run_group_tests_name("daemon_changes", tests, NULL, NULL);
}
