// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge on security_bprm_check(bprm): programs, scripts and interpreters that
 * start from memory files, from unlinked ones or from shared memory mounts;
 * interpreters, for their arguments; and programs outside the known set.
 * ATOMIC. Called once per binfmt round, with the file open on every kernel.
 * And one on security_bprm_creds_for_exec(bprm), for those that only ask.
 */
#include <linux/binfmts.h>

#include "core/interp.h"
#include "known.h"
#include "probe/probe.h"
#include "rules_live.h"
#include "slow/facts.h"
#include "slow/origin.h"

static const struct file *file_of(unsigned long bprm)
{
	return ((const struct linux_binprm *)bprm)->file;
}

/* exec_unknown judges the program itself, not the one that starts it. */
static noinline bool program_is_known(const struct file *file)
{
	const struct wxg_rules_live *live;
	const struct wxg_class_rule *rule;
	struct wxg_known_key key;
	bool known = false;

	rcu_read_lock();
	live = wxg_rules_live_get();
	rule = &live->rules.class[WXGUARD_CLASS_EXEC_UNKNOWN];
	if (rule->known && live->by_exe_only && wxg_facts_key_atomic(file, &key))
		known = wxg_known_refresh(&key, WXGUARD_CLASS_EXEC_UNKNOWN,
					  wxg_facts_now(), rule->window,
					  live->rules.generation) != NULL;
	rcu_read_unlock();
	return known;
}

/*
 * Memory files are told here. Whether a file on a tmpfs lies under /dev/shm
 * takes its path, so all of tmpfs goes to the slow path; and what an
 * interpreter will run takes its arguments, so all of those go, too.
 */
static __always_inline bool may_be_fileless(const struct inode *inode)
{
	return inode->i_sb->s_magic == TMPFS_MAGIC ||
	       inode->i_sb->s_magic == HUGETLBFS_MAGIC || !inode->i_nlink;
}

/* The name may change meanwhile: it is read as bytes, up to a NUL. */
static bool look_closer(const struct file *file)
{
	const u32 classes = READ_ONCE(wxg_live_classes);

	if (may_be_fileless(file_inode(file)) &&
	    (classes & (BIT(WXGUARD_CLASS_EXEC_MEMORY) |
			BIT(WXGUARD_CLASS_EXEC_UNLINKED))))
		return true;
	if ((classes & BIT(WXGUARD_CLASS_EXEC_ARG_MEMORY)) &&
	    wxg_interp_is(READ_ONCE(file->f_path.dentry->d_name.name)))
		return true;
	return (classes & BIT(WXGUARD_CLASS_EXEC_UNKNOWN)) &&
	       !program_is_known(file);
}

/* An exec is so much work that each of them may be looked at. */
static __always_inline bool glance(unsigned long bprm, unsigned long unused1,
				   unsigned long unused2,
				   unsigned long unused3)
{
	return true;
}

static __always_inline bool look(unsigned long bprm, unsigned long unused1,
				 unsigned long unused2, unsigned long unused3)
{
	const struct file *const file = file_of(bprm);

	return !IS_ERR_OR_NULL(file) && look_closer(file);
}

/* Interpreters are left to the judge alone: their arguments take sleep. */
static bool suspect_by_structure(const struct wxg_call *call)
{
	const struct file *const file = file_of(call->arg[0]);

	return !IS_ERR_OR_NULL(file) &&
	       may_be_fileless(file_inode(file));
}

WXG_JUDGE_BODIES(wxg_judge_exec, glance, look)

struct wxg_judge wxg_judge_exec = {
	.symbol = "security_bprm_check",
	.id = WXG_JUDGE_EXEC,
	.counts = &wxg_judge_exec_counts,
	.on_ftrace = wxg_judge_exec_on_ftrace,
	.on_kprobe = wxg_judge_exec_on_kprobe,
	.suspect = suspect_by_structure,
};

/*
 * "May I execute this?", asked with AT_EXECVE_CHECK, ends in this function,
 * before bprm_check: it gets the answer that an exec would. Every exec comes
 * by here once; its own judge is the one above.
 */
static __always_inline bool check_glance(unsigned long bprm,
					 unsigned long unused1,
					 unsigned long unused2,
					 unsigned long unused3)
{
	return wxg_bprm_is_check((const struct linux_binprm *)bprm);
}

static bool suspect_check(const struct wxg_call *call)
{
	return check_glance(call->arg[0], 0, 0, 0) &&
	       suspect_by_structure(call);
}

WXG_JUDGE_BODIES(wxg_judge_check, check_glance, look)

struct wxg_judge wxg_judge_check = {
	.symbol = "security_bprm_creds_for_exec",
	.id = WXG_JUDGE_CHECK,
	.counts = &wxg_judge_check_counts,
	.on_ftrace = wxg_judge_check_on_ftrace,
	.on_kprobe = wxg_judge_check_on_kprobe,
	.suspect = suspect_check,
	.needless = !WXG_KERNEL_CHECKS,
};
