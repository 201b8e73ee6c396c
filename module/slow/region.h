/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a VMA is, as values. Any context; the caller of the judged function
 * holds mmap_lock, so the VMA is stable.
 */
#ifndef _WXG_SLOW_REGION_H
#define _WXG_SLOW_REGION_H

#include <linux/mm.h>
#include <linux/mman.h>

#include "core/classify.h"
#include "slow/origin.h"

static inline u32 wxg_region_prot(const struct vm_area_struct *vma)
{
	const unsigned long flags = vma->vm_flags;

	return (flags & VM_READ ? WXG_PROT_READ : 0) |
	       (flags & VM_WRITE ? WXG_PROT_WRITE : 0) |
	       (flags & VM_EXEC ? WXG_PROT_EXEC : 0);
}

/* The main stack of its process? */
static inline bool wxg_region_is_stack(const struct vm_area_struct *vma)
{
	const unsigned long stack = vma->vm_mm->start_stack;

	return vma->vm_start <= stack && vma->vm_end >= stack;
}

/* Return: enum wxguard_region. */
static inline u32 wxg_region_of(const struct vm_area_struct *vma)
{
	const struct mm_struct *const mm = vma->vm_mm;

	if (vma->vm_file)
		return vma->vm_flags & VM_SHARED ? WXGUARD_REGION_FILE_SHARED :
						   WXGUARD_REGION_FILE_PRIVATE;
	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk)
		return WXGUARD_REGION_HEAP;
	return wxg_region_is_stack(vma) ? WXGUARD_REGION_STACK :
					  WXGUARD_REGION_ANON;
}

/* Of a mapping that mmap or shmat is about to make. */
static inline u32 wxg_region_of_new(const struct file *file,
				    unsigned long map_flags)
{
	if (!file)
		return WXGUARD_REGION_ANON;
	return map_flags & MAP_SHARED ? WXGUARD_REGION_FILE_SHARED :
					WXGUARD_REGION_FILE_PRIVATE;
}

/*
 * May its process have written what it holds? Private pages say so, as does
 * a shared mapping that could be written, be it not at the moment: taking W
 * away first must not be a way around.
 */
static inline bool wxg_region_is_written(const struct vm_area_struct *vma)
{
	return vma->anon_vma || (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) ==
				(VM_SHARED | VM_MAYWRITE);
}

/* All of a change of protection but @stack, which takes the system call. */
static inline void wxg_region_change(const struct vm_area_struct *vma,
				     unsigned long effective,
				     struct wxg_change *change)
{
	memset(change, 0, sizeof(*change));
	change->effective = effective;
	change->origin = vma->vm_file ? wxg_origin_of(vma->vm_file, NULL, 0) :
					WXGUARD_ORIGIN_FILE;
	change->was_exec = vma->vm_flags & VM_EXEC;
	change->written = wxg_region_is_written(vma);
}

#endif
