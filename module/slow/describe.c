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

#include "core/classify.h"
#include "slow/describe.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/origin.h"
#include "slow/pending.h"
#include "slow/region.h"

void wxg_describe_times(struct wxg_finding *finding)
{
	finding->time_real = ktime_get_real_ns();
	finding->time_boot = ktime_get_boottime_ns();
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
	memory->prot_before = wxg_region_prot(vma);
	/* As the caller passed it: the hook's copy has lost GROWSDOWN. */
	memory->prot_asked = finding->syscall.present ?
			     finding->syscall.args[2] : event->asked;
	memory->region = wxg_region_of(vma);
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
	memory->region = wxg_region_of_new(event->file, event->map_flags);
}

/* A stack that is there, or memory that is written: nothing is changed. */
static void describe_place(struct wxg_finding *finding,
			   const struct wxg_event *event)
{
	struct wxg_memory *const memory = &finding->memory;

	memory->address = event->address;
	memory->size = event->size;
	memory->prot_asked = event->asked;
	memory->region = wxg_region_of(event->vma);
	if (event->id != WXG_JUDGE_STACK) {
		memory->has_before = true;
		memory->prot_before = wxg_region_prot(event->vma);
	}
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
	else if (event->id == WXG_JUDGE_MMAP)
		describe_mmap(finding, event);
	else
		describe_place(finding, event);
	if (memory->prot_effective & ~memory->prot_asked & WXG_PROT_EXEC)
		finding->flags |= WXGUARD_FLAG_IMPLIED_EXEC;
	memory->origin = event->origin;
	if (event->file)
		wxg_finding_add_file(finding, &memory->file,
				     &event->file->f_path, true);
}

/* Whoever else has a part in it. */
static void describe_others(struct wxg_finding *finding,
			    const struct wxg_event *event)
{
	if (event->dual)
		finding->flags |= WXGUARD_FLAG_DUAL;
	if (event->debugger)
		finding->flags |= WXGUARD_FLAG_DEBUGGER;
	if (event->target)
		wxg_facts_other(finding, &finding->target, event->target);
	if (event->writer)
		wxg_facts_other(finding, &finding->writer, event->writer);
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
	if (event->id == WXG_JUDGE_CHECK)
		finding->flags |= WXGUARD_FLAG_CHECKED;
	if (event->id == WXG_JUDGE_EXEC || event->id == WXG_JUDGE_CHECK)
		wxg_describe_exec(finding, event->bprm,
				  event->path ? event->path :
						&event->bprm->file->f_path,
				  event->origin);
	else
		describe_memory(finding, event);
	describe_others(finding, event);
}
