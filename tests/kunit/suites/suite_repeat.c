// SPDX-License-Identifier: GPL-2.0-only
/*
 * Repeats: a first sighting is always told, none is told twice in full, and
 * each one is in some count that is announced.
 */
#include <linux/sizes.h>

#include "repeat.h"
#include "ring.h"
#include "suites.h"

#define MAX 256
#define WINDOW 60
#define NOW 1000

static s64 now;

static struct wxg_sighting sighting_of(u64 ino, u64 detail)
{
	struct wxg_sighting sighting = {
		.term = {
			.key.ino = ino,
			.detail = detail,
			.class = WXGUARD_CLASS_EXEC_MEMORY,
			.verdict = WXGUARD_VERDICT_DENIED,
			.uid = 1000,
			.generation = 1,
		},
		.window = WINDOW,
		.now = now,
		.action = WXGUARD_ACTION_DENY,
		.mode = WXGUARD_MODE_ENFORCE,
		.pid = 4711,
		.start = 17,
		.comm = "sh",
		.exe = "/bin/sh (not this)",
		.exe_len = 7,
	};

	return sighting;
}

static enum wxg_repeat note(u64 ino, u64 detail, struct wxg_repeat_info *info)
{
	const struct wxg_sighting sighting = sighting_of(ino, detail);

	return wxg_repeat_note(&sighting, info);
}

/* A first one, whose finding gets a number as if it were published. */
static u64 note_first(struct kunit *test, u64 ino, u64 detail, u64 seq)
{
	struct wxg_repeat_info info;

	KUNIT_EXPECT_EQ(test, note(ino, detail, &info), WXG_REPEAT_FIRST);
	KUNIT_EXPECT_NE(test, info.slot, 0u);
	wxg_repeat_told(info.slot, seq);
	return info.slot;
}

static void note_folded(struct kunit *test, u64 ino, u64 detail, u32 times)
{
	struct wxg_repeat_info info;

	while (times--)
		KUNIT_ASSERT_EQ(test, note(ino, detail, &info),
				WXG_REPEAT_FOLDED);
}

static u64 newest(void)
{
	struct wxg_ring_status status;

	wxg_ring_status(&status);
	return status.newest;
}

/* The announcement with this number; the caller gives it back. */
static const struct wxg_finding *announced(struct kunit *test, u64 seq)
{
	const struct wxg_finding *finding;
	u64 missing;

	KUNIT_ASSERT_EQ(test, newest(), seq);
	finding = wxg_ring_read(seq - 1, &missing);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, finding);
	KUNIT_EXPECT_EQ(test, finding->seq, seq);
	KUNIT_EXPECT_TRUE(test, finding->flags & WXGUARD_FLAG_REPEAT);
	return finding;
}

static void expect_announced(struct kunit *test, u64 seq, u64 first, u64 count)
{
	const struct wxg_finding *finding = announced(test, seq);

	KUNIT_EXPECT_EQ(test, finding->repeat_of, first);
	KUNIT_EXPECT_EQ(test, finding->repeat_count, count);
	wxg_ring_put(finding);
}

static void the_first_is_told_and_the_rest_counted(struct kunit *test)
{
	struct wxg_repeat_info info;
	u32 i;

	note_first(test, 1, 0, 7);
	note_folded(test, 1, 0, 9);
	KUNIT_EXPECT_EQ(test, note(1, 0, &info), WXG_REPEAT_ANNOUNCE);
	KUNIT_EXPECT_EQ(test, info.first, 7ull);
	KUNIT_EXPECT_EQ(test, info.count, 10ull);
	KUNIT_EXPECT_FALSE(test, info.aggregate);
	note_folded(test, 1, 0, 89);
	KUNIT_EXPECT_EQ(test, note(1, 0, &info), WXG_REPEAT_ANNOUNCE);
	KUNIT_EXPECT_EQ(test, info.count, 100ull);
	for (i = 101; i < 1000; i++)
		KUNIT_ASSERT_EQ(test, note(1, 0, &info), WXG_REPEAT_FOLDED);
	KUNIT_EXPECT_EQ(test, note(1, 0, &info), WXG_REPEAT_ANNOUNCE);
	KUNIT_EXPECT_EQ(test, info.count, 1000ull);
	KUNIT_EXPECT_EQ(test, wxg_repeat_folded(), 1000ull);
	/* All of it is announced. */
	wxg_repeat_flush(now + 1, 0);
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
}

static void without_a_window_each_is_told(struct kunit *test)
{
	struct wxg_sighting sighting = sighting_of(1, 0);
	struct wxg_repeat_info info;
	u32 i;

	sighting.window = 0;
	for (i = 0; i < 100; i++) {
		KUNIT_EXPECT_EQ(test, wxg_repeat_note(&sighting, &info),
				WXG_REPEAT_FIRST);
		KUNIT_EXPECT_EQ(test, info.slot, 0u);
	}
	KUNIT_EXPECT_EQ(test, wxg_repeat_folded(), 0ull);
	/* And nothing was kept. */
	note_first(test, 1, 0, 7);
}

static void a_window_ends(struct kunit *test)
{
	note_first(test, 1, 0, 7);
	now += WINDOW - 1;
	note_folded(test, 1, 0, 3);
	now += 1;
	note_first(test, 1, 0, 8);
	/* What the first window had not announced is announced before. */
	expect_announced(test, 1, 7, 3);
	note_folded(test, 1, 0, 1);
	wxg_repeat_flush(now, 0);
	expect_announced(test, 2, 8, 1);
}

static void each_part_of_a_term_makes_another(struct kunit *test)
{
	struct wxg_repeat_info info;
	struct wxg_sighting sighting;
	u32 part;

	note_first(test, 1, 1, 7);
	for (part = 0; part < 7; part++) {
		sighting = sighting_of(1, 1);
		sighting.term.key.ino += part == 0;
		sighting.term.key.shape += part == 1;
		sighting.term.detail += part == 2;
		sighting.term.class += part == 3;
		sighting.term.verdict += part == 4;
		sighting.term.uid += part == 5;
		sighting.term.generation += part == 6;
		KUNIT_EXPECT_EQ_MSG(test, wxg_repeat_note(&sighting, &info),
				    WXG_REPEAT_FIRST, "part %u", part);
	}
	note_folded(test, 1, 1, 1);
}

static void what_has_no_number_is_not_referred_to(struct kunit *test)
{
	struct wxg_repeat_info info;
	u64 slot;

	KUNIT_EXPECT_EQ(test, note(1, 0, &info), WXG_REPEAT_FIRST);
	slot = info.slot;
	note_folded(test, 1, 0, 15);
	wxg_repeat_flush(now + 30, 0);
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
	wxg_repeat_told(slot, 7);
	/* The one that was due. */
	KUNIT_EXPECT_EQ(test, note(1, 0, &info), WXG_REPEAT_ANNOUNCE);
	KUNIT_EXPECT_EQ(test, info.first, 7ull);
	KUNIT_EXPECT_EQ(test, info.count, 16ull);
	/* A number is given once, and to what is there. */
	wxg_repeat_told(slot, 8);
	wxg_repeat_told(slot + 1, 8);
	wxg_repeat_told(0, 8);
	note_folded(test, 1, 0, 1);
	wxg_repeat_flush(now, 0);
	expect_announced(test, 1, 7, 17);
}

static void the_last_announcement_is_exact(struct kunit *test)
{
	const struct wxg_finding *finding;

	note_first(test, 1, 0, 7);
	note_folded(test, 1, 0, 5);
	/* It may go on for a while. */
	wxg_repeat_flush(now + 9, 10);
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
	wxg_repeat_flush(now + 10, 10);
	finding = announced(test, 1);
	KUNIT_EXPECT_EQ(test, finding->repeat_of, 7ull);
	KUNIT_EXPECT_EQ(test, finding->repeat_count, 5ull);
	KUNIT_EXPECT_NE(test, finding->repeat_last, 0ull);
	KUNIT_EXPECT_EQ(test, finding->class, (u32)WXGUARD_CLASS_EXEC_MEMORY);
	KUNIT_EXPECT_EQ(test, finding->verdict, (u32)WXGUARD_VERDICT_DENIED);
	KUNIT_EXPECT_EQ(test, finding->action, (u32)WXGUARD_ACTION_DENY);
	KUNIT_EXPECT_EQ(test, finding->mode, (u32)WXGUARD_MODE_ENFORCE);
	KUNIT_EXPECT_EQ(test, finding->rules_generation, 1u);
	KUNIT_EXPECT_EQ(test, finding->flags, WXGUARD_FLAG_REPEAT);
	KUNIT_EXPECT_TRUE(test, finding->proc.brief);
	KUNIT_EXPECT_EQ(test, finding->proc.pid, 4711u);
	KUNIT_EXPECT_EQ(test, finding->proc.start, 17ull);
	KUNIT_EXPECT_EQ(test, finding->proc.uid, 1000u);
	KUNIT_EXPECT_STREQ(test, (const char *)finding->proc.comm, "sh");
	KUNIT_EXPECT_EQ(test, finding->proc.exe.len, 7u);
	KUNIT_EXPECT_EQ(test, memcmp(finding->pool + finding->proc.exe.off,
				     "/bin/sh", 7), 0);
	wxg_ring_put(finding);
	/* Nothing is said twice; the counting goes on. */
	wxg_repeat_flush(now + 20, 10);
	KUNIT_EXPECT_EQ(test, newest(), 1ull);
	note_folded(test, 1, 0, 4);
	wxg_repeat_flush(now + WINDOW, 1000);
	expect_announced(test, 2, 7, 9);
}

/* A path that the count does not keep whole says so. */
static void a_long_path_is_announced_as_cut(struct kunit *test)
{
	static char path[WXGUARD_PATH_MAX];
	struct wxg_sighting sighting = sighting_of(1, 0);
	const struct wxg_finding *finding;
	struct wxg_repeat_info info;

	memset(path, 'p', sizeof(path));
	note_first(test, 1, 0, 7);
	sighting.exe = path;
	sighting.exe_len = sizeof(path);
	KUNIT_EXPECT_EQ(test, wxg_repeat_note(&sighting, &info),
			WXG_REPEAT_FOLDED);
	wxg_repeat_flush(now + 10, 10);
	finding = announced(test, 1);
	KUNIT_EXPECT_EQ(test, finding->flags,
			WXGUARD_FLAG_REPEAT | WXGUARD_FLAG_PATH_TRUNCATED);
	KUNIT_EXPECT_GT(test, finding->proc.exe.len, 0u);
	KUNIT_EXPECT_LT(test, finding->proc.exe.len, (u32)sizeof(path));
	wxg_ring_put(finding);
}

/* Distinct contents of one executable: so many told, the rest one count. */
static void a_flood_is_details_and_one_aggregate(struct kunit *test)
{
	const u32 total = 10000;
	const struct wxg_finding *finding;
	struct wxg_repeat_info info;
	u32 firsts = 0, announcements = 0;
	bool aggregate = false;
	u32 i;

	for (i = 1; i <= total; i++) {
		switch (note(1, i, &info)) {
		case WXG_REPEAT_FIRST:
			firsts++;
			KUNIT_ASSERT_FALSE(test, aggregate);
			aggregate = info.aggregate;
			wxg_repeat_told(info.slot, i);
			break;
		case WXG_REPEAT_ANNOUNCE:
			announcements++;
			KUNIT_EXPECT_TRUE(test, info.aggregate);
			KUNIT_EXPECT_EQ(test, info.first,
					WXG_REPEAT_DETAILS_MAX + 1ull);
			break;
		default:
			break;
		}
	}
	KUNIT_EXPECT_TRUE(test, aggregate);
	KUNIT_EXPECT_EQ(test, firsts, WXG_REPEAT_DETAILS_MAX + 1u);
	KUNIT_EXPECT_EQ(test, announcements, 3u);
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
	wxg_repeat_flush(now, 0);
	finding = announced(test, 1);
	KUNIT_EXPECT_EQ(test, finding->flags, WXGUARD_FLAG_REPEAT |
					      WXGUARD_FLAG_AGGREGATE);
	KUNIT_EXPECT_EQ(test, finding->repeat_count + firsts, (u64)total);
	wxg_ring_put(finding);
}

static void a_flood_hides_nothing_else(struct kunit *test)
{
	struct wxg_repeat_info info;
	struct wxg_sighting sighting;
	u32 i;

	for (i = 1; i <= WXG_REPEAT_DETAILS_MAX + 20; i++)
		if (note(1, i, &info) == WXG_REPEAT_FIRST)
			wxg_repeat_told(info.slot, i);
	/* What was told on its own still counts on its own. */
	note_folded(test, 1, 5, 2);
	/* Nor is another executable, or another class, a part of it. */
	note_first(test, 2, 1000, 90);
	sighting = sighting_of(1, 1000);
	sighting.term.class = WXGUARD_CLASS_RWX_MMAP;
	KUNIT_EXPECT_EQ(test, wxg_repeat_note(&sighting, &info),
			WXG_REPEAT_FIRST);
	/* After the window, details are told again. */
	now += WINDOW;
	note_first(test, 1, 2000, 91);
	KUNIT_EXPECT_GT(test, newest(), 0ull);
}

static void who_makes_room_is_announced_first(struct kunit *test)
{
	u32 i;

	note_first(test, 1, 0, 7);
	note_first(test, 2, 0, 8);
	note_folded(test, 1, 0, 3);
	/* The second was seen longest ago and has nothing to say. */
	for (i = 3; i <= MAX + 1; i++)
		note_first(test, i, 0, 100 + i);
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
	note_folded(test, 1, 0, 1);
	/* Now all others, and then the first. */
	for (i = MAX + 2; i <= 2 * MAX + 1; i++)
		note_first(test, i, 0, 100 + i);
	expect_announced(test, 1, 7, 4);
}

static void without_memory_each_is_told(struct kunit *test)
{
	struct wxg_repeat_info info;
	u32 i;

	wxg_kunit_no_memory = true;
	for (i = 0; i < 20; i++) {
		KUNIT_EXPECT_EQ(test, note(1, 0, &info), WXG_REPEAT_FIRST);
		KUNIT_EXPECT_EQ(test, info.slot, 0u);
		KUNIT_EXPECT_EQ(test, note(1, i + 1, &info), WXG_REPEAT_FIRST);
	}
	wxg_kunit_no_memory = false;
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
}

static void what_cannot_be_announced_waits_or_is_lost(struct kunit *test)
{
	struct wxg_ring_status status;

	note_first(test, 1, 0, 7);
	note_folded(test, 1, 0, 3);
	wxg_kunit_no_memory = true;
	wxg_repeat_flush(now, 0);
	KUNIT_EXPECT_EQ(test, newest(), 0ull);
	/* It leaves now: that is a counted loss. */
	wxg_repeat_flush(now + WINDOW, 0);
	wxg_kunit_no_memory = false;
	wxg_ring_status(&status);
	KUNIT_EXPECT_EQ(test, status.newest, 1ull);
	KUNIT_EXPECT_EQ(test, status.lost_nomem, 1ull);
	note_first(test, 1, 0, 8);
	note_folded(test, 1, 0, 3);
	wxg_repeat_flush(now, 0);
	expect_announced(test, 2, 8, 3);
}

static void a_store_for_one_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wxg_repeat_init(1), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_repeat_init(0), -EINVAL);
}

static int set_up(struct kunit *test)
{
	int ret = wxg_ring_init(64, SZ_1M, NULL);

	now = NOW;
	return ret ? ret : wxg_repeat_init(MAX);
}

static void tear_down(struct kunit *test)
{
	wxg_kunit_no_memory = false;
	wxg_repeat_exit();
	wxg_ring_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(the_first_is_told_and_the_rest_counted),
	KUNIT_CASE(without_a_window_each_is_told),
	KUNIT_CASE(a_window_ends),
	KUNIT_CASE(each_part_of_a_term_makes_another),
	KUNIT_CASE(what_has_no_number_is_not_referred_to),
	KUNIT_CASE(the_last_announcement_is_exact),
	KUNIT_CASE(a_long_path_is_announced_as_cut),
	KUNIT_CASE(a_flood_is_details_and_one_aggregate),
	KUNIT_CASE(a_flood_hides_nothing_else),
	KUNIT_CASE(who_makes_room_is_announced_first),
	KUNIT_CASE(without_memory_each_is_told),
	KUNIT_CASE(what_cannot_be_announced_waits_or_is_lost),
	KUNIT_CASE(a_store_for_one_is_refused),
	{}
};

struct kunit_suite wxg_kunit_repeat = {
	.name = "repeat",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
