/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The slow path: PROCESS context in the task that made the call, under the
 * locks of the function's caller. It may sleep.
 */
#ifndef _WXG_SLOW_JUDGE_H
#define _WXG_SLOW_JUDGE_H

#include <linux/linkage.h>
#include <linux/types.h>

struct file;
struct inode;
struct linux_binprm;
struct mm_struct;
struct wxg_known_key;

/* Index of the stub; order of redirect_*.S. */
enum wxg_judge_id {
	WXG_JUDGE_EXEC,		/* security_bprm_check(bprm) */
	WXG_JUDGE_MPROTECT,	/* security_file_mprotect(vma, asked, effective) */
	WXG_JUDGE_MMAP,		/* security_mmap_file(file, prot, flags) */
	WXG_JUDGE_POKE,		/* get_user_pages_remote(mm, start, pages, flags, …) */
	WXG_JUDGE_VMWRITE,	/* pin_user_pages_remote(mm, start, pages, flags, …) */
	WXG_JUDGE_CHECK,	/* security_bprm_creds_for_exec(bprm), AT_EXECVE_CHECK */
	WXG_JUDGES,
	/* No stub: looked at after the fact. */
	WXG_JUDGE_STACK = WXG_JUDGES,
};

/* The judged function's arguments. */
struct wxg_call {
	unsigned long arg[4];
};

/**
 * wxg_slow_judge() - judge one redirected call; called by the stubs only
 * @id: enum wxg_judge_id
 *
 * Locks held by the caller of the judged function: security_file_mprotect
 * has mmap_lock for writing, so user memory may not be touched here;
 * security_bprm_check and security_bprm_creds_for_exec have cred_guard_mutex;
 * security_mmap_file has none; the *_user_pages_remote functions have
 * mmap_lock of @a0, which may be the caller's own memory, for reading.
 * Holds a module reference, which is given back at the end or by the task work
 * that completes the finding.
 *
 * Return: 0 to go on in the judged function, or the errno to refuse with.
 */
asmlinkage int wxg_slow_judge(unsigned long a0, unsigned long a1,
			      unsigned long a2, unsigned long a3, int id);

/**
 * wxg_slow_unjudged() - a witness saw a memory exec that no judge saw
 *
 * Reports it as sensor_tamper through task work of the current task, and in
 * enforce mode sends SIGKILL if exec_memory denies. ATOMIC (tracepoint).
 */
void wxg_slow_unjudged(struct linux_binprm *bprm);

/**
 * wxg_slow_net() - a judged function returned 0; was the call judged?
 * ATOMIC (kretprobe handler).
 * Return: 0, or the errno to return instead: the call was suspicious, no
 * judge saw it, and the rules deny its class.
 */
int wxg_slow_net(enum wxg_judge_id id, const struct wxg_call *call);

/**
 * wxg_slow_refusal() - would the rules refuse this class to the current task?
 *
 * For a call that could not be judged: looks at the mode and the strictest
 * action of the class and its scopes, not at exemptions or the known set.
 * Spares pid 1, usermode helpers and the daemon, as the rules say.
 * Return: 0 or the negative errno of the denial. Any context.
 */
int wxg_slow_refusal(u32 class);

/*
 * Every slow path leaves a mark while this is set (kprobe engine), so that
 * the net can tell a judged call from a bypassed one.
 */
void wxg_slow_set_net(bool armed);

/* Tasks in the slow path or before the end of its task work. */
unsigned int wxg_slow_inside(void);
/* Who holds a reference for wxg_slow_leave() is counted. ATOMIC. */
void wxg_slow_count_in(void);
/* Operations refused or killed. Any context. */
u64 wxg_slow_denied(void);
void wxg_slow_count_denied(void);
u64 wxg_slow_spared(void);
u64 wxg_slow_self_clones(void);
void wxg_slow_count_self_clone(void);
u64 wxg_slow_unjudged_count(void);
void wxg_slow_count_unjudged(void);
/* Waits until no task is inside. Everything must be disarmed. May sleep. */
void wxg_slow_drain(void);

#endif
