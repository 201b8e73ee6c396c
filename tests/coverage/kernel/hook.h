/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Included before everything else where a module begins and ends: what was
 * counted is written when it goes, and when it does not come.
 */
#ifndef WXG_COUNTERS_HOOK_H
#define WXG_COUNTERS_HOOK_H

#include <linux/module.h>

#include "counters.h"

/* The module's own, which the macros below fill in. */
static int (*const wxg_counted_init)(void) __initconst;
static void (*const wxg_counted_exit)(void) __refconst;

int __init init_module(void)
{
	const int ret = wxg_counted_init();

	if (ret)
		wxg_counters_write();
	return ret;
}

void __exit cleanup_module(void)
{
	wxg_counted_exit();
	wxg_counters_write();
}

#undef module_init
#define module_init(fn) \
	static int (*const wxg_counted_init)(void) __initconst = fn
#undef module_exit
#define module_exit(fn) \
	static void (*const wxg_counted_exit)(void) __refconst = fn

#endif
