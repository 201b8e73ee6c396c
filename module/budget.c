// SPDX-License-Identifier: GPL-2.0-only
/*
 * The live budget of denials: charged by the slow path, ends enforce when it
 * is spent. PROCESS context; may sleep. Reports nothing itself but one line in
 * the kernel log.
 */
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/string.h>

#include "budget.h"
#include "rules_live.h"

static struct {
	/* Guards the rest. Nothing is taken under it. */
	struct mutex lock;
	struct wxg_budget budget;
	u32 generation;		/* of the rules that it was spent under */
	u64 trips;
} live = {
	.lock = __MUTEX_INITIALIZER(live.lock),
};

static struct wxg_budget_rule live_rule(u32 *generation)
{
	const struct wxg_rules *rules;
	struct wxg_budget_rule rule;

	rcu_read_lock();
	rules = &wxg_rules_live_get()->rules;
	rule = rules->budget;
	*generation = rules->generation;
	rcu_read_unlock();
	return rule;
}

bool wxg_budget_charge(const struct wxg_known_key *exe, s64 now)
{
	struct wxg_budget_rule rule;
	u32 generation;
	bool spent;

	might_sleep();
	mutex_lock(&live.lock);
	rule = live_rule(&generation);
	if (generation != live.generation)
		memset(&live.budget, 0, sizeof(live.budget));
	live.generation = generation;
	spent = wxg_budget_spend(&live.budget, &rule, exe, now);
	mutex_unlock(&live.lock);
	/* Somebody may have ended enforce in the meantime. */
	if (!spent || !wxg_mode_give_way())
		return false;

	mutex_lock(&live.lock);
	WRITE_ONCE(live.trips, live.trips + 1);
	mutex_unlock(&live.lock);
	pr_warn("%u denials within a minute: the budget is spent and the mode is detect; look at what was denied before you enforce again\n",
		rule.per_minute);
	return true;
}

u64 wxg_budget_trips(void)
{
	return READ_ONCE(live.trips);
}

void wxg_budget_init(void)
{
	mutex_lock(&live.lock);
	live.generation = 0;
	live.trips = 0;
	mutex_unlock(&live.lock);
}
