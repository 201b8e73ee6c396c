// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set: what is known when, and what a sighting changes.
 */
#include "known_keys.h"

static void nothing_is_known_at_first(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 100, LONG_WINDOW));
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 0u);
	KUNIT_EXPECT_EQ(test, wxg_known_max(), 16u);
}

static void known_is_per_executable_and_class(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 100, LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, is_there(1, MMAP, 100, LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, is_there(2, MPROTECT, 100, LONG_WINDOW));
	KUNIT_ASSERT_EQ(test, see(1, MMAP, 100), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MMAP, 100, LONG_WINDOW));
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 1u);
}

static void each_part_of_the_key_makes_another_executable(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);
	u32 part;

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	for (part = 0; part < 6; part++) {
		key = key_of(1);
		key.ino += part == 0;
		key.ctime_sec += part == 1;
		key.ctime_nsec += part == 2;
		key.dev += part == 3;
		key.generation += part == 4;
		key.shape += part == 5;
		KUNIT_EXPECT_FALSE_MSG(test,
				       wxg_known_lookup(&key, MPROTECT, 100,
							LONG_WINDOW),
				       "part %u", part);
	}
}

static void a_count_is_what_lookups_would_find(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MPROTECT, 100, 10), 0u);
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_ASSERT_EQ(test, see(2, MPROTECT, 80), 0);
	KUNIT_ASSERT_EQ(test, see(3, MMAP, 100), 0);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MPROTECT, 100, 10), 1u);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MPROTECT, 100, 21), 2u);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MPROTECT, 200, 10), 0u);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MMAP, 100, 10), 1u);
	/* What is pinned does not expire. */
	KUNIT_ASSERT_EQ(test, pin(2, true), 0);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(MPROTECT, 200, 10), 1u);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(0, 200, 10), 0u);
	KUNIT_EXPECT_EQ(test, wxg_known_count_for(__WXGUARD_CLASS_MAX, 200, 10),
			0u);
}

static void the_window_ends_to_the_second(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 100, 1));
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 100, 10));
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 109, 10));
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 110, 10));
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 101, 1));
	/* And known again, once it is seen again. */
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 110), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 119, 10));
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 120, 10));
}

static void a_sighting_a_moment_ahead_is_known(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 101), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 100, 1));
}

static void times_before_the_boot_count(struct kunit *test)
{
	struct wxg_known_info info = info_of(1, MPROTECT, -50);

	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 49, 100));
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 50, 100));
}

static void absurd_times_are_bounded(struct kunit *test)
{
	struct wxg_known_info info = info_of(1, MPROTECT, S64_MIN + 1);
	struct wxg_known_info seen;

	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	get_info(test, 1, &seen);
	KUNIT_EXPECT_EQ(test, seen.seen[MPROTECT], (s64)S32_MIN / 2 + 1);
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 0, LONG_WINDOW));
	info = info_of(2, MPROTECT, S64_MAX);
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	get_info(test, 2, &seen);
	KUNIT_EXPECT_EQ(test, seen.seen[MPROTECT], (s64)S32_MAX / 2);
}

static void classes_that_do_not_exist_are_not_known(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_FALSE(test, is_there(1, 0, 100, LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, is_there(1, __WXGUARD_CLASS_MAX, 100,
					  LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, is_there(1, U32_MAX, 100, LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, refresh(1, 0, 100, GENERATION));
	KUNIT_EXPECT_FALSE(test, refresh(1, U32_MAX, 100, GENERATION));
	/* The last one that does. */
	KUNIT_ASSERT_EQ(test, see(1, WXGUARD_CLASS_MAX, 100), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, WXGUARD_CLASS_MAX, 100, 1));
}

static void a_refresh_moves_last_seen_and_counts(struct kunit *test)
{
	struct wxg_known_info info;

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 150, GENERATION));
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 150, GENERATION));
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.first_seen, 100ll);
	KUNIT_EXPECT_EQ(test, info.seen[MPROTECT], 150ll);
	KUNIT_EXPECT_EQ(test, info.seen[MMAP], S64_MIN);
	KUNIT_EXPECT_EQ(test, info.count, 3ull);
}

static void time_never_moves_back(struct kunit *test)
{
	struct wxg_known_info info;

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 90, GENERATION));
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.seen[MPROTECT], 100ll);
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 80), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.seen[MPROTECT], 100ll);
	info = info_of(1, MPROTECT, 70);
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.seen[MPROTECT], 100ll);
}

static void a_refresh_is_no_way_into_the_set(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 100, GENERATION));
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 0u);
	/* Nor back into it, after the window. */
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_FALSE(test, refresh_within(1, MPROTECT, 110, 10,
						GENERATION));
	KUNIT_EXPECT_TRUE(test, refresh_within(1, MPROTECT, 109, 10,
					       GENERATION));
	KUNIT_EXPECT_TRUE(test, refresh_within(1, MPROTECT, 110, 10,
					       GENERATION));
}

/* Who remembers an answer must see that it may not hold any more. */
static void the_epoch_changes_when_an_entry_leaves(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);
	u32 epoch;

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	epoch = wxg_known_epoch;
	KUNIT_ASSERT_EQ(test, see(2, MPROTECT, 100), 0);
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 100, GENERATION));
	KUNIT_EXPECT_EQ(test, wxg_known_epoch, epoch);
	KUNIT_ASSERT_EQ(test, wxg_known_remove(&key), 0);
	KUNIT_EXPECT_NE(test, wxg_known_epoch, epoch);
	epoch = wxg_known_epoch;
	KUNIT_EXPECT_EQ(test, wxg_known_flush(), 1u);
	KUNIT_EXPECT_NE(test, wxg_known_epoch, epoch);
}

static void a_refresh_needs_the_rules_that_cleared(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 100, GENERATION + 1));
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 100, GENERATION - 1));
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 100, GENERATION));
	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, NULL, 0, MPROTECT, 0,
					       GENERATION + 1, 101), 0);
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 101, GENERATION));
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 101, GENERATION + 1));
}

static void one_class_cleared_does_not_clear_another(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_ASSERT_EQ(test, see(1, MMAP, 100), 0);
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 100, GENERATION));
	KUNIT_EXPECT_TRUE(test, refresh(1, MMAP, 100, GENERATION));
	/* The new rules were only asked about one of them. */
	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, NULL, 0, MMAP, 0,
					       GENERATION + 1, 101), 0);
	KUNIT_EXPECT_TRUE(test, refresh(1, MMAP, 101, GENERATION + 1));
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 101, GENERATION + 1));
}

static void a_restored_executable_asks_the_slow_path_once(struct kunit *test)
{
	struct wxg_known_info info = info_of(1, MPROTECT, 100);

	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 100, LONG_WINDOW));
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 100, GENERATION));
	KUNIT_EXPECT_FALSE(test, refresh(1, MPROTECT, 100, 0));
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_TRUE(test, refresh(1, MPROTECT, 100, GENERATION));
}

static void restoring_widens_and_keeps_the_newer(struct kunit *test)
{
	struct wxg_known_info info = info_of(1, MPROTECT, 300);

	KUNIT_ASSERT_EQ(test, see(1, MMAP, 200), 0);
	info.first_seen = -7;
	info.count = 40;
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	info = info_of(1, MMAP, 100);
	info.count = 30;
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);

	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 1u);
	KUNIT_EXPECT_EQ(test, info.first_seen, -7ll);
	KUNIT_EXPECT_EQ(test, info.seen[MPROTECT], 300ll);
	KUNIT_EXPECT_EQ(test, info.seen[MMAP], 200ll);
	KUNIT_EXPECT_EQ(test, info.count, 40ull);
	KUNIT_EXPECT_EQ(test, info.flags, WXGUARD_KNOWN_F_RESTORED);
}

static void flags_add_up(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);
	struct wxg_known_info info;

	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, NULL, 0, MPROTECT,
					       WXGUARD_KNOWN_F_LEARNED, 1, 5), 0);
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 6), 0);
	info = info_of(1, MPROTECT, 7);
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_ASSERT_EQ(test, pin(1, true), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.flags, WXGUARD_KNOWN_F_LEARNED |
					  WXGUARD_KNOWN_F_RESTORED |
					  WXGUARD_KNOWN_F_PINNED);
	KUNIT_ASSERT_EQ(test, pin(1, false), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.flags, WXGUARD_KNOWN_F_LEARNED |
					  WXGUARD_KNOWN_F_RESTORED);
}

static void a_pinned_executable_does_not_expire(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_ASSERT_EQ(test, pin(1, true), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 1000, 10));
	/* Only for what it was seen doing. */
	KUNIT_EXPECT_FALSE(test, is_there(1, MMAP, 1000, 10));
	KUNIT_ASSERT_EQ(test, pin(1, false), 0);
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 1000, 10));
}

static void a_pin_is_for_what_it_was_seen_doing(struct kunit *test)
{
	struct wxg_known_info info;

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_ASSERT_EQ(test, pin(1, true), 0);
	KUNIT_ASSERT_EQ(test, see(1, MMAP, 200), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MMAP, 200, 10));
	KUNIT_EXPECT_FALSE(test, is_there(1, MMAP, 1000, 10));
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 1000, 10));
	/* Seen again, it stays pinned. */
	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 300), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MPROTECT, 1000, 10));
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.pinned, 1u << MPROTECT);
	KUNIT_EXPECT_EQ(test, info.seen[MPROTECT], 300ll);
	KUNIT_EXPECT_EQ(test, info.seen[MMAP], 200ll);
}

static void a_restored_pin_is_for_its_classes(struct kunit *test)
{
	struct wxg_known_info info = info_of(1, MMAP, 150);

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	info.flags = WXGUARD_KNOWN_F_PINNED;
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_TRUE(test, is_there(1, MMAP, 1000, 10));
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 1000, 10));
	/* Another class without the flag takes nothing away. */
	info = info_of(1, MPROTECT, 160);
	KUNIT_ASSERT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 1000, 10));
	KUNIT_EXPECT_TRUE(test, is_there(1, MMAP, 1000, 10));
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.pinned, 1u << MMAP);
	KUNIT_ASSERT_EQ(test, pin(1, false), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.pinned, 0u);
	KUNIT_EXPECT_EQ(test, info.seen[MMAP], 150ll);
}

static void removing_makes_it_new_again(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);

	KUNIT_ASSERT_EQ(test, see(1, MPROTECT, 100), 0);
	KUNIT_EXPECT_EQ(test, wxg_known_remove(&key), 0);
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 100, LONG_WINDOW));
	KUNIT_EXPECT_EQ(test, wxg_known_remove(&key), -ENOENT);
	KUNIT_EXPECT_EQ(test, pin(1, true), -ENOENT);
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 0u);
	KUNIT_ASSERT_EQ(test, see(1, MMAP, 200), 0);
	KUNIT_EXPECT_FALSE(test, is_there(1, MPROTECT, 200, LONG_WINDOW));
}

static void a_path_is_kept_whole_or_not_at_all(struct kunit *test)
{
	static char path[WXGUARD_KNOWN_PATH_MAX + 1];
	struct wxg_known_key key = key_of(1);
	struct wxg_known_info info;

	memset(path, 'p', sizeof(path));
	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, path, sizeof(path),
					       MPROTECT, 0, 1, 5), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.path_len, 0u);
	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, path, sizeof(path) - 1,
					       MPROTECT, 0, 1, 5), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.path_len, (u32)WXGUARD_KNOWN_PATH_MAX);
	KUNIT_EXPECT_EQ(test, memcmp(info.path, path, info.path_len), 0);
	/* Where it was first seen: a later path changes nothing. */
	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, "/x", 2, MPROTECT, 0, 1,
					       5), 0);
	get_info(test, 1, &info);
	KUNIT_EXPECT_EQ(test, info.path_len, (u32)WXGUARD_KNOWN_PATH_MAX);
}

static int set_up(struct kunit *test)
{
	return wxg_known_init(16);
}

static void tear_down(struct kunit *test)
{
	wxg_kunit_no_memory = false;
	wxg_known_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(nothing_is_known_at_first),
	KUNIT_CASE(known_is_per_executable_and_class),
	KUNIT_CASE(each_part_of_the_key_makes_another_executable),
	KUNIT_CASE(a_count_is_what_lookups_would_find),
	KUNIT_CASE(the_window_ends_to_the_second),
	KUNIT_CASE(a_sighting_a_moment_ahead_is_known),
	KUNIT_CASE(times_before_the_boot_count),
	KUNIT_CASE(absurd_times_are_bounded),
	KUNIT_CASE(classes_that_do_not_exist_are_not_known),
	KUNIT_CASE(a_refresh_moves_last_seen_and_counts),
	KUNIT_CASE(time_never_moves_back),
	KUNIT_CASE(a_refresh_is_no_way_into_the_set),
	KUNIT_CASE(the_epoch_changes_when_an_entry_leaves),
	KUNIT_CASE(a_refresh_needs_the_rules_that_cleared),
	KUNIT_CASE(one_class_cleared_does_not_clear_another),
	KUNIT_CASE(a_restored_executable_asks_the_slow_path_once),
	KUNIT_CASE(restoring_widens_and_keeps_the_newer),
	KUNIT_CASE(flags_add_up),
	KUNIT_CASE(a_pinned_executable_does_not_expire),
	KUNIT_CASE(a_pin_is_for_what_it_was_seen_doing),
	KUNIT_CASE(a_restored_pin_is_for_its_classes),
	KUNIT_CASE(removing_makes_it_new_again),
	KUNIT_CASE(a_path_is_kept_whole_or_not_at_all),
	{}
};

struct kunit_suite wxg_kunit_known = {
	.name = "known",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
