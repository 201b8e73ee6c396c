/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The known set: which executables were seen doing what, and when.
 * Lookups anywhere (RCU); changes in process context, except the refresh of
 * an entry, which is a store.
 */
#ifndef _WXG_KNOWN_H
#define _WXG_KNOWN_H

#include <linux/atomic.h>

#include "core/identity.h"

/* A copy of an entry, for dumps. */
struct wxg_known_info {
	struct wxg_known_key key;
	s64 first_seen;		/* s since boot; negative = before this boot */
	s64 seen[__WXGUARD_CLASS_MAX];	/* the same; S64_MIN = never */
	u64 count;
	u32 flags;		/* WXGUARD_KNOWN_F_*; PINNED: for any class */
	u32 pinned;		/* bits 1 << class; only filled when read */
	u32 path_len;
	char path[WXGUARD_KNOWN_PATH_MAX + 1];
};

/**
 * wxg_known_init() - make the empty set
 * @max: bound on entries
 * Return: 0 or negative errno. Process context.
 */
int wxg_known_init(u32 max);
/* After every probe is disarmed and every slow path has ended. */
void wxg_known_exit(void);

/**
 * wxg_known_lookup() - known for this class within the window?
 * @now: s since boot
 * @window: s
 * Return: true if seen for @class after now - window, or pinned for it. A
 * sighting after @now counts: another CPU took the time a moment later.
 * Any context; takes rcu_read_lock() itself.
 */
bool wxg_known_lookup(const struct wxg_known_key *key, u32 class, s64 now,
		      u32 window);

/**
 * wxg_known_refresh() - the probe's shortcut: known, cleared under these
 * rules, and seen again
 * @generation: of the live rules; the entry must have been entered or
 *	refreshed by wxg_known_insert() under the same one
 *
 * On success counts the sighting and moves last seen to @now. No lock, no
 * allocation.
 * Return: where its sightings are counted; NULL: take the slow path. Caller
 * holds rcu_read_lock(), for as long as it uses what is returned. Any context.
 */
atomic64_t *wxg_known_refresh(const struct wxg_known_key *key, u32 class,
			      s64 now, u32 window, u32 generation);

/*
 * Changes when an entry leaves, before it is freed, and when other rules are
 * live. Who remembers an answer of wxg_known_refresh() reads this, with
 * acquire, before he asks, and again, under RCU, before he believes himself.
 */
extern u32 wxg_known_epoch;
void wxg_known_next_epoch(void);

/**
 * wxg_known_insert() - record a sighting, entering the executable if needed
 * @path: where it was seen; may be NULL; not terminated; left out if longer
 *	than WXGUARD_KNOWN_PATH_MAX
 * @flags: WXGUARD_KNOWN_F_* without PINNED, added to those of the entry
 * @generation: of the rules that cleared it
 *
 * Evicts the least recently seen entry that is not pinned if the set is full.
 * Return: 0, -ENOMEM, -ENOSPC (full of pinned entries). May sleep.
 */
int wxg_known_insert(const struct wxg_known_key *key, const char *path,
		     size_t path_len, u32 class, u32 flags, u32 generation,
		     s64 now);

/**
 * wxg_known_restore() - enter what user space kept, for one or more classes
 * @info: seen[] of S64_MIN leaves a class alone; never moves a time back.
 *	PINNED pins it for the other classes, and for none that it is seen
 *	doing later.
 *
 * In a full set, an entry that was seen before all others leaves at once,
 * and counts as evicted.
 * Return: as wxg_known_insert(). May sleep.
 */
int wxg_known_restore(const struct wxg_known_info *info);

/* Return: 0 or -ENOENT. May sleep. */
int wxg_known_remove(const struct wxg_known_key *key);
/* For each class that it was seen doing so far. */
int wxg_known_pin(const struct wxg_known_key *key, bool pinned);
/* Removes everything. Return: how many. May sleep. */
u32 wxg_known_flush(void);

/* How many wxg_known_lookup() would find. Walks the set; may sleep. */
u32 wxg_known_count_for(u32 class, s64 now, u32 window);
u32 wxg_known_count(void);
u32 wxg_known_max(void);
u64 wxg_known_evicted(void);

/**
 * wxg_known_walk() - copy out entries, a few at a time
 * @cursor: 0 to begin; kept by the caller between calls (netlink dump)
 * @fn: called without any lock held, may sleep; non-zero stops the walk, and
 *	that entry comes again at the next call
 *
 * Entries that stay in the set during the whole walk are seen at least once.
 * Return: 0 at the end, else what @fn returned. May sleep.
 */
int wxg_known_walk(u64 *cursor,
		   int (*fn)(const struct wxg_known_info *info, void *arg),
		   void *arg);

#endif
