// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may change mode and rules may also change them back, so each change
 * leaves a record in the stream; so do a lock, a spent budget, and a module
 * that has stopped looking at itself. Looked for at intervals: the module does
 * not ring for it. Only reads from the module.
 */
#include <stdio.h>

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

static unsigned int tell_mode(struct wxguardd *d, const struct client_status *status)
{
	char reason[CHANGES_REASON_MAX];
	unsigned int told = 0;

	if (changes_mode(&d->seen, status, reason)) {
		collect_notice(d, ECS_NOTICE_MODE_CHANGED, reason);
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

	if (status->generation != d->seen.generation) {
		snprintf(reason, sizeof(reason), "generation %u is live, before it was %u",
			 status->generation, d->seen.generation);
		collect_notice(d, ECS_NOTICE_RULES_CHANGED, reason);
		told++;
	}
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
