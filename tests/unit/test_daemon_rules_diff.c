// SPDX-License-Identifier: GPL-2.0-or-later
/* Which rules were changed, and in which words; hostile names stay text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/daemon/rules_diff.h"
#include "../../userspace/lib/json_out.h"
#include "../../userspace/lib/rules_text.h"
#include "../../userspace/lib/rules_words.h"

#define EXCLUDE "exclude a { classes = {rwx_mmap} exe = \"/a\" reason = \"why\" }\n"
#define SCOPES  "scope s { cgroup = \"/s\" classes = {rwx_mmap} action = deny }\n" \
		"scope t { cgroup = \"/t\" classes = {rwx_mmap} action = off }\n"

static json_t *words_of(const char *text)
{
	char why[RULES_TEXT_WHY_MAX];
	struct client_rules rules;
	json_t *words;

	if (rules_text_parse_buffer("rules", text, strlen(text), 0, NULL, &rules, why))
		fail_msg("%s", why);
	words = rules_words(&rules);
	client_rules_free(&rules);
	assert_non_null(words);
	return words;
}

struct told {
	char text[4096];
	const char *by;
	unsigned int count, stop_after;
};

static int tell(const struct rules_change *change, void *arg)
{
	char words[RULES_DIFF_WORDS_MAX];
	struct told *told = arg;

	rules_diff_words(change, told->by, words);
	snprintf(told->text + strlen(told->text), sizeof(told->text) - strlen(told->text),
		 "%s\n", words);
	return ++told->count == told->stop_after ? 7 : 0;
}

static void differ(const char *before, const char *after, const char *expected)
{
	json_t *was = words_of(before), *is = words_of(after);
	struct told told = { .by = "alice" };

	assert_int_equal(rules_diff(was, is, tell, &told), 0);
	assert_string_equal(told.text, expected);
	json_decref(was);
	json_decref(is);
}

static void test_nothing(void **state)
{
	(void)state;
	differ("", "", "");
	differ(EXCLUDE SCOPES, SCOPES EXCLUDE, "");
	/* What is written down, and was the default. */
	differ("", "class rwx_mmap { action = log }\n", "");
}

static void test_class(void **state)
{
	(void)state;
	differ("", "class rwx_mprotect { action = deny window = 1d }\n",
	       "class rwx_mprotect was changed by alice: action = deny; window = 1d; before: action = log; window = 7d\n");
	differ("budget { per-minute = 120 }\n", "budget { per-minute = 0 }\n",
	       "budget was changed by alice: per-minute = 0; before: per-minute = 120\n");
}

static void test_exclude(void **state)
{
	(void)state;
	differ("", EXCLUDE,
	       "exclude \"a\" was added by alice: classes = {rwx_mmap}; exe = \"/a\"; reason = \"why\"\n");
	differ(EXCLUDE, "",
	       "exclude \"a\" was removed by alice; it was: classes = {rwx_mmap}; exe = \"/a\"; reason = \"why\"\n");
	differ(EXCLUDE, "exclude a { classes = {rwx_mmap} exe = \"/a\" uid = 7 reason = \"why\" }\n",
	       "exclude \"a\" was changed by alice: uid = 7\n");
	differ("exclude a { classes = {rwx_mmap} exe = \"/a\" uid = 7 reason = \"why\" }\n", EXCLUDE,
	       "exclude \"a\" was changed by alice; no longer: uid = 7\n");
}

static void test_scopes(void **state)
{
	static const char turned[] =
		"scope t { cgroup = \"/t\" classes = {rwx_mmap} action = off }\n"
		"scope s { cgroup = \"/s\" classes = {rwx_mmap} action = deny }\n";

	(void)state;
	differ("", SCOPES,
	       "scope \"s\" was added by alice: cgroup = \"/s\"; classes = {rwx_mmap}; action = deny\n"
	       "scope \"t\" was added by alice: cgroup = \"/t\"; classes = {rwx_mmap}; action = off\n");
	differ(SCOPES, turned,
	       "order of scopes was changed by alice: scope \"t\"; scope \"s\"; before: scope \"s\"; scope \"t\"\n");
}

/* Another file behind the same content is another rule, although the text is the same. */
static void test_pin(void **state)
{
	struct client_exemption row = { .name = "a", .classes = 2, .exe = "/a", .reason = "why",
					.has_sha256 = true };
	struct client_rules rules = { .count = 1, .exemption = &row };
	struct told told = { 0 };
	json_t *was = rules_words(&rules), *is;

	(void)state;
	row.has_identity = true;
	row.ino = 42;
	row.hits = 3;
	is = rules_words(&rules);
	assert_int_equal(rules_diff(was, is, tell, &told), 0);
	assert_string_equal(told.text,
			    "exclude \"a\" was changed (nobody said by whom): now inode 0:42:0:0.000000000\n");
	json_decref(was);
	json_decref(is);
}

/* Who may set rules without our tools may give names and texts as they like. */
static void test_hostile(void **state)
{
	struct client_exemption row = {
		.name = "a\n}\nclass rwx_mprotect {\n\taction = deny\n\033[2J\xff",
		.classes = 2, .exe = "/a\n}\nscope \"x\" {\n\xff\033]0;t\a",
		.reason = "\xe2\x80\xaetxt\"; before: action = log",
	};
	struct client_rules none = { 0 }, rules = { .count = 1, .exemption = &row };
	json_t *was = rules_words(&none), *is = rules_words(&rules);
	struct told told = { .by = "\033[31mroot\xff" };
	char *line;
	size_t i;

	(void)state;
	assert_int_equal(json_object_size(is), 1);
	line = json_line(is, NULL);
	assert_non_null(line);
	for (i = 0; line[i]; i++)
		assert_true((unsigned char)line[i] >= 0x20);
	assert_null(strstr(line, "\xe2\x80\xae"));
	free(line);
	assert_int_equal(rules_diff(was, is, tell, &told), 0);
	assert_int_equal(told.count, 1);
	assert_non_null(strstr(told.text, "was added by ?[31mroot?: classes = "));
	for (i = 0; told.text[i + 1]; i++)
		assert_in_range((unsigned char)told.text[i], 0x20, 0x7e);
	json_decref(was);
	json_decref(is);
}

static void test_long(void **state)
{
	struct client_exemption row = { .name = "a", .classes = 2 };
	struct client_rules none = { 0 }, rules = { .count = 1, .exemption = &row };
	char words[RULES_DIFF_WORDS_MAX];
	struct rules_change change = { .of = "exclude \"a\"" };
	json_t *is, *clipped;
	const char *exe;
	size_t i;

	(void)state;
	for (i = 0; i + 2 < sizeof(row.exe); i += 2)
		memcpy(row.exe + i, "\xc3\xa4", 2);
	memset(row.reason, '\033', sizeof(row.reason) - 1);
	is = rules_words(&rules);
	change.after = json_object_get(is, "exclude \"a\"");
	clipped = rules_diff_clip(change.after);
	assert_int_equal(json_array_size(clipped), json_array_size(change.after));
	exe = json_string_value(json_array_get(clipped, 1));
	assert_in_range(strlen(exe), RULES_DIFF_LINE_MAX - 1, RULES_DIFF_LINE_MAX + 3);
	assert_string_equal(exe + strlen(exe) - 5, "\xc3\xa4...");
	rules_diff_words(&change, "alice", words);
	assert_int_equal(strlen(words), RULES_DIFF_WORDS_MAX - 1);
	assert_string_equal(words + strlen(words) - 3, "...");
	json_decref(clipped);
	json_decref(is);
	assert_null(rules_diff_clip(NULL));
	is = rules_words(&none);
	assert_int_equal(json_object_size(is), 0);
	json_decref(is);
}

static void test_names(void **state)
{
	char list[24] = "";

	(void)state;
	assert_true(rules_diff_add_name(list, sizeof(list), "alice"));
	assert_true(rules_diff_add_name(list, sizeof(list), "al"));
	assert_true(rules_diff_add_name(list, sizeof(list), "alice"));
	assert_true(rules_diff_add_name(list, sizeof(list), "lice"));
	assert_string_equal(list, "alice, al, lice");
	assert_false(rules_diff_add_name(list, sizeof(list), "somebody"));
	assert_string_equal(list, "alice, al, lice");
	assert_true(rules_diff_add_name(list, sizeof(list), "bob"));
	assert_false(rules_diff_add_name(list, sizeof(list), ""));
}

static void test_stop(void **state)
{
	json_t *was = words_of(""), *is = words_of(EXCLUDE SCOPES);
	struct told told = { .stop_after = 2 };

	(void)state;
	assert_int_equal(rules_diff(was, is, tell, &told), 7);
	assert_int_equal(told.count, 2);
	json_decref(was);
	json_decref(is);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_class),
		cmocka_unit_test(test_exclude),
		cmocka_unit_test(test_scopes),
		cmocka_unit_test(test_pin),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_stop),
	};

	return cmocka_run_group_tests_name("daemon_rules_diff", tests, NULL, NULL);
}
