// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a finding says about the call itself: times, system call, memory, exec.
 * PROCESS context in the calling task, under the judged function's locks; for
 * mprotect that is mmap_lock for writing, so the VMA is stable and user memory
 * out of reach.
 */
#include <linux/binfmts.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/personality.h>

#include "core/classify.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/origin.h"
#include "slow/pending.h"

void wxg_describe_times(struct wxg_finding *finding)
{
	finding->time_real = ktime_get_real_ns();
	finding->time_boot = ktime_get_boottime_ns();
}

static u32 prot_of_vma(const struct vm_area_struct *vma)
{
	u32 prot = 0;

	if (vma->vm_flags & VM_READ)
		prot |= WXG_PROT_READ;
	if (vma->vm_flags & VM_WRITE)
		prot |= WXG_PROT_WRITE;
	if (vma->vm_flags & VM_EXEC)
		prot |= WXG_PROT_EXEC;
	return prot;
}

static u32 region_of_vma(const struct vm_area_struct *vma)
{
	const struct mm_struct *const mm = vma->vm_mm;

	if (vma->vm_file)
		return vma->vm_flags & VM_SHARED ? WXGUARD_REGION_FILE_SHARED :
						   WXGUARD_REGION_FILE_PRIVATE;
	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk)
		return WXGUARD_REGION_HEAP;
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return WXGUARD_REGION_STACK;
	return WXGUARD_REGION_ANON;
}

/*
 * The part of the request that lies in this VMA. The hook is called once per
 * VMA and is not told the range; the system call's arguments have it.
 */
static void clip_to_vma(struct wxg_memory *memory,
			const struct wxg_syscall *call,
			const struct vm_area_struct *vma)
{
	u64 start = vma->vm_start;
	u64 end = vma->vm_end;

	if (call->present && !(call->args[2] & (PROT_GROWSDOWN | PROT_GROWSUP))) {
		const u64 from = untagged_addr((unsigned long)call->args[0]);
		const u64 to = from + PAGE_ALIGN(call->args[1]);

		/* Not the mprotect that we think of? Then the whole VMA. */
		if (from < end && to > start) {
			start = max(start, from);
			end = min(end, to);
		}
	}
	memory->address = start;
	memory->size = end - start;
}

static void describe_mprotect(struct wxg_finding *finding,
			      const struct wxg_event *event)
{
	struct wxg_memory *const memory = &finding->memory;
	const struct vm_area_struct *const vma = event->vma;

	clip_to_vma(memory, &finding->syscall, vma);
	memory->has_before = true;
	memory->prot_before = prot_of_vma(vma);
	/* As the caller passed it: the hook's copy has lost GROWSDOWN. */
	memory->prot_asked = finding->syscall.present ?
			     finding->syscall.args[2] : event->asked;
	memory->region = region_of_vma(vma);
	if (vma->anon_vma)
		finding->flags |= WXGUARD_FLAG_WRITTEN;
}

static void describe_mmap(struct wxg_finding *finding,
			  const struct wxg_event *event)
{
	struct wxg_memory *const memory = &finding->memory;

	/* mmap(addr, length, …); of shmat and exec the length is not told. */
	memory->prot_asked = event->asked;
	if (finding->syscall.present && finding->syscall.args[2] == event->asked) {
		memory->address = finding->syscall.args[0];
		memory->size = finding->syscall.args[1];
	}
	if (!event->file)
		memory->region = WXGUARD_REGION_ANON;
	else
		memory->region = event->map_flags & MAP_SHARED ?
				 WXGUARD_REGION_FILE_SHARED :
				 WXGUARD_REGION_FILE_PRIVATE;
}

static void describe_memory(struct wxg_finding *finding,
			    const struct wxg_event *event)
{
	struct wxg_memory *const memory = &finding->memory;

	finding->has_memory = true;
	memory->prot_effective = event->effective &
		(WXG_PROT_READ | WXG_PROT_WRITE | WXG_PROT_EXEC);
	if (event->id == WXG_JUDGE_MPROTECT)
		describe_mprotect(finding, event);
	else
		describe_mmap(finding, event);
	if (!(memory->prot_asked & WXG_PROT_EXEC))
		finding->flags |= WXGUARD_FLAG_IMPLIED_EXEC;
	memory->origin = event->origin;
	if (event->file)
		wxg_finding_add_file(finding, &memory->file,
				     &event->file->f_path, true);
}

void wxg_describe_exec(struct wxg_finding *finding, struct linux_binprm *bprm,
		       const struct path *file, u32 origin)
{
	struct wxg_exec *const exec = &finding->exec;
	const char *const filename = bprm->filename;

	finding->has_exec = true;
	exec->origin = origin;
	exec->script = bprm->buf[0] == '#' && bprm->buf[1] == '!';
	/*
	 * A later round has another interp than the file that was asked for.
	 * Its number counts the rounds of this exec that were judged.
	 */
	if (bprm->interp != bprm->filename)
		exec->round = max(1U, wxg_pending_count(WXG_JUDGE_EXEC, NULL));
	wxg_finding_add(finding, &exec->filename, filename,
			min_t(size_t, strlen(filename), WXGUARD_PATH_MAX));
	wxg_finding_add_file(finding, &exec->file, file, true);
	wxg_origin_describe(finding, file, origin);
	if (!current->mm)
		finding->flags |= WXGUARD_FLAG_KERNEL_SPAWNED;
}

void wxg_describe(struct wxg_finding *finding, const struct wxg_event *event)
{
	wxg_describe_times(finding);
	wxg_facts_syscall(finding);
	if (event->id == WXG_JUDGE_EXEC)
		wxg_describe_exec(finding, event->bprm,
				  event->path ? event->path :
						&event->bprm->file->f_path,
				  event->origin);
	else
		describe_memory(finding, event);
}
