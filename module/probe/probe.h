/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Judges, witnesses and the engines that call them.
 *
 * A judge is two things: a suspect test (ATOMIC, a few compares, run on every
 * call) and, for the rare call that it names, the slow path (slow/judge.h).
 * Which mechanism calls the test is the engine's business.
 */
#ifndef _WXG_PROBE_H
#define _WXG_PROBE_H

#include <linux/kprobes.h>
#include <linux/percpu.h>

#include "compat.h"
#include "slow/judge.h"
#include "status.h"

/* Counted on every call, so per CPU and without a lock. */
struct wxg_hook_counts {
	u64 hits;
	u64 suspicious;
};

/**
 * struct wxg_judge - one judged function
 * @symbol: LSM entry point
 * @id: index of its stub and resume address
 * @counts: per CPU, as long as the module lives: the status may be read
 *	while the module is going
 * @armed: an engine calls it
 * @engine: enum wxguard_hook_engine, once armed
 * @site: address of the ftrace site
 * @on_ftrace: body for the ftrace engine
 * @on_kprobe: body for the kprobe engine
 * @suspect: the structural part of the test, without side effects, for the
 *	net
 * @without: what is not seen where this judge cannot be armed; NULL if the
 *	module does not load without it
 * @needless: this kernel has no call of that kind; it is not armed
 * @gives_pages: returns a number of pages. They would be lost if the net
 *	made an error of it, so there it only counts.
 *
 * Changed while loading and unloading only.
 */
struct wxg_judge {
	const char *symbol;
	enum wxg_judge_id id;
	struct wxg_hook_counts __percpu *counts;
	bool armed;
	u32 engine;
	unsigned long site;
	void (*on_ftrace)(unsigned long ip, unsigned long parent_ip,
			  struct ftrace_ops *ops, wxg_ftrace_regs *regs);
	int (*on_kprobe)(struct kprobe *kprobe, struct pt_regs *regs);
	bool (*suspect)(const struct wxg_call *call);
	const char *without;
	bool needless;
	bool gives_pages;
	struct ftrace_ops ops;
	struct kprobe kprobe;
	struct kretprobe net;
	bool net_armed;
};

extern struct wxg_judge wxg_judge_mprotect;
extern struct wxg_judge wxg_judge_mmap;
extern struct wxg_judge wxg_judge_exec;
extern struct wxg_judge wxg_judge_check;
extern struct wxg_judge wxg_judge_poke;
extern struct wxg_judge wxg_judge_vmwrite;

/*
 * The bodies of a judge around its test of the four arguments, in two steps.
 * The glance is inlined and answers most calls without a frame and without a
 * register saved; what it lets through, the look examines, with the arguments
 * read once more. The ftrace body guards itself against nothing: no look calls
 * a judged function, nothing that may interrupt one does, and what runs there
 * does not need preemption off.
 */
#define WXG_JUDGE_BODIES(_judge, _glance, _look)			\
static DEFINE_PER_CPU(struct wxg_hook_counts, _judge##_counts);		\
									\
static noinline notrace void _judge##_ftrace_look(wxg_ftrace_regs *regs) \
{									\
	if (_look(wxg_ftrace_arg(regs, 0), wxg_ftrace_arg(regs, 1),	\
		  wxg_ftrace_arg(regs, 2), wxg_ftrace_arg(regs, 3)) &&	\
	    wxg_redirect_enter(&_judge))				\
		wxg_ftrace_set_ip(regs, wxg_redirect_stub(_judge.id));	\
}									\
									\
static notrace void _judge##_on_ftrace(unsigned long ip,		\
				       unsigned long parent_ip,		\
				       struct ftrace_ops *ops,		\
				       wxg_ftrace_regs *regs)		\
{									\
	this_cpu_inc(_judge##_counts.hits);				\
	if (unlikely(_glance(wxg_ftrace_arg(regs, 0),			\
			     wxg_ftrace_arg(regs, 1),			\
			     wxg_ftrace_arg(regs, 2),			\
			     wxg_ftrace_arg(regs, 3))))			\
		_judge##_ftrace_look(regs);				\
}									\
									\
static noinline int _judge##_kprobe_look(struct pt_regs *regs)		\
{									\
	if (!_look(regs_get_kernel_argument(regs, 0),			\
		   regs_get_kernel_argument(regs, 1),			\
		   regs_get_kernel_argument(regs, 2),			\
		   regs_get_kernel_argument(regs, 3)) ||		\
	    !wxg_redirect_enter(&_judge))				\
		return 0;						\
	instruction_pointer_set(regs, wxg_redirect_stub(_judge.id));	\
	return 1;							\
}									\
									\
static int _judge##_on_kprobe(struct kprobe *kprobe, struct pt_regs *regs) \
{									\
	this_cpu_inc(_judge##_counts.hits);				\
	if (likely(!_glance(regs_get_kernel_argument(regs, 0),		\
			    regs_get_kernel_argument(regs, 1),		\
			    regs_get_kernel_argument(regs, 2),		\
			    regs_get_kernel_argument(regs, 3))))	\
		return 0;						\
	return _judge##_kprobe_look(regs);				\
}

/**
 * wxg_probe_known() - is the caller's executable known, cleared and silent?
 * @shape: enum wxguard_region for wx_transition, 0 otherwise
 *
 * Counts the sighting if so. False also where that cannot be told here (an
 * overlay, btrfs, exemptions that depend on more than the executable): take
 * the slow path. ATOMIC.
 */
bool wxg_probe_known(u32 class, u32 shape);

/* stack.c: an exec is over; look at the new program's stack. ATOMIC. */
void wxg_stack_on_exec(void);

/* redirect.c: ATOMIC unless said. Only this room writes a register. */

/* Where the stubs (redirect_*.S, their only readers) go on. */
extern unsigned long wxg_resume[WXG_JUDGES];

/**
 * wxg_redirect_enter() - may this suspicious call be sent to the slow path?
 *
 * Takes no module reference: somebody else's program may ignore the redirect,
 * and nobody would give it back. Return: false if the module is going already;
 * the call then passes, counted as unjudged.
 */
bool wxg_redirect_enter(struct wxg_judge *judge);
unsigned long wxg_redirect_stub(enum wxg_judge_id id);
/* Where a stub goes on. Set before the judge is armed. Process context. */
void wxg_redirect_prepare(struct wxg_judge *judge, unsigned long site);

/* Engines: process context, at load and unload. */
int wxg_engine_ftrace_arm(struct wxg_judge *judge);
void wxg_engine_ftrace_disarm(struct wxg_judge *judge);
/* An op of our own at one site. @flags: beside those that all of ours have. */
int wxg_engine_ftrace_register(struct ftrace_ops *ops, unsigned long site,
			       unsigned long flags);
void wxg_engine_ftrace_unregister(struct ftrace_ops *ops, unsigned long site);
int wxg_engine_kprobe_arm(struct wxg_judge *judge);
void wxg_engine_kprobe_disarm(struct wxg_judge *judge);
/**
 * wxg_engine_find_site() - the ftrace site at a function's entry
 * Return: 0, -ENOENT (no such symbol), -ENOTSUPP (no ftrace site there).
 */
int wxg_engine_find_site(const char *symbol, unsigned long *site);

/* Is there a judge at the entry of this function, or about to be? Any context. */
bool wxg_probe_judges(unsigned long function);

/* trampoline.c: BPF programs beside ops of ours; process context. */
/* Before the first op. Return: 0 (also if armed already), or a negative errno. */
int wxg_trampoline_arm(void);
/* The calling task takes the ops away now, and disarms then. */
void wxg_trampoline_leave(void);
void wxg_trampoline_disarm(void);

/* witness.c, guard.c: process context. */
/*
 * Those of calls, which only count; may stand without judges. Kprobes, but
 * ftrace ops with the engine "ftrace".
 */
int wxg_witness_arm(const char *engine);
void wxg_witness_disarm(void);
/* The tracepoint, which tells of an exec that no judge saw. */
int wxg_witness_watch(void);
void wxg_witness_unwatch(void);
unsigned int wxg_witness_status(struct wxg_hook_status *hook, unsigned int room);
/* Calls of the mprotect witness; lets the load-time proof compare. */
u64 wxg_witness_mprotect_hits(void);
int wxg_guard_arm(void);
void wxg_guard_disarm(void);
/* Does the probe machinery answer? Calls the canary and looks. */
bool wxg_guard_canary(void);

/* lock.c: process context. */
/* Return: 0, or -EBUSY: the module is being unloaded. */
int wxg_probe_lock(void);
bool wxg_lock_is_set(void);
void wxg_lock_disarm(void);
unsigned int wxg_lock_status(struct wxg_hook_status *hook, unsigned int room);

/* heartbeat.c: process context. Stopped before anything is disarmed. */
void wxg_heartbeat_start(u32 seconds);
void wxg_heartbeat_stop(void);
u64 wxg_heartbeat_last(void);

/**
 * wxg_probe_arm() - arm everything and prove it
 * @engine: "auto", "ftrace" or "kprobe"
 * Return: 0, or a negative errno after saying which hook failed; nothing
 * is armed then. Process context, at load.
 */
int wxg_probe_arm(const char *engine);
/* Disarms everything and waits until no task is in the slow path. */
void wxg_probe_disarm(void);
void wxg_probe_status(struct wxg_probe_status *status);
u64 wxg_hook_hits(const struct wxg_hook_counts __percpu *counts);
u64 wxg_hook_suspicious(const struct wxg_hook_counts __percpu *counts);

#endif
