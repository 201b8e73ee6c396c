// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judge on security_file_mprotect(vma, asked, effective): memory that becomes
 * writable and executable. ATOMIC: two compares for the innocent call.
 */
#include "core/classify.h"
#include "probe/probe.h"
#include "rules_live.h"
#include "slow/tamper.h"

/* W and X together: rare. Known executables with nothing to say end here. */
static noinline bool look_closer(void)
{
	if ((READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_RWX_MPROTECT)) &&
	    !wxg_probe_known(WXGUARD_CLASS_RWX_MPROTECT))
		return true;
	wxg_slow_saw();
	return false;
}

static __always_inline bool suspect(unsigned long vma, unsigned long asked,
				    unsigned long effective)
{
	return unlikely(wxg_prot_is_wx(effective)) && look_closer();
}

static bool suspect_by_structure(const struct wxg_call *call)
{
	return wxg_prot_is_wx(call->arg[2]);
}

WXG_JUDGE_BODIES(wxg_judge_mprotect, suspect)

struct wxg_judge wxg_judge_mprotect = {
	.symbol = "security_file_mprotect",
	.id = WXG_JUDGE_MPROTECT,
	.counts = &wxg_judge_mprotect_counts,
	.on_ftrace = wxg_judge_mprotect_on_ftrace,
	.on_kprobe = wxg_judge_mprotect_on_kprobe,
	.suspect = suspect_by_structure,
};
