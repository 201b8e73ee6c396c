// SPDX-License-Identifier: GPL-2.0-or-later
/* Hostile bytes: what becomes of them in text, in quotes and in JSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "json_text.h"
#include "text.h"
#include "utf8.h"

#define REPLACED "\xef\xbf\xbd"
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A literal with its length, so that NUL may stand in it. */
#define BYTES(text) { (const uint8_t *)(text), sizeof(text) - 1 }

static void quotes(void **state)
{
	static const struct {
		struct bytes in;
		const char *out;
	} rows[] = {
		{ BYTES("/usr/bin/node"), "/usr/bin/node" },
		{ BYTES(""), "\"\"" },
		{ BYTES("a b"), "\"a b\"" },
		{ BYTES("it's"), "\"it's\"" },
		{ BYTES("say \"x\""), "\"say \\\"x\\\"\"" },
		{ BYTES("a\\x41"), "\"a\\\\x41\"" },
		{ BYTES("a\nb"), "\"a\\x0ab\"" },
		{ BYTES("\x1b[31m"), "\"\\x1b[31m\"" },
		{ BYTES("a\0b"), "\"a\\x00b\"" },
		{ BYTES("\x7f"), "\"\\x7f\"" },
		{ BYTES("caf\xc3\xa9"), "caf\xc3\xa9" },
		{ BYTES("\xe6\xbc\xa2\xe5\xad\x97"), "\xe6\xbc\xa2\xe5\xad\x97" },
		/* a CSI as C1, which some terminals obey */
		{ BYTES("\xc2\x9b" "31m"), "\"\\u{9b}31m\"" },
		/* invalid: cut, overlong, surrogate, beyond Unicode, lone */
		{ BYTES("\xc3"), "\"\\xc3\"" },
		{ BYTES("\xc0\xaf"), "\"\\xc0\\xaf\"" },
		{ BYTES("\xe0\x80\xaf"), "\"\\xe0\\x80\\xaf\"" },
		{ BYTES("\xed\xa0\x80"), "\"\\xed\\xa0\\x80\"" },
		{ BYTES("\xf4\x90\x80\x80"), "\"\\xf4\\x90\\x80\\x80\"" },
		{ BYTES("\xff"), "\"\\xff\"" },
		/* reorders or hides what is around it */
		{ BYTES("a\xe2\x80\xae" "cod.exe"), "\"a\\u{202e}cod.exe\"" },
		{ BYTES("a\xe2\x80\x8b" "b"), "\"a\\u{200b}b\"" },
		{ BYTES("\xef\xbb\xbf"), "\"\\u{feff}\"" },
		{ BYTES("\xc2\xad"), "\"\\u{ad}\"" },
		{ BYTES("\xf3\xa0\x80\x81"), "\"\\u{e0001}\"" },
		{ BYTES("\xc2\xa0"), "\"\\u{a0}\"" },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		char *out = text_quote(rows[i].in, 0);

		assert_string_equal(out, rows[i].out);
		free(out);
	}
}

static void quote_cut(void **state)
{
	const struct bytes long_one = BYTES("abcdef"), accent = BYTES("ab\xc3\xa9z");
	char *out;

	(void)state;
	out = text_quote(long_one, 3);
	assert_string_equal(out, "\"abc\"...");
	free(out);
	out = text_quote(long_one, 6);
	assert_string_equal(out, "abcdef");
	free(out);
	/* Not through the middle of a character. */
	out = text_quote(accent, 3);
	assert_string_equal(out, "\"ab\"...");
	free(out);
	out = text_quote(accent, 4);
	assert_string_equal(out, "\"ab\xc3\xa9\"...");
	free(out);
	out = text_quote((struct bytes){ NULL, 0 }, 0);
	assert_string_equal(out, "\"\"");
	free(out);
}

static void quote_args(void **state)
{
	const struct bytes args = BYTES("sh\0-c\0rm -rf /\0\0");
	const struct bytes open_end = BYTES("a\0b");
	char *out;

	(void)state;
	out = text_quote_args(args, 0);
	assert_string_equal(out, "sh -c \"rm -rf /\" \"\"");
	free(out);
	out = text_quote_args(open_end, 0);
	assert_string_equal(out, "a b");
	free(out);
	out = text_quote_args(args, 5);
	assert_string_equal(out, "sh -c ...");
	free(out);
	out = text_quote_args((struct bytes){ NULL, 0 }, 0);
	assert_string_equal(out, "");
	free(out);
}

static void huge(void **state)
{
	const size_t len = 3 * TEXT_MAX;
	uint8_t *bytes = malloc(len);
	bool lossy = false;
	char *out;

	(void)state;
	memset(bytes, 0xff, len);
	out = text_quote((struct bytes){ bytes, len }, 0);
	assert_int_equal(strlen(out), 4 * TEXT_MAX + 5);
	free(out);
	out = text_utf8((struct bytes){ bytes, len }, &lossy);
	assert_int_equal(strlen(out), 3 * TEXT_MAX);
	assert_true(lossy);
	free(out);
	out = text_hex((struct bytes){ bytes, len });
	assert_int_equal(strlen(out), 2 * TEXT_MAX);
	free(out);
	free(bytes);
}

static void utf8(void **state)
{
	static const struct {
		struct bytes in;
		const char *out;
		bool lossy;
	} rows[] = {
		{ BYTES("plain"), "plain", false },
		{ BYTES("\x1b[1m\n\xe2\x80\xae"), "\x1b[1m\n\xe2\x80\xae", false },
		{ BYTES("a\xff" "b"), "a" REPLACED "b", true },
		{ BYTES("\xc0\xaf"), REPLACED REPLACED, true },
		{ BYTES("a\0b"), "a" REPLACED "b", true },
		{ BYTES("\xe2\x82"), REPLACED REPLACED, true },
		/* U+FFFD itself is text like any other. */
		{ BYTES(REPLACED), REPLACED, false },
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(rows); i++) {
		bool lossy = false;
		char *out = text_utf8(rows[i].in, &lossy);

		assert_string_equal(out, rows[i].out);
		assert_int_equal(lossy, rows[i].lossy);
		free(out);
	}
}

/* Every code point survives, and none that is unsafe is there as itself. */
static void line_of_everything(void **state)
{
	uint32_t code;

	(void)state;
	for (code = 1; code <= 0x10ffff; code++) {
		char text[8] = "", *line;
		uint32_t seen;
		json_t *json, *back;
		size_t at;

		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		if (code > 0x3000 && code % 251)	/* a sample is enough */
			continue;
		if (code < 0x80) {
			text[0] = (char)code;
		} else if (code < 0x800) {
			text[0] = (char)(0xc0 | code >> 6);
			text[1] = (char)(0x80 | (code & 63));
		} else if (code < 0x10000) {
			text[0] = (char)(0xe0 | code >> 12);
			text[1] = (char)(0x80 | (code >> 6 & 63));
			text[2] = (char)(0x80 | (code & 63));
		} else {
			text[0] = (char)(0xf0 | code >> 18);
			text[1] = (char)(0x80 | (code >> 12 & 63));
			text[2] = (char)(0x80 | (code >> 6 & 63));
			text[3] = (char)(0x80 | (code & 63));
		}
		json = json_string(text);
		assert_non_null(json);
		line = json_line(json, NULL);
		for (at = 0; line[at];) {
			size_t step = utf8_decode((uint8_t *)line + at,
						  strlen(line + at), &seen);

			assert_true(step > 0);
			assert_false(text_is_unsafe(seen));
			at += step;
		}
		back = json_loads(line, JSON_DECODE_ANY, NULL);
		assert_string_equal(json_string_value(back), text);
		json_decref(back);
		json_decref(json);
		free(line);
	}
}

/* Everything but what is invisible, as jansson itself writes it. */
static void json_as_jansson(void **state)
{
	static const char text[] =
		"[0,-1,9223372036854775807,-9223372036854775808,1000000000000,0.5,47.0,"
		"-1e300,true,false,null,[],{},[[]],{\"\":{\"a\":[1,{\"b\":\"\"}]}},"
		"\"\\b\\f\\n\\r\\t\\\"\\\\/\",\"\xc3\xa9 \xf0\x9f\x98\x80\"]";
	json_t *json = json_loads(text, 0, NULL);
	char *line, *expected;

	(void)state;
	assert_non_null(json);
	line = json_line(json, NULL);
	expected = json_dumps(json, JSON_COMPACT);
	assert_string_equal(line, expected);
	free(expected);
	free(line);
	json_decref(json);
}

static void unsafe_set(void **state)
{
	static const uint32_t unsafe[] = {
		0, 0x1f, 0x7f, 0x80, 0x9f, 0xad, 0x61c, 0x200b, 0x200f, 0x2028,
		0x202e, 0x2060, 0x206f, 0xfeff, 0xfff9, 0xfffb, 0xe0000,
		0xe0001, 0xe007f, 0x10ffff,
	};
	static const uint32_t safe[] = {
		' ', '~', 0xe9, 0x3b1, 0x2027, 0x2030, 0x2010, 0x4e2d, 0xfffd,
		0x1f600, 0xfff,
	};
	size_t i;

	(void)state;
	for (i = 0; i < COUNT(unsafe); i++)
		assert_true(text_is_unsafe(unsafe[i]));
	for (i = 0; i < COUNT(safe); i++)
		assert_false(text_is_unsafe(safe[i]));
}

static void json_paths(void **state)
{
	const struct bytes good = BYTES("ok"), bad = BYTES("x\xff");
	json_t *root = json_object();
	size_t len = 0;
	char *line;

	(void)state;
	assert_int_equal(json_put(root, "a.b.c", json_integer(1)), 0);
	assert_int_equal(json_put(root, "a.b.d", json_true()), 0);
	assert_int_equal(json_put(root, "n", NULL), -1);
	/* Through something that is no object. */
	assert_int_equal(json_put(root, "a.b.c.e", json_true()), -1);
	assert_int_equal(json_put_text(root, "t", "raw.t", good), 0);
	assert_int_equal(json_put_text(root, "u", "raw.u", bad), 0);
	assert_int_equal(json_put_text(root, "v", "raw.v",
				       (struct bytes){ NULL, 0 }), 0);
	line = json_line(root, &len);
	assert_string_equal(line, "{\"a\":{\"b\":{\"c\":1,\"d\":true}},"
			    "\"t\":\"ok\",\"u\":\"x" REPLACED "\","
			    "\"raw\":{\"u\":\"78ff\"}}");
	assert_int_equal(len, strlen(line));
	free(line);
	json_decref(root);
	assert_null(json_line(NULL, NULL));
}

static void inert(void **state)
{
	static const char *const rows[][2] = {
		{ "", "" },
		{ "plain \"text\" \\ \xc3\xa9", "plain \"text\" \\ \xc3\xa9" },
		{ "a\x1b[2J\nb\x7f", "a?[2J?b?" },
		{ "\xff\xfe\xc2", "???" },
		{ "\xc2\x9b" "1m", "?1m" },
		{ "\xe2\x80\xae" "abc\xe2\x80", "?abc??" },
	};
	char text[64];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		snprintf(text, sizeof(text), "%s", rows[i][0]);
		text_inert(text);
		assert_string_equal(text, rows[i][1]);
	}
}

static void print_to_stream(void **state)
{
	char buffer[64] = "";
	FILE *out = fmemopen(buffer, sizeof(buffer), "w");

	(void)state;
	assert_int_equal(text_print(out, text_bytes("a b"), 0), 0);
	assert_int_equal(text_print(out, text_bytes(NULL), 0), 0);
	fclose(out);
	assert_string_equal(buffer, "\"a b\"-");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(quotes),
		cmocka_unit_test(quote_cut),
		cmocka_unit_test(quote_args),
		cmocka_unit_test(huge),
		cmocka_unit_test(utf8),
		cmocka_unit_test(line_of_everything),
		cmocka_unit_test(json_as_jansson),
		cmocka_unit_test(unsafe_set),
		cmocka_unit_test(json_paths),
		cmocka_unit_test(inert),
		cmocka_unit_test(print_to_stream),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
