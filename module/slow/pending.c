// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of marks. Looked up from handlers (ATOMIC) and changed in PROCESS
 * context; each task touches its own marks only, the lock is for the chains.
 */
#include <linux/hash.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "slow/pending.h"
#include "slow/tamper.h"

#define PENDING_BITS 6

/* Marks of the witness that compares: so rare that a judge asks this first. */
atomic_t wxg_slow_watched = ATOMIC_INIT(0);

static DEFINE_SPINLOCK(pending_lock);
static struct hlist_head pending_table[1 << PENDING_BITS];

static struct hlist_head *chain_of(const struct task_struct *task)
{
	return &pending_table[hash_ptr(task, PENDING_BITS)];
}

int wxg_pending_add(enum wxg_judge_id id, const void *object,
		    struct wxg_finding *finding, struct wxg_evidence *evidence,
		    u32 tamper, gfp_t gfp)
{
	struct wxg_pending *pending;
	unsigned long flags;
	int ret;

	pending = kmalloc(sizeof(*pending), gfp);
	if (!pending)
		return -ENOMEM;
	pending->task = current;
	pending->mm = current->mm;
	pending->object = object;
	pending->id = id;
	pending->tamper = tamper;
	pending->seen = false;
	pending->finding = finding;
	pending->evidence = evidence;

	if (tamper == WXGUARD_TAMPER_MPROTECT)
		atomic_inc(&wxg_slow_watched);
	spin_lock_irqsave(&pending_lock, flags);
	hlist_add_head(&pending->node, chain_of(current));
	spin_unlock_irqrestore(&pending_lock, flags);

	init_task_work(&pending->work, wxg_complete);
	ret = task_work_add(current, &pending->work, TWA_RESUME);
	if (ret) {
		wxg_pending_remove(pending);
		kfree(pending);
	}
	return ret;
}

void wxg_pending_remove(struct wxg_pending *pending)
{
	unsigned long flags;

	spin_lock_irqsave(&pending_lock, flags);
	hlist_del(&pending->node);
	spin_unlock_irqrestore(&pending_lock, flags);
	if (pending->tamper == WXGUARD_TAMPER_MPROTECT)
		atomic_dec(&wxg_slow_watched);
}

void wxg_pending_seen(void)
{
	struct wxg_pending *pending;
	unsigned long flags;

	spin_lock_irqsave(&pending_lock, flags);
	hlist_for_each_entry(pending, chain_of(current), node)
		if (pending->task == current)
			pending->seen = true;
	spin_unlock_irqrestore(&pending_lock, flags);
}

unsigned int wxg_pending_count(enum wxg_judge_id id, const void *object)
{
	const struct wxg_pending *pending;
	unsigned int count = 0;
	unsigned long flags;

	spin_lock_irqsave(&pending_lock, flags);
	hlist_for_each_entry(pending, chain_of(current), node)
		if (pending->task == current && pending->id == id &&
		    (!object || pending->object == object))
			count++;
	spin_unlock_irqrestore(&pending_lock, flags);
	return count;
}

bool wxg_pending_find(enum wxg_judge_id id, const void *object)
{
	return wxg_pending_count(id, object) > 0;
}
