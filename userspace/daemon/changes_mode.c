// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A mode that is another one than that told last becomes a record, with before,
 * after and who did it; so do a lock and a spent budget. What was told stands
 * in the store, so that what changes while nobody looks is told afterwards:
 * as one change, from what was told to what is. Only reads from the module.
 */
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "wxguardd.h"

#define AWAY "; while wxguardd did not run"

/* What was noted shortly before the last look may have been done after it. */
#define NOTED_MS 3000

/* ---- what was told ---- */

/* { "load": ..., "mode": ..., ... } of the store. false: nothing was told ever. */
static bool read_told(struct wxguardd *d, bool *same_load)
{
	int mode = 0, trial = 0, locked = 0;
	json_int_t trips = 0, looked = 0;
	json_t *kept = changes_told(d, STORE_META_MODE_TOLD, same_load);
	const char *then = NULL;
	bool good;

	good = kept && !json_unpack(kept, "{s:s, s:i, s:b, s:b, s:I, s:I}", "load", &then,
				    "mode", &mode, "trial", &trial, "locked", &locked,
				    "budget_trips", &trips, "looked", &looked);
	*same_load &= good;
	if (good) {
		d->seen.mode = (uint32_t)mode;
		d->seen.on_trial = trial;
		d->seen.locked = locked;
		d->seen.budget_trips = (uint64_t)trips;
		/* In another boot the clock was another one. */
		d->seen.looked_ms = *same_load ? (uint64_t)looked : 0;
	}
	json_decref(kept);
	return good;
}

static int write_told(struct wxguardd *d)
{
	const struct changes_seen *seen = &d->seen;

	return changes_told_put(d, STORE_META_MODE_TOLD,
				json_pack("{s:i, s:b, s:b, s:I, s:I}", "mode", (int)seen->mode,
					  "trial", seen->on_trial, "locked", seen->locked,
					  "budget_trips", (json_int_t)seen->budget_trips,
					  "looked", (json_int_t)seen->looked_ms));
}

static bool is_told(const struct changes_seen *seen, const struct client_status *status)
{
	return seen->mode == status->mode && seen->on_trial == !!status->confirm_left &&
	       seen->locked == !!status->locked && seen->budget_trips == status->budget_trips;
}

/* It is as it was told. A store that cannot be written says so elsewhere. */
static void note(struct wxguardd *d, const struct client_status *status, bool write)
{
	changes_seen_set(&d->seen, status, clock_mono_ms());
	if (write && write_told(d))
		say(CONFIG_DEBUG, "%s", store_error(d->store));
}

/* ---- what is another one ---- */

/* NULL = nobody said it. */
static const char *mode_by(struct wxguardd *d, const struct client_status *status,
			   char by[STORE_BY_MAX])
{
	uint64_t when;

	if (store_by_get(d->store, STORE_BY_MODE, status->mode, &when, by) ||
	    when + NOTED_MS < d->seen.looked_ms)
		return NULL;
	return by;
}

/* @reason grows by @by, if it was somebody, and by @when. */
static void tell_change(struct wxguardd *d, const struct client_status *status, const char *by,
			const char *when, char reason[CHANGES_REASON_MAX])
{
	struct ecs_change change = { .of = "mode", .by = by };
	json_t *before = json_pack("[s]", wxg_mode_name(d->seen.mode));
	json_t *after = json_pack("[s]", wxg_mode_name(status->mode));
	size_t len = strlen(reason);

	change.before = before;
	change.after = after;
	if (by)
		snprintf(reason + len, CHANGES_REASON_MAX - len, "; by %s%s", by, when);
	else
		snprintf(reason + len, CHANGES_REASON_MAX - len, "%s%s",
			 changes_mode_by_somebody(&d->seen, status) ? "; nobody said by whom" : "",
			 when);
	collect_change(d, ECS_NOTICE_MODE_CHANGED, reason, &change);
	json_decref(before);
	json_decref(after);
}

static unsigned int tell(struct wxguardd *d, const struct client_status *status, const char *when)
{
	char reason[CHANGES_REASON_MAX], who[STORE_BY_MAX];
	unsigned int told = 0;

	if (changes_mode(&d->seen, status, reason)) {
		tell_change(d, status, mode_by(d, status, who), when, reason);
		told++;
	}
	if (status->budget_trips != d->seen.budget_trips) {
		snprintf(reason, sizeof(reason), "more was denied within a minute than the rules allow; the mode is %s%s",
			 wxg_mode_name(status->mode), when);
		say(CONFIG_ERROR, "enforcement has ended: %s", reason);
		collect_notice(d, ECS_NOTICE_BUDGET_SPENT, reason);
		told++;
	}
	if (status->locked && !d->seen.locked) {
		snprintf(reason, sizeof(reason), "it cannot be unloaded before the next boot%s", when);
		collect_notice(d, ECS_NOTICE_LOCKED, reason);
		told++;
	}
	return told;
}

unsigned int changes_mode_look(struct wxguardd *d, const struct client_status *status)
{
	bool known = is_told(&d->seen, status);
	unsigned int told = known ? 0 : tell(d, status, "");

	if (d->seen.mode == WXGUARD_MODE_LEARN && status->mode != d->seen.mode)
		learn_broken_off(d, status->mode);
	note(d, status, !known);
	return told;
}

void changes_mode_away(struct wxguardd *d, const struct client_status *status)
{
	bool same_load;

	if (!read_told(d, &same_load) || !same_load || is_told(&d->seen, status))
		return;
	tell(d, status, AWAY);
	note(d, status, true);
}

/*
 * What this daemon did at the connection is told like what others do; and so is
 * a mode that a module has that was loaded meanwhile. Of learning its own
 * record says more.
 */
void changes_mode_settled(struct wxguardd *d, const struct client_status *status)
{
	char reason[CHANGES_REASON_MAX], who[STORE_BY_MAX];
	const char *by;
	bool same_load;

	if (read_told(d, &same_load) && d->seen.mode != status->mode && !d->learn_until) {
		by = mode_by(d, status, who);
		snprintf(reason, sizeof(reason), "from %s to %s", wxg_mode_name(d->seen.mode),
			 wxg_mode_name(status->mode));
		tell_change(d, status, by ? by : same_load ? NULL : "the module (loaded anew)", "",
			    reason);
	}
	note(d, status, true);
}
