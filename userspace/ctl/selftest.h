/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The steps of "wxguard test" for one detection.
 */
#ifndef WXG_CTL_SELFTEST_H
#define WXG_CTL_SELFTEST_H

#include "daemon.h"
#include "probe_run.h"

/* The module has a second; how long the daemon has, the caller says. */
#define SELFTEST_MODULE_MS 1000

struct selftest {
	uint32_t class;
	struct probe_result child;
	uint64_t started;	/* s since 1970 */
	bool arrived;		/* the module has the finding */
	uint64_t seq, kernel_ms;
	uint32_t verdict;
	bool asked_store, stored;
	uint64_t store_ms;
	char missing[256];	/* what is missing, "" = nothing */
};

/* Fire it: @copy for memory, NULL for a program from a memfd. */
void selftest_fire(struct selftest *test, struct client *client, uint64_t after,
		   const struct probe_copy *copy);
/* Did the daemon commit it? Only where it arrived. Waits so long at most. */
void selftest_ask_store(struct selftest *test, struct client *client,
			uint64_t patience_ms);

#endif
