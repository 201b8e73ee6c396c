// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From watching to enforcing: what a review makes of what was learnt, what
 * promoting would write, and a baseline as a file.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ctl/baseline_file.h>
#include <ctl/promote.h>
#include <ctl/review.h>
#include <core/rules.h>

#define NOW 1795341600ULL

/* ---- a review ---- */

static const struct client_class classes[] = {
	{ .id = WXGUARD_CLASS_RWX_MPROTECT, .action = WXGUARD_ACTION_LOG, .known = 1 },
	{ .id = WXGUARD_CLASS_EXEC_MEMORY, .action = WXGUARD_ACTION_DENY },
	{ .id = WXGUARD_CLASS_MAP_MEMORY_EXEC, .action = WXGUARD_ACTION_LOG },
	{ .id = WXGUARD_CLASS_EXEC_UNLINKED, .action = WXGUARD_ACTION_KILL },
	{ .id = WXGUARD_CLASS_RWX_MMAP, .action = WXGUARD_ACTION_DENY, .known = 1 },
	{ .id = WXGUARD_CLASS_SENSOR_TAMPER, .action = WXGUARD_ACTION_DENY },
	{ .id = WXGUARD_CLASS_FOREIGN_WRITE, .action = WXGUARD_ACTION_OFF },
};

static struct client_rules some_rules(struct client_exemption *exemption, unsigned int count)
{
	struct client_rules rules = { .generation = 7, .count = count, .exemption = exemption };

	rules.classes = sizeof(classes) / sizeof(classes[0]);
	memcpy(rules.class, classes, sizeof(classes));
	return rules;
}

/* Seen at @path with a digest of all @byte. */
static struct review_row a_row(const char *path, uint32_t class, uint8_t byte)
{
	struct review_row row = { .class = class, .hashed = true };

	row.known.classes = 1U << class;
	row.known.flags = WXGUARD_KNOWN_F_LEARNED;
	row.known.dev = 8 << 20;
	row.known.ino = 1000 + byte;
	row.known.ctime_sec = 1700000000;
	row.known.first_seen = NOW - 86400;
	row.known.path_len = strlen(path);
	memcpy(row.known.path, path, row.known.path_len);
	memset(row.sha256, byte, sizeof(row.sha256));
	return row;
}

static void a_verdict_is_that_of_the_rules(void **state)
{
	static const struct {
		uint32_t class;
		int as;
		enum review_verdict verdict;
	} rows[] = {
		{ WXGUARD_CLASS_RWX_MPROTECT, -1, REVIEW_KNOWN },
		{ WXGUARD_CLASS_RWX_MMAP, -1, REVIEW_KNOWN },
		{ WXGUARD_CLASS_EXEC_MEMORY, -1, REVIEW_DENY },
		{ WXGUARD_CLASS_EXEC_UNLINKED, -1, REVIEW_KILL },
		{ WXGUARD_CLASS_MAP_MEMORY_EXEC, -1, REVIEW_REPORT },
		{ WXGUARD_CLASS_MAP_MEMORY_EXEC, WXGUARD_ACTION_DENY, REVIEW_DENY },
		{ WXGUARD_CLASS_EXEC_MEMORY, WXGUARD_ACTION_KILL, REVIEW_KILL },
		{ WXGUARD_CLASS_RWX_MPROTECT, WXGUARD_ACTION_DENY, REVIEW_KNOWN },
		/* Nobody can deny it, and what is off stays off. */
		{ WXGUARD_CLASS_SENSOR_TAMPER, WXGUARD_ACTION_DENY, REVIEW_REPORT },
		{ WXGUARD_CLASS_FOREIGN_WRITE, WXGUARD_ACTION_DENY, REVIEW_OFF },
		/* A class that the rules do not name is not looked at. */
		{ WXGUARD_CLASS_EXEC_STACK, -1, REVIEW_OFF },
	};
	struct client_rules rules = some_rules(NULL, 0);
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct review_row row = a_row("/usr/bin/node", rows[i].class, 1);

		review_judge(&rules, rows[i].as, NOW, &row);
		if (row.verdict != rows[i].verdict)
			fail_msg("row %zu: %s", i, review_verdict_name(row.verdict));
	}
}

/* What one exclusion makes of a denied exec by /usr/bin/node. */
static enum review_verdict with(const struct client_exemption *exemption)
{
	struct client_exemption copy = *exemption;
	struct client_rules rules = some_rules(&copy, 1);
	struct review_row row = a_row("/usr/bin/node", WXGUARD_CLASS_EXEC_MEMORY, 1);

	if (!copy.classes)
		copy.classes = 1U << WXGUARD_CLASS_EXEC_MEMORY;
	review_judge(&rules, -1, NOW, &row);
	return row.verdict;
}

static void only_an_exclusion_that_holds_for_everybody_counts(void **state)
{
	struct client_exemption same = { .has_identity = true, .dev = 8 << 20, .ino = 1001,
					 .ctime_sec = 1700000000 };
	struct client_exemption content = { .has_sha256 = true };

	(void)state;
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*" }), REVIEW_EXCLUDED);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/*" }), REVIEW_DENY);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*", .expires = NOW }),
			 REVIEW_DENY);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*", .expires = NOW + 1 }),
			 REVIEW_EXCLUDED);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*", .has_uid = true }),
			 REVIEW_DENY);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*", .cgroup = "/x" }),
			 REVIEW_DENY);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*", .comm = "node" }),
			 REVIEW_DENY);
	assert_int_equal(with(&(struct client_exemption){ .exe = "/usr/bin/*",
				.classes = 1U << WXGUARD_CLASS_RWX_MMAP }), REVIEW_DENY);
	assert_int_equal(with(&same), REVIEW_EXCLUDED);
	same.ctime_nsec = 1;
	assert_int_equal(with(&same), REVIEW_DENY);
	assert_int_equal(with(&content), REVIEW_DENY);
	memset(content.sha256, 1, sizeof(content.sha256));
	assert_int_equal(with(&content), REVIEW_EXCLUDED);
}

/* ---- promoting ---- */

static struct promotion promoted(struct review_row *rows, size_t count, bool only_known,
				 struct client_exemption *exemption, unsigned int exemptions)
{
	struct review review = { .row = rows, .count = count };
	const struct promotion_note note = { .author = "ops", .now = NOW, .expires = NOW + 60 };
	struct promotion promotion;
	size_t i;

	review.rules = some_rules(exemption, exemptions);
	for (i = 0; i < count; i++)
		review_judge(&review.rules, -1, NOW, &rows[i]);
	assert_int_equal(promotion_make(&promotion, &review, only_known, &note), 0);
	return promotion;
}

static void an_exclusion_is_one_class_one_path_and_one_content(void **state)
{
	struct review_row row = a_row("/usr/bin/node", WXGUARD_CLASS_EXEC_MEMORY, 0xab);
	struct promotion promotion = promoted(&row, 1, false, NULL, 0);
	const struct client_exemption *add = promotion.add;

	(void)state;
	assert_int_equal(promotion.adds, 1);
	assert_int_equal(promotion.pins, 0);
	assert_int_equal(promotion.lefts, 0);
	assert_string_equal(add->name, "baseline-node-exec_memory-abababab");
	assert_string_equal(add->exe, "/usr/bin/node");
	assert_int_equal(add->classes, 1U << WXGUARD_CLASS_EXEC_MEMORY);
	assert_true(add->has_sha256);
	assert_memory_equal(add->sha256, row.sha256, sizeof(row.sha256));
	assert_true(add->has_identity);
	assert_int_equal(add->ino, row.known.ino);
	assert_string_equal(add->author, "ops");
	assert_string_equal(add->reason, "baseline of 2026-11-22, first seen 2026-11-21");
	assert_int_equal(add->expires, NOW + 60);
	promotion_free(&promotion);
}

static void a_second_time_there_is_nothing_left(void **state)
{
	struct review_row rows[] = {
		a_row("/usr/bin/node", WXGUARD_CLASS_EXEC_MEMORY, 1),
		a_row("/usr/bin/node", WXGUARD_CLASS_RWX_MPROTECT, 1),
	};
	struct promotion first = promoted(rows, 2, false, NULL, 0), second;

	(void)state;
	assert_int_equal(first.adds, 1);
	assert_int_equal(first.pins, 1);
	assert_ptr_equal(first.pin[0], &rows[1]);
	rows[1].known.flags |= WXGUARD_KNOWN_F_PINNED;
	second = promoted(rows, 2, false, first.add, 1);
	assert_int_equal(second.adds + second.pins + second.lefts, 0);
	promotion_free(&second);
	promotion_free(&first);
}

static void names_never_clash(void **state)
{
	struct review_row rows[] = {
		a_row("/opt/a/a name that is far longer than fits", WXGUARD_CLASS_MAP_MEMORY_EXEC, 1),
		a_row("/opt/b/a name that is far longer than fits", WXGUARD_CLASS_MAP_MEMORY_EXEC, 1),
		a_row("/opt/c/a name that is far longer than fits", WXGUARD_CLASS_MAP_MEMORY_EXEC, 1),
	};
	struct client_exemption there = { .name = "baseline-a_name_that_is_far_l-map_memory_exec-01010101-2" };
	struct promotion promotion;
	struct review review = { .row = rows, .count = 3 };
	const struct promotion_note note = { .author = "", .now = NOW };
	size_t i, j;

	(void)state;
	review.rules = some_rules(&there, 1);
	for (i = 0; i < 3; i++)
		review_judge(&review.rules, WXGUARD_ACTION_DENY, NOW, &rows[i]);
	assert_int_equal(promotion_make(&promotion, &review, false, &note), 0);
	assert_int_equal(promotion.adds, 3);
	for (i = 0; i < 3; i++) {
		assert_true(strlen(promotion.add[i].name) <= WXGUARD_EXEMPTION_NAME_MAX);
		assert_string_not_equal(promotion.add[i].name, there.name);
		for (j = 0; j < i; j++)
			assert_string_not_equal(promotion.add[i].name, promotion.add[j].name);
	}
	assert_string_equal(promotion.add[0].name, "baseline-a_name_that_is_far_l-map_memory_exec-01010101");
	assert_string_equal(promotion.add[1].name, "baseline-a_name_that_is_far_l-map_memory_exec-01010101-3");
	promotion_free(&promotion);
}

static void what_cannot_be_told_apart_is_left_out(void **state)
{
	struct review_row rows[] = {
		a_row("/usr/bin/gone", WXGUARD_CLASS_EXEC_MEMORY, 1),
		a_row("", WXGUARD_CLASS_EXEC_MEMORY, 2),
		a_row("/usr/bin/replaced", WXGUARD_CLASS_RWX_MPROTECT, 3),
	};
	struct promotion promotion;

	(void)state;
	rows[0].file = REVIEW_FILE_GONE;
	rows[0].hashed = false;
	rows[1].file = REVIEW_FILE_NO_PATH;
	rows[1].hashed = false;
	rows[2].file = REVIEW_FILE_CHANGED;
	rows[2].hashed = false;
	promotion = promoted(rows, 3, false, NULL, 0);
	assert_int_equal(promotion.adds, 0);
	assert_int_equal(promotion.pins, 0);
	assert_int_equal(promotion.lefts, 2);
	promotion_free(&promotion);
}

static void only_known_adds_no_exclusion(void **state)
{
	struct review_row rows[] = {
		a_row("/usr/bin/node", WXGUARD_CLASS_EXEC_MEMORY, 1),
		a_row("/usr/bin/node", WXGUARD_CLASS_RWX_MMAP, 1),
		a_row("/usr/bin/node", WXGUARD_CLASS_RWX_MPROTECT, 1),
	};
	struct promotion promotion = promoted(rows, 3, true, NULL, 0);

	(void)state;
	assert_int_equal(promotion.adds, 0);
	assert_int_equal(promotion.lefts, 1);
	assert_int_equal(promotion.pins, 1);	/* one entry, two classes */
	promotion_free(&promotion);
}

static void a_glob_of_a_path_matches_that_path_only(void **state)
{
	static const char *const paths[] = {
		"/usr/bin/node", "/opt/a*b", "/opt/a?b", "/opt/a\\b", "/opt/**/x",
		"/opt/\xff\n\x1b[31m",
	};
	char glob[WXGUARD_GLOB_MAX + 1];
	size_t i, j;

	(void)state;
	for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		struct review_row row = a_row(paths[i], WXGUARD_CLASS_EXEC_MEMORY, 1);

		assert_true(promotion_glob(&row.known, glob));
		for (j = 0; j < sizeof(paths) / sizeof(paths[0]); j++)
			assert_int_equal(wxg_glob_match(glob, paths[j], strlen(paths[j])), i == j);
		assert_false(wxg_glob_match(glob, "/opt/axb", 8));
	}
}

/* ---- the file ---- */

static FILE *file_of(const char *text, size_t len)
{
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, len, file), len);
	rewind(file);
	return file;
}

static void put(FILE *file, json_t *json)
{
	assert_non_null(json);
	assert_int_equal(json_dumpf(json, file, JSON_COMPACT), 0);
	fputc('\n', file);
	json_decref(json);
}

static void what_is_written_is_read_again(void **state)
{
	struct baseline_entry entry[3] = {
		{ .path = "/usr/bin/node", .size = 93784, .classes = 1U << WXGUARD_CLASS_RWX_MPROTECT },
		{ .path = "/opt/\xff\xfe\x1b[31m\n\"\\", .size = 0,
		  .classes = 1U << WXGUARD_CLASS_EXEC_UNKNOWN | 1U << WXGUARD_CLASS_WX_TRANSITION,
		  .shapes = 1U << WXGUARD_REGION_HEAP | 1U << WXGUARD_REGION_FILE_PRIVATE },
		{ .path = "/opt/\xc3\xa4\xe2\x80\xae", .size = INT64_MAX,
		  .classes = 1U << WXGUARD_CLASS_RWX_MMAP },
	};
	FILE *file = tmpfile();
	struct baseline baseline;
	char why[BASELINE_WHY_MAX];
	size_t i;

	(void)state;
	assert_non_null(file);
	put(file, baseline_header_json("web1", NOW, 3));
	for (i = 0; i < 3; i++) {
		memset(entry[i].sha256, 0x5a + (int)i, sizeof(entry[i].sha256));
		put(file, baseline_entry_json(&entry[i]));
	}
	rewind(file);
	if (baseline_read(file, "base", &baseline, why))
		fail_msg("%s", why);
	fclose(file);
	assert_int_equal(baseline.count, 3);
	assert_string_equal(baseline.host, "web1");
	assert_string_equal(baseline.created, "2026-11-22T10:00:00Z");
	for (i = 0; i < 3; i++) {
		assert_string_equal(baseline.entry[i].path, entry[i].path);
		assert_memory_equal(baseline.entry[i].sha256, entry[i].sha256, sizeof(entry[i].sha256));
		assert_true(baseline.entry[i].size == entry[i].size);
		assert_int_equal(baseline.entry[i].classes, entry[i].classes);
		assert_int_equal(baseline.entry[i].shapes, entry[i].shapes);
	}
	baseline_free(&baseline);
}

#define HEADER "{\"wxguard_baseline\":1,\"host\":null,\"created\":\"x\",\"entries\":1}\n"
#define DIGEST "\"sha256\":\"0000000000000000000000000000000000000000000000000000000000000000\""
#define REST DIGEST ",\"size\":1,\"classes\":[\"rwx_mmap\"]"

static void a_file_that_is_wrong_anywhere_gives_nothing(void **state)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
		{ "", "base:1: the file is empty" },
		{ "[]\n", "base:1: not one JSON object: it is another value" },
		{ HEADER, "base:2: the header says 1 entries, the file ends after 0; it was cut" },
		{ HEADER "{" REST "}\n", "base:2: \"path\" is missing, or no string" },
		{ HEADER "{\"path\":1," REST "}\n", "base:2: \"path\" is missing, or no string" },
		{ HEADER "{\"path\":\"/a\",\"raw\":{\"path\":\"2f0\"}," REST "}\n",
		  "base:2: \"raw\" is not {\"path\": \"...\"} with at most 255 bytes in hex" },
		{ HEADER "{\"path\":\"/a\",\"raw\":{\"path\":\"2f00\"}," REST "}\n",
		  "base:2: \"raw\" is not {\"path\": \"...\"} with at most 255 bytes in hex" },
		{ HEADER "{\"path\":\"/a\",\"raw\":{\"path\":\"6162\"}," REST "}\n",
		  "base:2: \"path\" is ab; an absolute path is needed" },
		{ HEADER "{\"path\":\"/a\"," DIGEST ",\"size\":-1,\"classes\":[\"rwx_mmap\"]}\n",
		  "base:2: \"size\" is missing, or no number from 0 to 9223372036854775807" },
		{ HEADER "{\"path\":\"/a\"," DIGEST ",\"size\":1,\"classes\":\"rwx_mmap\"}\n",
		  "base:2: \"classes\" is no array of names" },
		{ HEADER "{\"path\":\"/a\"," DIGEST ",\"size\":1,\"classes\":[1]}\n",
		  "base:2: \"classes\" is no array of names" },
		{ HEADER "{\"path\":\"/a\"," REST ",\"shapes\":[\"anon\"]}\n",
		  "base:2: \"shapes\" and the class wx_transition go together" },
		{ HEADER "{\"path\":\"/a\"," REST "}\n{\"path\":\"/a\"," REST "}\n",
		  "base:3: the header says 1 entries, there are more" },
		{ HEADER "{\"path\":\"/a\"," REST "} {}\n",
		  "base:2: not one JSON object: \"end of file expected near '{'\"" },
	};
	struct baseline baseline;
	char why[BASELINE_WHY_MAX];
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		FILE *file = file_of(rows[i].text, strlen(rows[i].text));

		assert_int_equal(baseline_read(file, "base", &baseline, why), -EINVAL);
		assert_string_equal(why, rows[i].why);
		assert_null(baseline.entry);
		fclose(file);
	}
}

static void a_zero_byte_or_an_endless_line_is_refused(void **state)
{
	static char text[20000];
	struct baseline baseline;
	char why[BASELINE_WHY_MAX];
	FILE *file;

	(void)state;
	memcpy(text, HEADER, sizeof(HEADER) - 1);
	memset(text + sizeof(HEADER) - 1, ' ', sizeof(text) - sizeof(HEADER));
	text[sizeof(text) - 1] = '\n';
	file = file_of(text, sizeof(text));
	assert_int_equal(baseline_read(file, "base", &baseline, why), -EINVAL);
	fclose(file);
	file = file_of(HEADER "{\0}\n", sizeof(HEADER) + 3);
	assert_int_equal(baseline_read(file, "base", &baseline, why), -EINVAL);
	fclose(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_verdict_is_that_of_the_rules),
		cmocka_unit_test(only_an_exclusion_that_holds_for_everybody_counts),
		cmocka_unit_test(an_exclusion_is_one_class_one_path_and_one_content),
		cmocka_unit_test(a_second_time_there_is_nothing_left),
		cmocka_unit_test(names_never_clash),
		cmocka_unit_test(what_cannot_be_told_apart_is_left_out),
		cmocka_unit_test(only_known_adds_no_exclusion),
		cmocka_unit_test(a_glob_of_a_path_matches_that_path_only),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(a_file_that_is_wrong_anywhere_gives_nothing),
		cmocka_unit_test(a_zero_byte_or_an_endless_line_is_refused),
	};

	return cmocka_run_group_tests_name("ctl_baseline", tests, NULL, NULL);
}
