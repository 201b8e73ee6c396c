// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of payloads: what is held is there for its number, and no more is
 * held than is allowed, also of what grows meanwhile.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/path.h>
#include <linux/shmem_fs.h>
#include <linux/workqueue.h>

#include "evidence.h"
#include "suites.h"

#define PAGES(n) (PAGE_SIZE * (u64)(n))

static const struct wxg_evidence_limits some = {
	.max = 3, .bytes_max = PAGES(8), .seconds = 1000,
};

static struct file *file_of(struct kunit *test, u64 size)
{
	struct file *file = shmem_file_setup("payload", size, VM_NORESERVE);

	KUNIT_ASSERT_FALSE(test, IS_ERR(file));
	return file;
}

/* Held for the finding @seq, and its only user. */
static struct wxg_evidence *hold(struct kunit *test, u64 seq, u64 size)
{
	struct file *file = file_of(test, size);
	struct wxg_evidence *evidence = wxg_evidence_hold(&file->f_path);

	if (evidence)
		*wxg_evidence_number(evidence) = seq;
	fput(file);
	return evidence;
}

static bool is_held(u64 seq)
{
	struct path path;

	if (wxg_evidence_get(seq, &path))
		return false;
	path_put(&path);
	return true;
}

static void expect_status(struct kunit *test, u32 count, u64 bytes, u64 missed)
{
	struct wxg_evidence_status status;

	wxg_evidence_status(&status);
	KUNIT_EXPECT_EQ(test, status.count, count);
	KUNIT_EXPECT_EQ(test, status.bytes, bytes);
	KUNIT_EXPECT_EQ(test, status.missed, missed);
}

static void it_is_there_for_its_number(struct kunit *test)
{
	struct file *file = file_of(test, PAGES(1));
	struct wxg_evidence *evidence;
	struct path path;

	wxg_evidence_init(&some);
	evidence = wxg_evidence_hold(&file->f_path);
	KUNIT_ASSERT_TRUE(test, evidence);
	/* Nobody has a number yet. */
	KUNIT_EXPECT_FALSE(test, is_held(0));
	*wxg_evidence_number(evidence) = 7;
	wxg_evidence_put(evidence, false);
	KUNIT_EXPECT_FALSE(test, is_held(6));
	KUNIT_EXPECT_EQ(test, wxg_evidence_get(7, &path), 0);
	KUNIT_EXPECT_PTR_EQ(test, d_inode(path.dentry), file_inode(file));
	path_put(&path);
	expect_status(test, 1, PAGES(1), 0);
	KUNIT_EXPECT_EQ(test, wxg_evidence_drop(7), 0);
	KUNIT_EXPECT_EQ(test, wxg_evidence_drop(7), -ENOENT);
	KUNIT_EXPECT_FALSE(test, is_held(7));
	expect_status(test, 0, 0, 0);
	wxg_evidence_exit();
	/* Of all these references none is left. */
	KUNIT_EXPECT_EQ(test, d_count(file->f_path.dentry), 1);
	fput(file);
}

static void the_oldest_makes_room(struct kunit *test)
{
	u64 seq;

	wxg_evidence_init(&some);
	for (seq = 1; seq <= 4; seq++)
		wxg_evidence_put(hold(test, seq, PAGES(1)), false);
	KUNIT_EXPECT_FALSE(test, is_held(1));
	KUNIT_EXPECT_TRUE(test, is_held(2) && is_held(3) && is_held(4));
	expect_status(test, 3, PAGES(3), 1);
	/* In bytes: two of them. */
	wxg_evidence_put(hold(test, 5, PAGES(7)), false);
	KUNIT_EXPECT_FALSE(test, is_held(3));
	KUNIT_EXPECT_TRUE(test, is_held(4) && is_held(5));
	expect_status(test, 2, PAGES(8), 3);
	/* More than there is room at all takes nobody's. */
	KUNIT_EXPECT_PTR_EQ(test, hold(test, 6, PAGES(9)), NULL);
	expect_status(test, 2, PAGES(8), 4);
	wxg_evidence_exit();
	expect_status(test, 0, 0, 6);
}

/* Its maker still writes the number when others have made it leave. */
static void what_left_may_still_be_numbered(struct kunit *test)
{
	struct wxg_evidence *early;
	u64 seq;

	wxg_evidence_init(&some);
	early = hold(test, 0, PAGES(1));
	KUNIT_ASSERT_TRUE(test, early);
	for (seq = 2; seq <= 4; seq++)
		wxg_evidence_put(hold(test, seq, PAGES(1)), false);
	*wxg_evidence_number(early) = 1;
	KUNIT_EXPECT_FALSE(test, is_held(1));
	wxg_evidence_put(early, false);
	wxg_evidence_put(hold(test, 5, PAGES(1)), true);
	KUNIT_EXPECT_FALSE(test, is_held(5));
	wxg_evidence_put(NULL, false);
	KUNIT_EXPECT_PTR_EQ(test, wxg_evidence_number(NULL), NULL);
	wxg_evidence_exit();
}

static void grow(struct file *file, u64 size)
{
	i_size_write(file_inode(file), size);
}

static void what_grows_is_let_go(struct kunit *test)
{
	struct file *file = file_of(test, PAGES(1));
	struct wxg_evidence *evidence;

	wxg_evidence_init(&some);
	evidence = wxg_evidence_hold(&file->f_path);
	KUNIT_ASSERT_TRUE(test, evidence);
	*wxg_evidence_number(evidence) = 1;
	wxg_evidence_put(evidence, false);
	grow(file, PAGES(9));
	wxg_evidence_look();
	KUNIT_EXPECT_FALSE(test, is_held(1));
	expect_status(test, 0, 0, 1);
	grow(file, PAGES(1));
	wxg_evidence_exit();
	fput(file);
}

static void it_ends_with_its_time(struct kunit *test)
{
	const struct wxg_evidence_limits brief = {
		.max = 3, .bytes_max = PAGES(8), .seconds = 0,
	};

	wxg_evidence_init(&brief);
	wxg_evidence_put(hold(test, 1, PAGES(1)), false);
	KUNIT_EXPECT_TRUE(test, is_held(1));
	wxg_evidence_look();
	KUNIT_EXPECT_FALSE(test, is_held(1));
	expect_status(test, 0, 0, 0);
	wxg_evidence_exit();
}

static void nothing_is_held_where_none_is_wanted(struct kunit *test)
{
	const struct wxg_evidence_limits none = { .max = 0, .bytes_max = PAGES(8) };

	wxg_evidence_init(&none);
	KUNIT_EXPECT_PTR_EQ(test, hold(test, 1, PAGES(1)), NULL);
	expect_status(test, 0, 0, 0);
	wxg_evidence_exit();
}

static void no_memory_is_a_miss(struct kunit *test)
{
	struct file *file = file_of(test, PAGES(1));

	wxg_evidence_init(&some);
	wxg_kunit_no_memory = true;
	KUNIT_EXPECT_PTR_EQ(test, wxg_evidence_hold(&file->f_path), NULL);
	wxg_kunit_no_memory = false;
	expect_status(test, 0, 0, 1);
	wxg_evidence_exit();
	KUNIT_EXPECT_EQ(test, d_count(file->f_path.dentry), 1);
	fput(file);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(it_is_there_for_its_number),
	KUNIT_CASE(the_oldest_makes_room),
	KUNIT_CASE(what_left_may_still_be_numbered),
	KUNIT_CASE(what_grows_is_let_go),
	KUNIT_CASE(it_ends_with_its_time),
	KUNIT_CASE(nothing_is_held_where_none_is_wanted),
	KUNIT_CASE(no_memory_is_a_miss),
	{}
};

struct kunit_suite wxg_kunit_evidence = {
	.name = "evidence",
	.test_cases = cases,
};
