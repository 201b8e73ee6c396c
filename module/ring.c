// SPDX-License-Identifier: GPL-2.0-only
/*
 * The numbered, bounded ring of findings.
 * Publishing and reading run in process context; a loss may be counted
 * anywhere. May not allocate, free or call out with the lock held.
 */
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "ring.h"

/* An immutable copy. The ring holds one reference, each reader another. */
struct kept {
	refcount_t refs;
	struct kept *next;		/* among those just dropped */
	size_t size;
	struct wxg_finding finding;
	u8 pool[];			/* of the finding */
};

/*
 * The queue holds findings only, their numbers ascending; a number that is
 * missing between two of them is a gap, and so needs no slot.
 */
static struct {
	/*
	 * Raw and interrupt safe, since a loss is counted from probes too.
	 * Innermost: nothing is taken under it.
	 */
	raw_spinlock_t lock;
	struct kept **slot;		/* max of them, used in a circle */
	u32 max;
	u32 first;			/* slot of the oldest */
	u32 count;
	u64 bytes;
	u64 bytes_max;
	u64 newest;			/* the last number given */
	u64 acked;
	u64 lost_overflow;
	u64 lost_nomem;
	void (*doorbell)(u64 newest);
} ring = {
	.lock = __RAW_SPIN_LOCK_UNLOCKED(ring.lock),
};

static struct kept *at(u32 place)
{
	return ring.slot[(ring.first + place) % ring.max];
}

static struct kept *copy_of(const struct wxg_finding *finding)
{
	size_t size = sizeof(struct kept) + finding->pool_used;
	struct kept *kept = kvmalloc(size, GFP_KERNEL);

	if (!kept)
		return NULL;
	refcount_set(&kept->refs, 1);
	kept->next = NULL;
	kept->size = size;
	memcpy(&kept->finding, finding, sizeof(*finding));
	memcpy(kept->pool, finding->pool, finding->pool_used);
	kept->finding.pool = kept->pool;
	kept->finding.pool_size = finding->pool_used;
	return kept;
}

static void put(struct kept *kept)
{
	if (refcount_dec_and_test(&kept->refs))
		kvfree(kept);
}

static void put_all(struct kept *kept)
{
	struct kept *next;

	for (; kept; kept = next) {
		next = kept->next;
		put(kept);
	}
}

static void count_loss(u64 seq)
{
	lockdep_assert_held(&ring.lock);
	if (seq > ring.acked)
		ring.lost_overflow++;
}

static struct kept *drop_oldest(void)
{
	struct kept *kept = at(0);

	lockdep_assert_held(&ring.lock);
	ring.slot[ring.first] = NULL;
	ring.first = (ring.first + 1) % ring.max;
	ring.count--;
	ring.bytes -= kept->size;
	count_loss(kept->finding.seq);
	return kept;
}

/*
 * Make room for a copy and take it in. Return: what the caller has to put
 * once it has left the lock, which may include the copy itself.
 */
static struct kept *keep(struct kept *kept)
{
	struct kept *dropped = NULL, *oldest;

	lockdep_assert_held(&ring.lock);
	if (kept->size > ring.bytes_max) {
		count_loss(kept->finding.seq);
		return kept;
	}
	while (ring.count == ring.max ||
	       ring.bytes + kept->size > ring.bytes_max) {
		oldest = drop_oldest();
		oldest->next = dropped;
		dropped = oldest;
	}
	ring.slot[(ring.first + ring.count) % ring.max] = kept;
	ring.count++;
	ring.bytes += kept->size;
	return dropped;
}

u64 wxg_ring_publish_as(struct wxg_finding *finding, u64 *number)
{
	struct kept *kept, *dropped = NULL;
	unsigned long flags;
	u64 seq;

	might_sleep();
	kept = copy_of(finding);

	raw_spin_lock_irqsave(&ring.lock, flags);
	seq = ++ring.newest;
	if (number)
		WRITE_ONCE(*number, seq);
	if (kept) {
		kept->finding.seq = seq;
		dropped = keep(kept);
	} else {
		ring.lost_nomem++;
	}
	raw_spin_unlock_irqrestore(&ring.lock, flags);

	finding->seq = seq;
	put_all(dropped);
	if (ring.doorbell)
		ring.doorbell(seq);
	return seq;
}

u64 wxg_ring_publish(struct wxg_finding *finding)
{
	return wxg_ring_publish_as(finding, NULL);
}

u64 wxg_ring_lose(void)
{
	unsigned long flags;
	u64 seq;

	raw_spin_lock_irqsave(&ring.lock, flags);
	seq = ++ring.newest;
	ring.lost_nomem++;
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	return seq;
}

/* The first place with a number greater than @after; count if none. */
static u32 place_after(u64 after)
{
	u32 low = 0, high = ring.count, middle;

	lockdep_assert_held(&ring.lock);
	while (low < high) {
		middle = low + (high - low) / 2;
		if (at(middle)->finding.seq > after)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

const struct wxg_finding *wxg_ring_read(u64 after, u64 *missing_from)
{
	struct kept *kept = NULL;
	unsigned long flags;
	bool gap;
	u32 place;

	raw_spin_lock_irqsave(&ring.lock, flags);
	place = place_after(after);
	if (place < ring.count) {
		kept = at(place);
		refcount_inc(&kept->refs);
		gap = kept->finding.seq - after > 1;
	} else {
		gap = ring.newest > after;
	}
	raw_spin_unlock_irqrestore(&ring.lock, flags);

	*missing_from = gap ? after + 1 : 0;
	return kept ? &kept->finding : NULL;
}

void wxg_ring_put(const struct wxg_finding *finding)
{
	put(container_of(finding, struct kept, finding));
}

int wxg_ring_ack(u64 seq)
{
	unsigned long flags;
	int err = 0;

	raw_spin_lock_irqsave(&ring.lock, flags);
	if (seq > ring.newest)
		err = -ERANGE;
	else if (seq > ring.acked)
		ring.acked = seq;
	raw_spin_unlock_irqrestore(&ring.lock, flags);
	return err;
}

void wxg_ring_status(struct wxg_ring_status *status)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&ring.lock, flags);
	status->newest = ring.newest;
	status->oldest = ring.count ? at(0)->finding.seq : ring.newest + 1;
	status->acked = ring.acked;
	status->count = ring.count;
	status->max = ring.max;
	status->bytes = ring.bytes;
	status->bytes_max = ring.bytes_max;
	status->lost_overflow = ring.lost_overflow;
	status->lost_nomem = ring.lost_nomem;
	raw_spin_unlock_irqrestore(&ring.lock, flags);
}

int wxg_ring_init(u32 max, u64 bytes_max, void (*doorbell)(u64 newest))
{
	if (!max || !bytes_max)
		return -EINVAL;
	ring.slot = kvcalloc(max, sizeof(*ring.slot), GFP_KERNEL);
	if (!ring.slot)
		return -ENOMEM;
	ring.max = max;
	ring.bytes_max = bytes_max;
	ring.doorbell = doorbell;
	ring.first = 0;
	ring.count = 0;
	ring.bytes = 0;
	ring.newest = 0;
	ring.acked = 0;
	ring.lost_overflow = 0;
	ring.lost_nomem = 0;
	return 0;
}

void wxg_ring_exit(void)
{
	u32 place;

	/* A reader that still holds a copy keeps only that copy. */
	for (place = 0; place < ring.count; place++)
		put(at(place));
	kvfree(ring.slot);
	ring.slot = NULL;
	ring.count = 0;
}
