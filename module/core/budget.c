// SPDX-License-Identifier: GPL-2.0-only
/*
 * The budget of denials: counts, and says when it is spent.
 * Any context; pure but for the budget that it is given.
 */
#include "budget.h"

#define MINUTE 60

/* Return: the account, NULL if there are too many. */
static struct wxg_budget_account *account_of(struct wxg_budget *budget,
					     const struct wxg_known_key *exe)
{
	struct wxg_budget_account *account;
	u32 i;

	for (i = 0; i < budget->accounts; i++) {
		account = &budget->account[i];
		if (wxg_identity_equal(&account->exe, exe))
			return account;
	}
	if (budget->accounts == WXG_BUDGET_ACCOUNTS)
		return NULL;
	account = &budget->account[budget->accounts++];
	account->exe = *exe;
	account->spent = 0;
	return account;
}

bool wxg_budget_spend(struct wxg_budget *budget,
		      const struct wxg_budget_rule *rule,
		      const struct wxg_known_key *exe, s64 now)
{
	struct wxg_budget_account *account;

	if (!rule->per_minute)
		return false;
	if (!budget->spent || now - budget->began >= MINUTE) {
		budget->began = now;
		budget->spent = 0;
		budget->accounts = 0;
	}
	account = account_of(budget, exe);
	if (account && account->spent >= rule->per_exe)
		return false;
	if (account)
		account->spent++;
	if (++budget->spent < rule->per_minute)
		return false;
	budget->spent = 0;
	return true;
}
