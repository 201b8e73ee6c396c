// SPDX-License-Identifier: GPL-2.0-or-later
/* What nftables is told, and what it may never be told. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/respond.h>

static char why[RESPOND_WHY_MAX];

static void the_host_cannot_be_cut_off(void **state)
{
	(void)state;
	assert_int_equal(respond_may_isolate("/", "/user.slice/x", why), -EINVAL);
	assert_non_null(strstr(why, "would cut off the host"));
	assert_int_equal(respond_may_isolate("/user.slice", "/user.slice/session-3.scope", why), -EINVAL);
	assert_non_null(strstr(why, "this command runs in the same control group"));
	assert_int_equal(respond_may_isolate("/a.slice", "/a.slice", why), -EINVAL);
	assert_int_equal(respond_may_isolate("/a.slice", "/a.slices/x", why), 0);
	assert_int_equal(respond_may_isolate("/a.slice/b.service", "/a.slice", why), 0);
}

/* A name that would be more than a name to nft. */
static void a_hostile_name_is_refused(void **state)
{
	(void)state;
	assert_int_equal(respond_may_isolate("/a\" drop; add table ip x", "/b", why), -EINVAL);
	assert_int_equal(respond_may_isolate("/a\nflush ruleset", "/b", why), -EINVAL);
	assert_int_equal(respond_may_isolate("/a\xc3\xa4", "/b", why), -EINVAL);
	assert_int_equal(respond_may_isolate("/sys.slice/a\\x2db.service", "/b", why), 0);
}

static void rules_drop_both_ways(void **state)
{
	char *rules = respond_rules("/system.slice/acme.service", "3f1c-01");

	(void)state;
	assert_string_equal(rules,
		"add table inet wxguard_respond\n"
		"add chain inet wxguard_respond input { type filter hook input priority -300; policy accept; }\n"
		"add chain inet wxguard_respond output { type filter hook output priority -300; policy accept; }\n"
		"add rule inet wxguard_respond input socket cgroupv2 level 2 \"system.slice/acme.service\" counter drop comment \"wxguard:3f1c-01\"\n"
		"add rule inet wxguard_respond output socket cgroupv2 level 2 \"system.slice/acme.service\" counter drop comment \"wxguard:3f1c-01\"\n");
	free(rules);
}

static const char listing[] =
	"table inet wxguard_respond { # handle 7\n"
	"\tchain input { # handle 1\n"
	"\t\ttype filter hook input priority raw; policy accept;\n"
	"\t\tsocket cgroupv2 level 1 \"a\" counter packets 0 bytes 0 drop comment \"wxguard:3f1c-01\" # handle 3\n"
	"\t\tsocket cgroupv2 level 1 \"b\" counter packets 0 bytes 0 drop comment \"wxguard:3f1c-012\" # handle 5\n"
	"\t}\n"
	"\tchain output { # handle 2\n"
	"\t\tsocket cgroupv2 level 1 \"a\" counter packets 9 bytes 540 drop comment \"wxguard:3f1c-01\" # handle 4\n"
	"\t}\n"
	"}\n";

static void only_its_own_rules_are_taken_back(void **state)
{
	unsigned int rules, others;
	char *undo = respond_undo_rules(listing, "3f1c-01", &rules, &others);

	(void)state;
	assert_int_equal(rules, 2);
	assert_int_equal(others, 1);
	assert_string_equal(undo, "delete rule inet wxguard_respond input handle 3\n"
				  "delete rule inet wxguard_respond output handle 4\n");
	free(undo);
	undo = respond_undo_rules(listing, "none", &rules, &others);
	assert_int_equal(rules, 0);
	assert_string_equal(undo, "");
	free(undo);
	undo = respond_undo_rules("", "3f1c-01", &rules, &others);
	assert_int_equal(rules + others, 0);
	free(undo);
}

/* With the last of them the table goes. */
static void nothing_is_left_behind(void **state)
{
	unsigned int rules, others;
	char *undo = respond_undo_rules("chain input {\n x comment \"wxguard:i\" # handle 3\n}\n", "i",
					&rules, &others);

	(void)state;
	assert_string_equal(undo, "delete rule inet wxguard_respond input handle 3\n"
				  "delete table inet wxguard_respond\n");
	free(undo);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_host_cannot_be_cut_off),
		cmocka_unit_test(a_hostile_name_is_refused),
		cmocka_unit_test(rules_drop_both_ways),
		cmocka_unit_test(only_its_own_rules_are_taken_back),
		cmocka_unit_test(nothing_is_left_behind),
	};

	return cmocka_run_group_tests_name("ctl_respond", tests, NULL, NULL);
}
