// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who else maps a file: walks the mappings that the kernel keeps per inode.
 * wxg_dual_suspect() is ATOMIC and only tries for the lock; the other is for
 * PROCESS context. Nothing is allocated here: reclaim takes the same lock.
 */
#include <linux/mm.h>
#include <linux/rbtree.h>

#include "slow/dual.h"
#include "slow/facts.h"

#define LOOK_MAX	4096
#define GLANCE_MAX	16

static bool is_side(const struct vm_area_struct *vma, enum wxg_dual_side side)
{
	if (side == WXG_DUAL_EXECUTES)
		return vma->vm_flags & VM_EXEC;
	return (vma->vm_flags & (VM_SHARED | VM_WRITE)) ==
	       (VM_SHARED | VM_WRITE);
}

static struct vm_area_struct *first_of(const struct file *file)
{
	struct rb_node *const node = rb_first_cached(&file->f_mapping->i_mmap);

	return node ? rb_entry(node, struct vm_area_struct, shared.rb) : NULL;
}

static struct vm_area_struct *next_of(const struct vm_area_struct *vma)
{
	struct rb_node *const node = rb_next(&vma->shared.rb);

	return node ? rb_entry(node, struct vm_area_struct, shared.rb) : NULL;
}

bool wxg_dual_find(const struct file *file, enum wxg_dual_side side,
		   const struct vm_area_struct *except,
		   struct task_struct **who)
{
	const struct vm_area_struct *found = NULL;
	const struct vm_area_struct *vma;
	unsigned int left = LOOK_MAX;

	*who = NULL;
	i_mmap_lock_read(file->f_mapping);
	for (vma = first_of(file); vma && left; vma = next_of(vma), left--) {
		if (vma == except || !is_side(vma, side))
			continue;
		found = vma;
		if (vma->vm_mm != current->mm)
			break;
	}
	/* A mapping leaves the inode before its mm goes, so the mm is there. */
	if (found)
		*who = wxg_facts_owner_get(found->vm_mm);
	i_mmap_unlock_read(file->f_mapping);
	return found;
}

bool wxg_dual_suspect(const struct file *file, enum wxg_dual_side side)
{
	struct address_space *const mapping = file->f_mapping;
	const struct vm_area_struct *vma;
	unsigned int left = GLANCE_MAX;

	if (RB_EMPTY_ROOT(&mapping->i_mmap.rb_root))
		return false;
	if (!down_read_trylock(&mapping->i_mmap_rwsem))
		return true;
	for (vma = first_of(file); vma && left; vma = next_of(vma), left--)
		if (is_side(vma, side))
			break;
	up_read(&mapping->i_mmap_rwsem);
	return vma;
}
