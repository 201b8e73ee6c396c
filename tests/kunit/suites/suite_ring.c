// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring: numbers, bounds, losses, and the promise that each number is
 * accounted for exactly once.
 */
#include <linux/sizes.h>

#include "ring.h"
#include "suites.h"

#define MAX 4
#define BYTES SZ_1M

static u64 rung;	/* what the last bell said */
static u32 bells;

static void ring_bell(u64 newest)
{
	rung = newest;
	bells++;
}

/* A finding whose pool has used bytes; the same for each call. */
static struct wxg_finding *finding_of(struct kunit *test, u32 used)
{
	struct wxg_finding *finding;

	finding = kunit_kzalloc(test, sizeof(*finding) + used + 100, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, finding);
	finding->pool = (u8 *)(finding + 1);
	finding->pool_size = used + 100;
	finding->pool_used = used;
	memset(finding->pool, 'p', finding->pool_size);
	return finding;
}

static u64 publish(struct kunit *test, u32 class)
{
	struct wxg_finding *finding = finding_of(test, 0);

	finding->class = class;
	return wxg_ring_publish(finding);
}

static void publish_many(struct kunit *test, u32 count)
{
	while (count--)
		publish(test, 1);
}

/* Expect: after @after comes @seq (0 = nothing), behind a gap from @from. */
static void expect_read(struct kunit *test, u64 after, u64 seq, u64 from)
{
	u64 missing = 77;
	const struct wxg_finding *finding = wxg_ring_read(after, &missing);

	KUNIT_EXPECT_EQ_MSG(test, missing, from, "after %llu", after);
	if (seq && finding)
		KUNIT_EXPECT_EQ_MSG(test, finding->seq, seq, "after %llu", after);
	KUNIT_EXPECT_EQ_MSG(test, !finding, !seq, "after %llu", after);
	if (finding)
		wxg_ring_put(finding);
}

static struct wxg_ring_status status(void)
{
	struct wxg_ring_status status;

	wxg_ring_status(&status);
	return status;
}

static void an_empty_ring_has_no_number(struct kunit *test)
{
	struct wxg_ring_status now = status();

	KUNIT_EXPECT_EQ(test, now.newest, 0ull);
	KUNIT_EXPECT_EQ(test, now.oldest, 1ull);
	KUNIT_EXPECT_EQ(test, now.count, 0u);
	KUNIT_EXPECT_EQ(test, now.max, (u32)MAX);
	KUNIT_EXPECT_EQ(test, now.bytes, 0ull);
	KUNIT_EXPECT_EQ(test, now.bytes_max, (u64)BYTES);
	expect_read(test, 0, 0, 0);
	expect_read(test, 5, 0, 0);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(0), 0);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(1), -ERANGE);
}

static void numbers_ascend_from_one_and_ring(struct kunit *test)
{
	struct wxg_finding *finding = finding_of(test, 0);

	KUNIT_EXPECT_EQ(test, wxg_ring_publish(finding), 1ull);
	KUNIT_EXPECT_EQ(test, finding->seq, 1ull);
	KUNIT_EXPECT_EQ(test, rung, 1ull);
	KUNIT_EXPECT_EQ(test, wxg_ring_publish(finding), 2ull);
	KUNIT_EXPECT_EQ(test, finding->seq, 2ull);
	KUNIT_EXPECT_EQ(test, rung, 2ull);
	KUNIT_EXPECT_EQ(test, bells, 2u);
	expect_read(test, 0, 1, 0);
	expect_read(test, 1, 2, 0);
	expect_read(test, 2, 0, 0);
	expect_read(test, 3, 0, 0);
}

static void a_copy_is_cut_to_size_and_does_not_change(struct kunit *test)
{
	struct wxg_finding *finding = finding_of(test, 10);
	const struct wxg_finding *copy;
	u64 missing;

	finding->class = 3;
	finding->proc.exe.len = 10;
	finding->pool[9] = 'e';
	wxg_ring_publish(finding);
	finding->class = 4;
	finding->pool[9] = 'x';

	copy = wxg_ring_read(0, &missing);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	KUNIT_EXPECT_EQ(test, copy->class, 3u);
	KUNIT_EXPECT_EQ(test, copy->proc.exe.len, 10u);
	KUNIT_EXPECT_EQ(test, copy->pool_size, 10u);
	KUNIT_EXPECT_EQ(test, copy->pool_used, 10u);
	KUNIT_EXPECT_EQ(test, copy->pool[0], (u8)'p');
	KUNIT_EXPECT_EQ(test, copy->pool[9], (u8)'e');
	wxg_ring_put(copy);
	/* The caller's own is whole: it may be filled again. */
	KUNIT_EXPECT_EQ(test, finding->pool_size, 110u);
}

static void the_oldest_is_dropped_when_it_is_full(struct kunit *test)
{
	publish_many(test, MAX);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 0ull);
	expect_read(test, 0, 1, 0);
	publish_many(test, 2);
	KUNIT_EXPECT_EQ(test, status().count, (u32)MAX);
	KUNIT_EXPECT_EQ(test, status().newest, 6ull);
	KUNIT_EXPECT_EQ(test, status().oldest, 3ull);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 2ull);
	KUNIT_EXPECT_EQ(test, status().lost_nomem, 0ull);
	expect_read(test, 0, 3, 1);
	expect_read(test, 1, 3, 2);
	expect_read(test, 2, 3, 0);
	expect_read(test, 5, 6, 0);
	expect_read(test, 6, 0, 0);
}

static void it_goes_round_and_round(struct kunit *test)
{
	u64 seq;

	publish_many(test, 3 * MAX + 1);
	for (seq = 2 * MAX + 2; seq <= 3 * MAX + 1; seq++)
		expect_read(test, seq - 1, seq, 0);
	expect_read(test, 0, 2 * MAX + 2, 1);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 2ull * MAX + 1);
}

static void the_bytes_are_bounded_too(struct kunit *test)
{
	u64 each;

	publish_many(test, 3);
	each = status().bytes / 3;
	wxg_ring_exit();
	KUNIT_ASSERT_EQ(test, wxg_ring_init(100, each * 3, ring_bell), 0);
	publish_many(test, 3);
	KUNIT_EXPECT_EQ(test, status().count, 3u);
	KUNIT_EXPECT_EQ(test, status().bytes, each * 3);
	publish_many(test, 1);
	KUNIT_EXPECT_EQ(test, status().count, 3u);
	/* One byte more needs the room of two. */
	KUNIT_EXPECT_EQ(test, wxg_ring_publish(finding_of(test, 1)), 5ull);
	KUNIT_EXPECT_EQ(test, status().count, 2u);
	KUNIT_EXPECT_EQ(test, status().bytes, each * 2 + 1);
	KUNIT_EXPECT_EQ(test, status().oldest, 4ull);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 3ull);
	/* One that takes all of it drives out all others. */
	KUNIT_EXPECT_EQ(test, wxg_ring_publish(finding_of(test, each * 2)), 6ull);
	KUNIT_EXPECT_EQ(test, status().count, 1u);
	KUNIT_EXPECT_EQ(test, status().bytes, each * 3);
	expect_read(test, 0, 6, 1);
}

static void what_can_never_fit_drives_nothing_out(struct kunit *test)
{
	publish_many(test, 2);
	KUNIT_EXPECT_EQ(test, wxg_ring_publish(finding_of(test, BYTES)), 3ull);
	KUNIT_EXPECT_EQ(test, status().count, 2u);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 1ull);
	KUNIT_EXPECT_EQ(test, bells, 3u);
	expect_read(test, 2, 0, 3);
	publish_many(test, 1);
	expect_read(test, 2, 4, 3);
}

static void what_was_acked_is_no_loss(struct kunit *test)
{
	publish_many(test, MAX);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(2), 0);
	KUNIT_EXPECT_EQ(test, status().acked, 2ull);
	/* It stays readable until its room is needed. */
	expect_read(test, 0, 1, 0);
	publish_many(test, 2);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 0ull);
	publish_many(test, 1);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 1ull);
	expect_read(test, 2, 4, 3);
}

static void acks_only_go_up_to_the_newest(struct kunit *test)
{
	publish_many(test, 3);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(4), -ERANGE);
	KUNIT_EXPECT_EQ(test, status().acked, 0ull);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(U64_MAX), -ERANGE);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(3), 0);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(1), 0);
	KUNIT_EXPECT_EQ(test, status().acked, 3ull);
}

static void a_lost_finding_uses_up_its_number(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, wxg_ring_lose(), 1ull);
	KUNIT_EXPECT_EQ(test, status().oldest, 2ull);
	expect_read(test, 0, 0, 1);
	KUNIT_EXPECT_EQ(test, publish(test, 1), 2ull);
	KUNIT_EXPECT_EQ(test, wxg_ring_lose(), 3ull);
	KUNIT_EXPECT_EQ(test, wxg_ring_lose(), 4ull);
	KUNIT_EXPECT_EQ(test, publish(test, 1), 5ull);
	KUNIT_EXPECT_EQ(test, wxg_ring_lose(), 6ull);

	expect_read(test, 0, 2, 1);
	expect_read(test, 1, 2, 0);
	expect_read(test, 2, 5, 3);
	expect_read(test, 3, 5, 4);
	expect_read(test, 4, 5, 0);
	expect_read(test, 5, 0, 6);
	expect_read(test, 6, 0, 0);
	KUNIT_EXPECT_EQ(test, status().lost_nomem, 4ull);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 0ull);
	KUNIT_EXPECT_EQ(test, status().count, 2u);
	/* May be called with interrupts off, so it does not ring. */
	KUNIT_EXPECT_EQ(test, bells, 2u);
	KUNIT_EXPECT_EQ(test, wxg_ring_ack(6), 0);
}

static void losses_take_no_room(struct kunit *test)
{
	u32 i;

	publish_many(test, MAX);
	for (i = 0; i < 100; i++)
		wxg_ring_lose();
	KUNIT_EXPECT_EQ(test, status().count, (u32)MAX);
	expect_read(test, 0, 1, 0);
	expect_read(test, MAX, 0, MAX + 1);
	publish_many(test, 1);
	expect_read(test, MAX, MAX + 101, MAX + 1);
}

static void without_memory_the_number_is_lost(struct kunit *test)
{
	struct wxg_finding *finding = finding_of(test, 0);

	publish_many(test, 1);
	wxg_kunit_no_memory = true;
	KUNIT_EXPECT_EQ(test, wxg_ring_publish(finding), 2ull);
	wxg_kunit_no_memory = false;
	KUNIT_EXPECT_EQ(test, finding->seq, 2ull);
	KUNIT_EXPECT_EQ(test, status().lost_nomem, 1ull);
	KUNIT_EXPECT_EQ(test, status().lost_overflow, 0ull);
	KUNIT_EXPECT_EQ(test, status().count, 1u);
	KUNIT_EXPECT_EQ(test, rung, 2ull);
	expect_read(test, 1, 0, 2);
}

static void a_reader_keeps_what_the_ring_drops(struct kunit *test)
{
	const struct wxg_finding *copy;
	u64 missing;

	publish(test, 7);
	copy = wxg_ring_read(0, &missing);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, copy);
	publish_many(test, 2 * MAX);
	KUNIT_EXPECT_EQ(test, copy->seq, 1ull);
	KUNIT_EXPECT_EQ(test, copy->class, 7u);
	wxg_ring_put(copy);
}

/* A dump as a reader does it, from @after to the newest. */
static void account(struct kunit *test, u64 after)
{
	u64 next = after + 1, newest, from, findings = 0, gaps = 0;
	const struct wxg_finding *finding;

	for (;;) {
		newest = status().newest;
		finding = wxg_ring_read(next - 1, &from);
		if (from) {
			KUNIT_EXPECT_EQ(test, from, next);
			gaps += (finding ? finding->seq : newest + 1) - from;
			next = finding ? finding->seq : newest + 1;
		}
		if (!finding)
			break;
		KUNIT_EXPECT_EQ(test, finding->seq, next);
		findings++;
		next++;
		wxg_ring_put(finding);
	}
	KUNIT_EXPECT_EQ(test, next, newest + 1);
	KUNIT_EXPECT_EQ(test, findings + gaps, newest - after);
	if (!after) {
		KUNIT_EXPECT_EQ(test, findings, (u64)status().count);
		KUNIT_EXPECT_EQ(test, gaps, status().lost_overflow +
					    status().lost_nomem);
	}
}

static void every_number_is_accounted_for_once(struct kunit *test)
{
	/* Two bits a step: 0 and 1 publish, 2 loses, 3 has no memory. */
	static const u32 patterns[] = {
		0x00000000, 0xaaaaaaaa, 0xffffffff, 0x24924924,
		0x1b1b1b1b, 0xc0c0c0c0, 0xa0a0a0a0, 0x0000000e,
	};
	u32 pattern, step;
	u64 after;

	for (pattern = 0; pattern < ARRAY_SIZE(patterns); pattern++) {
		wxg_ring_exit();
		KUNIT_ASSERT_EQ(test, wxg_ring_init(MAX, BYTES, ring_bell), 0);
		for (step = 0; step < 16; step++) {
			switch (patterns[pattern] >> (2 * step) & 3) {
			case 2:
				wxg_ring_lose();
				break;
			case 3:
				wxg_kunit_no_memory = true;
				publish(test, 1);
				wxg_kunit_no_memory = false;
				break;
			default:
				publish(test, 1);
			}
			for (after = 0; after <= step + 1; after++)
				account(test, after);
		}
	}
}

static void bounds_of_nothing_are_refused(struct kunit *test)
{
	wxg_ring_exit();
	KUNIT_EXPECT_EQ(test, wxg_ring_init(0, BYTES, NULL), -EINVAL);
	KUNIT_EXPECT_EQ(test, wxg_ring_init(MAX, 0, NULL), -EINVAL);
	wxg_kunit_no_memory = true;
	KUNIT_EXPECT_EQ(test, wxg_ring_init(MAX, BYTES, NULL), -ENOMEM);
	wxg_kunit_no_memory = false;
	/* And no bell is needed. */
	KUNIT_ASSERT_EQ(test, wxg_ring_init(MAX, BYTES, NULL), 0);
	KUNIT_EXPECT_EQ(test, publish(test, 1), 1ull);
}

static int set_up(struct kunit *test)
{
	rung = 0;
	bells = 0;
	return wxg_ring_init(MAX, BYTES, ring_bell);
}

static void tear_down(struct kunit *test)
{
	wxg_kunit_no_memory = false;
	wxg_ring_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(an_empty_ring_has_no_number),
	KUNIT_CASE(numbers_ascend_from_one_and_ring),
	KUNIT_CASE(a_copy_is_cut_to_size_and_does_not_change),
	KUNIT_CASE(the_oldest_is_dropped_when_it_is_full),
	KUNIT_CASE(it_goes_round_and_round),
	KUNIT_CASE(the_bytes_are_bounded_too),
	KUNIT_CASE(what_can_never_fit_drives_nothing_out),
	KUNIT_CASE(what_was_acked_is_no_loss),
	KUNIT_CASE(acks_only_go_up_to_the_newest),
	KUNIT_CASE(a_lost_finding_uses_up_its_number),
	KUNIT_CASE(losses_take_no_room),
	KUNIT_CASE(without_memory_the_number_is_lost),
	KUNIT_CASE(a_reader_keeps_what_the_ring_drops),
	KUNIT_CASE(every_number_is_accounted_for_once),
	KUNIT_CASE(bounds_of_nothing_are_refused),
	{}
};

struct kunit_suite wxg_kunit_ring = {
	.name = "ring",
	.init = set_up,
	.exit = tear_down,
	.test_cases = cases,
};
