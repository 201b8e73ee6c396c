/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the probes tell about themselves, as values for the wire.
 */
#ifndef _WXG_STATUS_H
#define _WXG_STATUS_H

#include "core/port.h"

#define WXG_HOOKS_MAX 24

struct wxg_hook_status {
	const char *name;
	u32 role;		/* enum wxguard_hook_role */
	u32 engine;		/* enum wxguard_hook_engine */
	u32 state;		/* enum wxguard_hook_state */
	u64 hits;
	u64 suspicious;
	u64 missed;
};

struct wxg_probe_status {
	u32 pending;		/* tasks inside the slow path or before its end */
	bool canary;
	bool locked;
	u64 denied;
	u64 spared;
	u64 self_clones;
	u64 unjudged;
	u64 heartbeat;		/* ns since boot, of the last one */
	u32 hooks;
	struct wxg_hook_status hook[WXG_HOOKS_MAX];
};

/*
 * Filled by probe/, called by genl.c; main.c passes it at init
 * (wxg_genl_init()), so that the wire does not depend on the probes.
 * Process context.
 */
typedef void (*wxg_probe_status_fn)(struct wxg_probe_status *status);

#endif
