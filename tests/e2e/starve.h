/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets allocations of the kernel fail within the decisive call, on kernels that
 * can do that (FAULT_INJECTION). Without the variable nothing is done.
 */
#ifndef WXG_E2E_STARVE_H
#define WXG_E2E_STARVE_H

/*
 * In the environment: which allocation of the call, or copy from or to user
 * memory, fails, from 1 on. With a "+" behind it, so do those that follow which
 * failslab and fail_page_alloc choose.
 */
#define STARVE_ENV "ACTOR_STARVE"
/* Also there: how many decisive calls are left alone before. */
#define STARVE_SKIP_ENV "ACTOR_STARVE_SKIP"
/* Also there: a file that gets what is left of the number; 0 = it failed. */
#define STARVED_ENV "ACTOR_STARVED"

void starve_begin(void);
void starve_end(void);

#endif
