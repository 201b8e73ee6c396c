/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The budget of denials, as arithmetic: how many a minute are allowed before
 * enforce has to give way.
 */
#ifndef _WXG_CORE_BUDGET_H
#define _WXG_CORE_BUDGET_H

#include "rules.h"

#define WXG_BUDGET_ACCOUNTS 64

/* What one executable has spent in this minute. */
struct wxg_budget_account {
	struct wxg_known_key exe;
	u32 spent;
};

/**
 * struct wxg_budget - the denials of one minute
 * @began: s, when the first of them was
 * @spent: denials that count
 * @accounts: executables that have an account
 *
 * Zero-initialised: nothing spent.
 */
struct wxg_budget {
	s64 began;
	u32 spent;
	u32 accounts;
	struct wxg_budget_account account[WXG_BUDGET_ACCOUNTS];
};

/**
 * wxg_budget_spend() - charge one denial
 * @exe: who was denied; zero if it has no identity
 * @now: s, of a clock that does not go back
 *
 * The minute begins with a denial. One executable counts at most
 * rule->per_exe of its denials. Those of executables beyond
 * WXG_BUDGET_ACCOUNTS in one minute count all: a rule that stops so many is
 * wrong already.
 *
 * Return: true if this one has spent the budget; the next one begins anew.
 * Any context; pure but for @budget, which the caller protects.
 */
bool wxg_budget_spend(struct wxg_budget *budget,
		      const struct wxg_budget_rule *rule,
		      const struct wxg_known_key *exe, s64 now);

#endif
