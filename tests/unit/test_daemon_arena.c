// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The memory of one document: the same values come out of it, nothing leaks
 * and nothing is freed twice, also when it is too small.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "../../userspace/daemon/arena.h"
#include "../../userspace/lib/json_out.h"

static json_t *document(int strings)
{
	json_t *json = json_object();
	char path[32];
	int i;

	for (i = 0; i < strings; i++) {
		snprintf(path, sizeof(path), "part%d.value", i);
		assert_int_equal(json_put(json, path, json_string("some text of some length")), 0);
	}
	return json;
}

static char *line_of(int strings)
{
	json_t *json = document(strings);
	char *line = json_line(json, NULL);

	assert_non_null(line);
	arena_drop(json);
	return line;
}

/* One that fits, and one that is far too large for it, in between. */
static void test_same(void **state)
{
	static const int sizes[] = { 1, 50, 2000, 3 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *expected = line_of(sizes[i]), *line;

		arena_begin();
		line = line_of(sizes[i]);
		arena_end();
		assert_string_equal(line, expected);
		free(line);
		free(expected);
	}
}

/* What was there before stays, whoever gives it back. */
static void test_mixed(void **state)
{
	json_t *before = document(3), *value = json_string("x");
	char *line;

	(void)state;
	arena_begin();
	json_decref(value);
	value = document(2);
	json_decref(value);
	line = json_line(before, NULL);
	arena_end();
	assert_non_null(strstr(line, "part2"));
	free(line);
	arena_drop(before);
	/* And an end without a beginning is none. */
	arena_end();
	json_decref(document(1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_mixed),
	};

	return cmocka_run_group_tests_name("daemon_arena", tests, NULL, NULL);
}
