// SPDX-License-Identifier: GPL-2.0-or-later
/* A process and another that got its number are told apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <lib/proc_same.h>

static void a_start_time_tells_who_it_is(void **state)
{
	uint64_t ticks = 0, ns = UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK);
	uint32_t self = (uint32_t)getpid();

	(void)state;
	assert_int_equal(proc_start(self, &ticks), 0);
	assert_int_not_equal(ticks, 0);
	assert_int_equal(proc_same(self, ticks * ns), 0);
	assert_int_equal(proc_same(self, ticks * ns + ns - 1), 0);
	assert_int_equal(proc_same(self, ticks * ns + ns), -ESTALE);
	assert_int_equal(proc_same(self, ticks * ns - 1), -ESTALE);
	assert_int_equal(proc_same(UINT32_C(1) << 30, 1), -ESRCH);
}

/* The name stands in front of the numbers, and is the process's own choice. */
static void a_name_cannot_pass_for_a_number(void **state)
{
	uint64_t before = 0, after = 0;

	(void)state;
	assert_int_equal(proc_start((uint32_t)getpid(), &before), 0);
	assert_int_equal(prctl(PR_SET_NAME, ") R 1 2 3 (", 0, 0, 0), 0);
	assert_int_equal(proc_start((uint32_t)getpid(), &after), 0);
	assert_int_equal(before, after);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_time_tells_who_it_is),
		cmocka_unit_test(a_name_cannot_pass_for_a_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
