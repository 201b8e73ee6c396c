/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Marks of judged calls: from the judgement to the task work that ends it,
 * before the task's next user instruction.
 */
#ifndef _WXG_SLOW_PENDING_H
#define _WXG_SLOW_PENDING_H

#include <linux/fs.h>
#include <linux/task_work.h>

#include "core/event.h"
#include "evidence.h"
#include "slow/judge.h"

/**
 * struct wxg_pending - one judged call whose system call has not ended
 * @work: run by @task itself, at its return to user mode or at its exit
 * @task: owner; compared only. Its work runs before it can go, so no reference.
 * @mm: of the task when judged; compared only: after an exec it is another
 * @object: what was judged (inode, binprm); compared only
 * @id: who judged, WXG_JUDGE_NONE for a witness that only watches
 * @tamper: enum wxguard_tamper: left by a witness, which could not build a
 *	finding where it stood; whether there is one shows when the work runs
 * @seen: a judge met the call that the witness watches
 * @finding: owned; NULL for a mark alone
 * @evidence: what the finding is about, held; NULL if it is not
 */
struct wxg_pending {
	struct callback_head work;
	struct hlist_node node;
	struct task_struct *task;
	struct mm_struct *mm;
	const void *object;
	enum wxg_judge_id id;
	u32 tamper;
	bool seen;
	struct wxg_finding *finding;
	struct wxg_evidence *evidence;
};

/* Of marks that no judge asks for. */
#define WXG_JUDGE_NONE (WXG_JUDGES + 1)

/**
 * wxg_pending_add() - leave a mark and queue its end
 * @finding: ownership passes on success
 * @evidence: the same
 *
 * On success the module reference and the count of the caller pass to the
 * task work. Return: 0 or negative errno. ATOMIC if @gfp is.
 */
int wxg_pending_add(enum wxg_judge_id id, const void *object,
		    struct wxg_finding *finding, struct wxg_evidence *evidence,
		    u32 tamper, gfp_t gfp);

/* Has the current task such a mark? @object NULL = any. ATOMIC. */
bool wxg_pending_find(enum wxg_judge_id id, const void *object);
/* How many marks of @id on @object. ATOMIC. */
unsigned int wxg_pending_count(enum wxg_judge_id id, const void *object);
/* Takes it out of the table; the caller frees it. */
void wxg_pending_remove(struct wxg_pending *pending);

/* complete.c: the task work. */
void wxg_complete(struct callback_head *work);
/* What the current task's system call returns, once it has ended. */
long wxg_complete_result(void);

/**
 * wxg_tamper_witnessed() - what comes of a witness's mark
 * @pending: of the current task, at the end of the system call
 * Return: a finding, NULL if there is nothing (new) to tell. May sleep.
 */
struct wxg_finding *wxg_tamper_witnessed(const struct wxg_pending *pending);

/* judge.c: give back the module reference, and be counted out. */
void wxg_slow_leave(void);

#endif
