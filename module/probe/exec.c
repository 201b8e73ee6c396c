// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge on security_bprm_check(bprm): programs, scripts and interpreters that
 * start from memory files or from shared memory mounts. ATOMIC. Called once
 * per binfmt round, with the file open on every kernel.
 */
#include <linux/binfmts.h>

#include "probe/probe.h"
#include "rules_live.h"
#include "slow/origin.h"

static const struct file *file_of(unsigned long bprm)
{
	return ((const struct linux_binprm *)bprm)->file;
}

/*
 * Memory files are told here. Whether a file on a tmpfs lies under /dev/shm
 * takes its path, so all of tmpfs goes to the slow path.
 */
static noinline bool look_closer(const struct file *file)
{
	if (!(READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_EXEC_MEMORY)))
		return false;
	return file_inode(file)->i_sb->s_magic == TMPFS_MAGIC ||
	       wxg_file_is_memory(file);
}

static __always_inline bool suspect(unsigned long bprm, unsigned long unused1,
				    unsigned long unused2)
{
	const struct file *const file = file_of(bprm);
	unsigned long magic;

	if (IS_ERR_OR_NULL(file))
		return false;
	magic = file_inode(file)->i_sb->s_magic;
	if (likely(magic != TMPFS_MAGIC && magic != HUGETLBFS_MAGIC))
		return false;
	return look_closer(file);
}

static bool suspect_by_structure(const struct wxg_call *call)
{
	return suspect(call->arg[0], 0, 0);
}

WXG_JUDGE_BODIES(wxg_judge_exec, suspect)

struct wxg_judge wxg_judge_exec = {
	.symbol = "security_bprm_check",
	.id = WXG_JUDGE_EXEC,
	.counts = &wxg_judge_exec_counts,
	.on_ftrace = wxg_judge_exec_on_ftrace,
	.on_kprobe = wxg_judge_exec_on_kprobe,
	.suspect = suspect_by_structure,
};
