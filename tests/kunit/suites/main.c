// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the suites when the module is loaded. The kernel has no list of them,
 * so they are started by hand; loading succeeds whatever they say, and the
 * log has the verdict.
 */
#include <linux/module.h>

#include "suites.h"

bool wxg_kunit_no_memory;

static struct kunit_suite *suites[] = {
	&wxg_kunit_cases,
	&wxg_kunit_known,
	&wxg_kunit_known_bound,
	&wxg_kunit_ring,
	&wxg_kunit_rules_live,
	&wxg_kunit_finding,
	&wxg_kunit_repeat,
	&wxg_kunit_budget,
};

static int __init suites_init(void)
{
	pr_info("KTAP version 1\n");
	pr_info("1..%zu\n", ARRAY_SIZE(suites));
	return __kunit_test_suites_init(suites, ARRAY_SIZE(suites));
}
module_init(suites_init);

static void __exit suites_exit(void)
{
	__kunit_test_suites_exit(suites, ARRAY_SIZE(suites));
}
module_exit(suites_exit);

MODULE_DESCRIPTION("KUnit suites of wxguard");
MODULE_LICENSE("GPL");
