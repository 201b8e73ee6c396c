/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lets one allocation of the kernel fail within the decisive call, on kernels
 * that can do that (FAULT_INJECTION). Without the variable nothing is done.
 */
#ifndef WXG_E2E_STARVE_H
#define WXG_E2E_STARVE_H

/* In the environment: which allocation of the call fails, from 1 on. */
#define STARVE_ENV "ACTOR_STARVE"

void starve_begin(void);
void starve_end(void);

#endif
