// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that starts with an executable stack. No judged function is
 * called for it, so it is looked at when the exec is over: task work of the
 * new program, PROCESS context, before its first instruction, and no lock
 * held but mmap_lock for reading, which is taken here.
 * wxg_slow_stack() is ATOMIC.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/personality.h>
#include <linux/slab.h>
#include <linux/task_work.h>

#include "core/classify.h"
#include "slow/describe.h"
#include "slow/pending.h"
#include "slow/region.h"
#include "slow/stack.h"

static void judge_stack(struct mm_struct *mm)
{
	struct wxg_event event = {
		.id = WXG_JUDGE_STACK,
		.class = WXGUARD_CLASS_EXEC_STACK,
		.object = mm,
		.committed = true,
		.detail = WXGUARD_REGION_STACK,
	};

	mmap_read_lock(mm);
	event.vma = find_vma(mm, mm->start_stack);
	if (event.vma && (event.vma->vm_flags & VM_EXEC)) {
		event.address = event.vma->vm_start;
		event.size = event.vma->vm_end - event.vma->vm_start;
		event.effective = wxg_region_prot(event.vma);
		event.asked = event.effective;
		/* The program did not ask, the personality gave. */
		if (current->personality & READ_IMPLIES_EXEC)
			event.asked &= ~(unsigned long)WXG_PROT_EXEC;
		wxg_judge_event(&event);
	}
	mmap_read_unlock(mm);
}

static void on_return(struct callback_head *work)
{
	kfree(work);
	if (current->mm && !(current->flags & PF_EXITING))
		judge_stack(current->mm);
	wxg_slow_leave();
}

void wxg_slow_stack(void)
{
	struct callback_head *const work = kmalloc(sizeof(*work), GFP_ATOMIC);

	if (!work) {
		wxg_judge_blindly(WXGUARD_CLASS_EXEC_STACK, true);
		return;
	}
	if (!try_module_get(THIS_MODULE)) {
		wxg_slow_count_unjudged();
		kfree(work);
		return;
	}
	wxg_slow_count_in();
	init_task_work(work, on_return);
	if (task_work_add(current, work, TWA_RESUME)) {
		wxg_judge_blindly(WXGUARD_CLASS_EXEC_STACK, true);
		kfree(work);
		wxg_slow_leave();
	}
}
