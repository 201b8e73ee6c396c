/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changed in the module since it was looked at last, and in which words. */
#ifndef WXG_DAEMON_CHANGES_H
#define WXG_DAEMON_CHANGES_H

#include "../lib/client.h"

#define CHANGES_REASON_MAX 384

struct changes_seen {
	uint32_t mode, generation;
	uint64_t looked_ms;		/* when, clock_mono_ms() */
	bool on_trial;			/* the mode goes back by itself */
	bool locked;
	uint64_t budget_trips;
	uint64_t heartbeat;		/* the module's number for it, */
	uint64_t heartbeat_ms;		/* and when it was new, clock_mono_ms() */
	bool heartbeat_late;
};

/* Everything is as it was told. */
void changes_seen_set(struct changes_seen *seen, const struct client_status *status,
		      uint64_t now_ms);

/*
 * Was it somebody who changed the mode, so that it is worth to say who? Not
 * where the module went back by itself.
 */
bool changes_mode_by_somebody(const struct changes_seen *seen,
			      const struct client_status *status);

/* What became of the mode. false = nothing that anybody has to know. */
bool changes_mode(const struct changes_seen *seen, const struct client_status *status,
		  char reason[CHANGES_REASON_MAX]);

/*
 * Does the module look at itself as often as it should? @interval_ms: how
 * often that is. true when the answer is another one than last time.
 */
bool changes_heartbeat(struct changes_seen *seen, const struct client_status *status,
		       uint64_t now_ms, uint64_t interval_ms,
		       char reason[CHANGES_REASON_MAX]);

#endif
