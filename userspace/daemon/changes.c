// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may change mode and rules may also change them back, so each change
 * leaves a record in the stream. Looked for at intervals: the module does not
 * ring for it. Only reads from the module.
 */
#include <stdio.h>

#include "../../module/core/class.h"
#include "wxguardd.h"

/* As it is now is as it was told: at a new connection, or after our change. */
void changes_note(struct wxguardd *d)
{
	struct client_status status;

	if (client_status(d->control, &status))
		return;
	d->seen_mode = status.mode;
	d->seen_generation = status.generation;
}

void changes_tell(struct wxguardd *d)
{
	struct client_status status;
	char reason[128];

	if (client_status(d->control, &status)) {
		link_failed(d, d->control);
		return;
	}
	if (status.mode != d->seen_mode) {
		snprintf(reason, sizeof(reason), "from %s to %s",
			 wxg_mode_name(d->seen_mode), wxg_mode_name(status.mode));
		collect_notice(d, ECS_NOTICE_MODE_CHANGED, reason);
	}
	if (status.generation != d->seen_generation) {
		snprintf(reason, sizeof(reason), "generation %u is live, before it was %u",
			 status.generation, d->seen_generation);
		collect_notice(d, ECS_NOTICE_RULES_CHANGED, reason);
	}
	if (status.mode != d->seen_mode || status.generation != d->seen_generation)
		collect_deliver(d);
	d->seen_mode = status.mode;
	d->seen_generation = status.generation;
}
