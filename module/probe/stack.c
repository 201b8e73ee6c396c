// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tracepoint sched_process_exec does about stacks: no LSM hook is
 * called for the stack of a new program, so it is looked at here. ATOMIC.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "probe/probe.h"
#include "rules_live.h"
#include "slow/stack.h"

void wxg_stack_on_exec(void)
{
	struct mm_struct *const mm = current->mm;
	const struct vm_area_struct *vma;
	bool suspect;

	if (!(READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_EXEC_STACK)))
		return;
	/* Nobody else writes to a memory this new: who holds it is reading. */
	if (mmap_read_trylock(mm)) {
		vma = find_vma(mm, mm->start_stack);
		suspect = vma && (vma->vm_flags & VM_EXEC);
		mmap_read_unlock(mm);
	} else {
		suspect = true;
	}
	if (suspect)
		wxg_slow_stack();
}
