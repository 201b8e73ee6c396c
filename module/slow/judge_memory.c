// SPDX-License-Identifier: GPL-2.0-only
/*
 * security_file_mprotect and security_mmap_file: which class is this change of
 * memory of? PROCESS context in the calling task; for mprotect under mmap_lock
 * for writing, so user memory may not be touched.
 */
#include <linux/mm.h>
#include <linux/personality.h>

#include "core/classify.h"
#include "slow/describe.h"
#include "slow/origin.h"
#include "slow/pending.h"

int wxg_judge_mprotect_call(struct vm_area_struct *vma, unsigned long asked,
			    unsigned long effective)
{
	struct wxg_event event = {
		.id = WXG_JUDGE_MPROTECT,
		.class = WXGUARD_CLASS_RWX_MPROTECT,
		.file = vma->vm_file,
		.vma = vma,
		.object = vma,
		.asked = asked,
		.effective = effective,
	};

	if (event.file)
		event.origin = wxg_origin_of(event.file, NULL, 0);
	return wxg_judge_event(&event);
}

/* path_noexec() is not exported. */
static bool file_is_noexec(const struct file *file)
{
	return (file->f_path.mnt->mnt_flags & MNT_NOEXEC) ||
	       (file_inode(file)->i_sb->s_iflags & SB_I_NOEXEC);
}

int wxg_judge_mmap_call(struct file *file, unsigned long prot,
			unsigned long flags)
{
	struct wxg_event event = {
		.id = WXG_JUDGE_MMAP,
		.file = file,
		.object = file ? file_inode(file) : NULL,
		.asked = prot,
		.map_flags = flags,
	};

	event.effective = wxg_prot_effective(prot,
					     current->personality & READ_IMPLIES_EXEC,
					     file && file_is_noexec(file));
	if (file)
		event.origin = wxg_origin_of(file, NULL, 0);
	event.class = wxg_class_of_mmap(event.effective, event.origin);
	if (event.class == WXGUARD_CLASS_UNSPEC)
		return 0;
	/* The segments of a memory file whose exec was just judged. */
	if (event.class == WXGUARD_CLASS_MAP_MEMORY_EXEC &&
	    wxg_pending_find(WXG_JUDGE_EXEC, event.object))
		return 0;
	return wxg_judge_event(&event);
}
