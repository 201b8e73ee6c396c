/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Room for what is being gathered: two pages that nobody has cleared.
 */
#ifndef _WXG_SLOW_SCRATCH_H
#define _WXG_SLOW_SCRATCH_H

#include <linux/mm.h>

#define WXG_SCRATCH_SIZE (2 * PAGE_SIZE)

/* Return: 0 or -ENOMEM. Process context, at load; exit at unload. */
int wxg_scratch_init(void);
/* After every slow path has ended. */
void wxg_scratch_exit(void);

/*
 * WXG_SCRATCH_SIZE bytes of anything: read nothing that you have not written.
 * NULL without memory. May sleep.
 */
void *wxg_scratch_alloc(void);
void wxg_scratch_free(void *scratch);

#endif
