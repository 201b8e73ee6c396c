/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One judged call, as kernel objects, and its description as values.
 */
#ifndef _WXG_SLOW_DESCRIBE_H
#define _WXG_SLOW_DESCRIBE_H

#include "core/event.h"
#include "slow/judge.h"

struct linux_binprm;
struct vm_area_struct;

/* Pointers are borrowed from the judged call, for its duration. */
struct wxg_event {
	enum wxg_judge_id id;
	u32 class;
	const void *object;	/* what the mark is compared by */
	struct file *file;	/* executed, mapped or backing; may be NULL */
	u32 origin;
	struct linux_binprm *bprm;
	struct vm_area_struct *vma;
	unsigned long asked;
	unsigned long effective;
	unsigned long map_flags;
	u32 mode;		/* filled by the decision, with the next two */
	u32 generation;
	u32 window;
};

/* Times, system call, and the memory or exec part. May sleep. */
void wxg_describe(struct wxg_finding *finding, const struct wxg_event *event);
void wxg_describe_times(struct wxg_finding *finding);
void wxg_describe_exec(struct wxg_finding *finding, struct linux_binprm *bprm,
		       u32 origin);

/* unjudged.c: of a memory exec that only a witness saw. May sleep. */
void wxg_unjudged_describe(struct wxg_finding *finding);

#endif
