// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set at its bound: who leaves, who stays, and walks over it while
 * it changes.
 */
#include <linux/kthread.h>

#include "known_keys.h"
#include "known_set.h"
#include "reader.h"

#define MAX 4

static void fill(struct kunit *test)
{
	u64 ino;

	for (ino = 1; ino <= MAX; ino++)
		KUNIT_ASSERT_EQ(test, see(ino, MPROTECT, 100 + (s64)ino), 0);
}

/* Which of 1 to 9 are there, as decimal digits: 134 for 1, 3 and 4. */
static u32 members(void)
{
	u32 digits = 0;
	u64 ino;

	for (ino = 1; ino <= 9; ino++) {
		struct wxg_known_key key = key_of(ino);

		if (wxg_known_lookup(&key, MPROTECT, 0, 1) ||
		    wxg_known_lookup(&key, MMAP, 0, 1))
			digits = digits * 10 + (u32)ino;
	}
	return digits;
}

static void the_least_recently_seen_leaves_first(struct kunit *test)
{
	fill(test);
	KUNIT_ASSERT_EQ(test, see(5, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 2345u);
	KUNIT_ASSERT_EQ(test, see(6, MPROTECT, 201), 0);
	KUNIT_EXPECT_EQ(test, members(), 3456u);
	KUNIT_EXPECT_EQ(test, wxg_known_count(), (u32)MAX);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 2ull);
}

static void a_refresh_saves_from_leaving(struct kunit *test)
{
	fill(test);
	KUNIT_ASSERT_TRUE(test, refresh(1, MPROTECT, 150, GENERATION));
	KUNIT_ASSERT_TRUE(test, refresh(2, MPROTECT, 149, GENERATION));
	KUNIT_ASSERT_EQ(test, see(5, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 1245u);
	KUNIT_ASSERT_EQ(test, see(6, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 1256u);
	/* 2 was refreshed to before 1. */
	KUNIT_ASSERT_EQ(test, see(7, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 1567u);
	KUNIT_ASSERT_EQ(test, see(8, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 5678u);
}

static void a_sighting_for_any_class_counts_as_seen(struct kunit *test)
{
	fill(test);
	KUNIT_ASSERT_EQ(test, see(1, MMAP, 150), 0);
	KUNIT_ASSERT_EQ(test, see(5, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 1345u);
}

static void in_the_same_second_the_first_leaves_first(struct kunit *test)
{
	u64 ino;

	for (ino = 1; ino <= 9; ino++)
		KUNIT_ASSERT_EQ(test, see(ino, MPROTECT, 100), 0);
	KUNIT_EXPECT_EQ(test, members(), 6789u);
}

static void pinned_ones_never_leave(struct kunit *test)
{
	u64 ino;

	fill(test);
	KUNIT_ASSERT_EQ(test, pin(1, true), 0);
	KUNIT_ASSERT_EQ(test, pin(1, true), 0);
	KUNIT_ASSERT_EQ(test, pin(3, true), 0);
	for (ino = 5; ino <= 9; ino++)
		KUNIT_ASSERT_EQ(test, see(ino, MPROTECT, 200 + (s64)ino), 0);
	KUNIT_EXPECT_EQ(test, members(), 1389u);
}

static void full_of_pinned_ones_takes_nothing(struct kunit *test)
{
	struct wxg_known_info info = info_of(6, MPROTECT, 300);
	u64 ino;

	fill(test);
	for (ino = 1; ino <= MAX; ino++)
		KUNIT_ASSERT_EQ(test, pin(ino, true), 0);
	KUNIT_EXPECT_EQ(test, see(5, MPROTECT, 200), -ENOSPC);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), -ENOSPC);
	info.flags = WXGUARD_KNOWN_F_PINNED;
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), -ENOSPC);
	KUNIT_EXPECT_EQ(test, members(), 1234u);
	KUNIT_EXPECT_EQ(test, wxg_known_count(), (u32)MAX);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 0ull);
	/* What is there may still be seen. */
	KUNIT_EXPECT_EQ(test, see(1, MMAP, 200), 0);
}

static void unpinned_it_leaves_in_its_turn(struct kunit *test)
{
	fill(test);
	KUNIT_ASSERT_EQ(test, pin(1, true), 0);
	KUNIT_ASSERT_TRUE(test, refresh(1, MPROTECT, 103, GENERATION));
	KUNIT_ASSERT_EQ(test, pin(1, false), 0);
	KUNIT_ASSERT_EQ(test, pin(1, false), 0);
	KUNIT_ASSERT_EQ(test, see(5, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 1345u);
	/* 3 and 1 were both seen at 103; 3 was queued before. */
	KUNIT_ASSERT_EQ(test, see(6, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 1456u);
	KUNIT_ASSERT_EQ(test, see(7, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 4567u);
}

static void restored_it_takes_the_place_of_its_time(struct kunit *test)
{
	struct wxg_known_info info;

	fill(test);
	/* Before all others: it leaves at once. */
	info = info_of(5, MPROTECT, 100);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_EQ(test, members(), 1234u);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 1ull);
	/* Between the others: the oldest leaves, and it is the next. */
	info = info_of(6, MPROTECT, 101);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_EQ(test, members(), 2346u);
	KUNIT_ASSERT_EQ(test, see(7, MPROTECT, 200), 0);
	KUNIT_EXPECT_EQ(test, members(), 2347u);
	/* Pinned: in, however old. */
	info = info_of(8, MPROTECT, 1);
	info.flags = WXGUARD_KNOWN_F_PINNED;
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	KUNIT_EXPECT_EQ(test, members(), 3478u);
}

static void without_memory_nobody_leaves(struct kunit *test)
{
	struct wxg_known_info info = info_of(6, MPROTECT, 300);

	fill(test);
	wxg_kunit_no_memory = true;
	KUNIT_EXPECT_EQ(test, see(5, MPROTECT, 200), -ENOMEM);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), -ENOMEM);
	/* Needs none. */
	KUNIT_EXPECT_EQ(test, see(1, MMAP, 200), 0);
	wxg_kunit_no_memory = false;
	KUNIT_EXPECT_EQ(test, members(), 1234u);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 0ull);
}

static void a_flush_empties_it(struct kunit *test)
{
	fill(test);
	KUNIT_ASSERT_EQ(test, pin(2, true), 0);
	KUNIT_EXPECT_EQ(test, wxg_known_flush(), (u32)MAX);
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 0u);
	KUNIT_EXPECT_EQ(test, members(), 0u);
	KUNIT_EXPECT_EQ(test, wxg_known_flush(), 0u);
	fill(test);
	KUNIT_EXPECT_EQ(test, members(), 1234u);
}

/* ---- walks -------------------------------------------------------------- */

struct steps {
	u32 digits;		/* who was shown, in order */
	u32 stop_after;		/* this many, 0 = never */
	u32 shown;
	u64 remove;		/* when this one is shown... */
	u64 removed;		/* ...this one leaves */
	bool insert;		/* and 5 enters */
};

static int step(const struct wxg_known_info *info, void *arg)
{
	struct steps *steps = arg;
	struct wxg_known_key key = key_of(steps->removed);

	if (steps->stop_after && steps->shown == steps->stop_after)
		return -EMSGSIZE;
	steps->shown++;
	steps->digits = steps->digits * 10 + (u32)info->key.ino;
	/* It is called without a lock, so that it may change the set. */
	if (steps->remove && info->key.ino == steps->remove) {
		wxg_known_remove(&key);
		if (steps->insert)
			see(5, MPROTECT, 200);
	}
	return 0;
}

static void a_walk_shows_each_once(struct kunit *test)
{
	struct steps steps = { .digits = 0 };
	u64 cursor = 0;

	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), 0);
	KUNIT_EXPECT_EQ(test, steps.digits, 0u);
	fill(test);
	cursor = 0;
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), 0);
	KUNIT_EXPECT_EQ(test, steps.digits, 1234u);
	/* At the end it stays at the end. */
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), 0);
	KUNIT_EXPECT_EQ(test, steps.digits, 1234u);
}

static void a_walk_that_stops_goes_on_there(struct kunit *test)
{
	struct steps steps = { .stop_after = 2 };
	u64 cursor = 0;

	fill(test);
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, steps.digits, 12u);
	/* The one that did not fit comes again, as often as it has to. */
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), -EMSGSIZE);
	KUNIT_EXPECT_EQ(test, steps.digits, 12u);
	steps.stop_after = 0;
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), 0);
	KUNIT_EXPECT_EQ(test, steps.digits, 1234u);
}

static void what_stays_during_a_walk_is_shown(struct kunit *test)
{
	struct steps steps = { .remove = 2, .removed = 2, .insert = true };
	u64 cursor = 0;

	fill(test);
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), 0);
	KUNIT_EXPECT_EQ(test, steps.digits, 12345u);

	steps = (struct steps){ .remove = 1, .removed = 3 };
	cursor = 0;
	KUNIT_EXPECT_EQ(test, wxg_known_walk(&cursor, step, &steps), 0);
	KUNIT_EXPECT_EQ(test, steps.digits, 145u);
}

/* ---- size and company --------------------------------------------------- */

static void the_bound_holds_for_many(struct kunit *test)
{
	u64 ino;
	u32 there = 0;

	wxg_known_exit();
	KUNIT_ASSERT_EQ(test, wxg_known_init(1000), 0);
	for (ino = 1; ino <= 3000; ino++)
		KUNIT_ASSERT_EQ(test, see(ino, MPROTECT, (s64)ino), 0);
	KUNIT_EXPECT_EQ(test, wxg_known_count(), 1000u);
	KUNIT_EXPECT_EQ(test, wxg_known_evicted(), 2000ull);
	for (ino = 2001; ino <= 3000; ino++)
		there += is_there(ino, MPROTECT, 3000, LONG_WINDOW);
	KUNIT_EXPECT_EQ(test, there, 1000u);
	KUNIT_EXPECT_FALSE(test, is_there(2000, MPROTECT, 3000, LONG_WINDOW));
}

static int keep_refreshing(void *arg)
{
	s64 now = 1;
	u64 ino;

	while (!kthread_should_stop()) {
		for (ino = 1; ino <= 9; ino++)
			refresh(ino, MPROTECT, now, GENERATION);
		now++;
		cond_resched();
	}
	return 0;
}

static void refreshes_race_with_everything_else(struct kunit *test)
{
	struct wxg_known_key key = key_of(3);
	struct task_struct *company[2];
	u32 round, i;

	for (i = 0; i < ARRAY_SIZE(company); i++) {
		company[i] = kthread_run(keep_refreshing, NULL, "wxg_kunit/%u", i);
		KUNIT_ASSERT_FALSE(test, IS_ERR(company[i]));
	}
	for (round = 0; round < 3000; round++) {
		KUNIT_EXPECT_EQ(test, see(round % 9 + 1, MPROTECT, round), 0);
		if (round % 7 == 0)
			pin(round % 3 + 1, round % 2);
		if (round % 11 == 0)
			wxg_known_remove(&key);
		if (round % 1000 == 0)
			wxg_known_flush();
	}
	for (i = 0; i < ARRAY_SIZE(company); i++)
		kthread_stop(company[i]);
	KUNIT_EXPECT_LE(test, wxg_known_count(), (u32)MAX);
}

static const void *enter_first(void)
{
	struct wxg_known_key key = key_of(1);

	return rhashtable_lookup(&wxg_known_set.table, &key, wxg_known_params);
}

static bool first_is_whole(const void *thing)
{
	const struct wxg_known_entry *entry = thing;

	return entry->key.ino == 1 && entry->seen[MPROTECT - 1] >> 1 == 101 &&
	       !memcmp(entry->path, "/first", 6);
}

static void remove_first(struct kunit *test)
{
	struct wxg_known_key key = key_of(1);

	KUNIT_EXPECT_EQ(test, wxg_known_remove(&key), 0);
	KUNIT_EXPECT_EQ(test, members(), 234u);
}

static void a_lookup_keeps_what_is_removed(struct kunit *test)
{
	static const struct wxg_kunit_reader reader = {
		.enter = enter_first,
		.is_whole = first_is_whole,
	};
	struct wxg_known_key key = key_of(1);

	fill(test);
	KUNIT_ASSERT_EQ(test, wxg_known_insert(&key, "/first", 6, MPROTECT, 0,
					       GENERATION, 101), 0);
	wxg_kunit_take_from_reader(test, &reader, remove_first);
}

static int set_up(struct kunit *test)
{
	return wxg_known_init(MAX);
}

static void tear_down(struct kunit *test)
{
	wxg_kunit_no_memory = false;
	wxg_known_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(the_least_recently_seen_leaves_first),
	KUNIT_CASE(a_refresh_saves_from_leaving),
	KUNIT_CASE(a_sighting_for_any_class_counts_as_seen),
	KUNIT_CASE(in_the_same_second_the_first_leaves_first),
	KUNIT_CASE(pinned_ones_never_leave),
	KUNIT_CASE(full_of_pinned_ones_takes_nothing),
	KUNIT_CASE(unpinned_it_leaves_in_its_turn),
	KUNIT_CASE(restored_it_takes_the_place_of_its_time),
	KUNIT_CASE(without_memory_nobody_leaves),
	KUNIT_CASE(a_flush_empties_it),
	KUNIT_CASE(a_walk_shows_each_once),
	KUNIT_CASE(a_walk_that_stops_goes_on_there),
	KUNIT_CASE(what_stays_during_a_walk_is_shown),
	KUNIT_CASE(the_bound_holds_for_many),
	KUNIT_CASE(refreshes_race_with_everything_else),
	KUNIT_CASE(a_lookup_keeps_what_is_removed),
	{}
};

struct kunit_suite wxg_kunit_known_bound = {
	.name = "known_bound",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
