// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The budget of denials, as values: what counts, and when it is spent. That
 * enforce ends with it is for KUnit, whose suite has the live mode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "core/budget.h"

#define NOW 1000

static struct wxg_budget budget;

static int set_up(void **state)
{
	(void)state;
	memset(&budget, 0, sizeof(budget));
	return 0;
}

static bool spend(uint32_t per_minute, uint32_t per_exe, uint64_t ino, int64_t now)
{
	const struct wxg_budget_rule rule = {
		.per_minute = per_minute,
		.per_exe = per_exe,
	};
	const struct wxg_known_key exe = { .ino = ino };

	return wxg_budget_spend(&budget, &rule, &exe, now);
}

static void it_is_spent_by_its_number_and_begins_anew(void **state)
{
	int turn;

	(void)state;
	for (turn = 0; turn < 2; turn++) {
		assert_false(spend(3, 100, 1, NOW));
		assert_false(spend(3, 100, 1, NOW));
		assert_true(spend(3, 100, 1, NOW));
	}
}

static void no_limit_is_never_spent(void **state)
{
	uint64_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		assert_false(spend(0, 1, i, NOW));
}

static void one_executable_counts_up_to_its_share(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < 100; i++)
		assert_false(spend(3, 2, 1, NOW));
	assert_true(spend(3, 2, 2, NOW));
}

static void a_minute_ends(void **state)
{
	(void)state;
	assert_false(spend(2, 2, 1, NOW));
	/* The last second still counts; with the next one it is over. */
	assert_true(spend(2, 2, 1, NOW + 59));
	assert_false(spend(2, 2, 1, NOW + 59));
	assert_false(spend(2, 2, 1, NOW + 59 + 60));
	assert_true(spend(2, 2, 1, NOW + 59 + 60));
}

static void more_executables_than_accounts_all_count(void **state)
{
	uint64_t i;

	(void)state;
	for (i = 1; i < WXG_BUDGET_ACCOUNTS + 10; i++)
		assert_false(spend(WXG_BUDGET_ACCOUNTS + 10, 1, i, NOW));
	assert_true(spend(WXG_BUDGET_ACCOUNTS + 10, 1, i, NOW));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(it_is_spent_by_its_number_and_begins_anew,
				       set_up),
		cmocka_unit_test_setup(no_limit_is_never_spent, set_up),
		cmocka_unit_test_setup(one_executable_counts_up_to_its_share,
				       set_up),
		cmocka_unit_test_setup(a_minute_ends, set_up),
		cmocka_unit_test_setup(more_executables_than_accounts_all_count,
				       set_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
