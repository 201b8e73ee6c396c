/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Writes into a memory that do not come from its own program: does one of
 * them change code?
 */
#ifndef _WXG_SLOW_FOREIGN_H
#define _WXG_SLOW_FOREIGN_H

#include <linux/mm_types.h>
#include <linux/rcupdate.h>

/*
 * The memory of a program to be, which its exec is filling with arguments:
 * nothing in it is code, and nobody else can reach it. It has no executable
 * until the exec can no longer fail, and one for ever after. Any context.
 */
static inline bool wxg_foreign_is_new(const struct mm_struct *mm)
{
	return !rcu_access_pointer(mm->exe_file);
}

/**
 * wxg_foreign_code() - the first executable mapping that this write changes
 * @start: first byte; need not be at the beginning of a page
 * @pages: how many, counted from the page of @start
 * @flags: FOLL_*
 *
 * Leaves out what the kernel itself will refuse, so that what is found is a
 * write that would happen, and what an exec is just filling.
 *
 * Return: NULL if there is none. Caller holds @mm's mmap_lock. Any context.
 */
struct vm_area_struct *wxg_foreign_code(struct mm_struct *mm,
					unsigned long start,
					unsigned long pages,
					unsigned int flags);

#endif
