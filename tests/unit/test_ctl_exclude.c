// SPDX-License-Identifier: GPL-2.0-or-later
/* What is said about an exclusion among others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "../../userspace/ctl/exclude_lint.h"

#define NOW 1768470067

static struct client_exemption good(void)
{
	return (struct client_exemption){
		.name = "good", .classes = 1 << WXGUARD_CLASS_RWX_MPROTECT,
		.exe = "/usr/bin/env", .reason = "r", .hits = 3,
	};
}

static unsigned int lint(struct client_exemption *rows, unsigned int count, unsigned int i)
{
	struct client_rules rules = { .count = count, .exemption = rows };

	return exclude_lint(&rules, i, NOW, NULL);
}

static void test_good(void **state)
{
	struct client_exemption row = good();

	(void)state;
	assert_int_equal(lint(&row, 1, 0), 0);
}

static void test_each_fault(void **state)
{
	struct client_exemption row = good();

	(void)state;
	row.expires = NOW;
	assert_int_equal(lint(&row, 1, 0), FAULT_EXPIRED);
	row = good();
	row.hits = 0;
	assert_int_equal(lint(&row, 1, 0), FAULT_UNUSED);
	row = good();
	strcpy(row.exe, "/nowhere/agentd");
	assert_int_equal(lint(&row, 1, 0), FAULT_ABSENT);
	row = good();
	row.has_sha256 = true;
	assert_int_equal(lint(&row, 1, 0), FAULT_ABSENT);
	row = good();
	strcpy(row.exe, "/**");
	assert_int_equal(lint(&row, 1, 0), FAULT_DANGEROUS);
	row = good();
	strcpy(row.comm, "env");
	assert_int_equal(lint(&row, 1, 0), FAULT_DANGEROUS);
	row = good();
	strcpy(row.exe, "/opt/*/python3");
	assert_int_equal(lint(&row, 1, 0), FAULT_DANGEROUS);
	strcpy(row.cgroup, "/system.slice/acme.service");
	assert_int_equal(lint(&row, 1, 0), 0);
	row = good();
	row.exe[0] = 0;
	row.has_uid = true;
	assert_int_equal(lint(&row, 1, 0), FAULT_DANGEROUS);
}

static void test_shadow(void **state)
{
	struct client_exemption rows[] = { good(), good() };

	(void)state;
	/* The same twice: the second one is too many. */
	assert_int_equal(lint(rows, 2, 0), 0);
	assert_int_equal(lint(rows, 2, 1), FAULT_SHADOWED);
	strcpy(rows[1].exe, "/usr/*/env");
	assert_int_equal(lint(rows, 2, 0), FAULT_SHADOWED);
	assert_int_equal(lint(rows, 2, 1), 0);
	rows[1].expires = NOW;	/* what is over covers nothing */
	assert_int_equal(lint(rows, 2, 0), 0);
}

static void test_covers(void **state)
{
	struct client_exemption wide = good(), narrow = good();

	(void)state;
	narrow.has_uid = true;
	strcpy(narrow.cgroup, "/a/b");
	assert_true(exclude_covers(&wide, &narrow));
	assert_false(exclude_covers(&narrow, &wide));
	strcpy(wide.cgroup, "/a/*");
	assert_true(exclude_covers(&wide, &narrow));
	wide.has_uid = true;
	wide.uid = 7;
	assert_false(exclude_covers(&wide, &narrow));
	wide = good();
	narrow.classes |= 1 << WXGUARD_CLASS_EXEC_MEMORY;
	assert_false(exclude_covers(&wide, &narrow));
	narrow = good();
	wide.expires = NOW + 5;
	assert_false(exclude_covers(&wide, &narrow));
	narrow.expires = NOW + 5;
	assert_true(exclude_covers(&wide, &narrow));
	wide.has_sha256 = true;
	assert_false(exclude_covers(&wide, &narrow));
	narrow.has_sha256 = true;
	assert_true(exclude_covers(&wide, &narrow));
	narrow.sha256[5] = 1;
	assert_false(exclude_covers(&wide, &narrow));
	wide = good();
	wide.has_identity = true;
	assert_false(exclude_covers(&wide, &narrow));
	strcpy(wide.exe, "/usr/bin/e*");
	narrow = good();
	strcpy(narrow.exe, "/usr/bin/en*");
	wide.has_identity = false;
	assert_false(exclude_covers(&wide, &narrow));	/* two globs are not compared */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_each_fault),
		cmocka_unit_test(test_shadow),
		cmocka_unit_test(test_covers),
	};

	return cmocka_run_group_tests_name("ctl_exclude", tests, NULL, NULL);
}
