/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sensor_tamper: the sensor was blinded, or somebody tried.
 */
#ifndef _WXG_SLOW_TAMPER_H
#define _WXG_SLOW_TAMPER_H

#include <linux/atomic.h>
#include <linux/types.h>

/* Is anybody to be told? Any context. */
bool wxg_tamper_is_told(void);

/**
 * wxg_tamper_tell() - a finding whose process cannot be told
 * @why: enum wxguard_tamper
 * May sleep.
 */
void wxg_tamper_tell(u32 why);

/**
 * wxg_slow_watch() - a witness met a call; look at the end of it
 * @why: enum wxguard_tamper
 *
 * Leaves a mark on the current task; what comes of it is told when its system
 * call has ended. Nothing if nobody is to be told, or the module is going.
 * ATOMIC.
 */
void wxg_slow_watch(u32 why);

/* Marks of the witness on mprotect, in all tasks. */
extern atomic_t wxg_slow_watched;
/* slow/pending.c: a judge met the call that the current task makes. ATOMIC. */
void wxg_pending_seen(void);

/* For judges, on each call that the witness would watch. ATOMIC. */
static inline void wxg_slow_saw(void)
{
	if (atomic_read(&wxg_slow_watched))
		wxg_pending_seen();
}

/*
 * While this is set, judges stand, so a call that none of them met is a sign
 * of tampering. Set after arming, cleared before disarming.
 */
void wxg_tamper_compare(bool on);

#endif
