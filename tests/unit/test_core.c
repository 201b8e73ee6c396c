// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The pure core: every row of tests/cases, the names, the glob against a
 * slow matcher that is plainly right, and the cost of hostile text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cases.h"
#include "core/class.h"
#include "core/decide.h"

/* ---- the tables --------------------------------------------------------- */

struct row {
	const struct wxg_cases *cases;
	uint32_t i;
};

static void run_row(void **state)
{
	const struct row *row = *state;
	const char *why = row->cases->run(row->i);

	if (why)
		fail_msg("%s", why);
}

/* ---- names -------------------------------------------------------------- */

static void every_class_has_a_name_that_parses_back(void **state)
{
	const struct wxg_class *row;
	uint32_t class, other;

	(void)state;
	assert_null(wxg_class_lookup(WXGUARD_CLASS_UNSPEC));
	assert_null(wxg_class_lookup(__WXGUARD_CLASS_MAX));
	assert_null(wxg_class_lookup(UINT32_MAX));
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		row = wxg_class_lookup(class);
		assert_non_null(row);
		assert_non_null(row->name);
		assert_int_equal(wxg_class_parse(row->name, strlen(row->name)),
				 class);
		assert_int_equal(wxg_class_parse(row->name,
						 strlen(row->name) - 1), 0);
		for (other = 1; other < class; other++)
			assert_string_not_equal(row->name,
						wxg_class_lookup(other)->name);
	}
	assert_int_equal(wxg_class_parse("", 0), 0);
	assert_int_equal(wxg_class_parse("rwx_mprotect2", 13), 0);
}

static void every_class_has_defaults_that_may_be_published(void **state)
{
	static struct wxg_rules rules;
	struct wxg_rules_error error;
	const struct wxg_class *row;
	uint32_t class;

	(void)state;
	wxg_rules_init(&rules);
	assert_int_equal(wxg_rules_check(&rules, 0, &error), 0);
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		row = wxg_class_lookup(class);
		/* An allowlist is nothing to begin with. */
		assert_int_equal(row->action,
				 class == WXGUARD_CLASS_EXEC_UNKNOWN ?
				 WXGUARD_ACTION_OFF : WXGUARD_ACTION_LOG);
		assert_int_equal(row->window, WXGUARD_WINDOW_DEFAULT);
	}
}

static void the_published_classes_have_their_published_history(void **state)
{
	(void)state;
	assert_true(wxg_class_lookup(WXGUARD_CLASS_RWX_MPROTECT)->known);
	assert_true(wxg_class_lookup(WXGUARD_CLASS_RWX_MMAP)->known);
	assert_false(wxg_class_lookup(WXGUARD_CLASS_EXEC_MEMORY)->known);
	assert_false(wxg_class_lookup(WXGUARD_CLASS_MAP_MEMORY_EXEC)->known);
	assert_false(wxg_class_lookup(WXGUARD_CLASS_SENSOR_TAMPER)->known);
	assert_false(wxg_class_lookup(WXGUARD_CLASS_SENSOR_TAMPER)->deniable);
}

static void check_names(const char *(*name)(u32 value), uint32_t count,
			int (*parse)(const char *name, size_t len))
{
	uint32_t value, other;

	assert_string_equal(name(count), "?");
	assert_string_equal(name(UINT32_MAX), "?");
	for (value = 0; value < count; value++) {
		assert_non_null(name(value));
		assert_string_not_equal(name(value), "?");
		for (other = 0; other < value; other++)
			assert_string_not_equal(name(value), name(other));
		if (parse)
			assert_int_equal(parse(name(value), strlen(name(value))),
					 value);
	}
	if (parse) {
		assert_int_equal(parse("", 0), -1);
		assert_int_equal(parse("?", 1), -1);
		assert_int_equal(parse(name(0), strlen(name(0)) - 1), -1);
	}
}

static void every_enum_has_names(void **state)
{
	(void)state;
	check_names(wxg_mode_name, __WXGUARD_MODE_MAX, wxg_mode_parse);
	check_names(wxg_action_name, __WXGUARD_ACTION_MAX, wxg_action_parse);
	check_names(wxg_verdict_name, __WXGUARD_VERDICT_MAX, NULL);
	check_names(wxg_origin_name, __WXGUARD_ORIGIN_MAX, NULL);
	check_names(wxg_region_name, __WXGUARD_REGION_MAX, NULL);
	check_names(wxg_role_name, __WXGUARD_ROLE_MAX, NULL);
	check_names(wxg_engine_name, __WXGUARD_ENGINE_MAX, NULL);
	check_names(wxg_hook_state_name, __WXGUARD_HOOK_STATE_MAX, NULL);
	check_names(wxg_tamper_name, __WXGUARD_TAMPER_MAX, NULL);
}

/* ---- globs -------------------------------------------------------------- */

/* The definition, written down as it is read. Exponential. */
static bool slow_match(const char *pattern, const char *text, const char *end)
{
	if (*pattern == '\0')
		return text == end;
	if (*pattern == '*') {
		bool cross = pattern[1] == '*';
		const char *rest = pattern + strspn(pattern, "*");

		for (;; text++) {
			if (slow_match(rest, text, end))
				return true;
			if (text == end || (*text == '/' && !cross))
				return false;
		}
	}
	if (text == end)
		return false;
	if (*pattern == '?')
		return *text != '/' && slow_match(pattern + 1, text + 1, end);
	if (*pattern == '\\')
		pattern++;
	return *pattern && *pattern == *text &&
	       slow_match(pattern + 1, text + 1, end);
}

static void a_glob_says_what_the_slow_matcher_says(void **state)
{
	static const char pattern_bytes[] = "ab/**?\\";
	static const char text_bytes[] = "ab/*";
	char pattern[12], text[14];
	unsigned int round, matched = 0;
	size_t i, pattern_len, text_len;
	bool want;

	(void)state;
	srandom(1);
	for (round = 0; round < 300000; round++) {
		pattern_len = (size_t)random() % (sizeof(pattern) - 1);
		text_len = (size_t)random() % (sizeof(text) - 1);
		for (i = 0; i < pattern_len; i++)
			pattern[i] = pattern_bytes[(size_t)random() %
						   (sizeof(pattern_bytes) - 1)];
		pattern[pattern_len] = '\0';
		for (i = 0; i < text_len; i++)
			text[i] = text_bytes[(size_t)random() %
					     (sizeof(text_bytes) - 1)];
		text[text_len] = '\0';
		want = slow_match(pattern, text, text + text_len);
		matched += want;
		if (wxg_glob_match(pattern, text, text_len) != want)
			fail_msg("pattern %s, text %s: should%s match", pattern,
				 text, want ? "" : " not");
	}
	/* Enough of both kinds, or this proves nothing. */
	assert_true(matched > 1000);
}

static void hostile_text_costs_pattern_times_text(void **state)
{
	static char pattern[WXGUARD_GLOB_MAX + 1];
	static char text[WXGUARD_PATH_MAX];
	size_t i;

	(void)state;
	/* Each star tries each place: a matcher that tries again never ends. */
	for (i = 0; i + 2 < sizeof(pattern) - 1; i += 3)
		memcpy(pattern + i, "**a", 3);
	pattern[i] = '\0';
	memset(text, 'a', sizeof(text));
	assert_true(wxg_glob_match(pattern, text, sizeof(text)));
	text[sizeof(text) - 1] = 'b';
	assert_false(wxg_glob_match(pattern, text, sizeof(text)));
}

static void a_glob_is_at_most_as_long_as_its_bound(void **state)
{
	char pattern[WXGUARD_GLOB_MAX + 2];

	(void)state;
	memset(pattern, 'a', sizeof(pattern));
	pattern[WXGUARD_GLOB_MAX] = '\0';
	assert_true(wxg_glob_match(pattern, pattern, WXGUARD_GLOB_MAX));
	pattern[WXGUARD_GLOB_MAX] = 'a';
	pattern[WXGUARD_GLOB_MAX + 1] = '\0';
	assert_false(wxg_glob_match(pattern, pattern, WXGUARD_GLOB_MAX + 1));
}

static void text_is_bytes_with_a_length(void **state)
{
	static const char text[] = { '/', 'a', '\0', 'b' };

	(void)state;
	assert_true(wxg_glob_match("/a", text, 2));
	assert_false(wxg_glob_match("/a", text, 3));
	assert_true(wxg_glob_match("/a?b", text, 4));
	assert_true(wxg_glob_match("/a*", text, 4));
	assert_false(wxg_glob_match("/a\\", text, 3));
}

/* ---- rules -------------------------------------------------------------- */

static void only_the_executable_decides_or_it_does_not(void **state)
{
	static struct wxg_exemption exemption;
	struct wxg_exemption *list[] = { &exemption };
	struct wxg_rules rules = { .count = 0 };

	(void)state;
	assert_true(wxg_rules_by_exe_only(&rules));
	rules.count = 1;
	rules.exemption = list;
	strcpy(exemption.exe, "/x");
	exemption.expires = 5;
	assert_true(wxg_rules_by_exe_only(&rules));
	exemption.has_uid = true;
	assert_false(wxg_rules_by_exe_only(&rules));
	exemption.has_uid = false;
	strcpy(exemption.comm, "x");
	assert_false(wxg_rules_by_exe_only(&rules));
	exemption.comm[0] = '\0';
	strcpy(exemption.cgroup, "/x");
	assert_false(wxg_rules_by_exe_only(&rules));
	exemption.cgroup[0] = '\0';
	exemption.has_key = true;
	exemption.has_sha256 = true;
	assert_true(wxg_rules_by_exe_only(&rules));
	rules.scopes = 1;
	assert_false(wxg_rules_by_exe_only(&rules));
}

static void the_first_exemption_that_covers_is_named(void **state)
{
	static struct wxg_exemption a, b;
	struct wxg_exemption *list[] = { &a, &b };
	struct wxg_rules rules = { .count = 2, .exemption = list };
	struct wxg_subject subject = { .exe = "/x", .exe_len = 2 };

	(void)state;
	a.classes = b.classes = 1u << WXGUARD_CLASS_RWX_MMAP;
	strcpy(a.exe, "/**");
	strcpy(b.exe, "/x");
	assert_int_equal(wxg_rules_match(&rules, WXGUARD_CLASS_RWX_MMAP,
					 &subject, 0), 0);
	a.classes = 1u << WXGUARD_CLASS_RWX_MPROTECT;
	assert_int_equal(wxg_rules_match(&rules, WXGUARD_CLASS_RWX_MMAP,
					 &subject, 0), 1);
}

static void what_is_no_class_is_never_covered(void **state)
{
	static struct wxg_exemption all;
	struct wxg_exemption *list[] = { &all };
	struct wxg_rules rules = { .count = 1, .exemption = list };
	struct wxg_subject subject = { .exe = "/x", .exe_len = 2 };

	(void)state;
	all.classes = ~0u;
	strcpy(all.exe, "/x");
	assert_int_equal(wxg_rules_match(&rules, WXGUARD_CLASS_MAX, &subject, 0),
			 0);
	assert_int_equal(wxg_rules_match(&rules, __WXGUARD_CLASS_MAX, &subject,
					 0), -1);
	assert_int_equal(wxg_rules_match(&rules, UINT32_MAX, &subject, 0), -1);
}

/* ---- the list of all ---------------------------------------------------- */

static const struct CMUnitTest written[] = {
	cmocka_unit_test(every_class_has_a_name_that_parses_back),
	cmocka_unit_test(every_class_has_defaults_that_may_be_published),
	cmocka_unit_test(the_published_classes_have_their_published_history),
	cmocka_unit_test(every_enum_has_names),
	cmocka_unit_test(a_glob_says_what_the_slow_matcher_says),
	cmocka_unit_test(hostile_text_costs_pattern_times_text),
	cmocka_unit_test(a_glob_is_at_most_as_long_as_its_bound),
	cmocka_unit_test(text_is_bytes_with_a_length),
	cmocka_unit_test(only_the_executable_decides_or_it_does_not),
	cmocka_unit_test(the_first_exemption_that_covers_is_named),
	cmocka_unit_test(what_is_no_class_is_never_covered),
};

#define WRITTEN (sizeof(written) / sizeof(written[0]))
#define ALL_MAX 1024

/* cmocka takes arrays only, so the rows are laid out in one. */
static struct CMUnitTest all[ALL_MAX];
static struct row rows[ALL_MAX];

int main(void)
{
	const struct wxg_cases *const *cases;
	size_t count = WRITTEN;
	uint32_t i;
	char *name;
	int failed;

	memcpy(all, written, sizeof(written));
	for (cases = wxg_cases; *cases; cases++) {
		for (i = 0; i < (*cases)->count && count < ALL_MAX; i++) {
			if (asprintf(&name, "%s: %s", (*cases)->name,
				     (*cases)->title(i)) < 0)
				return 2;
			rows[count].cases = *cases;
			rows[count].i = i;
			all[count].name = name;
			all[count].test_func = run_row;
			all[count].initial_state = &rows[count];
			count++;
		}
	}
	if (count == ALL_MAX) {
		fprintf(stderr, "test_core: raise ALL_MAX\n");
		return 2;
	}
	/* The macro would count the whole array. */
	failed = _cmocka_run_group_tests("core", all, count, NULL, NULL);
	for (i = WRITTEN; i < count; i++)
		free((char *)all[i].name);
	return failed;
}
