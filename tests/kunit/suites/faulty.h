/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else in the stores: what they allocate fails
 * while wxg_kunit_no_memory is set.
 */
#ifndef WXG_KUNIT_FAULTY_H
#define WXG_KUNIT_FAULTY_H

#include <linux/mm.h>
#include <linux/slab.h>

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

#endif
