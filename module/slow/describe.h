/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One judged call, as kernel objects, and its description as values.
 */
#ifndef _WXG_SLOW_DESCRIBE_H
#define _WXG_SLOW_DESCRIBE_H

#include "core/event.h"
#include "slow/judge.h"

struct linux_binprm;
struct task_struct;
struct vm_area_struct;

/* Pointers are borrowed from the judged call, for its duration. */
struct wxg_event {
	enum wxg_judge_id id;
	u32 class;
	const void *object;	/* what the mark is compared by */
	struct file *file;	/* executed, mapped or backing; may be NULL */
	u32 origin;
	struct linux_binprm *bprm;
	const struct path *path;	/* exec_arg_memory: what the argument names */
	struct vm_area_struct *vma;
	unsigned long asked;
	unsigned long effective;
	unsigned long map_flags;
	/* Of a stack or a write, which no argument tells; size 0 = not known. */
	unsigned long address;
	unsigned long size;
	/* The subject, where it is not the caller's executable (exec_unknown). */
	struct file *subject_file;
	u32 shape;		/* of the known key, see KNOWN_SHAPE */
	u64 detail;		/* of the repeat term, see repeat.h */
	bool told;		/* an earlier class of this call made a finding */
	bool debugger;
	bool committed;		/* too late to refuse: a denial is a kill */
	/* References are the judge's; NULL = there is none. */
	struct task_struct *target;	/* whose memory is written */
	struct task_struct *writer;	/* who has the mapped file W, or X */
	bool dual;		/* the file is mapped both W and X; writer may be gone */
	u32 mode;		/* filled by the decision, with the next two */
	u32 generation;
	u32 window;
};

/**
 * wxg_judge_event() - decide one event, learn, report, act
 * @event: filled by the judge; mode, generation and window are filled here
 *
 * May be called more than once for one call, with the same event and another
 * class each time, the most specific first; the first errno counts. Once a
 * finding was made (told), another class makes one only where it refuses, or
 * would: what is merely logged is told once.
 * Return: 0, or the errno to refuse with. May sleep.
 */
int wxg_judge_event(struct wxg_event *event);

/* Nothing to say about this call, but leave the mark of a judged one. */
void wxg_judge_pass(const struct wxg_event *event);

/*
 * No memory to ask with. What the rules would deny is denied: an attacker
 * who can exhaust memory must not get past that way. Counted as lost.
 * Return: the errno to refuse with; 0 where the rules would not, or where it is
 * committed and the program was killed. ATOMIC.
 */
int wxg_judge_blindly(u32 class, bool committed);

/* judge_*.c: one judged call each; 0 or an errno. */
int wxg_judge_exec_call(enum wxg_judge_id id, struct linux_binprm *bprm);
int wxg_judge_mprotect_call(struct vm_area_struct *vma, unsigned long asked,
			    unsigned long effective);
int wxg_judge_mmap_call(struct file *file, unsigned long prot,
			unsigned long flags);
int wxg_judge_foreign_call(enum wxg_judge_id id, struct mm_struct *mm,
			   unsigned long start, unsigned long pages,
			   unsigned int flags);

/* Times, system call, and the memory or exec part. May sleep. */
void wxg_describe(struct wxg_finding *finding, const struct wxg_event *event);
void wxg_describe_times(struct wxg_finding *finding);
/* @file: what the exec runs, or what its interpreter will. */
void wxg_describe_exec(struct wxg_finding *finding, struct linux_binprm *bprm,
		       const struct path *file, u32 origin);

/* unjudged.c: of a memory exec that only a witness saw. May sleep. */
void wxg_unjudged_describe(struct wxg_finding *finding);

#endif
