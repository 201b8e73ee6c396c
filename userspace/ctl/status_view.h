/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything that "wxguard status" says, gathered, then shown.
 */
#ifndef WXG_CTL_STATUS_VIEW_H
#define WXG_CTL_STATUS_VIEW_H

#include <stdio.h>

#include "daemon.h"
#include "records.h"

struct status_store {
	bool present;
	char path[CONFIG_PATH_MAX];
	char why[RECORDS_WHY_MAX];	/* it could not be read */
	uint64_t findings, losses, known, lost_total;
	uint64_t newest;		/* ns since 1970, of the newest finding */
};

struct status_view {
	struct client_status kernel;
	struct client_rules rules;
	struct daemon_state daemon;
	struct status_store store;
	/* s since the module looked at itself, and how often it should; 0 = not known */
	uint64_t heartbeat_age, heartbeat_interval;
};

/* Fill view->store. A store that is absent or damaged is said, not fatal. */
void status_view_store(struct status_view *view);
/* Fill view->heartbeat_*, from the clock and the module's parameter. */
void status_view_heartbeat(struct status_view *view);
/* Is each judge armed? */
bool status_view_armed(const struct status_view *view);
json_t *status_view_json(const struct status_view *view);
void status_view_print(FILE *out, const struct ctl *ctl,
		       const struct status_view *view);

#endif
