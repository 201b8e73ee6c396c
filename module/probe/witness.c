// SPDX-License-Identifier: GPL-2.0-only
/*
 * Witnesses: kprobes on do_mprotect_pkey and bprm_execve and the tracepoint
 * sched_process_exec. They use other mechanisms than the judges on purpose:
 * they count what was asked, and the tracepoint notices a memory exec that no
 * judge saw. Who asks for the engine "ftrace" has ftrace ops instead of the
 * kprobes, at half their cost. Handlers are ATOMIC; arming is PROCESS context.
 */
#include <linux/binfmts.h>
#include <linux/module.h>
#include <linux/tracepoint.h>

#include "core/classify.h"
#include "probe/probe.h"
#include "rules_live.h"
#include "slow/origin.h"
#include "slow/tamper.h"

/* At most one comparison per CPU in that time. */
#define COMPARE_EVERY (HZ / 10)

struct witness {
	const char *symbol[3];	/* in order of preference */
	struct wxg_hook_counts __percpu *counts;
	struct kprobe kprobe;
	struct ftrace_ops ops;
	const char *name;	/* the one that is armed, NULL if none is */
	u32 engine;
	unsigned long site;
};

static int mprotect_on_kprobe(struct kprobe *kprobe, struct pt_regs *regs);
static int exec_on_kprobe(struct kprobe *kprobe, struct pt_regs *regs);
static void mprotect_on_ftrace(unsigned long ip, unsigned long parent_ip,
			       struct ftrace_ops *ops, wxg_ftrace_regs *regs);
static void exec_on_ftrace(unsigned long ip, unsigned long parent_ip,
			   struct ftrace_ops *ops, wxg_ftrace_regs *regs);

static DEFINE_PER_CPU(struct wxg_hook_counts, mprotect_counts);
static DEFINE_PER_CPU(struct wxg_hook_counts, exec_counts);
static DEFINE_PER_CPU(struct wxg_hook_counts, tracepoint_counts);

/* arm64 has no do_mprotect_pkey on 5.10 and a cloned one on 6.1. */
static struct witness witness_mprotect = {
	.symbol = { "do_mprotect_pkey", "do_mprotect_pkey.constprop.0" },
	.counts = &mprotect_counts,
	.kprobe.pre_handler = mprotect_on_kprobe,
	.ops.func = mprotect_on_ftrace,
};

static struct witness witness_exec = {
	.symbol = { "bprm_execve" },
	.counts = &exec_counts,
	.kprobe.pre_handler = exec_on_kprobe,
	.ops.func = exec_on_ftrace,
};

static struct tracepoint *tracepoint;

/* When the next request may be compared, jiffies. */
static DEFINE_PER_CPU(unsigned long, next_compare);

/*
 * Did a judge meet this request, too? Only the first of a burst is asked, so
 * that a program that lives on such calls is not slowed by us.
 */
static noinline void compare_mprotect(void)
{
	if (!(READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_RWX_MPROTECT)) ||
	    READ_ONCE(wxg_live_mode) < WXGUARD_MODE_DETECT)
		return;
	this_cpu_write(next_compare, jiffies + COMPARE_EVERY);
	wxg_slow_watch(WXGUARD_TAMPER_MPROTECT);
}

/* do_mprotect_pkey(start, len, prot, pkey): as asked, before any check. */
static __always_inline void on_mprotect(unsigned long prot)
{
	this_cpu_inc(mprotect_counts.hits);
	if (likely(!wxg_prot_is_wx(prot)))
		return;
	this_cpu_inc(mprotect_counts.suspicious);
	if (unlikely(time_after_eq(jiffies, this_cpu_read(next_compare))))
		compare_mprotect();
}

static int mprotect_on_kprobe(struct kprobe *kprobe, struct pt_regs *regs)
{
	on_mprotect(regs_get_kernel_argument(regs, 2));
	return 0;
}

static notrace void mprotect_on_ftrace(unsigned long ip,
				       unsigned long parent_ip,
				       struct ftrace_ops *ops,
				       wxg_ftrace_regs *regs)
{
	on_mprotect(wxg_ftrace_arg(regs, 2));
}

/* Up to 6.7 bprm->file is not open yet here: who asks, and nothing more. */
static int exec_on_kprobe(struct kprobe *kprobe, struct pt_regs *regs)
{
	this_cpu_inc(exec_counts.hits);
	return 0;
}

static notrace void exec_on_ftrace(unsigned long ip, unsigned long parent_ip,
				   struct ftrace_ops *ops,
				   wxg_ftrace_regs *regs)
{
	this_cpu_inc(exec_counts.hits);
}

/* Preemptible on 7.3, preemption off before. */
static void on_sched_process_exec(void *data, struct task_struct *task,
				  pid_t old_pid, struct linux_binprm *bprm)
{
	this_cpu_inc(tracepoint_counts.hits);
	wxg_stack_on_exec();
	if (likely(!wxg_file_is_memory(bprm->file)))
		return;
	this_cpu_inc(tracepoint_counts.suspicious);
	wxg_slow_unjudged(bprm);
}

static int arm_kprobe_on(struct witness *witness, const char *symbol)
{
	witness->kprobe.symbol_name = symbol;
	witness->engine = WXGUARD_ENGINE_KPROBE;
	return register_kprobe(&witness->kprobe);
}

static int arm_ftrace_on(struct witness *witness, const char *symbol)
{
	int ret = wxg_engine_find_site(symbol, &witness->site);

	if (ret)
		return ret;
	witness->engine = WXGUARD_ENGINE_FTRACE;
	return wxg_engine_ftrace_register(&witness->ops, witness->site, 0);
}

static int witness_arm(struct witness *witness, bool by_ftrace)
{
	const char *name = NULL;
	unsigned int i;
	int ret = -ENOENT;

	for (i = 0; i < ARRAY_SIZE(witness->symbol) && witness->symbol[i]; i++) {
		name = witness->symbol[i];
		ret = by_ftrace ? arm_ftrace_on(witness, name) :
				  arm_kprobe_on(witness, name);
		if (ret != -ENOENT)
			break;
	}
	if (!ret) {
		/* Who sees its name sees its engine: pairs with witness_status(). */
		smp_store_release(&witness->name, name);
		return 0;
	}
	pr_err("cannot arm the witness on %s (error %d)%s\n",
	       witness->symbol[0], ret,
	       by_ftrace && ret == -EBUSY ? "; is kernel.ftrace_enabled 0?" : "");
	return ret;
}

static void witness_disarm(struct witness *witness)
{
	if (!witness->name)
		return;
	if (witness->engine == WXGUARD_ENGINE_FTRACE)
		wxg_engine_ftrace_unregister(&witness->ops, witness->site);
	else
		unregister_kprobe(&witness->kprobe);
	WRITE_ONCE(witness->name, NULL);
}

/* Tracepoints of the core kernel are not exported by name. */
static void find_tracepoint(struct tracepoint *candidate, void *arg)
{
	if (!strcmp(candidate->name, "sched_process_exec"))
		*(struct tracepoint **)arg = candidate;
}

/*
 * Armed after the judges and disarmed before them: an exec that passed where
 * there was no judge yet, or no longer, is no sign of a blinded one, and must
 * not be killed for it.
 */
int wxg_witness_watch(void)
{
	int cpu, ret;

	for_each_kernel_tracepoint(find_tracepoint, &tracepoint);
	ret = tracepoint ? tracepoint_probe_register(tracepoint,
						     on_sched_process_exec,
						     NULL) : -ENOENT;
	if (!ret) {
		for_each_possible_cpu(cpu)
			per_cpu(next_compare, cpu) = jiffies;
		wxg_tamper_compare(true);
		return 0;
	}
	pr_err("cannot arm the witness on the tracepoint sched_process_exec (error %d)\n",
	       ret);
	tracepoint = NULL;
	return ret;
}

void wxg_witness_unwatch(void)
{
	wxg_tamper_compare(false);
	if (!tracepoint)
		return;
	tracepoint_probe_unregister(tracepoint, on_sched_process_exec, NULL);
	tracepoint_synchronize_unregister();
	tracepoint = NULL;
}

int wxg_witness_arm(const char *engine)
{
	const bool by_ftrace = !strcmp(engine, "ftrace");
	int ret;

	ret = witness_arm(&witness_mprotect, by_ftrace);
	if (ret)
		return ret;
	ret = witness_arm(&witness_exec, by_ftrace);
	if (ret)
		witness_disarm(&witness_mprotect);
	return ret;
}

void wxg_witness_disarm(void)
{
	witness_disarm(&witness_exec);
	witness_disarm(&witness_mprotect);
}

u64 wxg_witness_mprotect_hits(void)
{
	return wxg_hook_hits(witness_mprotect.counts);
}

static void status_of(struct wxg_hook_status *hook, const char *name,
		      u32 engine, const struct wxg_hook_counts __percpu *counts)
{
	hook->name = name;
	hook->role = WXGUARD_ROLE_WITNESS;
	hook->engine = engine;
	hook->hits = wxg_hook_hits(counts);
	hook->suspicious = wxg_hook_suspicious(counts);
	hook->state = hook->hits ? WXGUARD_HOOK_PROVED : WXGUARD_HOOK_ARMED;
	hook->missed = 0;
}

/* While the module loads it is asked already: what is not armed has no name. */
static unsigned int witness_status(const struct witness *witness,
				   struct wxg_hook_status *hook)
{
	/* Pairs with the release where it was armed. */
	const char *const name = smp_load_acquire(&witness->name);

	if (!name)
		return 0;
	status_of(hook, name, witness->engine, witness->counts);
	hook->missed = witness->kprobe.nmissed;
	return 1;
}

unsigned int wxg_witness_status(struct wxg_hook_status *hook, unsigned int room)
{
	unsigned int count;

	if (room < 3)
		return 0;
	count = witness_status(&witness_mprotect, hook);
	count += witness_status(&witness_exec, &hook[count]);
	if (!READ_ONCE(tracepoint))
		return count;
	status_of(&hook[count], "sched_process_exec",
		  WXGUARD_ENGINE_TRACEPOINT, &tracepoint_counts);
	return count + 1;
}
