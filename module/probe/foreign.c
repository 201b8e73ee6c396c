// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judges on get_user_pages_remote and pin_user_pages_remote(mm, start, pages,
 * flags, …): writes into code that do not come from its own program. Through
 * the first go /proc/PID/mem and ptrace, through the second process_vm_writev.
 * ATOMIC, under mmap_lock of mm. Reads pay one test of a bit, and so, nearly,
 * does each exec, which comes here with every page of its arguments.
 */
#include <linux/mm.h>
#include <linux/sched.h>

#include "probe/probe.h"
#include "rules_live.h"
#include "slow/foreign.h"

/* Who asks to split huge pages is a uprobe (since 6.16) or a driver. */
static __always_inline bool writes(unsigned long mm, unsigned long flags)
{
	return (flags & (FOLL_WRITE | FOLL_SPLIT_PMD)) == FOLL_WRITE &&
	       !wxg_foreign_is_new((const struct mm_struct *)mm);
}

static bool writes_code(unsigned long mm, unsigned long start,
			unsigned long pages, unsigned long flags)
{
	/* What a kernel thread writes, no program asked for now. */
	return !(current->flags & PF_KTHREAD) &&
	       wxg_foreign_code((struct mm_struct *)mm, start, pages, flags);
}

static __always_inline bool glance(unsigned long mm, unsigned long start,
				   unsigned long pages, unsigned long flags)
{
	return writes(mm, flags);
}

static __always_inline bool look(unsigned long mm, unsigned long start,
				 unsigned long pages, unsigned long flags)
{
	return (READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_FOREIGN_WRITE)) &&
	       writes_code(mm, start, pages, flags);
}

static bool suspect_by_structure(const struct wxg_call *call)
{
	return writes(call->arg[0], call->arg[3]) &&
	       writes_code(call->arg[0], call->arg[1], call->arg[2],
			   call->arg[3]);
}

WXG_JUDGE_BODIES(wxg_judge_poke, glance, look)
WXG_JUDGE_BODIES(wxg_judge_vmwrite, glance, look)

struct wxg_judge wxg_judge_poke = {
	.symbol = "get_user_pages_remote",
	.id = WXG_JUDGE_POKE,
	.without = "foreign_write by /proc/PID/mem and ptrace is not seen",
	.gives_pages = true,
	.counts = &wxg_judge_poke_counts,
	.on_ftrace = wxg_judge_poke_on_ftrace,
	.on_kprobe = wxg_judge_poke_on_kprobe,
	.suspect = suspect_by_structure,
};

struct wxg_judge wxg_judge_vmwrite = {
	.symbol = "pin_user_pages_remote",
	.id = WXG_JUDGE_VMWRITE,
	.without = "foreign_write by process_vm_writev is not seen",
	.gives_pages = true,
	.counts = &wxg_judge_vmwrite_counts,
	.on_ftrace = wxg_judge_vmwrite_on_ftrace,
	.on_kprobe = wxg_judge_vmwrite_on_kprobe,
	.suspect = suspect_by_structure,
};
