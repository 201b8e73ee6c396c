// SPDX-License-Identifier: GPL-2.0-only
/*
 * The redirect: from a probe to a stub, and back behind the ftrace site.
 * ATOMIC but for the set-up. Nothing else in the module writes a register.
 */
#include <linux/module.h>

#include "probe.h"

asmlinkage int wxg_stub0(void);
asmlinkage int wxg_stub1(void);
asmlinkage int wxg_stub2(void);
asmlinkage int wxg_stub3(void);
asmlinkage int wxg_stub4(void);
asmlinkage int wxg_stub5(void);

/* Read by the stubs. Set before arming, so no call can find it empty. */
unsigned long wxg_resume[WXG_JUDGES];

unsigned long wxg_redirect_stub(enum wxg_judge_id id)
{
	static void *const stub[WXG_JUDGES] = {
		[WXG_JUDGE_EXEC] = wxg_stub0,
		[WXG_JUDGE_MPROTECT] = wxg_stub1,
		[WXG_JUDGE_MMAP] = wxg_stub2,
		[WXG_JUDGE_POKE] = wxg_stub3,
		[WXG_JUDGE_VMWRITE] = wxg_stub4,
		[WXG_JUDGE_CHECK] = wxg_stub5,
	};

	return (unsigned long)stub[id];
}

void wxg_redirect_prepare(struct wxg_judge *judge, unsigned long site)
{
	/* on_update() of trampoline.c may look at it. */
	WRITE_ONCE(judge->site, site);
	wxg_resume[judge->id] = site + MCOUNT_INSN_SIZE;
}

noinline bool wxg_redirect_enter(struct wxg_judge *judge)
{
	if (THIS_MODULE->state == MODULE_STATE_GOING) {
		wxg_slow_count_unjudged();
		return false;
	}
	this_cpu_inc(judge->counts->suspicious);
	return true;
}
