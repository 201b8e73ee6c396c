// SPDX-License-Identifier: GPL-2.0-only
/*
 * The budget of denials: what counts, what does not, and that enforce ends
 * with it.
 */
#include "budget.h"
#include "rules_live.h"
#include "suites.h"

#define NOW 1000

static struct wxg_budget budget;

static bool spend(u32 per_minute, u32 per_exe, u64 ino, s64 now)
{
	const struct wxg_budget_rule rule = {
		.per_minute = per_minute,
		.per_exe = per_exe,
	};
	const struct wxg_known_key exe = { .ino = ino };

	return wxg_budget_spend(&budget, &rule, &exe, now);
}

static void it_is_spent_by_its_number(struct kunit *test)
{
	u32 turn, i;

	for (turn = 0; turn < 2; turn++) {
		for (i = 1; i < 120; i++)
			KUNIT_EXPECT_FALSE(test, spend(120, 1000, 1, NOW));
		/* And then it begins anew. */
		KUNIT_EXPECT_TRUE(test, spend(120, 1000, 1, NOW));
	}
	KUNIT_EXPECT_TRUE(test, spend(1, 1, 1, NOW));
}

static void one_executable_cannot_spend_it_all(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_FALSE(test, spend(30, 10, 1, NOW));
	for (i = 0; i < 1000; i++)
		KUNIT_EXPECT_FALSE(test, spend(30, 10, 2, NOW));
	for (i = 1; i < 10; i++)
		KUNIT_EXPECT_FALSE(test, spend(30, 10, 3, NOW));
	KUNIT_EXPECT_TRUE(test, spend(30, 10, 3, NOW));
}

static void a_minute_ends(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, spend(3, 3, 1, NOW));
	KUNIT_EXPECT_FALSE(test, spend(3, 3, 1, NOW + 59));
	/* The first two no longer count. */
	KUNIT_EXPECT_FALSE(test, spend(3, 3, 1, NOW + 60));
	KUNIT_EXPECT_FALSE(test, spend(3, 3, 1, NOW + 61));
	KUNIT_EXPECT_TRUE(test, spend(3, 3, 1, NOW + 119));
}

static void an_account_ends_with_its_minute(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_FALSE(test, spend(3, 2, 1, NOW));
	KUNIT_EXPECT_FALSE(test, spend(3, 2, 1, NOW + 60));
	KUNIT_EXPECT_FALSE(test, spend(3, 2, 1, NOW + 60));
	KUNIT_EXPECT_TRUE(test, spend(3, 2, 2, NOW + 60));
}

static void no_limit_is_never_spent(struct kunit *test)
{
	u32 i;

	for (i = 0; i < 10000; i++)
		KUNIT_EXPECT_FALSE(test, spend(0, 1, i, NOW));
}

/* More executables than accounts: none of them goes uncounted. */
static void a_rule_that_stops_many_is_ended(struct kunit *test)
{
	u32 i;

	for (i = 1; i < 1000; i++)
		KUNIT_ASSERT_FALSE(test, spend(1000, 1, i, NOW));
	KUNIT_EXPECT_TRUE(test, spend(1000, 1, i, NOW));
}

static bool charge(u64 ino)
{
	const struct wxg_known_key exe = { .ino = ino };

	return wxg_budget_charge(&exe, NOW);
}

/* The default: 120, of which an executable counts 10. */
static u32 charged_until_spent(void)
{
	u32 i;

	for (i = 1; i <= 1000; i++)
		if (charge(i / 5))
			break;
	return i;
}

static void spent_it_ends_enforce(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_ENFORCE), 0);
	KUNIT_EXPECT_EQ(test, charged_until_spent(),
			(u32)WXGUARD_BUDGET_DEFAULT);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_DETECT);
	KUNIT_EXPECT_EQ(test, wxg_budget_trips(), 1ull);
	/* Denials of calls that were under way; enforce has ended once. */
	KUNIT_EXPECT_GT(test, charged_until_spent(), 1000u);
	KUNIT_EXPECT_EQ(test, wxg_budget_trips(), 1ull);
	KUNIT_EXPECT_EQ(test, wxg_live_mode, (u32)WXGUARD_MODE_DETECT);
}

static void enforce_again_is_a_new_budget(struct kunit *test)
{
	u32 trip;

	for (trip = 1; trip <= 3; trip++) {
		KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_ENFORCE), 0);
		KUNIT_EXPECT_EQ(test, charged_until_spent(),
				(u32)WXGUARD_BUDGET_DEFAULT);
		KUNIT_EXPECT_EQ(test, wxg_budget_trips(), (u64)trip);
	}
}

static void new_rules_are_a_new_budget(struct kunit *test)
{
	struct wxg_rules rules;
	u32 i;

	KUNIT_ASSERT_EQ(test, wxg_mode_set(WXGUARD_MODE_ENFORCE), 0);
	for (i = 1; i < WXGUARD_BUDGET_DEFAULT; i++)
		KUNIT_EXPECT_FALSE(test, charge(i / 5));
	wxg_rules_init(&rules);
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&rules, 0), 2ll);
	KUNIT_EXPECT_EQ(test, charged_until_spent(),
			(u32)WXGUARD_BUDGET_DEFAULT);
}

static int set_up(struct kunit *test)
{
	memset(&budget, 0, sizeof(budget));
	wxg_budget_init();
	return wxg_rules_live_init(WXGUARD_MODE_DETECT, false, 3600);
}

static void tear_down(struct kunit *test)
{
	wxg_rules_live_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(it_is_spent_by_its_number),
	KUNIT_CASE(one_executable_cannot_spend_it_all),
	KUNIT_CASE(a_minute_ends),
	KUNIT_CASE(an_account_ends_with_its_minute),
	KUNIT_CASE(no_limit_is_never_spent),
	KUNIT_CASE(a_rule_that_stops_many_is_ended),
	KUNIT_CASE(spent_it_ends_enforce),
	KUNIT_CASE(enforce_again_is_a_new_budget),
	KUNIT_CASE(new_rules_are_a_new_budget),
	{}
};

struct kunit_suite wxg_kunit_budget = {
	.name = "budget",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
