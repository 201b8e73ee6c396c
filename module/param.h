/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Module parameters, validated once into one configuration.
 */
#ifndef _WXG_PARAM_H
#define _WXG_PARAM_H

#include <linux/types.h>

struct wxg_param {
	u32 mode;		/* enum wxguard_mode */
	bool mode_fixed;	/* "off" stood on the kernel command line */
	const char *engine;	/* "auto", "ftrace" or "kprobe" */
	u32 known_max;		/* entries */
	u32 ring_max;		/* findings */
	u64 ring_bytes;
	u32 window;		/* s */
	u32 heartbeat;		/* s */
	u32 evidence_max;	/* payloads, 0 = none */
	u64 evidence_bytes;
	u32 evidence_seconds;
};

/**
 * wxg_param_read() - validate the parameters
 * Says which one is refused, why, and what would be right.
 * Return: 0 or -EINVAL. Process context, at load.
 */
int wxg_param_read(struct wxg_param *param);

#endif
