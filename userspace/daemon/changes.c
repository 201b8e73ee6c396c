// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may change mode and rules may also change them back, so each change
 * leaves a record in the stream; so do a lock, a spent budget, and a module
 * that has stopped looking at itself. Looked for at intervals: the module does
 * not ring for it. Only reads from the module.
 */
#include <stdio.h>
#include <string.h>

#include "wxguardd.h"

#define HEARTBEAT_PATH "/sys/module/wxguard/parameters/heartbeat"
#define HEARTBEAT_DEFAULT 10	/* s */

/* From here on it is looked for what becomes another one. */
void changes_note(struct wxguardd *d)
{
	struct client_status status;

	if (client_status(d->control, &status))
		return;
	changes_mode_settled(d, &status);
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

static unsigned int tell_module(struct wxguardd *d, const struct client_status *status)
{
	char reason[CHANGES_REASON_MAX];
	unsigned int told = 0;

	if (status->generation != d->told.generation && changes_rules(d, true))
		told++;
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
	unsigned int told;

	if (client_status(d->control, &status)) {
		link_failed(d, d->control);
		return;
	}
	told = tell_module(d, &status);
	if (changes_mode_look(d, &status) + told)
		collect_deliver(d);
}
