// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a judged call: what exists only after it. Runs as task work, in
 * PROCESS context of the task itself, no lock held, before its next user
 * instruction: not one instruction of a new program has run. On a task that
 * exits, memory and working directory may be gone already.
 */
#include <asm/syscall.h>
#include <linux/file.h>
#include <linux/mm.h>
#include <linux/sched/signal.h>
#include <linux/sched/task_stack.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "repeat.h"
#include "ring.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/pending.h"

/*
 * Nearly always they are there to be copied. Where they are not, no fault may
 * be taken on their account: who handles it could hold the finding back.
 */
static int copy_arguments(u8 *to, unsigned long from, size_t len)
{
	if (!copy_from_user_nofault(to, (const void __user *)from, len))
		return len;
	return access_process_vm(current, from, to, len, 0);
}

static void arguments(struct wxg_finding *finding)
{
	struct mm_struct *const mm = current->mm;
	unsigned long start, end;
	size_t len;
	u8 *place;
	int got;

	finding->flags |= WXGUARD_FLAG_ARGS_MISSING;
	if (!mm || (current->flags & PF_EXITING))
		return;
	spin_lock(&mm->arg_lock);
	start = mm->arg_start;
	end = mm->arg_end;
	spin_unlock(&mm->arg_lock);
	if (end <= start)
		return;
	len = min_t(size_t, end - start, WXGUARD_ARGS_MAX);
	place = wxg_finding_room(finding, len);
	if (!place)
		return;
	got = copy_arguments(place, start, len);
	if (got > 0) {
		wxg_finding_add(finding, &finding->proc.args, place, got);
		finding->flags &= ~WXGUARD_FLAG_ARGS_MISSING;
		if (end - start > got)
			finding->flags |= WXGUARD_FLAG_ARGS_TRUNCATED;
	}
}

long wxg_complete_result(void)
{
	struct pt_regs *const regs = task_pt_regs(current);
	const long error = syscall_get_error(current, regs);

	return error ? error : syscall_get_return_value(current, regs);
}

static void outcome(struct wxg_finding *finding)
{
	long ret;

	if (!finding->syscall.present)
		return;
	ret = wxg_complete_result();
	finding->syscall.ret = ret;
	/* A new mapping's address is the result, of mmap as of shmat. */
	if (finding->has_memory && !finding->memory.has_before &&
	    !finding->memory.address && ret > 0)
		finding->memory.address = ret;
}

/* After an exec that went through, the subject is the new program. */
static void new_program(struct wxg_finding *finding)
{
	struct file *const exe = wxg_facts_exe_get();

	if (!exe)
		return;
	memset(&finding->proc.exe, 0, sizeof(finding->proc.exe));
	memset(&finding->proc.exe_file, 0, sizeof(finding->proc.exe_file));
	wxg_facts_executable(finding, exe);
	fput(exe);
}

static void finish(struct wxg_pending *pending)
{
	struct wxg_finding *const finding = pending->finding;
	u64 *number;

	outcome(finding);
	if (pending->id == WXG_JUDGE_EXEC && current->mm &&
	    current->mm != pending->mm)
		new_program(finding);
	wxg_facts_process(finding);
	arguments(finding);
	number = wxg_evidence_number(pending->evidence);
	wxg_repeat_told(finding->repeat_slot,
			wxg_ring_publish_as(finding, number));
	wxg_evidence_put(pending->evidence, false);
	wxg_finding_free(finding);
}

void wxg_complete(struct callback_head *work)
{
	struct wxg_pending *const pending =
		container_of(work, struct wxg_pending, work);

	wxg_pending_remove(pending);
	if (pending->tamper)
		pending->finding = wxg_tamper_witnessed(pending);
	if (pending->finding)
		finish(pending);
	kfree(pending);
	wxg_slow_leave();
}
