// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may change mode and rules may also change them back, so each change
 * leaves a record in the stream; so do a lock, a spent budget, and a module
 * that has stopped looking at itself. Looked for at intervals: the module does
 * not ring for it. Only reads from the module.
 */
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "wxguardd.h"

#define HEARTBEAT_PATH "/sys/module/wxguard/parameters/heartbeat"
#define HEARTBEAT_DEFAULT 10	/* s */

/* As it is now is as it was told: at a new connection, or after our change. */
void changes_note(struct wxguardd *d)
{
	struct client_status status;

	if (client_status(d->control, &status))
		return;
	changes_seen_set(&d->seen, &status, clock_mono_ms());
	d->seen.heartbeat_ms = clock_mono_ms();
	d->seen.heartbeat_late = false;
	changes_rules(d, false);
}

static uint64_t heartbeat_interval_ms(void)
{
	FILE *in = fopen(HEARTBEAT_PATH, "re");
	unsigned int seconds = HEARTBEAT_DEFAULT;

	if (in && fscanf(in, "%u", &seconds) != 1)
		seconds = HEARTBEAT_DEFAULT;
	if (in)
		fclose(in);
	return (uint64_t)seconds * 1000;
}

/* What was noted shortly before the last look may have been done after it. */
#define NOTED_MS 3000

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

/* @reason grows by who it was. */
static void tell_mode_change(struct wxguardd *d, const struct client_status *status,
			     char reason[CHANGES_REASON_MAX])
{
	size_t len = strlen(reason);
	char who[STORE_BY_MAX];
	const char *by = mode_by(d, status, who);
	struct ecs_change change = { .of = "mode", .by = by };
	json_t *before = json_pack("[s]", wxg_mode_name(d->seen.mode));
	json_t *after = json_pack("[s]", wxg_mode_name(status->mode));

	change.before = before;
	change.after = after;
	if (by)
		snprintf(reason + len, CHANGES_REASON_MAX - len, "; by %s", by);
	else if (changes_mode_by_somebody(&d->seen, status))
		snprintf(reason + len, CHANGES_REASON_MAX - len, "; nobody said by whom");
	collect_change(d, ECS_NOTICE_MODE_CHANGED, reason, &change);
	json_decref(before);
	json_decref(after);
}

static unsigned int tell_mode(struct wxguardd *d, const struct client_status *status)
{
	char reason[CHANGES_REASON_MAX];
	unsigned int told = 0;

	if (changes_mode(&d->seen, status, reason)) {
		tell_mode_change(d, status, reason);
		told++;
	}
	if (d->seen.mode == WXGUARD_MODE_LEARN && status->mode != d->seen.mode)
		learn_broken_off(d, status->mode);
	if (status->budget_trips != d->seen.budget_trips) {
		snprintf(reason, sizeof(reason), "more was denied within a minute than the rules allow; the mode is %s",
			 wxg_mode_name(status->mode));
		say(CONFIG_ERROR, "enforcement has ended: %s", reason);
		collect_notice(d, ECS_NOTICE_BUDGET_SPENT, reason);
		told++;
	}
	return told;
}

static unsigned int tell_module(struct wxguardd *d, const struct client_status *status)
{
	char reason[CHANGES_REASON_MAX];
	unsigned int told = 0;

	if (status->generation != d->told.generation && changes_rules(d, true))
		told++;
	if (status->locked && !d->seen.locked) {
		collect_notice(d, ECS_NOTICE_LOCKED, "it cannot be unloaded before the next boot");
		told++;
	}
	if (changes_heartbeat(&d->seen, status, clock_mono_ms(), heartbeat_interval_ms(),
			      reason)) {
		say(d->seen.heartbeat_late ? CONFIG_ERROR : CONFIG_INFO, "%s", reason);
		collect_notice(d, d->seen.heartbeat_late ? ECS_NOTICE_HEARTBEAT_LATE :
							   ECS_NOTICE_HEARTBEAT_BACK, reason);
		told++;
	}
	return told;
}

void changes_tell(struct wxguardd *d)
{
	struct client_status status;

	if (client_status(d->control, &status)) {
		link_failed(d, d->control);
		return;
	}
	if (tell_mode(d, &status) + tell_module(d, &status))
		collect_deliver(d);
	changes_seen_set(&d->seen, &status, clock_mono_ms());
}
