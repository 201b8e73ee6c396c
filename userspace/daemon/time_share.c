// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See time_share.h.
 */
#include "time_share.h"

#include <time.h>

uint64_t time_share_clock(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t time_share_left(struct time_share *share, unsigned int part, uint64_t max, uint64_t now)
{
	uint64_t more = !share->filled_ns ? max :
			now > share->filled_ns ? (now - share->filled_ns) / part : 0;

	share->filled_ns = now;
	share->left_ns += more;
	if (share->left_ns > max)
		share->left_ns = max;
	return share->left_ns;
}

void time_share_pay(struct time_share *share, uint64_t begun)
{
	uint64_t spent = time_share_clock() - begun;

	share->left_ns -= spent < share->left_ns ? spent : share->left_ns;
}
