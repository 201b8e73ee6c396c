/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The stack that a program was started with.
 */
#ifndef _WXG_SLOW_STACK_H
#define _WXG_SLOW_STACK_H

/**
 * wxg_slow_stack() - the current task has just got an executable stack
 *
 * Queues its judgement as task work, before the first instruction of the new
 * program. Nothing can be refused any more, so a denial kills.
 * ATOMIC (tracepoint sched_process_exec).
 */
void wxg_slow_stack(void);

#endif
