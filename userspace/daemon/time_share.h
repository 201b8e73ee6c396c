/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A share of the daemon's time, for what may take long and comes in floods:
 * what was not used of it is kept, up to a bound. Owned by one thread.
 */
#ifndef WXG_DAEMON_TIME_SHARE_H
#define WXG_DAEMON_TIME_SHARE_H

#include <stdint.h>

/* All zero at first: then there is as much as can be kept. */
struct time_share {
	uint64_t left_ns, filled_ns;
};

/* ns of CLOCK_MONOTONIC */
uint64_t time_share_clock(void);
/* What is left at @now, of every @part-th of the time, at most @max; ns. */
uint64_t time_share_left(struct time_share *share, unsigned int part, uint64_t max, uint64_t now);
/* It was used since @begun. */
void time_share_pay(struct time_share *share, uint64_t begun);

#endif
