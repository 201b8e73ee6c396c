// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order of things: stores, then the wire, then the probes, armed last;
 * and the exact reverse at exit. PROCESS context.
 */
#include <linux/module.h>

#include "budget.h"
#include "core/class.h"
#include "evidence.h"
#include "genl.h"
#include "known.h"
#include "param.h"
#include "probe/probe.h"
#include "reader.h"
#include "repeat.h"
#include "ring.h"
#include "rules_live.h"
#include "slow/content.h"
#include "slow/facts.h"
#include "slow/scratch.h"

/* Terms whose repeats are counted; the memory is taken as they come. */
#define REPEATS_MAX 4096

static const struct wxg_genl_ops genl_ops = {
	.status = wxg_probe_status,
	.lock = wxg_probe_lock,
	.file_key = wxg_facts_key,
};

static void __init evidence_init(const struct wxg_param *param)
{
	const struct wxg_evidence_limits limits = {
		.max = param->evidence_max,
		.bytes_max = param->evidence_bytes,
		.seconds = param->evidence_seconds,
	};

	wxg_evidence_init(&limits);
}

static int __init wxguard_init(void)
{
	struct wxg_param param;
	int ret;

	ret = wxg_param_read(&param);
	if (ret)
		return ret;
	ret = wxg_known_init(param.known_max);
	if (ret)
		return ret;
	ret = wxg_ring_init(param.ring_max, param.ring_bytes, wxg_genl_ring);
	if (ret)
		goto err_ring;
	ret = wxg_rules_live_init(param.mode, param.mode_fixed, param.window);
	if (ret)
		goto err_rules;
	ret = wxg_repeat_init(REPEATS_MAX);
	if (ret)
		goto err_repeat;
	ret = wxg_scratch_init();
	if (ret)
		goto err_scratch;
	wxg_budget_init();
	evidence_init(&param);
	ret = wxg_genl_init(&genl_ops);
	if (ret)
		goto err_genl;
	ret = wxg_probe_arm(param.engine);
	if (ret)
		goto err_probe;
	wxg_heartbeat_start(param.heartbeat);
	pr_info("version %s, mode %s%s\n", WXG_VERSION,
		wxg_mode_name(param.mode),
		param.mode_fixed ? " (fixed by the kernel command line)" : "");
	return 0;

err_probe:
	wxg_content_exit();
	wxg_genl_exit();
err_genl:
	wxg_evidence_exit();
	wxg_reader_exit();
	wxg_scratch_exit();
err_scratch:
	wxg_repeat_exit();
err_repeat:
	wxg_rules_live_exit();
err_rules:
	wxg_ring_exit();
err_ring:
	wxg_known_exit();
	return ret;
}

static void __exit wxguard_exit(void)
{
	wxg_heartbeat_stop();
	wxg_probe_disarm();
	wxg_content_exit();
	wxg_genl_exit();
	wxg_evidence_exit();
	wxg_reader_exit();
	wxg_scratch_exit();
	wxg_repeat_exit();
	wxg_rules_live_exit();
	wxg_ring_exit();
	wxg_known_exit();
}

module_init(wxguard_init);
module_exit(wxguard_exit);
MODULE_LICENSE("GPL");
MODULE_VERSION(WXG_VERSION);
MODULE_DESCRIPTION("Detects and stops memory that becomes writable and executable, and programs that start from memory");
