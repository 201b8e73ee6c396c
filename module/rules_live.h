/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The live rules and mode: replaced whole, read under RCU.
 */
#ifndef _WXG_RULES_LIVE_H
#define _WXG_RULES_LIVE_H

#include <linux/rcupdate.h>

#include "core/decide.h"

/*
 * The live set. Read under rcu_read_lock(); never edited once published.
 * hits[] counts matches of each exemption and starts at 0 with each set
 * (an exemption of the same name and content keeps its count).
 */
struct wxg_rules_live {
	struct wxg_rules rules;
	bool by_exe_only;
	u32 looked_at;		/* bits of classes whose action is not off */
	u32 denies;		/* bits of classes that some rule denies */
	atomic64_t hits[];	/* rules.count of them */
};

/*
 * What a probe needs, in one word each so that a read is a plain load: the
 * mode, and the classes to look at (0 when the mode is off). Written under
 * the room's mutex.
 */
extern u32 wxg_live_mode;
extern u32 wxg_live_classes;

/**
 * wxg_rules_live_init() - publish the default rules, generation 1
 * @mode: first mode
 * @fixed_off: mode off and every later change refused
 * @window: default window of every class, s
 */
int wxg_rules_live_init(u32 mode, bool fixed_off, u32 window);
void wxg_rules_live_exit(void);

/* Might an event of this class be denied, in enforce? Any context. */
bool wxg_rules_live_denies(u32 class);

/* Caller holds rcu_read_lock(). Never NULL between init and exit. */
const struct wxg_rules_live *wxg_rules_live_get(void);

/**
 * wxg_rules_live_publish() - replace the set
 * @rules: checked; ownership of rules->exemption and its elements passes on
 *	success (they were allocated with kmalloc/kvmalloc), stays on failure
 * @base: generation it was made from, 0 = do not care
 * Return: the new generation (> 0), -ESTALE, -ENOMEM. May sleep.
 */
s64 wxg_rules_live_publish(const struct wxg_rules *rules, u32 base);

/* Return: 0, -EINVAL, -EPERM (fixed off). May sleep. */
int wxg_mode_set(u32 mode);
bool wxg_mode_is_fixed(void);

#endif
