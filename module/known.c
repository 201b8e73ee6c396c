// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set: executables, what they were seen doing, and when.
 * Lookups and refreshes run anywhere under RCU and only load and store;
 * every other change sleeps on one mutex. May not read a clock: time comes
 * as an argument, so that tests own it.
 */
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "known_set.h"

static bool class_is_valid(u32 class)
{
	return class > WXGUARD_CLASS_UNSPEC && class < __WXGUARD_CLASS_MAX;
}

/* Seconds as an entry keeps them: 34 years to both sides of the boot. */
static s32 narrow(s64 seconds)
{
	return (s32)clamp_t(s64, seconds, WXG_KNOWN_NEVER / 2 + 1, S32_MAX / 2);
}

/* Move a time forward, never back, whoever else is doing the same. */
static void advance(s32 *seen, s32 now)
{
	s32 old = READ_ONCE(*seen);
	s32 found;

	while (old >> 1 < now) {
		found = cmpxchg(seen, old, now * 2 + (old & WXG_KNOWN_PINNED));
		if (found == old)
			break;
		old = found;
	}
}

/* What it was never seen doing is not pinned. Others may advance it meanwhile. */
static void pin_slot(s32 *seen, bool pinned)
{
	s32 old = READ_ONCE(*seen);
	s32 found, wanted;

	while (old != WXG_KNOWN_NEVER) {
		wanted = pinned ? old | WXG_KNOWN_PINNED :
				  old & ~WXG_KNOWN_PINNED;
		found = cmpxchg(seen, old, wanted);
		if (found == old)
			break;
		old = found;
	}
}

/*
 * A time after @now is possible: another CPU asked for the time a moment
 * later than our caller, and was quicker. That is known.
 */
static bool is_known(const struct wxg_known_entry *entry, u32 class, s64 now,
		     u32 window)
{
	s32 seen = READ_ONCE(entry->seen[class - 1]);

	if (seen == WXG_KNOWN_NEVER)
		return false;
	return (seen & WXG_KNOWN_PINNED) || seen >> 1 > now - (s64)window;
}

bool wxg_known_lookup(const struct wxg_known_key *key, u32 class, s64 now,
		      u32 window)
{
	const struct wxg_known_entry *entry;
	bool found = false;

	if (!class_is_valid(class))
		return false;
	rcu_read_lock();
	entry = rhashtable_lookup(&wxg_known_set.table, key, wxg_known_params);
	if (entry)
		found = is_known(entry, class, now, window);
	rcu_read_unlock();
	return found;
}

static bool is_cleared(const struct wxg_known_entry *entry, u32 class,
		       u32 generation)
{
	/* Pairs with clear_for(): the bits are no older than the generation. */
	return smp_load_acquire(&entry->generation) == generation &&
	       (READ_ONCE(entry->cleared) >> class & 1);
}

atomic64_t *wxg_known_refresh(const struct wxg_known_key *key, u32 class,
			      s64 now, u32 window, u32 generation)
{
	struct wxg_known_entry *entry;

	if (!class_is_valid(class))
		return NULL;
	entry = rhashtable_lookup(&wxg_known_set.table, key, wxg_known_params);
	if (!entry || !is_cleared(entry, class, generation) ||
	    !is_known(entry, class, now, window))
		return NULL;
	advance(&entry->seen[class - 1], narrow(now));
	atomic64_inc(&entry->count);
	return &entry->count;
}

u32 wxg_known_epoch;
static DEFINE_SPINLOCK(epoch_lock);

void wxg_known_next_epoch(void)
{
	/* Each change is a step of its own. */
	spin_lock(&epoch_lock);
	/* Pairs with probe/recent.c: who reads it also sees what has changed. */
	smp_store_release(&wxg_known_epoch, wxg_known_epoch + 1);
	spin_unlock(&epoch_lock);
}

/* A reader between the stores sees no class cleared, and asks the slow path. */
static void clear_for(struct wxg_known_entry *entry, u32 class,
		      u32 generation)
{
	lockdep_assert_held(&wxg_known_set.lock);
	if (entry->generation != generation) {
		WRITE_ONCE(entry->cleared, 0);
		/* Pairs with is_cleared(): the bits are gone before it. */
		smp_store_release(&entry->generation, generation);
	}
	WRITE_ONCE(entry->cleared, entry->cleared | 1U << class);
}

/*
 * A path that is too long is left out: cut, it would name another file. And
 * without memory an entry is still worth having.
 */
static void set_path(struct wxg_known_entry *entry, const char *path,
		     size_t len)
{
	if (entry->path || !path || !len || len > WXGUARD_KNOWN_PATH_MAX)
		return;
	entry->path = kmemdup(path, len, GFP_KERNEL);
	if (entry->path)
		entry->path_len = (u8)len;
}

int wxg_known_insert(const struct wxg_known_key *key, const char *path,
		     size_t path_len, u32 class, u32 flags, u32 generation,
		     s64 now)
{
	struct wxg_known_entry *entry;
	bool fresh = false;
	int err = 0;

	might_sleep();
	if (WARN_ON_ONCE(!class_is_valid(class)))
		return -EINVAL;

	mutex_lock(&wxg_known_set.lock);
	entry = wxg_known_set_find(key);
	if (!entry) {
		entry = wxg_known_set_alloc(key);
		if (!entry) {
			err = -ENOMEM;
			goto unlock;
		}
		entry->first_seen = narrow(now);
		entry->flags = (u8)flags;
		fresh = true;
	}
	set_path(entry, path, path_len);
	advance(&entry->seen[class - 1], narrow(now));
	atomic64_inc(&entry->count);
	clear_for(entry, class, generation);
	if (!fresh) {
		wxg_known_set_flags(entry, entry->flags | flags);
		goto unlock;
	}
	err = wxg_known_set_enter(entry);
	if (err)
		wxg_known_set_free(entry);
unlock:
	mutex_unlock(&wxg_known_set.lock);
	return err;
}

static void merge(struct wxg_known_entry *entry,
		  const struct wxg_known_info *info)
{
	u32 class;

	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		if (info->seen[class] == S64_MIN)
			continue;
		advance(&entry->seen[class - 1], narrow(info->seen[class]));
		if (info->flags & WXGUARD_KNOWN_F_PINNED)
			pin_slot(&entry->seen[class - 1], true);
	}
	entry->first_seen = min(entry->first_seen, narrow(info->first_seen));
	/* The same total comes back with each class of a dump: not a sum. */
	if (atomic64_read(&entry->count) < (s64)info->count)
		atomic64_set(&entry->count, (s64)info->count);
}

int wxg_known_restore(const struct wxg_known_info *info)
{
	struct wxg_known_entry *entry;
	int err = 0;

	might_sleep();
	mutex_lock(&wxg_known_set.lock);
	entry = wxg_known_set_find(&info->key);
	if (entry) {
		set_path(entry, info->path, info->path_len);
		merge(entry, info);
		wxg_known_set_flags(entry, entry->flags | info->flags);
		goto unlock;
	}
	entry = wxg_known_set_alloc(&info->key);
	if (!entry) {
		err = -ENOMEM;
		goto unlock;
	}
	entry->flags = (u8)info->flags;
	entry->first_seen = narrow(info->first_seen);
	merge(entry, info);
	if (wxg_known_set_is_too_old(entry)) {
		wxg_known_set_free(entry);
		WRITE_ONCE(wxg_known_set.evicted, wxg_known_set.evicted + 1);
		goto unlock;
	}
	set_path(entry, info->path, info->path_len);
	err = wxg_known_set_enter(entry);
	if (err)
		wxg_known_set_free(entry);
unlock:
	mutex_unlock(&wxg_known_set.lock);
	return err;
}

int wxg_known_remove(const struct wxg_known_key *key)
{
	struct wxg_known_entry *entry;

	might_sleep();
	mutex_lock(&wxg_known_set.lock);
	entry = wxg_known_set_find(key);
	if (entry)
		wxg_known_set_drop(entry);
	mutex_unlock(&wxg_known_set.lock);
	return entry ? 0 : -ENOENT;
}

int wxg_known_pin(const struct wxg_known_key *key, bool pinned)
{
	struct wxg_known_entry *entry;
	u32 flags, slot;

	might_sleep();
	mutex_lock(&wxg_known_set.lock);
	entry = wxg_known_set_find(key);
	if (entry) {
		for (slot = 0; slot < WXG_KNOWN_SLOTS; slot++)
			pin_slot(&entry->seen[slot], pinned);
		flags = entry->flags & ~WXGUARD_KNOWN_F_PINNED;
		if (pinned)
			flags |= WXGUARD_KNOWN_F_PINNED;
		wxg_known_set_flags(entry, flags);
	}
	mutex_unlock(&wxg_known_set.lock);
	return entry ? 0 : -ENOENT;
}

u32 wxg_known_flush(void)
{
	struct wxg_known_entry *entry;
	unsigned long id;
	u32 removed = 0;

	might_sleep();
	mutex_lock(&wxg_known_set.lock);
	xa_for_each(&wxg_known_set.ids, id, entry) {
		wxg_known_set_drop(entry);
		removed++;
	}
	mutex_unlock(&wxg_known_set.lock);
	return removed;
}

static void copy_out(struct wxg_known_info *info,
		     const struct wxg_known_entry *entry)
{
	u32 class;
	s32 seen;

	lockdep_assert_held(&wxg_known_set.lock);
	memset(info, 0, sizeof(*info));
	info->key = entry->key;
	info->first_seen = entry->first_seen;
	info->seen[WXGUARD_CLASS_UNSPEC] = S64_MIN;
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		seen = READ_ONCE(entry->seen[class - 1]);
		info->seen[class] = seen == WXG_KNOWN_NEVER ? S64_MIN : seen >> 1;
		if (seen & WXG_KNOWN_PINNED)
			info->pinned |= 1U << class;
	}
	info->count = (u64)atomic64_read(&entry->count);
	info->flags = entry->flags;
	info->path_len = entry->path_len;
	if (entry->path)
		memcpy(info->path, entry->path, entry->path_len);
}

int wxg_known_walk(u64 *cursor,
		   int (*fn)(const struct wxg_known_info *info, void *arg),
		   void *arg)
{
	struct wxg_known_info info;
	unsigned long id = (unsigned long)*cursor;
	struct wxg_known_entry *entry;
	int ret;

	might_sleep();
	/* An entry keeps its number, so one that stays is not passed over. */
	for (;; id++) {
		*cursor = id;
		mutex_lock(&wxg_known_set.lock);
		entry = xa_find(&wxg_known_set.ids, &id, ULONG_MAX, XA_PRESENT);
		if (entry)
			copy_out(&info, entry);
		mutex_unlock(&wxg_known_set.lock);
		if (!entry)
			return 0;
		*cursor = id;
		ret = fn(&info, arg);
		if (ret)
			return ret;
	}
}

u32 wxg_known_count_for(u32 class, s64 now, u32 window)
{
	const struct wxg_known_entry *entry;
	unsigned long id;
	u32 count = 0;

	might_sleep();
	if (!class_is_valid(class))
		return 0;
	mutex_lock(&wxg_known_set.lock);
	xa_for_each(&wxg_known_set.ids, id, entry)
		count += is_known(entry, class, now, window);
	mutex_unlock(&wxg_known_set.lock);
	return count;
}

u32 wxg_known_count(void)
{
	return READ_ONCE(wxg_known_set.count);
}

u32 wxg_known_max(void)
{
	return wxg_known_set.max;
}

u64 wxg_known_evicted(void)
{
	return READ_ONCE(wxg_known_set.evicted);
}
