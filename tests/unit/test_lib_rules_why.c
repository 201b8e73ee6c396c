// SPDX-License-Identifier: GPL-2.0-or-later
/* Which matcher of an exclusion kept it from covering an event. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include <lib/rules_why.h>

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static struct rules_case agent(void)
{
	return (struct rules_case){
		.class = WXGUARD_CLASS_RWX_MPROTECT,
		.exe = BYTES("/opt/acme/bin/agentd"),
		.comm = BYTES("agentd"),
		.cgroup = BYTES("/system.slice/acme.service"),
		.has_uid = true, .uid = 1001,
		.has_key = true, .dev = 8 << 20 | 1, .ino = 42, .generation = 7,
		.ctime_sec = 1700000000, .ctime_nsec = 5,
		.now = 1768470067,
	};
}

static struct client_exemption excluded(void)
{
	return (struct client_exemption){
		.name = "agent", .classes = 1 << WXGUARD_CLASS_RWX_MPROTECT,
		.exe = "/opt/**/agentd",
	};
}

static void what_fits_covers(void **state)
{
	struct client_exemption row = excluded();
	struct rules_case event = agent();

	(void)state;
	row.has_uid = true;
	row.uid = 1001;
	row.has_identity = true;
	row.dev = event.dev;
	row.ino = 42;
	row.generation = 7;
	row.ctime_sec = 1700000000;
	row.ctime_nsec = 5;
	strcpy(row.comm, "agentd");
	strcpy(row.cgroup, "/system.slice/*");
	row.expires = event.now + 1;
	assert_int_equal(rules_why(&row, &event), 0);
}

static void each_matcher_misses_for_itself(void **state)
{
	struct rules_case event = agent();
	struct client_exemption row = excluded();

	(void)state;
	strcpy(row.exe, "/opt/*/agentd");
	assert_int_equal(rules_why(&row, &event), RULES_MISS_EXE);
	row = excluded();
	row.classes = 1 << WXGUARD_CLASS_EXEC_MEMORY;
	assert_int_equal(rules_why(&row, &event), RULES_MISS_CLASS);
	row = excluded();
	row.expires = event.now;
	assert_int_equal(rules_why(&row, &event), RULES_MISS_EXPIRED);
	row = excluded();
	row.has_uid = true;
	assert_int_equal(rules_why(&row, &event), RULES_MISS_UID);
	row = excluded();
	strcpy(row.comm, "agent");
	assert_int_equal(rules_why(&row, &event), RULES_MISS_COMM);
	row = excluded();
	strcpy(row.cgroup, "/user.slice/**");
	assert_int_equal(rules_why(&row, &event), RULES_MISS_CGROUP);
	row = excluded();
	row.has_identity = true;
	row.dev = event.dev;
	row.ino = 42;
	row.generation = 7;
	row.ctime_sec = 1700000000;
	row.ctime_nsec = 6;
	assert_int_equal(rules_why(&row, &event), RULES_MISS_FILE);
}

static void all_that_miss_are_told(void **state)
{
	struct rules_case event = agent();
	struct client_exemption row = excluded();

	(void)state;
	strcpy(row.exe, "/usr/**");
	row.has_uid = true;
	row.expires = 1;
	assert_int_equal(rules_why(&row, &event),
			 RULES_MISS_EXE | RULES_MISS_UID | RULES_MISS_EXPIRED);
}

/* The module fills in the identity of content; one that it has not yet covers nothing. */
static void content_without_an_identity_covers_nothing(void **state)
{
	struct rules_case event = agent();
	struct client_exemption row = excluded();

	(void)state;
	row.has_sha256 = true;
	assert_int_equal(rules_why(&row, &event), RULES_MISS_FILE);
}

static void what_is_not_known_is_not_guessed(void **state)
{
	struct rules_case event = agent();
	struct client_exemption row = excluded();

	(void)state;
	event.exe = (struct bytes){ 0 };
	assert_int_equal(rules_why(&row, &event), RULES_MISS_EXE | RULES_MISS_UNTOLD);
	event.class = WXGUARD_CLASS_MAX + 1;
	assert_int_equal(rules_why(&row, &event), RULES_MISS_CLASS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fits_covers),
		cmocka_unit_test(each_matcher_misses_for_itself),
		cmocka_unit_test(all_that_miss_are_told),
		cmocka_unit_test(content_without_an_identity_covers_nothing),
		cmocka_unit_test(what_is_not_known_is_not_guessed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
