// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge on security_file_mprotect(vma, asked, effective): memory that becomes
 * executable and is writable too, was written, or is a memory file; and memory
 * files that become writable while they are code elsewhere. ATOMIC, under
 * mmap_lock: two compares for the innocent call.
 */
#include "core/classify.h"
#include "probe/probe.h"
#include "rules_live.h"
#include "slow/tamper.h"
#include "slow/dual.h"
#include "slow/region.h"

#define MEMORY_CLASSES	(BIT(WXGUARD_CLASS_MAP_MEMORY_EXEC) |	\
			 BIT(WXGUARD_CLASS_RWX_MPROTECT) |	\
			 BIT(WXGUARD_CLASS_WX_TRANSITION))

/* W and X together: rare. Known executables with nothing to say end here. */
static __always_inline bool makes_wx(const struct vm_area_struct *vma, u32 classes)
{
	/* Only the slow path can tell what asked for it. */
	if ((classes & BIT(WXGUARD_CLASS_EXEC_STACK)) &&
	    wxg_region_is_stack(vma))
		return true;
	return (classes & BIT(WXGUARD_CLASS_RWX_MPROTECT)) &&
	       !wxg_probe_known(WXGUARD_CLASS_RWX_MPROTECT, 0);
}

/* X without W, where there was no X. */
static noinline bool makes_code(const struct vm_area_struct *vma, u32 classes)
{
	if ((classes & BIT(WXGUARD_CLASS_EXEC_STACK)) &&
	    wxg_region_is_stack(vma))
		return true;
	return (classes & BIT(WXGUARD_CLASS_WX_TRANSITION)) &&
	       wxg_region_is_written(vma) &&
	       !wxg_probe_known(WXGUARD_CLASS_WX_TRANSITION,
				wxg_region_of(vma));
}

static __always_inline bool is_new_code(const struct vm_area_struct *vma,
					unsigned long effective)
{
	const u32 classes = READ_ONCE(wxg_live_classes);
	const bool wx = wxg_prot_is_wx(effective);

	if (!wx && (vma->vm_flags & VM_EXEC))
		return false;
	if (vma->vm_file && wxg_file_is_memory(vma->vm_file))
		return classes & MEMORY_CLASSES;
	return wx ? makes_wx(vma, classes) : makes_code(vma, classes);
}

static __always_inline bool becomes_exec(const struct vm_area_struct *vma,
					 unsigned long effective)
{
	if (is_new_code(vma, effective))
		return true;
	/* The witness must know that a judge met it, though it ends here. */
	if (wxg_prot_is_wx(effective))
		wxg_slow_saw();
	return false;
}

static noinline bool becomes_writable(const struct vm_area_struct *vma)
{
	return (vma->vm_flags & (VM_SHARED | VM_WRITE)) == VM_SHARED &&
	       wxg_file_is_memory(vma->vm_file) &&
	       (READ_ONCE(wxg_live_classes) &
		BIT(WXGUARD_CLASS_MAP_MEMORY_EXEC)) &&
	       wxg_dual_suspect(vma->vm_file, WXG_DUAL_EXECUTES);
}

static __always_inline bool glance(unsigned long memory, unsigned long asked,
				   unsigned long effective,
				   unsigned long unused)
{
	if (likely(!(effective & (WXG_PROT_EXEC | WXG_PROT_WRITE))))
		return false;
	return (effective & WXG_PROT_EXEC) ||
	       ((const struct vm_area_struct *)memory)->vm_file;
}

static __always_inline bool look(unsigned long memory, unsigned long asked,
				 unsigned long effective, unsigned long unused)
{
	const struct vm_area_struct *const vma =
		(const struct vm_area_struct *)memory;

	return effective & WXG_PROT_EXEC ? becomes_exec(vma, effective) :
					   becomes_writable(vma);
}

static bool suspect_by_structure(const struct wxg_call *call)
{
	const struct vm_area_struct *const vma =
		(const struct vm_area_struct *)call->arg[0];

	if (!(call->arg[2] & WXG_PROT_EXEC))
		return false;
	if (wxg_prot_is_wx(call->arg[2]))
		return true;
	return !(vma->vm_flags & VM_EXEC) &&
	       (wxg_region_is_written(vma) ||
		(vma->vm_file && wxg_file_is_memory(vma->vm_file)));
}

WXG_JUDGE_BODIES(wxg_judge_mprotect, glance, look)

struct wxg_judge wxg_judge_mprotect = {
	.symbol = "security_file_mprotect",
	.id = WXG_JUDGE_MPROTECT,
	.counts = &wxg_judge_mprotect_counts,
	.on_ftrace = wxg_judge_mprotect_on_ftrace,
	.on_kprobe = wxg_judge_mprotect_on_kprobe,
	.suspect = suspect_by_structure,
};
