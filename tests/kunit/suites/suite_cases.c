// SPDX-License-Identifier: GPL-2.0-only
/*
 * The tables of truth of tests/cases, as the kernel compiles core/.
 */
#include <linux/string.h>

#include "cases.h"
#include "suites.h"

/* A parameter is a pointer to one of these; its place is the row. */
static const char row_of[512];

static const void *next_row(const struct wxg_cases *cases, const void *prev,
			    char *desc)
{
	u32 i = prev ? (u32)((const char *)prev - row_of) + 1 : 0;

	if (i >= cases->count || i >= ARRAY_SIZE(row_of))
		return NULL;
	strscpy(desc, cases->title(i), KUNIT_PARAM_DESC_SIZE);
	return &row_of[i];
}

static void run_row(struct kunit *test, const struct wxg_cases *cases)
{
	u32 i = (u32)((const char *)test->param_value - row_of);
	const char *why = cases->run(i);

	if (why)
		KUNIT_FAIL(test, "%s: %s", cases->title(i), why);
}

#define TABLE(table)							\
static const void *table##_rows(const void *prev, char *desc)		\
{									\
	return next_row(&wxg_cases_##table, prev, desc);		\
}									\
static void table(struct kunit *test)					\
{									\
	run_row(test, &wxg_cases_##table);				\
}

TABLE(prot)
TABLE(origin)
TABLE(mmap)
TABLE(glob)
TABLE(decide)
TABLE(promises)
TABLE(match)
TABLE(prefix)
TABLE(check_class)
TABLE(check)
TABLE(check_scope)
TABLE(check_bounds)
TABLE(check_each_class)
TABLE(check_lengths)
TABLE(danger)
TABLE(scope)
TABLE(interp)
TABLE(mprotect)

static void every_table_is_run(struct kunit *test)
{
	u32 tables = 0;

	while (wxg_cases[tables]) {
		KUNIT_EXPECT_LE(test, wxg_cases[tables]->count,
				(u32)ARRAY_SIZE(row_of));
		tables++;
	}
	/* The cases of this suite, but for this one and the end. */
	KUNIT_EXPECT_EQ(test, (size_t)tables + 1,
			kunit_suite_num_test_cases(&wxg_kunit_cases));
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(prot, prot_rows),
	KUNIT_CASE_PARAM(origin, origin_rows),
	KUNIT_CASE_PARAM(mmap, mmap_rows),
	KUNIT_CASE_PARAM(glob, glob_rows),
	KUNIT_CASE_PARAM(decide, decide_rows),
	KUNIT_CASE_PARAM(promises, promises_rows),
	KUNIT_CASE_PARAM(match, match_rows),
	KUNIT_CASE_PARAM(prefix, prefix_rows),
	KUNIT_CASE_PARAM(check_class, check_class_rows),
	KUNIT_CASE_PARAM(check, check_rows),
	KUNIT_CASE_PARAM(check_scope, check_scope_rows),
	KUNIT_CASE_PARAM(check_bounds, check_bounds_rows),
	KUNIT_CASE_PARAM(check_each_class, check_each_class_rows),
	KUNIT_CASE_PARAM(check_lengths, check_lengths_rows),
	KUNIT_CASE_PARAM(danger, danger_rows),
	KUNIT_CASE_PARAM(scope, scope_rows),
	KUNIT_CASE_PARAM(interp, interp_rows),
	KUNIT_CASE_PARAM(mprotect, mprotect_rows),
	KUNIT_CASE(every_table_is_run),
	{}
};

struct kunit_suite wxg_kunit_cases = {
	.name = "cases",
	.test_cases = cases,
};
