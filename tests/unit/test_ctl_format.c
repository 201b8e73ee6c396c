// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records in the forms of other projects: hostile text ends no field and no
 * line, is no formula, and what a form always has is always there. With
 * WXGUARD_SAMPLES=FILE and WXGUARD_FORMATS=DIR it writes each record of FILE in
 * each form, for tests/integration/part_formats.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/ctl/format.h"

static const char *const names[] = { "tracee", "falco", "ocsf", "ecs", "cef", "csv", "ndjson" };

static char *print(const char *name, const char *json)
{
	json_t *doc = json_loads(json, JSON_ALLOW_NUL, NULL);
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(doc);
	assert_int_equal(format_print(out, format_find(name), doc), 0);
	assert_int_equal(fclose(out), 0);
	json_decref(doc);
	/* One line, and nothing in it that a terminal acts on. */
	assert_ptr_equal(strchr(text, '\n'), text + len - 1);
	text[len - 1] = '\0';
	for (len = 0; text[len]; len++)
		assert_true((unsigned char)text[len] >= ' ' && text[len] != 0x7f);
	return text;
}

static void test_names(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_string_equal(format_find(names[i])->name, names[i]);
		assert_non_null(strstr(FORMATS, names[i]));
	}
	assert_null(format_find("xml"));
	assert_null(format_find(""));
}

/* A record that has nothing still has the form, in each of them. */
static void test_empty(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		free(print(names[i], "{}"));
}

static const char hostile[] =
	"{\"@timestamp\":\"2026-01-15T09:41:07.123456789Z\",\"event\":{\"code\":\"a|b\\\\c\","
	"\"severity\":47,\"reason\":\"x=1 y\\n\\u001b[2J\\u202e\\u0000\"},"
	"\"process\":{\"pid\":7,\"executable\":\"=cmd|' /C calc'!A0\",\"name\":\"@SUM(1)\","
	"\"command_line\":\"-1+2, \\\"q\\\"\\r\\n+3\"},\"user\":{\"name\":\"\\t=1\"},"
	"\"rule\":{\"name\":\"r|s\"}}";

static void test_csv(void **state)
{
	char *text = print("csv", hostile);
	const char *head = format_find("csv")->head, *at;
	size_t cells = 0, names_of = 1;

	(void)state;
	assert_non_null(strstr(text, ",\"'=cmd|' /C calc'!A0\","));
	assert_non_null(strstr(text, ",\"'@SUM(1)\","));
	assert_non_null(strstr(text, ",\"'-1+2, \"\"q\"\"\\r\\n+3\","));
	assert_non_null(strstr(text, ",\"\\t=1\","));
	assert_non_null(strstr(text, "\"x=1 y\\n\\u001b[2J\\u202e\\u0000\""));
	for (at = text; *at; at++) {
		/* A cell, with its own quotes doubled. */
		assert_int_equal(*at++, '"');
		while (at[0] != '"' || at[1] == '"')
			at += at[0] == '"' ? 2 : 1;
		cells++;
		if (*++at != ',')
			break;
	}
	assert_int_equal(*at, '\0');
	for (; *head; head++)
		names_of += *head == ',';
	assert_int_equal(cells, names_of);
	free(text);
}

static void test_cef(void **state)
{
	char *text = print("cef", hostile);

	(void)state;
	assert_memory_equal(text, "CEF:0|wxguard|wxguard||a\\|b\\\\c|r\\|s|5|rt=1768470067123 ",
			    strlen("CEF:0|wxguard|wxguard||a\\|b\\\\c|r\\|s|5|rt=1768470067123 "));
	assert_non_null(strstr(text, " msg=x\\=1 y\\\\n\\\\u001b[2J\\\\u202e\\\\u0000 "));
	assert_non_null(strstr(text, " sproc=\\=cmd|' /C calc'!A0 "));
	assert_non_null(strstr(text, " cs2Label=commandLine cs2=-1+2, \"q\"\\\\r\\\\n+3"));
	free(text);
}

/* What is written as JSON is read again as what it was. */
static void test_lossless(void **state)
{
	char *text = print("falco", hostile);
	json_t *alert = json_loads(text, JSON_ALLOW_NUL, NULL), *fields;

	(void)state;
	fields = json_object_get(alert, "output_fields");
	assert_string_equal(json_string_value(json_object_get(fields, "proc.cmdline")),
			    "-1+2, \"q\"\r\n+3");
	assert_string_equal(json_string_value(json_object_get(alert, "priority")), "Warning");
	assert_string_equal(json_string_value(json_object_get(fields, "container.id")), "host");
	json_decref(alert);
	free(text);
}

static void test_severities(void **state)
{
	static const struct {
		const char *json;
		unsigned int severity;
	} rows[] = {
		{ "{}", 0 },
		{ "{\"event\":{\"severity\":21}}", 21 },
		{ "{\"event\":{\"severity\":73},\"log\":{\"level\":\"error\"}}", 73 },
		{ "{\"event\":{\"severity\":73},\"log\":{\"level\":\"critical\"}}", 99 },
		{ "{\"log\":{\"level\":\"error\"}}", 73 },
		{ "{\"log\":{\"level\":\"warning\"}}", 47 },
		{ "{\"log\":{\"level\":\"info\"}}", 0 },
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		json_t *doc = json_loads(rows[i].json, 0, NULL);

		assert_int_equal(format_severity(doc), rows[i].severity);
		json_decref(doc);
	}
}

/* Not a test of its own: the records of a file in each form. */
static void test_write_samples(void **state)
{
	const char *from = getenv("WXGUARD_SAMPLES"), *dir = getenv("WXGUARD_FORMATS");
	char path[512], *line = NULL, *text;
	size_t i, size = 0;
	FILE *in, *out;

	(void)state;
	if (!from || !dir)
		return;
	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", dir, names[i]);
		in = fopen(from, "r");
		out = fopen(path, "w");
		assert_true(in && out);
		if (format_find(names[i])->head)
			fprintf(out, "%s\n", format_find(names[i])->head);
		while (getline(&line, &size, in) > 0) {
			text = print(names[i], line);
			fprintf(out, "%s\n", text);
			free(text);
		}
		fclose(in);
		assert_int_equal(fclose(out), 0);
	}
	free(line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	   cmocka_unit_test(test_empty),
		cmocka_unit_test(test_csv),	   cmocka_unit_test(test_cef),
		cmocka_unit_test(test_lossless),   cmocka_unit_test(test_severities),
		cmocka_unit_test(test_write_samples),
	};

	return cmocka_run_group_tests_name("ctl_format", tests, NULL, NULL);
}
