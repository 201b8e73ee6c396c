/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else in the stores: what they allocate fails
 * while wxg_kunit_no_memory is set, after the first wxg_kunit_room of it; and
 * a lock that they say is held has to be, on a kernel without lockdep, too.
 */
#ifndef WXG_KUNIT_FAULTY_H
#define WXG_KUNIT_FAULTY_H

#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/xarray.h>

extern bool wxg_kunit_no_memory;
extern unsigned int wxg_kunit_room;

static inline bool wxg_kunit_fails(void)
{
	if (!wxg_kunit_no_memory)
		return false;
	return !wxg_kunit_room || !wxg_kunit_room--;
}

#define kvmalloc(...) \
	(wxg_kunit_fails() ? NULL : (kvmalloc)(__VA_ARGS__))
#define kvzalloc(...) \
	(wxg_kunit_fails() ? NULL : (kvzalloc)(__VA_ARGS__))
#define kvcalloc(...) \
	(wxg_kunit_fails() ? NULL : (kvcalloc)(__VA_ARGS__))
#define kmalloc(...) \
	(wxg_kunit_fails() ? NULL : (kmalloc)(__VA_ARGS__))
#define kmemdup(...) \
	(wxg_kunit_fails() ? NULL : (kmemdup)(__VA_ARGS__))
#define kmem_cache_zalloc(...) \
	(wxg_kunit_fails() ? NULL : (kmem_cache_zalloc)(__VA_ARGS__))
#undef KMEM_CACHE
#define KMEM_CACHE(name, flags)						\
	(wxg_kunit_fails() ? NULL :					\
		kmem_cache_create(#name, sizeof(struct name),		\
				  __alignof__(struct name), (flags), NULL))
#define xa_alloc_cyclic(...) \
	(wxg_kunit_fails() ? -ENOMEM : (xa_alloc_cyclic)(__VA_ARGS__))
#define rhashtable_init(...) \
	(wxg_kunit_fails() ? -ENOMEM : (rhashtable_init)(__VA_ARGS__))
#define rhashtable_insert_fast(...) \
	(wxg_kunit_fails() ? -ENOMEM : (rhashtable_insert_fast)(__VA_ARGS__))

#ifndef CONFIG_LOCKDEP
static inline bool wxg_kunit_mutex_held(struct mutex *lock)
{
	return mutex_is_locked(lock);
}

static inline bool wxg_kunit_raw_held(raw_spinlock_t *lock)
{
	return raw_spin_is_locked(lock);
}

static inline bool wxg_kunit_spinlock_held(spinlock_t *lock)
{
	return raw_spin_is_locked(&lock->rlock);
}

/* By whom is not asked: nearly all tests run alone. */
#undef lockdep_assert_held
#define lockdep_assert_held(lock)					\
	WARN_ON_ONCE(!_Generic((lock),					\
			       struct mutex *: wxg_kunit_mutex_held,	\
			       raw_spinlock_t *: wxg_kunit_raw_held,	\
			       spinlock_t *: wxg_kunit_spinlock_held)(lock))
#endif

#endif
