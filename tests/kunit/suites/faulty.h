/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else in the stores: what they allocate fails
 * while wxg_kunit_no_memory is set, and a lock that they say is held has to
 * be, on a kernel without lockdep, too.
 */
#ifndef WXG_KUNIT_FAULTY_H
#define WXG_KUNIT_FAULTY_H

#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

extern bool wxg_kunit_no_memory;

#define kvmalloc(...) \
	(wxg_kunit_no_memory ? NULL : (kvmalloc)(__VA_ARGS__))
#define kvzalloc(...) \
	(wxg_kunit_no_memory ? NULL : (kvzalloc)(__VA_ARGS__))
#define kvcalloc(...) \
	(wxg_kunit_no_memory ? NULL : (kvcalloc)(__VA_ARGS__))
#define kmemdup(...) \
	(wxg_kunit_no_memory ? NULL : (kmemdup)(__VA_ARGS__))
#define kmem_cache_zalloc(...) \
	(wxg_kunit_no_memory ? NULL : (kmem_cache_zalloc)(__VA_ARGS__))

#ifndef CONFIG_LOCKDEP
static inline bool wxg_kunit_mutex_held(struct mutex *lock)
{
	return mutex_is_locked(lock);
}

static inline bool wxg_kunit_spinlock_held(raw_spinlock_t *lock)
{
	return raw_spin_is_locked(lock);
}

/* By whom is not asked: nearly all tests run alone. */
#undef lockdep_assert_held
#define lockdep_assert_held(lock)					\
	WARN_ON_ONCE(!_Generic((lock),					\
			       struct mutex *: wxg_kunit_mutex_held,	\
			       raw_spinlock_t *: wxg_kunit_spinlock_held)(lock))
#endif

#endif
