/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The container behind known.c: entries by key, by number of insertion, and
 * by when they were last seen. Private to known.c and known_set.c.
 */
#ifndef _WXG_KNOWN_SET_H
#define _WXG_KNOWN_SET_H

#include <linux/atomic.h>
#include <linux/jhash.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/xarray.h>

#include "known.h"

#define WXG_KNOWN_NEVER S32_MIN

/* In a slot of seen[]: pinned for this class. The bits above it are seconds. */
#define WXG_KNOWN_PINNED 1

/* Classes are numbered from 1; the unspecified one takes no room. */
#define WXG_KNOWN_SLOTS (__WXGUARD_CLASS_MAX - 1)

/**
 * struct wxg_known_entry - one executable
 * @node: in the table
 * @key: never changes
 * @lru: in the queue, while in the set and not pinned
 * @rcu: once it has left
 * @seen: by class - 1, WXG_KNOWN_NEVER, or twice the s since boot and
 *	WXG_KNOWN_PINNED; stored by anyone without a lock, see advance() in
 *	known.c
 * @first_seen: s since boot
 * @stamp: when it was last seen, as of when it was queued
 * @generation: of the rules that cleared it, for the classes in @cleared;
 *	stored under the mutex, read without
 * @id: number of insertion; never changes
 * @cleared: bits 1 << class; stored under the mutex, read without
 * @flags: WXGUARD_KNOWN_F_*, PINNED if pinned for any class
 * @path_len: of @path
 * @path: not terminated; NULL if it was not given or too long
 * @count: sightings; by anyone without a lock
 *
 * Owned by the set; lookups borrow it under RCU. What has no other rule is
 * read and written under the mutex.
 */
struct wxg_known_entry {
	struct rhash_head node;
	struct wxg_known_key key;
	union {
		struct rb_node lru;
		struct rcu_head rcu;
	};
	s32 seen[WXG_KNOWN_SLOTS];
	s32 first_seen;
	s32 stamp;
	u32 generation;
	u32 id;
	u16 cleared;
	u8 flags;
	u8 path_len;
	char *path;
	atomic64_t count;
};

static_assert(sizeof(struct wxg_known_entry) <= 144);
static_assert(sizeof(struct wxg_known_key) == 32, "hashed as bytes: no padding");
static_assert(__WXGUARD_CLASS_MAX <= 16, "cleared is too narrow");
static_assert(WXGUARD_KNOWN_PATH_MAX <= U8_MAX, "path_len is too narrow");

/**
 * struct wxg_known_set - the one set
 * @table: by key
 * @ids: by number of insertion, for walks
 * @lru: oldest stamp first; pinned entries are not in it
 * @cache: where entries come from
 * @lock: serialises every change of the set. It may be taken under a
 *	process's mmap lock and exec mutex, so nothing that takes one of those
 *	may be called with it held.
 * @next_id: where the search for a free number begins
 * @max: bound on @count; constant between init and exit
 * @count: entries; read without the mutex
 * @evicted: how many left because the set was full; read without the mutex
 */
struct wxg_known_set {
	struct rhashtable table;
	struct xarray ids;
	struct rb_root_cached lru;
	struct kmem_cache *cache;
	struct mutex lock;	/* see above */
	u32 next_id;
	u32 max;
	u32 count;
	u64 evicted;
};

extern struct wxg_known_set wxg_known_set;

/*
 * Every bit of the key counts, and the seed is the table's own secret: who
 * makes many files does not choose which of them share a chain.
 */
static inline u32 wxg_known_hash(const void *data, u32 len, u32 seed)
{
	const struct wxg_known_key *const key = data;

	return jhash_3words(lower_32_bits(key->ino) ^ key->dev,
			    key->ctime_nsec ^ key->shape << 29,
			    key->generation ^ upper_32_bits(key->ino) ^
				    (u32)key->ctime_sec, seed);
}

/* Return: 0 if this is the key's entry. */
static inline int wxg_known_compare(struct rhashtable_compare_arg *arg,
				    const void *entry)
{
	const struct wxg_known_key *const key = arg->key;
	const struct wxg_known_key *const other =
		&((const struct wxg_known_entry *)entry)->key;

	return !wxg_identity_equal(key, other) || key->shape != other->shape;
}

/* In each file that looks up, so that the compiler inlines all of it. */
static const struct rhashtable_params wxg_known_params = {
	.key_len = sizeof(struct wxg_known_key),
	.key_offset = offsetof(struct wxg_known_entry, key),
	.head_offset = offsetof(struct wxg_known_entry, node),
	.hashfn = wxg_known_hash,
	.obj_cmpfn = wxg_known_compare,
	.automatic_shrinking = true,
};

/* When it was last seen for any class, before all times if for none. Any context. */
s32 wxg_known_set_last(const struct wxg_known_entry *entry);

/* For all below: process context, may sleep, the mutex is held. */

struct wxg_known_entry *wxg_known_set_find(const struct wxg_known_key *key);

/* An empty entry that is the caller's; NULL if there is no memory. */
struct wxg_known_entry *wxg_known_set_alloc(const struct wxg_known_key *key);
/* Free one that was never entered. */
void wxg_known_set_free(struct wxg_known_entry *entry);

/**
 * wxg_known_set_enter() - take a filled entry into the set
 *
 * Evicts the least recently seen one if the set is full.
 * Return: 0, and it is the set's; -ENOMEM, -ENOSPC, and it stays the caller's.
 */
int wxg_known_set_enter(struct wxg_known_entry *entry);

/* Is the set full, and was everything in it seen after this new entry? */
bool wxg_known_set_is_too_old(const struct wxg_known_entry *entry);

/* Take it out; lookups that have it keep it for their grace period. */
void wxg_known_set_drop(struct wxg_known_entry *entry);

/* Replace the flags; PINNED takes it out of the queue or puts it back. */
void wxg_known_set_flags(struct wxg_known_entry *entry, u32 flags);

#endif
