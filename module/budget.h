/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The budget of denials that is spent, under the live rules.
 */
#ifndef _WXG_BUDGET_H
#define _WXG_BUDGET_H

#include "core/budget.h"

/**
 * wxg_budget_charge() - a denial was decided; was it one too many?
 * @exe: who was denied; zero if it has no identity
 * @now: s since boot
 *
 * New rules are a new budget. When it is spent, the mode is detect from here on, and the kernel
 * log says so; the denial itself stands.
 * Return: true if this call has changed the mode. May sleep.
 */
bool wxg_budget_charge(const struct wxg_known_key *exe, s64 now);

/* How often denials have ended enforce. Any context. */
u64 wxg_budget_trips(void);

/* No trips. Process context, at load. */
void wxg_budget_init(void);

#endif
