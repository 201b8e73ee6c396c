// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options from tables, and the known set merged per executable.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/classes.h>
#include <ctl/known_set.h>

static const struct verb_option options[] = {
	{ 'n', "lines", "N", "so many" },
	{ 256, "all", NULL, "all of them" },
	{ 0 }
};

static const struct verb verb = {
	.name = "try", .args = "WHAT", .purpose = "Try", .options = options, .reads = true,
};

static const struct verb silent = { .name = "do", .args = "", .purpose = "Do" };

/* The sentence about the last mistake. */
static char said[512];

/* Walk @words; "n=5 all" and so on are collected into @seen. Exit code or 0. */
static int walk(const struct verb *which, struct ctl *ctl, char **words, int count,
		char *seen, size_t size, struct option_walk *end)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO), key;
	size_t len;

	fflush(stderr);
	dup2(fileno(file), STDERR_FILENO);
	seen[0] = 0;
	option_start(end, ctl, which, count, words);
	while ((key = option_next(end)) > 0)
		snprintf(seen + strlen(seen), size - strlen(seen), "%c=%s ",
			 key < 256 ? key : '*', end->value ? end->value : "");
	fflush(stderr);
	dup2(saved, STDERR_FILENO);
	close(saved);
	rewind(file);
	len = fread(said, 1, sizeof(said) - 1, file);
	said[len] = 0;
	fclose(file);
	return key < 0 ? end->exit : 0;
}

#define WALK(which, ctl, ...) \
	walk(which, ctl, (char *[]){ (char *)"x", __VA_ARGS__, NULL }, \
	     (int)(sizeof((char *[]){ (char *)"x", __VA_ARGS__ }) / sizeof(char *)), \
	     seen, sizeof(seen), &end)

static void options_and_operands_may_be_mixed(void **state)
{
	struct ctl ctl = { 0 };
	struct option_walk end;
	char seen[128];

	(void)state;
	assert_int_equal(WALK(&verb, &ctl, "-n", "5", "one", "--all", "-j", "two"), 0);
	assert_string_equal(seen, "n=5 *= ");
	assert_true(ctl.json);
	assert_int_equal(end.argc, 2);
	assert_string_equal(end.argv[0], "one");
	assert_string_equal(end.argv[1], "two");
}

static void after_two_dashes_all_is_operand(void **state)
{
	struct ctl ctl = { 0 };
	struct option_walk end;
	char seen[128];

	(void)state;
	assert_int_equal(WALK(&verb, &ctl, "--", "--all"), 0);
	assert_string_equal(seen, "");
	assert_string_equal(end.argv[0], "--all");
}

static void each_mistake_has_its_sentence(void **state)
{
	struct ctl ctl = { 0 };
	struct option_walk end;
	char seen[128];

	(void)state;
	assert_int_equal(WALK(&verb, &ctl, "--nope"), CTL_USAGE);
	assert_string_equal(said, "wxguard try: there is no option --nope (see: wxguard try --help)\n");
	assert_int_equal(WALK(&verb, &ctl, "-Z"), CTL_USAGE);
	assert_string_equal(said, "wxguard try: there is no option -Z (see: wxguard try --help)\n");
	assert_int_equal(WALK(&verb, &ctl, "-n"), CTL_USAGE);
	assert_string_equal(said, "wxguard try: --lines needs a value (see: wxguard try --help)\n");
	assert_int_equal(WALK(&verb, &ctl, "--all=yes"), CTL_USAGE);
	assert_string_equal(said, "wxguard try: --all takes no value (see: wxguard try --help)\n");
	assert_int_equal(WALK(&verb, &ctl, "--color", "red"), CTL_USAGE);
	assert_string_equal(said, "wxguard try: --color is auto, always or never, not \"red\" (see: wxguard try --help)\n");
}

static void a_verb_that_reads_nothing_has_no_json(void **state)
{
	struct ctl ctl = { 0 };
	struct option_walk end;
	char seen[128];

	(void)state;
	assert_int_equal(WALK(&silent, &ctl, "-j"), CTL_USAGE);
	assert_false(ctl.json);
}

static void colour_is_what_was_asked(void **state)
{
	struct ctl ctl = { 0 };
	struct option_walk end;
	char seen[128];

	(void)state;
	assert_int_equal(WALK(&verb, &ctl, "--color=always", "--utc"), 0);
	assert_true(ctl.color && ctl.utc);
	assert_int_equal(WALK(&verb, &ctl, "--color=never"), 0);
	assert_false(ctl.color);
}

static void class_bits_have_names(void **state)
{
	char text[256];

	(void)state;
	assert_string_equal(classes_print(text, sizeof(text), 0), "-");
	assert_string_equal(classes_print(text, sizeof(text),
					  1U << WXGUARD_CLASS_RWX_MPROTECT |
					  1U << WXGUARD_CLASS_RWX_MMAP), "rwx_mprotect,rwx_mmap");
	/* Never past the end, however small the room. */
	assert_int_equal(strlen(classes_print(text, 8, ~0U)), 7);
}

static struct client_known entry(uint64_t ino, uint32_t classes, uint64_t first,
				 uint64_t last)
{
	return (struct client_known){
		.dev = 8 << 20, .ino = ino, .classes = classes, .count = 3,
		.first_seen = first, .last_seen = last,
	};
}

static void messages_of_one_executable_become_one_entry(void **state)
{
	struct client_known in[] = {
		entry(7, 1U << 1, 100, 900), entry(9, 1U << 1, 50, 60),
		entry(7, 1U << 6, 80, 200),
	};
	struct known_set set = { 0 };
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++)
		assert_int_equal(known_set_add(&in[i], &set), 0);
	known_set_merge(&set, KNOWN_SET_BY_ENTRY);
	assert_int_equal(set.count, 2);
	assert_int_equal(set.entry[0].ino, 9);	/* least recently seen first */
	assert_int_equal(set.entry[1].ino, 7);
	assert_int_equal(set.entry[1].classes, 1U << 1 | 1U << 6);
	assert_int_equal(set.entry[1].first_seen, 80);
	assert_int_equal(set.entry[1].last_seen, 900);
	assert_int_equal(set.entry[1].count, 3);
	known_set_free(&set);
}

/* Else one of them could not be forgotten without the other. */
static void each_kind_of_memory_is_an_entry(void **state)
{
	struct client_known heap = entry(7, 1U << WXGUARD_CLASS_WX_TRANSITION, 1, 1);
	struct client_known stack = heap;
	struct known_set set = { 0 };

	(void)state;
	heap.shape = WXGUARD_REGION_HEAP;
	stack.shape = WXGUARD_REGION_STACK;
	assert_int_equal(known_set_add(&stack, &set), 0);
	assert_int_equal(known_set_add(&heap, &set), 0);
	assert_int_equal(known_set_add(&heap, &set), 0);
	known_set_merge(&set, KNOWN_SET_BY_ENTRY);
	assert_int_equal(set.count, 2);
	assert_int_equal(set.entry[0].shape, WXGUARD_REGION_HEAP);
	assert_int_equal(set.entry[1].shape, WXGUARD_REGION_STACK);
	known_set_free(&set);
}

/* A pin is for a class: shown apart, forgotten as one. */
static void what_it_is_pinned_for_stands_apart(void **state)
{
	struct client_known in[] = {
		entry(7, 1U << WXGUARD_CLASS_EXEC_UNKNOWN, 1, 1),
		entry(7, 1U << WXGUARD_CLASS_RWX_MMAP, 1, 2),
		entry(7, 1U << WXGUARD_CLASS_RWX_MPROTECT, 1, 3),
	};
	struct known_set set = { 0 };
	size_t i;

	(void)state;
	in[0].flags = WXGUARD_KNOWN_F_PINNED | WXGUARD_KNOWN_F_RESTORED;
	in[1].flags = in[2].flags = WXGUARD_KNOWN_F_RESTORED;
	for (i = 0; i < 3; i++)
		assert_int_equal(known_set_add(&in[i], &set), 0);
	known_set_merge(&set, KNOWN_SET_BY_PIN);
	assert_int_equal(set.count, 2);
	assert_int_equal(set.entry[0].classes, 1U << WXGUARD_CLASS_EXEC_UNKNOWN);
	assert_true(set.entry[0].flags & WXGUARD_KNOWN_F_PINNED);
	assert_int_equal(set.entry[1].classes, 1U << WXGUARD_CLASS_RWX_MMAP |
					       1U << WXGUARD_CLASS_RWX_MPROTECT);
	assert_false(set.entry[1].flags & WXGUARD_KNOWN_F_PINNED);
	known_set_merge(&set, KNOWN_SET_BY_ENTRY);
	assert_int_equal(set.count, 1);
	known_set_free(&set);
}

static void a_replaced_file_is_another_entry(void **state)
{
	struct client_known old = entry(7, 2, 1, 1), new = entry(7, 2, 1, 1);
	struct known_set set = { 0 };

	(void)state;
	new.ctime_nsec = 1;
	assert_int_equal(known_set_add(&old, &set), 0);
	assert_int_equal(known_set_add(&new, &set), 0);
	known_set_merge(&set, KNOWN_SET_BY_ENTRY);
	assert_int_equal(set.count, 2);
	known_set_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands_may_be_mixed),
		cmocka_unit_test(after_two_dashes_all_is_operand),
		cmocka_unit_test(each_mistake_has_its_sentence),
		cmocka_unit_test(a_verb_that_reads_nothing_has_no_json),
		cmocka_unit_test(colour_is_what_was_asked),
		cmocka_unit_test(class_bits_have_names),
		cmocka_unit_test(messages_of_one_executable_become_one_entry),
		cmocka_unit_test(each_kind_of_memory_is_an_entry),
		cmocka_unit_test(what_it_is_pinned_for_stands_apart),
		cmocka_unit_test(a_replaced_file_is_another_entry),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
