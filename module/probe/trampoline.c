// SPDX-License-Identifier: GPL-2.0-only
/*
 * BPF programs beside an IP-modifying op of ours: the kernel calls a function
 * through a trampoline then, which has to go on where the op sends the call.
 * Such a trampoline is "sharing" (BPF_TRAMP_F_SHARE_IPMODIFY).
 *
 * Before 6.6 a trampoline that came with an fentry program after our op is not
 * sharing. When an fexit program joins, an older kernel builds an image that
 * goes past the judge. A newer one ("ftrace: bpf: Fix IPMODIFY + DIRECT in
 * modify_ftrace_direct()", in 6.1 by backport) answers -EAGAIN, whereupon
 * bpf_trampoline_update() clears the function of an op that stays registered:
 * the next call warns, ftrace is off for good, and the kernel faults. A live
 * patch meets the same. 6.6 clears it only where registering has failed.
 *
 * So the trampolines of our functions are made sharing before each update, as
 * the kernel does it for those that were there before our op.
 */
#include <linux/bpf.h>
#include <linux/ftrace.h>
#include <linux/sched.h>

#include "probe.h"

#ifdef WXG_BPF_FORGETS_TO_SHARE

#define UPDATE	"bpf_trampoline_update"

static struct {
	struct ftrace_ops ops;
	unsigned long site;	/* 0: not armed */
	/* The task that takes our ops away: what it updates is to share no more. */
	const struct task_struct *leaving;
} sharing;

/* bpf_trampoline_update(tr, …): tr->mutex is held. Process context. */
static notrace void on_update(unsigned long ip, unsigned long parent_ip,
			      struct ftrace_ops *ops, wxg_ftrace_regs *regs)
{
	struct bpf_trampoline *tr = (void *)wxg_ftrace_arg(regs, 0);

	if (READ_ONCE(sharing.leaving) != current &&
	    wxg_probe_judges((unsigned long)tr->func.addr))
		tr->flags |= BPF_TRAMP_F_SHARE_IPMODIFY;
}

int wxg_trampoline_arm(void)
{
	unsigned long site;
	int ret;

	if (sharing.site)
		return 0;
	ret = wxg_engine_find_site(UPDATE, &site);
	if (!ret) {
		sharing.ops.func = on_update;
		ret = wxg_engine_ftrace_register(&sharing.ops, site, 0);
	}
	if (!ret)
		sharing.site = site;
	else
		pr_warn("cannot watch %s (error %d), so an ftrace op is not safe from BPF programs\n",
			UPDATE, ret);
	return ret;
}

void wxg_trampoline_leave(void)
{
	WRITE_ONCE(sharing.leaving, current);
}

void wxg_trampoline_disarm(void)
{
	if (sharing.site)
		wxg_engine_ftrace_unregister(&sharing.ops, sharing.site);
	sharing.site = 0;
}

#else

int wxg_trampoline_arm(void)
{
	return 0;
}

void wxg_trampoline_leave(void)
{
}

void wxg_trampoline_disarm(void)
{
}

#endif
