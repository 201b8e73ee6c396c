// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers, durations and times of the command line. The clock is given.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <ctl/units.h>

/* 2026-11-22 10:00:00 UTC, twelve hours after the boot. */
static const struct units_clock clock_utc = {
	.now = 1795341600, .boot = 1795298400, .utc = true,
};

static void a_duration_is_a_number_with_a_unit(void **state)
{
	static const struct {
		const char *text;
		uint64_t seconds;
	} rows[] = {
		{ "0", 0 }, { "90", 90 }, { "90s", 90 }, { "15m", 900 },
		{ "12h", 43200 }, { "7d", 604800 }, { "2w", 1209600 },
	};
	uint64_t seconds;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(units_parse_duration(rows[i].text, &seconds), 0);
		assert_int_equal(seconds, rows[i].seconds);
	}
}

static void what_is_no_duration_is_refused(void **state)
{
	static const char *const rows[] = {
		"", "d", "-1d", "+1d", " 1d", "1 d", "1y", "1dd", "1.5h", "0x10",
		"99999999999999999999", "18446744073709551615w", "400000d",
	};
	uint64_t seconds = 42;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(units_parse_duration(rows[i], &seconds), -1);
	assert_int_equal(seconds, 42);
}

static void a_number_is_digits_only(void **state)
{
	uint64_t wide = 0;
	uint32_t narrow = 7;

	(void)state;
	assert_int_equal(units_parse_u64("18446744073709551615", &wide), 0);
	assert_true(wide == UINT64_MAX);
	assert_int_equal(units_parse_u64("18446744073709551616", &wide), -1);
	assert_int_equal(units_parse_u64("-1", &wide), -1);
	assert_int_equal(units_parse_u64("1x", &wide), -1);
	assert_int_equal(units_parse_u32("4294967296", &narrow), -1);
	assert_int_equal(narrow, 7);
}

static void a_time_is_a_date_or_a_word_or_a_span(void **state)
{
	static const struct {
		const char *text;
		time_t when;
	} rows[] = {
		{ "2026-01-15", 1768435200 },
		{ "2026-01-15T09:41", 1768470060 },
		{ "2026-01-15T09:41:07", 1768470067 },
		{ "2026-01-15T09:41:07Z", 1768470067 },
		{ "2026-01-15 09:41", 1768470060 },
		{ "09:30", 1795339800 },
		{ "today", 1795305600 },
		{ "yesterday", 1795219200 },
		{ "boot", 1795298400 },
		{ "2h", 1795334400 },
		{ "-2h", 1795334400 },
	};
	time_t when;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(units_parse_time(rows[i].text, &clock_utc, &when), 0);
		assert_int_equal(when, rows[i].when);
	}
}

static void a_day_that_does_not_exist_is_refused(void **state)
{
	static const char *const rows[] = {
		"", "tomorrow", "2026-02-30", "2026-13-01", "2026-01-15T", "25:00",
		"2026-01-15T09:41:07 and more", "15.1.2026",
	};
	time_t when = 0;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(units_parse_time(rows[i], &clock_utc, &when), -1);
}

static void sizes_and_spans_are_short(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(units_print_size(text, sizeof(text), 0), "0B");
	assert_string_equal(units_print_size(text, sizeof(text), 1023), "1023B");
	assert_string_equal(units_print_size(text, sizeof(text), 4096), "4.0K");
	assert_string_equal(units_print_size(text, sizeof(text), 2097152), "2.0M");
	assert_string_equal(units_print_size(text, sizeof(text), 104857600), "100M");
	assert_string_equal(units_print_duration(text, sizeof(text), 0), "0s");
	assert_string_equal(units_print_duration(text, sizeof(text), 59), "59s");
	assert_string_equal(units_print_duration(text, sizeof(text), 604800), "7d");
	assert_string_equal(units_print_duration(text, sizeof(text), 93784), "1d 2h");
}

static void a_time_is_shown_with_or_without_its_date(void **state)
{
	char text[32];

	(void)state;
	assert_string_equal(units_print_time(text, sizeof(text), 1768470067, true, true),
			    "2026-01-15 09:41:07Z");
	assert_string_equal(units_print_time(text, sizeof(text), 1768470067, true, false),
			    "09:41:07Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_duration_is_a_number_with_a_unit),
		cmocka_unit_test(what_is_no_duration_is_refused),
		cmocka_unit_test(a_number_is_digits_only),
		cmocka_unit_test(a_time_is_a_date_or_a_word_or_a_span),
		cmocka_unit_test(a_day_that_does_not_exist_is_refused),
		cmocka_unit_test(sizes_and_spans_are_short),
		cmocka_unit_test(a_time_is_shown_with_or_without_its_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
