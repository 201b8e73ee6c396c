// SPDX-License-Identifier: GPL-2.0-or-later
/* What of a command line is hidden, what stays, and what is no pattern. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/lib/redact.h"

#define PATTERNS "--password=*, --token *,PGPASSWORD=*, -p*, url"

/* Arguments with | between, as it is easier to read. */
static const struct {
	const char *before, *after;
} rows[] = {
	{ "mysql|--password=secret|db", "mysql|--password=***|db" },
	{ "mysql|--PassWord=secret with blanks|db", "mysql|--PassWord=***|db" },
	{ "x|--password=|y", "x|--password=|y" },
	{ "x|--password=ab", "x|--password=**" },
	{ "x|--token|secret one|y", "x|--token|***|y" },
	{ "x|--tokens|y", "x|--tokens|y" },
	{ "x|--token", "x|--token" },
	{ "x|--token|", "x|--token|" },
	{ "sh|-c|PGPASSWORD=abc psql; ls", "sh|-c|PGPASSWORD=***" },
	{ "sh|-c|env PGPASSWORD=abc psql --token  xyz; ls",
	  "sh|-c|env PGPASSWORD=*** psql --token  *** ls" },
	{ "sh|-c|a --password='secret' b", "sh|-c|a --password='***' b" },
	{ "x|-pabc|--port|80", "x|-p***|--port|80" },
	{ "curl|https://u:pass@host/x?a=b", "curl|https://u:***@host/x?a=b" },
	{ "curl|https://u:p@ss@host", "curl|https://u:***@host" },
	{ "curl|http://host:80/a@b|http://u@h", "curl|http://host:80/a@b|http://u@h" },
	{ "a://b:c@d://e:f@g", "a://b:*@d://e:*@g" },
	{ "--password=x|--password=yyyy", "--password=*|--password=***" },
	{ "my--password=x", "my--password=x" },
	{ "", "" },
};

static void test_rows(void **state)
{
	char why[REDACT_WHY_MAX];
	struct redact redact;
	size_t i, j, len;

	(void)state;
	assert_int_equal(redact_parse(PATTERNS, &redact, why), 0);
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		/* No byte behind it: ASan sees a look too far. */
		uint8_t *args = malloc(strlen(rows[i].before) + !*rows[i].before);

		len = strlen(rows[i].before);
		memcpy(args, rows[i].before, len);
		for (j = 0; j < len; j++)
			args[j] = args[j] == '|' ? '\0' : args[j];
		len = redact_args(&redact, args, len);
		for (j = 0; j < len; j++)
			args[j] = args[j] ? args[j] : '|';
		if (len != strlen(rows[i].after) || memcmp(args, rows[i].after, len))
			fail_msg("%s became %.*s", rows[i].before, (int)len, (char *)args);
		free(args);
	}
}

/* Any bytes: never longer, never a look outside, and a secret is never left. */
static void test_any_bytes(void **state)
{
	static const char *const parts[] = { "--password=", "--token", "://", ":", "@", "-p", "\0",
					     " ", "'", "q", "\xff", "PGPASSWORD=" };
	char why[REDACT_WHY_MAX];
	struct redact redact;
	unsigned int seed = 1, i, j;

	(void)state;
	assert_int_equal(redact_parse(PATTERNS, &redact, why), 0);
	for (i = 0; i < 20000; i++) {
		uint8_t room[256], *args;
		size_t len = 0, part;

		for (j = 0; j < 16; j++) {
			const char *text = parts[rand_r(&seed) % (sizeof(parts) / sizeof(*parts))];

			part = *text ? strlen(text) : 1;
			memcpy(room + len, text, part);
			len += part;
		}
		len = rand_r(&seed) % (len + 1);
		args = malloc(len + !len);
		memcpy(args, room, len);
		assert_true(redact_args(&redact, args, len) <= len);
		free(args);
	}
}

static void test_refusals(void **state)
{
	static const char *const bad[] = { "x", "*", ",", "a*b*", "a b*", " *", "--password",
					   "a*,,b*" };
	char why[REDACT_WHY_MAX], many[512] = "";
	struct redact redact = { .count = 77 };
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		*why = '\0';
		if (redact_parse(bad[i], &redact, why) != -EINVAL || !*why)
			fail_msg("accepted: %s", bad[i]);
		assert_int_equal(redact.count, 77);
	}
	for (i = 0; i <= REDACT_MAX; i++)
		strcat(many, i ? ",a*" : "a*");
	assert_int_equal(redact_parse(many, &redact, why), -EINVAL);
	assert_int_equal(redact_parse(many + 3, &redact, why), 0);
	assert_int_equal(redact.count, REDACT_MAX);
	assert_int_equal(redact_parse("", &redact, why), 0);
	assert_int_equal(redact.count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_any_bytes),
		cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests_name("lib_redact", tests, NULL, NULL);
}
