// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is the caller's executable known? Asked by judges whose call is one that
 * known executables may make. ATOMIC, and on the path of every JIT: each CPU
 * remembers its last answer for a moment, since the next question is most
 * often the same one.
 */
#include <linux/fs.h>
#include <linux/jiffies.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "compat.h"
#include "known.h"
#include "probe/probe.h"
#include "rules_live.h"
#include "slow/facts.h"

/*
 * For so long the time of the last sighting may stand still. An answer holds
 * as long: the sighting that made it was within the window a moment ago.
 */
#define RECENT_FOR HZ

/**
 * struct recent - the last executable that was found to be known
 * @key: of its file, and the kind of memory
 * @class: for which it was known
 * @epoch: of the known set, before it was asked
 * @until: jiffies
 * @count: where sightings are counted; in an entry that may be gone, unless
 *	the epoch is still the same
 */
struct recent {
	struct wxg_known_key key;
	u32 class;
	u32 epoch;
	unsigned long until;
	atomic64_t *count;
};

static DEFINE_PER_CPU(struct recent, recent);

/* The file itself is compared, field by field: a pointer may be another's now. */
static __always_inline bool is_same(const struct wxg_known_key *key,
				    const struct inode *inode)
{
	const struct timespec64 ctime = inode_get_ctime(inode);

	return key->ino == inode->i_ino && key->ctime_nsec == ctime.tv_nsec &&
	       key->ctime_sec == ctime.tv_sec &&
	       key->dev == inode->i_sb->s_dev &&
	       key->generation == inode->i_generation;
}

static noinline bool ask(const struct file *exe, u32 class, u32 shape)
{
	struct recent *const answer = this_cpu_ptr(&recent);
	/* What is asked below is no older than it. */
	const u32 epoch = smp_load_acquire(&wxg_known_epoch);
	const struct wxg_rules_live *live;
	const struct wxg_class_rule *rule;
	struct wxg_known_key key;
	atomic64_t *count = NULL;

	rcu_read_lock();
	live = wxg_rules_live_get();
	rule = &live->rules.class[class];
	if (rule->known && live->by_exe_only &&
	    wxg_facts_key_atomic(exe, &key)) {
		key.shape = shape;
		count = wxg_known_refresh(&key, class, wxg_facts_now(),
					  rule->window, live->rules.generation);
	}
	if (count) {
		answer->key = key;
		answer->class = class;
		answer->epoch = epoch;
		answer->until = jiffies + RECENT_FOR;
		answer->count = count;
	}
	rcu_read_unlock();
	return count;
}

notrace bool wxg_probe_known(u32 class, u32 shape)
{
	const struct mm_struct *const mm = current->mm;
	const struct recent *last;
	const struct file *exe;
	bool known = false;

	/* Keeps the CPU, and what RCU protects. */
	preempt_disable_notrace();
	exe = mm ? rcu_dereference_sched(mm->exe_file) : NULL;
	if (likely(exe)) {
		last = this_cpu_ptr(&recent);
		if (likely(last->class == class && last->key.shape == shape &&
			   last->epoch == READ_ONCE(wxg_known_epoch) &&
			   time_before(jiffies, last->until) &&
			   is_same(&last->key, file_inode(exe)))) {
			atomic64_inc(last->count);
			known = true;
		} else {
			known = ask(exe, class, shape);
		}
	}
	preempt_enable_notrace();
	return known;
}
