// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kprobe engine: a judge as a kprobe with the same redirect, and a
 * kretprobe on the same function as a net for calls that bypass it.
 * Set-up in PROCESS context; the handlers are ATOMIC.
 *
 * Never a post_handler: on x86 it corrupts the accounting when somebody
 * else's kprobe sits on the same function. The net is registered second: the
 * newest kprobe runs first, and the other order lets fexit bypass both.
 */
#include <linux/kprobes.h>

#include "probe.h"
#include "site.h"

/* Only suspicious calls hold an instance; a missed one is an escape. */
#define NET_MAXACTIVE 256

static struct wxg_judge *judge_of(struct kretprobe_instance *instance)
{
	return container_of(wxg_kretprobe_of(instance), struct wxg_judge, net);
}

static int on_net_entry(struct kretprobe_instance *instance,
			struct pt_regs *regs)
{
	struct wxg_judge *judge = judge_of(instance);
	struct wxg_call *call = (struct wxg_call *)instance->data;

	call->arg[0] = regs_get_kernel_argument(regs, 0);
	call->arg[1] = regs_get_kernel_argument(regs, 1);
	call->arg[2] = regs_get_kernel_argument(regs, 2);
	call->arg[3] = regs_get_kernel_argument(regs, 3);
	return judge->suspect(call) ? 0 : 1;
}

static int on_net_return(struct kretprobe_instance *instance,
			 struct pt_regs *regs)
{
	struct wxg_judge *judge = judge_of(instance);
	/* Read as int: the upper half of the register may be anything. */
	const int result = (int)regs_return_value(regs);
	int ret;

	if (judge->gives_pages ? result <= 0 : result)
		return 0;
	ret = wxg_slow_net(judge->id, (struct wxg_call *)instance->data);
	if (ret && !judge->gives_pages)
		regs_set_return_value(regs, ret);
	return 0;
}

static int net_arm(struct wxg_judge *judge)
{
	int ret;

	judge->net.kp.symbol_name = judge->symbol;
	judge->net.entry_handler = on_net_entry;
	judge->net.handler = on_net_return;
	judge->net.data_size = sizeof(struct wxg_call);
	judge->net.maxactive = NET_MAXACTIVE;
	ret = register_kretprobe(&judge->net);
	WRITE_ONCE(judge->net_armed, !ret);
	return ret;
}

int wxg_engine_kprobe_arm(struct wxg_judge *judge)
{
	struct kprobe *const kprobe = &judge->kprobe;
	unsigned long site;
	int ret;

	/* Disabled first: no call may be redirected before it can come back. */
	kprobe->symbol_name = judge->symbol;
	kprobe->pre_handler = judge->on_kprobe;
	kprobe->flags = KPROBE_FLAG_DISABLED;
	ret = register_kprobe(kprobe);
	if (ret)
		return ret;
	ret = -EOPNOTSUPP;
	site = wxg_site_kprobe(kprobe);
	if (!site)
		goto err_kprobe;
	wxg_redirect_prepare(judge, site);
	wxg_slow_set_net(true);
	ret = enable_kprobe(kprobe);
	if (ret)
		goto err_kprobe;
	ret = net_arm(judge);
	if (ret)
		goto err_kprobe;
	judge->engine = WXGUARD_ENGINE_KPROBE;
	/* Who sees it armed sees its engine: pairs with wxg_probe_status(). */
	smp_store_release(&judge->armed, true);
	return 0;

err_kprobe:
	unregister_kprobe(kprobe);
	return ret;
}

void wxg_engine_kprobe_disarm(struct wxg_judge *judge)
{
	unregister_kretprobe(&judge->net);
	WRITE_ONCE(judge->net_armed, false);
	unregister_kprobe(&judge->kprobe);
	WRITE_ONCE(judge->armed, false);
}
