// SPDX-License-Identifier: GPL-2.0-only
/*
 * get_user_pages_remote and pin_user_pages_remote, asked to write: who changes
 * whose code? PROCESS context in the writing task, under mmap_lock of the
 * written memory for reading. That may be its own, so user memory may not be
 * touched. wxg_foreign_code() runs in ATOMIC context too.
 */
#include <asm/syscall.h>
#include <asm/unistd.h>
#include <linux/compat.h>
#include <linux/cred.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/ptrace.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>

#include "core/classify.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/foreign.h"
#include "slow/origin.h"
#include "slow/pending.h"
#include "slow/region.h"

/* A debugger's child may have been started through a few shells. */
#define GENERATIONS_MAX 16

/* The kernel's own rule: without W only by force, and only a private copy. */
static bool is_writable(const struct vm_area_struct *vma, unsigned int flags)
{
	if (vma->vm_flags & VM_WRITE)
		return true;
	return (flags & FOLL_FORCE) &&
	       (vma->vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}

struct vm_area_struct *wxg_foreign_code(struct mm_struct *mm,
					unsigned long start,
					unsigned long pages,
					unsigned int flags)
{
	const unsigned long first = untagged_addr(start);
	const unsigned long last = (first & PAGE_MASK) +
				   (pages << PAGE_SHIFT) - 1;
	struct vm_area_struct *vma;

	if (!pages || last < first || wxg_foreign_is_new(mm))
		return NULL;
	for (vma = find_vma(mm, first); vma && vma->vm_start <= last;
	     vma = find_vma(mm, vma->vm_end))
		if ((vma->vm_flags & VM_EXEC) && is_writable(vma, flags))
			return vma;
	return NULL;
}

static bool is_traced_by_us(struct task_struct *target)
{
	struct task_struct *thread;
	bool traced = false;

	rcu_read_lock();
	for_each_thread(target, thread) {
		struct task_struct *const tracer = ptrace_parent(thread);

		if (tracer && same_thread_group(tracer, current))
			traced = true;
	}
	rcu_read_unlock();
	return traced;
}

static bool is_our_child(struct task_struct *target)
{
	struct task_struct *task;
	unsigned int left = GENERATIONS_MAX;
	bool ours = false;

	rcu_read_lock();
	task = rcu_dereference(target->real_parent);
	while (task->pid && left-- && !ours) {
		ours = same_thread_group(task, current);
		task = rcu_dereference(task->real_parent);
	}
	rcu_read_unlock();
	return ours;
}

/* Real and effective: nothing that has gained rights is its user's own. */
static bool is_same_user(struct task_struct *target)
{
	const struct cred *const mine = current_cred();
	const struct cred *theirs;
	bool same;

	rcu_read_lock();
	theirs = __task_cred(target);
	same = uid_eq(mine->uid, theirs->uid) && uid_eq(mine->uid, theirs->euid);
	rcu_read_unlock();
	return same;
}

/* A tracer at its own child, of the same user: what a debugger does. */
static bool is_debugger(struct task_struct *target)
{
	return !same_thread_group(target, current) && is_same_user(target) &&
	       is_our_child(target) && is_traced_by_us(target);
}

static u32 term_of(struct task_struct *task)
{
	const u64 start = task->group_leader->start_boottime;

	return jhash_3words(task_tgid_nr(task),
			    lower_32_bits(start), upper_32_bits(start), 0);
}

/*
 * How many bytes the caller wants to write from here on, where a register
 * says so; else the pages, as far as the function was told.
 */
static unsigned long bytes_asked(unsigned long start, unsigned long pages)
{
	struct pt_regs *const regs = task_pt_regs(current);
	unsigned long args[6];

	if (!in_compat_syscall()) {
		syscall_get_arguments(current, regs, args);
		switch (syscall_get_nr(current, regs)) {
		case __NR_ptrace:
			return sizeof(long);
		case __NR_write:
		case __NR_pwrite64:
			return args[2];
		}
	}
	return (pages << PAGE_SHIFT) - offset_in_page(start);
}

int wxg_judge_foreign_call(enum wxg_judge_id id, struct mm_struct *mm,
			   unsigned long start, unsigned long pages,
			   unsigned int flags)
{
	struct wxg_event event = {
		.id = id,
		.class = WXGUARD_CLASS_FOREIGN_WRITE,
		.object = mm,
	};
	int ret;

	event.vma = wxg_foreign_code(mm, start, pages, flags);
	/* One call writes page by page: it is told, and let through, once. */
	if (!event.vma || wxg_pending_find(id, mm))
		return 0;
	event.file = event.vma->vm_file;
	if (event.file)
		event.origin = wxg_origin_of(event.file, NULL, 0);
	event.asked = wxg_region_prot(event.vma);
	event.effective = event.asked;
	event.address = max(untagged_addr(start), event.vma->vm_start);
	event.size = min(bytes_asked(start, pages),
			 event.vma->vm_end - event.address);
	event.target = wxg_facts_owner_get(mm);
	if (event.target) {
		event.detail = (u64)term_of(current) << 32 |
			       term_of(event.target);
		event.debugger = is_debugger(event.target);
	}
	ret = wxg_judge_event(&event);
	if (!ret && !wxg_pending_find(id, mm))
		wxg_judge_pass(&event);
	if (event.target)
		put_task_struct(event.target);
	return ret;
}
