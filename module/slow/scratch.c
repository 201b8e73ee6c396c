// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scratch memory of the slow path. PROCESS context; may sleep.
 *
 * Kernels that clear each allocation would spend more on these pages than a
 * finding costs without. They leave a cache alone whose objects are
 * constructed, which is why there is a constructor with nothing to do.
 */
#include <linux/slab.h>

#include "slow/scratch.h"

static struct kmem_cache *cache;

static void construct(void *scratch)
{
}

int wxg_scratch_init(void)
{
	/* Arguments are copied to it from user memory, all of it may be. */
	cache = kmem_cache_create_usercopy("wxguard_scratch", WXG_SCRATCH_SIZE,
					   0, 0, 0, WXG_SCRATCH_SIZE,
					   construct);
	return cache ? 0 : -ENOMEM;
}

void wxg_scratch_exit(void)
{
	kmem_cache_destroy(cache);
}

void *wxg_scratch_alloc(void)
{
	return kmem_cache_alloc(cache, GFP_KERNEL);
}

void wxg_scratch_free(void *scratch)
{
	if (scratch)
		kmem_cache_free(cache, scratch);
}
