/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The decision: facts in, ruling out. Nothing here reads a clock, a table or
 * a kernel object; slow/judge.c gathers, asks once and acts.
 */
#ifndef _WXG_CORE_DECIDE_H
#define _WXG_CORE_DECIDE_H

#include "rules.h"

struct wxg_question {
	u32 class;		/* enum wxguard_class */
	u32 mode;		/* enum wxguard_mode */
	bool known;		/* seen for this class within its window */
	bool debugger;		/* a tracer on its own child: log at most */
	bool committed;		/* it happened already: a denial is a kill */
	u64 now;		/* s since 1970 */
	const struct wxg_subject *subject;
	/* As wxg_rules_rule() said for this class and subject. */
	const struct wxg_class_rule *rule;
	int scope;
};

struct wxg_ruling {
	bool report;		/* make a finding */
	bool learn;		/* enter or refresh in the known set */
	u32 action;		/* enum wxguard_action, of the rule */
	u32 verdict;		/* enum wxguard_verdict */
	int error;		/* 0, or the negative errno of the denial */
	bool kill;		/* SIGKILL to the thread group */
	int exemption;		/* index of the one that matched, -1 */
	int scope;		/* index of the one that decided, -1 */
	u32 window;		/* s, of the rule that decided; 0 = known not asked */
	u32 repeat;		/* s, of the class */
};

/**
 * wxg_decide() - rule on one event
 *
 * Order, as published: exemptions first, and what they cover never enters
 * the history; then the history; then the action. What was denied does not
 * enter the history either: a denied thing must not be known, and so
 * allowed, the next time.
 *
 * Any context; pure.
 */
struct wxg_ruling wxg_decide(const struct wxg_rules *rules,
			     const struct wxg_question *question);

#endif
