// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge on security_mmap_file(file, prot, flags): mappings born writable and
 * executable, executable mappings of memory files, and writable ones of memory
 * files that are code elsewhere. ATOMIC. Every library load passes here, so
 * R+X of an ordinary file is a handful of loads.
 */
#include <linux/mman.h>
#include <linux/personality.h>

#include "core/classify.h"
#include "probe/probe.h"
#include "rules_live.h"
#include "slow/dual.h"
#include "slow/origin.h"

/* The protection here is as asked; the kernel may add X for old programs. */
static bool asks_exec(unsigned long prot)
{
	return (prot & WXG_PROT_EXEC) ||
	       ((prot & WXG_PROT_READ) &&
		(current->personality & READ_IMPLIES_EXEC));
}

static bool becomes_exec(const struct file *file, unsigned long prot)
{
	const u32 classes = READ_ONCE(wxg_live_classes);

	if (!asks_exec(prot))
		return false;
	if (file && wxg_file_is_memory(file))
		return classes & (BIT(WXGUARD_CLASS_MAP_MEMORY_EXEC) |
				  BIT(WXGUARD_CLASS_RWX_MMAP));
	return (prot & WXG_PROT_WRITE) &&
	       (classes & BIT(WXGUARD_CLASS_RWX_MMAP)) &&
	       !wxg_probe_known(WXGUARD_CLASS_RWX_MMAP, 0);
}

/* Shared and writable: most often of a memory file that is plain data. */
static bool writes_code(const struct file *file)
{
	return wxg_file_is_memory(file) && (file->f_mode & FMODE_WRITE) &&
	       (READ_ONCE(wxg_live_classes) &
		BIT(WXGUARD_CLASS_MAP_MEMORY_EXEC)) &&
	       wxg_dual_suspect(file, WXG_DUAL_EXECUTES);
}

static __always_inline bool is_shared_write(unsigned long file,
					    unsigned long prot,
					    unsigned long flags)
{
	return file && (prot & WXG_PROT_WRITE) && (flags & MAP_SHARED);
}

static __always_inline bool glance(unsigned long file, unsigned long prot,
				   unsigned long flags, unsigned long unused)
{
	return (prot & WXG_PROT_EXEC) ||
	       (current->personality & READ_IMPLIES_EXEC) ||
	       is_shared_write(file, prot, flags);
}

static __always_inline bool look(unsigned long file, unsigned long prot,
				 unsigned long flags, unsigned long unused)
{
	return becomes_exec((const struct file *)file, prot) ||
	       (is_shared_write(file, prot, flags) &&
		writes_code((const struct file *)file));
}

static bool suspect_by_structure(const struct wxg_call *call)
{
	const struct file *const file = (const struct file *)call->arg[0];

	return asks_exec(call->arg[1]) &&
	       ((call->arg[1] & WXG_PROT_WRITE) ||
		(file && wxg_file_is_memory(file)));
}

WXG_JUDGE_BODIES(wxg_judge_mmap, glance, look)

struct wxg_judge wxg_judge_mmap = {
	.symbol = "security_mmap_file",
	.id = WXG_JUDGE_MMAP,
	.counts = &wxg_judge_mmap_counts,
	.on_ftrace = wxg_judge_mmap_on_ftrace,
	.on_kprobe = wxg_judge_mmap_on_kprobe,
	.suspect = suspect_by_structure,
};
