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
 * hits[] counts matches of each exemption, then events that each scope
 * decided, and starts at 0 with each set (an exemption or scope of the same
 * name and content keeps its count).
 */
struct wxg_rules_live {
	struct wxg_rules rules;
	bool by_exe_only;
	u32 looked_at;		/* bits of classes that some rule looks at */
	u32 denies;		/* bits of classes that some rule denies */
	atomic64_t hits[];	/* rules.count + rules.scopes of them */
};

static inline atomic64_t *
wxg_rules_live_scope_hits(const struct wxg_rules_live *live, u32 scope)
{
	return (atomic64_t *)&live->hits[live->rules.count + scope];
}

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

/* Does some rule deny this class? Any context. */
bool wxg_rules_live_denies(u32 class);

/* Caller holds rcu_read_lock(). Never NULL between init and exit. */
const struct wxg_rules_live *wxg_rules_live_get(void);

/**
 * wxg_rules_live_publish() - replace the set
 * @rules: checked; ownership of rules->exemption, rules->scope and their
 *	elements passes on success (they were allocated with kmalloc/kvmalloc),
 *	stays on failure
 * @base: generation it was made from, 0 = do not care
 * Return: the new generation (> 0), -ESTALE, -ENOMEM. May sleep.
 */
s64 wxg_rules_live_publish(const struct wxg_rules *rules, u32 base);

/**
 * wxg_mode_try() - set the mode, for a while
 * @mode: enum wxguard_mode
 * @seconds: unless wxg_mode_set() comes within that time, the last mode that
 *	was set for good returns by itself; 0 = for good
 *
 * Return: 0, -EINVAL, -EPERM (fixed off). May sleep.
 */
int wxg_mode_try(u32 mode, u32 seconds);
/* For good: whatever waits for a confirmation is confirmed or replaced. */
int wxg_mode_set(u32 mode);
bool wxg_mode_is_fixed(void);

/**
 * wxg_mode_confirm_left() - how long is the mode on trial?
 * @back: filled with the mode that it goes back to, if it is; may be NULL
 * Return: s until it goes back by itself, 0 = it stays. May sleep.
 */
u32 wxg_mode_confirm_left(u32 *back);

/**
 * wxg_mode_give_way() - from enforce to detect, for good
 * Return: false if the mode was not enforce. May sleep.
 */
bool wxg_mode_give_way(void);

#endif
