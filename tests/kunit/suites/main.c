// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the suites when the module is loaded, or only=NAME of them. The kernel
 * has no list of them, so they are started by hand; loading succeeds whatever
 * they say, and the log has the verdict.
 */
#include <linux/module.h>
#include <linux/string.h>

#include "suites.h"

bool wxg_kunit_no_memory;
unsigned int wxg_kunit_room;

static struct kunit_suite *suites[] = {
	&wxg_kunit_cases,
	&wxg_kunit_known,
	&wxg_kunit_known_bound,
	&wxg_kunit_known_memory,
	&wxg_kunit_ring,
	&wxg_kunit_rules_live,
	&wxg_kunit_finding,
	&wxg_kunit_dump,
	&wxg_kunit_repeat,
	&wxg_kunit_budget,
	&wxg_kunit_evidence,
};

static char *only;
module_param(only, charp, 0444);

static struct kunit_suite **chosen = suites;
static int count = ARRAY_SIZE(suites);

static int __init suites_init(void)
{
	unsigned int i;

	for (i = 0; only && i < ARRAY_SIZE(suites); i++) {
		if (strcmp(suites[i]->name, only))
			continue;
		chosen = &suites[i];
		count = 1;
	}
	pr_info("KTAP version 1\n");
	pr_info("1..%d\n", count);
	return __kunit_test_suites_init(chosen, count);
}
module_init(suites_init);

static void __exit suites_exit(void)
{
	__kunit_test_suites_exit(chosen, count);
}
module_exit(suites_exit);

MODULE_DESCRIPTION("KUnit suites of wxguard");
MODULE_LICENSE("GPL");
