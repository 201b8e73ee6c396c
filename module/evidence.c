// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bounded table of payloads. PROCESS context. Whoever holds one may have
 * the caller's mmap_lock, so nothing is let go of there: the last reference to
 * a file can take as long as its memory is large. That is for a work.
 */
#include <linux/fs.h>
#include <linux/list.h>
#include <linux/mount.h>
#include <linux/path.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>

#include "evidence.h"

/* While something is held, it is looked at again so often. */
#define LOOK_AGAIN (2 * HZ)

/* One reference is the table's, one its maker's until the number is known. */
struct wxg_evidence {
	struct list_head node;	/* in the table, or among those to be let go */
	refcount_t refs;
	bool held;		/* in the table */
	u64 seq;		/* 0 = not published yet */
	u64 bytes;
	s64 until;		/* s since boot */
	struct path file;
};

static struct wxg_evidence_limits limits;
static void look(struct work_struct *unused);
static DECLARE_DELAYED_WORK(looking, look);
static void empty(struct work_struct *unused);
static DECLARE_WORK(emptying, empty);

static DEFINE_SPINLOCK(lock);	/* of all below; only the work queue's is taken under it */
static LIST_HEAD(table);	/* the oldest first */
static LIST_HEAD(going);
static u32 count;
static u64 bytes;
static u64 missed;

/*
 * A file may have pages behind its end, and grows while it is held: whoever
 * else has it open can write to it.
 */
static u64 size_of(const struct path *file)
{
	const struct inode *const inode = d_inode(file->dentry);

	return max_t(u64, i_size_read(inode), (u64)inode->i_blocks << 9);
}

static s64 now(void)
{
	return ktime_get_boottime_seconds();
}

static void put_locked(struct wxg_evidence *evidence)
{
	lockdep_assert_held(&lock);
	if (!refcount_dec_and_test(&evidence->refs))
		return;
	list_add_tail(&evidence->node, &going);
	schedule_work(&emptying);
}

static void let_go(struct wxg_evidence *evidence)
{
	lockdep_assert_held(&lock);
	list_del_init(&evidence->node);
	evidence->held = false;
	count--;
	bytes -= evidence->bytes;
	put_locked(evidence);
}

/* The oldest go until there is room for so much more. */
static void make_room(u32 more, u64 more_bytes)
{
	lockdep_assert_held(&lock);
	while (count && (count + more > limits.max ||
			 bytes + more_bytes > limits.bytes_max)) {
		let_go(list_first_entry(&table, struct wxg_evidence, node));
		missed++;
	}
}

static void count_missed(void)
{
	spin_lock(&lock);
	missed++;
	spin_unlock(&lock);
}

/* A mount of the kernel's own, which nobody can want to unmount. */
static bool is_internal(const struct path *file)
{
	return file->mnt->mnt_flags & MNT_INTERNAL;
}

struct wxg_evidence *wxg_evidence_hold(const struct path *file)
{
	struct wxg_evidence *evidence;
	const u64 size = size_of(file);

	if (!limits.max)
		return NULL;
	evidence = size > limits.bytes_max ? NULL :
					     kmalloc(sizeof(*evidence), GFP_KERNEL);
	if (!evidence) {
		count_missed();
		return NULL;
	}
	refcount_set(&evidence->refs, 2);
	evidence->held = true;
	evidence->seq = 0;
	evidence->bytes = size;
	evidence->until = now() + (is_internal(file) ? limits.seconds :
				   min_t(u32, limits.seconds,
					 WXG_EVIDENCE_MOUNTED));
	evidence->file = *file;
	path_get(&evidence->file);

	spin_lock(&lock);
	make_room(1, size);
	list_add_tail(&evidence->node, &table);
	count++;
	bytes += size;
	spin_unlock(&lock);
	schedule_delayed_work(&looking, LOOK_AGAIN);
	return evidence;
}

u64 *wxg_evidence_number(struct wxg_evidence *evidence)
{
	return evidence ? &evidence->seq : NULL;
}

void wxg_evidence_put(struct wxg_evidence *evidence, bool lost)
{
	if (!evidence)
		return;
	spin_lock(&lock);
	if (lost && evidence->held)
		let_go(evidence);
	put_locked(evidence);
	spin_unlock(&lock);
}

/* The number is written under the ring's lock, so who asks for it sees it. */
static struct wxg_evidence *find(u64 seq)
{
	struct wxg_evidence *evidence;

	lockdep_assert_held(&lock);
	list_for_each_entry(evidence, &table, node)
		if (seq && READ_ONCE(evidence->seq) == seq)
			return evidence;
	return NULL;
}

int wxg_evidence_get(u64 seq, struct path *file)
{
	struct wxg_evidence *evidence;

	spin_lock(&lock);
	evidence = find(seq);
	if (evidence) {
		*file = evidence->file;
		path_get(file);
	}
	spin_unlock(&lock);
	return evidence ? 0 : -ENOENT;
}

int wxg_evidence_drop(u64 seq)
{
	struct wxg_evidence *evidence;

	spin_lock(&lock);
	evidence = find(seq);
	if (evidence)
		let_go(evidence);
	spin_unlock(&lock);
	return evidence ? 0 : -ENOENT;
}

void wxg_evidence_status(struct wxg_evidence_status *status)
{
	spin_lock(&lock);
	status->count = count;
	status->bytes = bytes;
	status->missed = missed;
	spin_unlock(&lock);
}

const struct wxg_evidence_limits *wxg_evidence_limits(void)
{
	return &limits;
}

/* How large they are by now, and whose time is over. */
static void look_at_each(void)
{
	struct wxg_evidence *evidence, *next;
	const s64 time = now();
	u64 size;

	lockdep_assert_held(&lock);
	list_for_each_entry_safe(evidence, next, &table, node) {
		size = size_of(&evidence->file);
		bytes += size - evidence->bytes;
		evidence->bytes = size;
		if (time >= evidence->until)
			let_go(evidence);
	}
	make_room(0, 0);
}

static void empty(struct work_struct *unused)
{
	struct wxg_evidence *evidence, *next;
	LIST_HEAD(list);

	spin_lock(&lock);
	list_splice_init(&going, &list);
	spin_unlock(&lock);
	list_for_each_entry_safe(evidence, next, &list, node) {
		path_put(&evidence->file);
		kfree(evidence);
		cond_resched();
	}
}

void wxg_evidence_look(void)
{
	bool more;

	spin_lock(&lock);
	look_at_each();
	more = count;
	spin_unlock(&lock);
	if (more)
		schedule_delayed_work(&looking, LOOK_AGAIN);
}

static void look(struct work_struct *unused)
{
	wxg_evidence_look();
}

void wxg_evidence_init(const struct wxg_evidence_limits *given)
{
	limits = *given;
	missed = 0;
}

void wxg_evidence_exit(void)
{
	cancel_delayed_work_sync(&looking);
	spin_lock(&lock);
	limits.max = 0;
	make_room(0, 0);
	spin_unlock(&lock);
	cancel_work_sync(&emptying);
	empty(NULL);
}
