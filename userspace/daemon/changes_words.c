// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Two looks at the module's status compared, see changes.h. Pure.
 */
#include "changes.h"

#include <inttypes.h>
#include <stdio.h>

#include "../../module/core/class.h"

/* So many beats may be left out before it is said. */
#define BEATS 3
/* Under load a beat comes late, and that is no news. */
#define LATE_MIN_MS 30000

void changes_seen_set(struct changes_seen *seen, const struct client_status *status,
		      uint64_t now_ms)
{
	seen->mode = status->mode;
	seen->looked_ms = now_ms;
	seen->generation = status->generation;
	seen->on_trial = status->confirm_left;
	seen->locked = status->locked;
	seen->budget_trips = status->budget_trips;
	if (seen->heartbeat != status->heartbeat) {
		seen->heartbeat = status->heartbeat;
		seen->heartbeat_ms = now_ms;
	}
}

static bool changed_mode(const struct changes_seen *seen, const struct client_status *status,
			 char reason[CHANGES_REASON_MAX])
{
	const char *from = wxg_mode_name(seen->mode), *to = wxg_mode_name(status->mode);

	if (status->confirm_left)
		snprintf(reason, CHANGES_REASON_MAX, "from %s to %s; it goes back to %s by itself in %u s unless it is confirmed",
			 from, to, wxg_mode_name(status->confirm_mode), status->confirm_left);
	else if (status->budget_trips != seen->budget_trips)
		snprintf(reason, CHANGES_REASON_MAX, "from %s to %s, since the budget of denials is spent",
			 from, to);
	else if (seen->on_trial)
		snprintf(reason, CHANGES_REASON_MAX, "from %s to %s, without having been confirmed",
			 from, to);
	else
		snprintf(reason, CHANGES_REASON_MAX, "from %s to %s", from, to);
	return true;
}

bool changes_mode(const struct changes_seen *seen, const struct client_status *status,
		  char reason[CHANGES_REASON_MAX])
{
	const char *mode = wxg_mode_name(status->mode);

	if (seen->mode != status->mode)
		return changed_mode(seen, status, reason);
	if (seen->on_trial == !!status->confirm_left)
		return false;
	if (status->confirm_left)
		snprintf(reason, CHANGES_REASON_MAX, "%s goes back to %s by itself in %u s unless it is confirmed",
			 mode, wxg_mode_name(status->confirm_mode), status->confirm_left);
	else
		snprintf(reason, CHANGES_REASON_MAX, "%s is confirmed and stays", mode);
	return true;
}

bool changes_mode_by_somebody(const struct changes_seen *seen,
			      const struct client_status *status)
{
	if (seen->mode == status->mode)
		return true;
	if (status->confirm_left)
		return true;
	return !seen->on_trial && status->budget_trips == seen->budget_trips;
}

bool changes_heartbeat(struct changes_seen *seen, const struct client_status *status,
		       uint64_t now_ms, uint64_t interval_ms,
		       char reason[CHANGES_REASON_MAX])
{
	uint64_t limit = interval_ms * BEATS;
	bool late;

	if (limit < LATE_MIN_MS)
		limit = LATE_MIN_MS;
	late = status->heartbeat == seen->heartbeat && now_ms - seen->heartbeat_ms > limit;
	if (late == seen->heartbeat_late)
		return false;
	seen->heartbeat_late = late;
	if (late)
		snprintf(reason, CHANGES_REASON_MAX, "the module has not looked at itself for %" PRIu64 " s; it should every %" PRIu64 " s",
			 (now_ms - seen->heartbeat_ms) / 1000, interval_ms / 1000);
	else
		snprintf(reason, CHANGES_REASON_MAX, "the module looks at itself again");
	return true;
}
