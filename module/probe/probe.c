// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arming, proving and disarming of all hooks, and their part of the status.
 * PROCESS context at load and unload.
 */
#include <linux/kmod.h>
#include <linux/mm.h>
#include <linux/mman.h>
#include <linux/umh.h>

#include "core/class.h"
#include "probe/probe.h"

static struct wxg_judge *const judges[] = {
	&wxg_judge_exec,
	&wxg_judge_check,
	&wxg_judge_mprotect,
	&wxg_judge_mmap,
	&wxg_judge_poke,
	&wxg_judge_vmwrite,
};

u64 wxg_hook_hits(const struct wxg_hook_counts __percpu *counts)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(counts, cpu)->hits);
	return sum;
}

u64 wxg_hook_suspicious(const struct wxg_hook_counts __percpu *counts)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(counts, cpu)->suspicious);
	return sum;
}

bool notrace wxg_probe_judges(unsigned long function)
{
	unsigned int i;

	/* The site is the entry, or stands behind an "endbr64". */
	for (i = 0; i < ARRAY_SIZE(judges); i++)
		if (READ_ONCE(judges[i]->site) - function < MCOUNT_INSN_SIZE)
			return true;
	return false;
}

static void judge_disarm(struct wxg_judge *judge)
{
	if (!judge->armed)
		return;
	if (judge->engine == WXGUARD_ENGINE_FTRACE)
		wxg_engine_ftrace_disarm(judge);
	else
		wxg_engine_kprobe_disarm(judge);
}

static int judge_arm(struct wxg_judge *judge, const char *engine)
{
	int ret = -EINVAL;

	if (judge->needless)
		return 0;
	if (strcmp(engine, "kprobe"))
		ret = wxg_engine_ftrace_arm(judge);
	if (ret && strcmp(engine, "ftrace")) {
		if (!strcmp(engine, "auto"))
			pr_warn("no ftrace op on %s (error %d), trying a kprobe\n",
				judge->symbol, ret);
		ret = wxg_engine_kprobe_arm(judge);
	}
	if (ret && judge->without) {
		pr_warn("cannot arm the judge on %s with engine=%s (error %d): %s\n",
			judge->symbol, engine, ret, judge->without);
		return 0;
	}
	if (ret)
		pr_err("cannot arm the judge on %s with engine=%s (error %d)%s\n",
		       judge->symbol, engine, ret,
		       ret == -EBUSY ? "; another IP-modifying user, for example a live patch, has it" : "");
	return ret;
}

/*
 * After this no call enters the slow path. A task may be preempted between the
 * redirect and the slow path, where nothing counts it yet; then it is inside;
 * then in the last instructions of a stub or a callback.
 */
static void disarm_judges(void)
{
	int i;

	wxg_trampoline_leave();
	for (i = ARRAY_SIZE(judges) - 1; i >= 0; i--)
		judge_disarm(judges[i]);
	wxg_trampoline_disarm();
	synchronize_rcu_tasks();
	wxg_slow_drain();
	synchronize_rcu_tasks();
	wxg_slow_set_net(false);
}

/* A harmless mapping of our own must be seen. */
static int prove_mmap(void)
{
	const u64 before = wxg_hook_hits(wxg_judge_mmap.counts);
	unsigned long address;

	if (!current->mm)
		return 0;
	address = vm_mmap(NULL, 0, PAGE_SIZE, PROT_READ,
			  MAP_PRIVATE | MAP_ANONYMOUS, 0);
	if (IS_ERR_VALUE(address))
		return 0;
	vm_munmap(address, PAGE_SIZE);
	if (wxg_hook_hits(wxg_judge_mmap.counts) != before)
		return 0;
	pr_err("the judge on %s is registered but does not fire\n",
	       wxg_judge_mmap.symbol);
	return -ENXIO;
}

/* Pinning no pages at all. The other judge of writes sees the exec below. */
static int prove_vmwrite(void)
{
	const u64 before = wxg_hook_hits(wxg_judge_vmwrite.counts);

	if (!wxg_judge_vmwrite.armed || !current->mm)
		return 0;
	mmap_read_lock(current->mm);
	wxg_pin_no_pages(current->mm);
	mmap_read_unlock(current->mm);
	if (wxg_hook_hits(wxg_judge_vmwrite.counts) != before)
		return 0;
	pr_err("the judge on %s is registered but does not fire\n",
	       wxg_judge_vmwrite.symbol);
	return -ENXIO;
}

/*
 * A harmless exec, the mprotect calls of its dynamic linker, and the pages of
 * its arguments. Where there is no /bin/true the hooks stay "armed" in the
 * status until a first call.
 */
static int prove_exec(void)
{
	static char *argv[] = { "/bin/true", NULL };
	static char *envp[] = { "PATH=/bin:/usr/bin", NULL };
	const u64 exec = wxg_hook_hits(wxg_judge_exec.counts);
	const u64 checked = wxg_hook_hits(wxg_judge_check.counts);
	const u64 judged = wxg_hook_hits(wxg_judge_mprotect.counts);
	const u64 filled = wxg_hook_hits(wxg_judge_poke.counts);
	const u64 asked = wxg_witness_mprotect_hits();
	const struct wxg_judge *dead = NULL;

	if (call_usermodehelper(argv[0], argv, envp, UMH_WAIT_PROC))
		return 0;
	if (wxg_hook_hits(wxg_judge_exec.counts) == exec)
		dead = &wxg_judge_exec;
	else if (wxg_judge_check.armed &&
		 wxg_hook_hits(wxg_judge_check.counts) == checked)
		dead = &wxg_judge_check;
	else if (wxg_witness_mprotect_hits() != asked &&
		 wxg_hook_hits(wxg_judge_mprotect.counts) == judged)
		dead = &wxg_judge_mprotect;
	else if (wxg_judge_poke.armed &&
		 wxg_hook_hits(wxg_judge_poke.counts) == filled)
		dead = &wxg_judge_poke;
	if (!dead)
		return 0;
	pr_err("the judge on %s is registered but does not fire\n",
	       dead->symbol);
	return -ENXIO;
}

static int prove(void)
{
	int ret;

	if (!wxg_guard_canary()) {
		pr_err("kprobes do not fire (kprobes/enabled in debugfs, or kernel.ftrace_enabled, is 0)\n");
		return -ENXIO;
	}
	ret = prove_mmap();
	if (!ret)
		ret = prove_vmwrite();
	return ret ? ret : prove_exec();
}

int wxg_probe_arm(const char *engine)
{
	unsigned int i;
	int ret;

	ret = wxg_guard_arm();
	if (ret) {
		pr_err("cannot arm the canary (error %d); are kprobes disabled?\n",
		       ret);
		return ret;
	}
	ret = wxg_witness_arm(engine);
	if (ret)
		goto err_witness;
	for (i = 0; i < ARRAY_SIZE(judges); i++) {
		ret = judge_arm(judges[i], engine);
		if (ret)
			goto err_judges;
	}
	ret = prove();
	if (!ret)
		ret = wxg_witness_watch();
	if (ret)
		goto err_judges;
	return 0;

err_judges:
	disarm_judges();
	wxg_witness_disarm();
err_witness:
	wxg_guard_disarm();
	return ret;
}

void wxg_probe_disarm(void)
{
	wxg_witness_unwatch();
	wxg_lock_disarm();
	disarm_judges();
	wxg_witness_disarm();
	wxg_guard_disarm();
}

static void judge_status(const struct wxg_judge *judge,
			 struct wxg_hook_status *hook)
{
	hook->name = judge->symbol;
	hook->role = WXGUARD_ROLE_JUDGE;
	hook->engine = judge->engine;
	hook->hits = wxg_hook_hits(judge->counts);
	hook->suspicious = wxg_hook_suspicious(judge->counts);
	hook->missed = judge->kprobe.nmissed;
	hook->state = hook->hits ? WXGUARD_HOOK_PROVED : WXGUARD_HOOK_ARMED;
}

static void net_status(const struct wxg_judge *judge,
		       struct wxg_hook_status *hook)
{
	memset(hook, 0, sizeof(*hook));
	hook->name = judge->symbol;
	hook->role = WXGUARD_ROLE_NET;
	hook->engine = WXGUARD_ENGINE_KRETPROBE;
	hook->missed = judge->net.nmissed + judge->net.kp.nmissed;
	hook->state = WXGUARD_HOOK_ARMED;
}

void wxg_probe_status(struct wxg_probe_status *status)
{
	unsigned int i;

	status->pending = wxg_slow_inside();
	status->canary = wxg_guard_canary();
	status->locked = wxg_lock_is_set();
	status->denied = wxg_slow_denied();
	status->spared = wxg_slow_spared();
	status->self_clones = wxg_slow_self_clones();
	status->unjudged = wxg_slow_unjudged_count();
	status->heartbeat = wxg_heartbeat_last();
	status->hooks = 0;
	for (i = 0; i < ARRAY_SIZE(judges); i++) {
		/* What is armed is told whole, also while the module loads. */
		if (!smp_load_acquire(&judges[i]->armed))
			continue;
		judge_status(judges[i], &status->hook[status->hooks++]);
		if (READ_ONCE(judges[i]->net_armed))
			net_status(judges[i], &status->hook[status->hooks++]);
	}
	status->hooks += wxg_witness_status(&status->hook[status->hooks],
					    WXG_HOOKS_MAX - status->hooks);
	status->hooks += wxg_lock_status(&status->hook[status->hooks],
					 WXG_HOOKS_MAX - status->hooks);
}
