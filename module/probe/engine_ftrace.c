// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ftrace engine: a judge as an IP-modifying, permanent ftrace op; and a
 * witness as one that only looks. PROCESS context, at load and unload.
 *
 * Permanent keeps kernel.ftrace_enabled=0 out. An op is not bypassed by a
 * BPF fexit program on the same function, as a kprobe's redirect is on x86.
 */
#include <linux/ftrace.h>
#include <linux/kprobes.h>

#include "probe.h"
#include "site.h"

int wxg_engine_find_site(const char *symbol, unsigned long *site)
{
	struct kprobe kprobe = {
		.symbol_name = symbol,
		.flags = KPROBE_FLAG_DISABLED,
	};
	int ret;

	/* Registered disabled, it changes nothing but finds the address. */
	ret = register_kprobe(&kprobe);
	if (ret)
		return ret;
	*site = wxg_site_ftrace(&kprobe);
	unregister_kprobe(&kprobe);
	return *site ? 0 : -EOPNOTSUPP;
}

/*
 * A BPF program that is just coming to the function, or leaving it, holds what
 * the op has to change, and then the kernel waits 1 ms and says -EAGAIN.
 */
#define AGAIN_MAX 100

static int register_patiently(struct ftrace_ops *ops)
{
	int tries, ret = -EAGAIN;

	for (tries = 0; ret == -EAGAIN && tries < AGAIN_MAX; tries++)
		ret = register_ftrace_function(ops);
	return ret;
}

int wxg_engine_ftrace_register(struct ftrace_ops *ops, unsigned long site,
			       unsigned long flags)
{
	int ret;

	ops->flags = WXG_FTRACE_FLAGS | FTRACE_OPS_FL_PERMANENT | flags;
	ret = ftrace_set_filter_ip(ops, site, 0, 0);
	if (ret)
		return ret;
	ret = register_patiently(ops);
	if (ret)
		ftrace_set_filter_ip(ops, site, 1, 0);
	return ret;
}

void wxg_engine_ftrace_unregister(struct ftrace_ops *ops, unsigned long site)
{
	unregister_ftrace_function(ops);
	ftrace_set_filter_ip(ops, site, 1, 0);
}

int wxg_engine_ftrace_arm(struct wxg_judge *judge)
{
	unsigned long site;
	int ret;

	ret = wxg_trampoline_arm();
	if (!ret)
		ret = wxg_engine_find_site(judge->symbol, &site);
	if (ret)
		return ret;
	wxg_redirect_prepare(judge, site);

	judge->ops.func = judge->on_ftrace;
	ret = wxg_engine_ftrace_register(&judge->ops, site,
					 FTRACE_OPS_FL_IPMODIFY);
	if (ret)
		return ret;
	judge->engine = WXGUARD_ENGINE_FTRACE;
	/* Who sees it armed sees its engine: pairs with wxg_probe_status(). */
	smp_store_release(&judge->armed, true);
	return 0;
}

void wxg_engine_ftrace_disarm(struct wxg_judge *judge)
{
	wxg_engine_ftrace_unregister(&judge->ops, judge->site);
	WRITE_ONCE(judge->armed, false);
}
