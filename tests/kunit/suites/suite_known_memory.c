// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set when memory ends in the middle: an entry is in it whole or not
 * at all, nobody leaves for it, and the set begins whole or not at all.
 */
#include "known_keys.h"

#define BOUND 2

/* An entry, its number and its place in the table. */
#define STEPS 3

static const char path[] = "/usr/bin/one";

/* The first allocations succeed, all later ones fail. */
static void leave_room(unsigned int room)
{
	wxg_kunit_room = room;
	wxg_kunit_no_memory = true;
}

static void memory_is_back(void)
{
	wxg_kunit_no_memory = false;
	wxg_kunit_room = 0;
}

static void fill(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 101), 0);
	KUNIT_ASSERT_EQ(test, see(2, MPROTECT, 102), 0);
}

/* The two of before, and nobody else. */
static void expect_unchanged(struct kunit *test, u64 other)
{
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 2u);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 0ull);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 200, LONG_WINDOW));
	KUNIT_EXPECT_TRUE(test, is_there(2, MPROTECT, 200, LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, is_there(other, MPROTECT, 200, LONG_WINDOW));
	/* By number, not by key: what was given back has left no number. */
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MPROTECT, 200, LONG_WINDOW), 2u);
}

static void a_sighting_enters_whole_or_not(struct kunit *test)
{
	unsigned int room;

	fill(test);
	for (room = 0; room < STEPS; room++) {
		leave_room(room);
		KUNIT_EXPECT_EQ(test, see(3, MPROTECT, 200), -ENOMEM);
		memory_is_back();
		expect_unchanged(test, 3);
	}
	leave_room(STEPS);
	KUNIT_EXPECT_EQ(test, see(3, MPROTECT, 200), 0);
	memory_is_back();
	KUNIT_EXPECT_TRUE(test, is_there(3, MPROTECT, 200, LONG_WINDOW));
	KUNIT_EXPECT_EQ(test, wxg_known_count(), (u32)BOUND);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 1ull);
}

static void a_restored_one_enters_whole_or_not(struct kunit *test)
{
	struct wxg_known_info info = info_of(3, MPROTECT, 200);
	unsigned int room;

	fill(test);
	for (room = 0; room < STEPS; room++) {
		leave_room(room);
		KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), -ENOMEM);
		memory_is_back();
		expect_unchanged(test, 3);
	}
	leave_room(STEPS);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	memory_is_back();
	KUNIT_EXPECT_TRUE(test, is_there(3, MPROTECT, 200, LONG_WINDOW));
}

static void an_entry_is_worth_having_without_its_path(struct kunit *test)
{
	const struct wxg_known_key key = key_of(1);
	struct wxg_known_info info;
	unsigned int room;

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	for (room = 0; room < 2; room++) {
		leave_room(room);
		KUNIT_EXPECT_EQ(test,
				wxg_known_insert(&key, path, sizeof(path) - 1,
						 MPROTECT, 0, GENERATION, 100),
				0);
		memory_is_back();
		get_info(test, 1, &info);
		KUNIT_EXPECT_EQ(test, info.path_len,
				room ? (u32)sizeof(path) - 1 : 0u);
	}
}

static void the_set_begins_whole_or_not(struct kunit *test)
{
	unsigned int room;

	wxg_known_exit();
	/* The entries' cache, and the table. */
	for (room = 0; room < 2; room++) {
		leave_room(room);
		KUNIT_EXPECT_EQ(test, wxg_known_init(BOUND), -ENOMEM);
		memory_is_back();
	}
	KUNIT_ASSERT_EQ(test, wxg_known_init(BOUND), 0);
	fill(test);
	expect_unchanged(test, 3);
}

static int set_up(struct kunit *test)
{
	return wxg_known_init(BOUND);
}

static void tear_down(struct kunit *test)
{
	memory_is_back();
	wxg_known_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(a_sighting_enters_whole_or_not),
	KUNIT_CASE(a_restored_one_enters_whole_or_not),
	KUNIT_CASE(an_entry_is_worth_having_without_its_path),
	KUNIT_CASE(the_set_begins_whole_or_not),
	{}
};

struct kunit_suite wxg_kunit_known_memory = {
	.name = "known_memory",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
