/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A memory file that is mapped twice: to be written here, to be run there.
 */
#ifndef _WXG_SLOW_DUAL_H
#define _WXG_SLOW_DUAL_H

#include <linux/fs.h>

struct task_struct;
struct vm_area_struct;

/* What the other mapping of the file lets its process do. */
enum wxg_dual_side {
	WXG_DUAL_WRITES,	/* shared and writable */
	WXG_DUAL_EXECUTES,
};

/**
 * wxg_dual_find() - is this file mapped elsewhere as the other side?
 * @except: a mapping that does not count; may be NULL
 * @who: filled with a reference to the task it belongs to, one of another
 *	process if there is any; NULL if that has gone
 *
 * Takes i_mmap_rwsem for reading, which comes after mmap_lock. Looks at a
 * bounded number of mappings: who makes more hides whose they are, but each
 * executable one was judged when it was made.
 *
 * Return: true if so. May sleep.
 */
bool wxg_dual_find(const struct file *file, enum wxg_dual_side side,
		   const struct vm_area_struct *except,
		   struct task_struct **who);

/**
 * wxg_dual_suspect() - the same where one may not sleep
 * Return: false if it is not; true if it is, or if that cannot be told here.
 */
bool wxg_dual_suspect(const struct file *file, enum wxg_dual_side side);

#endif
