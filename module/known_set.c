// SPDX-License-Identifier: GPL-2.0-only
/*
 * The container of the known set: hash table, queue by age, numbers.
 * Process context, under the set's mutex; only lookups under RCU run beside
 * it. May not judge what an entry means: known.c does.
 */
#include <linux/slab.h>

#include "known_set.h"

struct wxg_known_set wxg_known_set = {
	.lock = __MUTEX_INITIALIZER(wxg_known_set.lock),
};

s32 wxg_known_set_last(const struct wxg_known_entry *entry)
{
	s32 last = WXG_KNOWN_NEVER;
	u32 slot;

	for (slot = 0; slot < WXG_KNOWN_SLOTS; slot++)
		last = max(last, READ_ONCE(entry->seen[slot]) >> 1);
	return last;
}

/* Among equal stamps the one queued first stays first. */
static void queue(struct wxg_known_entry *entry)
{
	struct rb_node **link = &wxg_known_set.lru.rb_root.rb_node;
	const struct wxg_known_entry *other;
	struct rb_node *parent = NULL;
	bool leftmost = true;

	lockdep_assert_held(&wxg_known_set.lock);
	entry->stamp = wxg_known_set_last(entry);
	while (*link) {
		parent = *link;
		other = rb_entry(parent, struct wxg_known_entry, lru);
		if (entry->stamp < other->stamp) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&entry->lru, parent, link);
	rb_insert_color_cached(&entry->lru, &wxg_known_set.lru, leftmost);
}

static void unqueue(struct wxg_known_entry *entry)
{
	lockdep_assert_held(&wxg_known_set.lock);
	rb_erase_cached(&entry->lru, &wxg_known_set.lru);
}

void wxg_known_set_flags(struct wxg_known_entry *entry, u32 flags)
{
	bool was_pinned = entry->flags & WXGUARD_KNOWN_F_PINNED;
	bool pinned = flags & WXGUARD_KNOWN_F_PINNED;

	lockdep_assert_held(&wxg_known_set.lock);
	if (pinned && !was_pinned)
		unqueue(entry);
	WRITE_ONCE(entry->flags, (u8)flags);
	if (!pinned && was_pinned)
		queue(entry);
}

void wxg_known_set_free(struct wxg_known_entry *entry)
{
	kfree(entry->path);
	kmem_cache_free(wxg_known_set.cache, entry);
}

static void free_rcu_entry(struct rcu_head *rcu)
{
	wxg_known_set_free(container_of(rcu, struct wxg_known_entry, rcu));
}

void wxg_known_set_drop(struct wxg_known_entry *entry)
{
	lockdep_assert_held(&wxg_known_set.lock);
	if (!(entry->flags & WXGUARD_KNOWN_F_PINNED))
		unqueue(entry);
	rhashtable_remove_fast(&wxg_known_set.table, &entry->node,
			       wxg_known_params);
	xa_erase(&wxg_known_set.ids, entry->id);
	WRITE_ONCE(wxg_known_set.count, wxg_known_set.count - 1);
	wxg_known_next_epoch();
	call_rcu(&entry->rcu, free_rcu_entry);
}

/*
 * The least recently seen entry, NULL if all are pinned. Refreshes do not
 * touch the queue, so the head may have been seen since it was queued: it
 * goes where it belongs by now, and the next head is looked at.
 */
static struct wxg_known_entry *oldest(void)
{
	struct rb_node *node;
	struct wxg_known_entry *entry;

	lockdep_assert_held(&wxg_known_set.lock);
	while ((node = rb_first_cached(&wxg_known_set.lru))) {
		entry = rb_entry(node, struct wxg_known_entry, lru);
		if (wxg_known_set_last(entry) == entry->stamp)
			return entry;
		unqueue(entry);
		queue(entry);
	}
	return NULL;
}

struct wxg_known_entry *wxg_known_set_find(const struct wxg_known_key *key)
{
	lockdep_assert_held(&wxg_known_set.lock);
	/* The mutex keeps the entry; the table's own worker needs RCU. */
	return rhashtable_lookup_fast(&wxg_known_set.table, key,
				      wxg_known_params);
}

struct wxg_known_entry *wxg_known_set_alloc(const struct wxg_known_key *key)
{
	struct wxg_known_entry *entry;
	u32 slot;

	entry = kmem_cache_zalloc(wxg_known_set.cache, GFP_KERNEL);
	if (!entry)
		return NULL;
	entry->key = *key;
	for (slot = 0; slot < WXG_KNOWN_SLOTS; slot++)
		entry->seen[slot] = WXG_KNOWN_NEVER;
	atomic64_set(&entry->count, 0);
	return entry;
}

int wxg_known_set_enter(struct wxg_known_entry *entry)
{
	struct wxg_known_entry *victim = NULL;
	int err;

	lockdep_assert_held(&wxg_known_set.lock);
	if (wxg_known_set.count >= wxg_known_set.max) {
		victim = oldest();
		if (!victim)
			return -ENOSPC;
	}
	err = xa_alloc_cyclic(&wxg_known_set.ids, &entry->id, entry, xa_limit_32b,
			      &wxg_known_set.next_id, GFP_KERNEL);
	if (err < 0)
		return -ENOMEM;
	err = rhashtable_insert_fast(&wxg_known_set.table, &entry->node,
				     wxg_known_params);
	if (err) {
		xa_erase(&wxg_known_set.ids, entry->id);
		return -ENOMEM;
	}
	if (victim) {
		wxg_known_set_drop(victim);
		WRITE_ONCE(wxg_known_set.evicted, wxg_known_set.evicted + 1);
	}
	if (!(entry->flags & WXGUARD_KNOWN_F_PINNED))
		queue(entry);
	WRITE_ONCE(wxg_known_set.count, wxg_known_set.count + 1);
	return 0;
}

bool wxg_known_set_is_too_old(const struct wxg_known_entry *entry)
{
	const struct wxg_known_entry *victim;

	lockdep_assert_held(&wxg_known_set.lock);
	if (wxg_known_set.count < wxg_known_set.max ||
	    entry->flags & WXGUARD_KNOWN_F_PINNED)
		return false;
	victim = oldest();
	return victim && wxg_known_set_last(entry) < victim->stamp;
}

int wxg_known_init(u32 max)
{
	int err;

	if (!max)
		return -EINVAL;
	wxg_known_set.max = max;
	wxg_known_set.count = 0;
	wxg_known_set.evicted = 0;
	wxg_known_set.next_id = 0;
	wxg_known_set.lru = RB_ROOT_CACHED;
	xa_init_flags(&wxg_known_set.ids, XA_FLAGS_ALLOC1);
	wxg_known_set.cache = KMEM_CACHE(wxg_known_entry, 0);
	if (!wxg_known_set.cache)
		return -ENOMEM;
	err = rhashtable_init(&wxg_known_set.table, &wxg_known_params);
	if (err)
		kmem_cache_destroy(wxg_known_set.cache);
	return err;
}

void wxg_known_exit(void)
{
	wxg_known_flush();
	/* free_rcu_entry() is ours, and needs the cache. */
	rcu_barrier();
	rhashtable_destroy(&wxg_known_set.table);
	xa_destroy(&wxg_known_set.ids);
	kmem_cache_destroy(wxg_known_set.cache);
}
