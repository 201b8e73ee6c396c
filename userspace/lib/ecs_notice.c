// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Documents that are no finding: lost numbers and what the daemon has to say
 * about itself. Pure but for memory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ecs_parts.h"
#include "json_out.h"

struct row {
	const char *code, *action, *title, *category, *type, *level, *outcome;
};

static const struct row notices[ECS_NOTICE_MAX] = {
	[ECS_NOTICE_STARTED] = { "daemon_started", "daemon-started",
		"wxguardd started", "host", "start", "info", "success" },
	[ECS_NOTICE_STOPPED] = { "daemon_stopped", "daemon-stopped",
		"wxguardd stopped", "host", "end", "warning", "success" },
	[ECS_NOTICE_HISTORY_RESET] = { "history_reset", "history-reset",
		"The history of known executables was reset", "host", "change",
		"error", "failure" },
	[ECS_NOTICE_LEARNING] = { "learning", "learning",
		"Learning mode", "configuration", "change", "warning",
		"success" },
	[ECS_NOTICE_OUTPUT_DEGRADED] = { "output_degraded", "output-degraded",
		"An output cannot be written", "host", "change", "error",
		"failure" },
	[ECS_NOTICE_OUTPUT_RECOVERED] = { "output_recovered",
		"output-recovered", "An output can be written again", "host",
		"change", "info", "success" },
	[ECS_NOTICE_RULES_CHANGED] = { "rules_changed", "rules-changed",
		"The rules were changed", "configuration", "change", "warning",
		"success" },
	[ECS_NOTICE_MODE_CHANGED] = { "mode_changed", "mode-changed",
		"The mode was changed", "configuration", "change", "warning",
		"success" },
	[ECS_NOTICE_LOCKED] = { "module_locked", "module-locked",
		"The module was locked", "configuration", "change", "warning",
		"success" },
	[ECS_NOTICE_BUDGET_SPENT] = { "budget_spent", "budget-spent",
		"Enforcement has ended", "configuration", "change", "critical",
		"success" },
	[ECS_NOTICE_HEARTBEAT_LATE] = { "heartbeat_late", "heartbeat-late",
		"The module's self-check is late", "host", "change", "critical",
		"failure" },
	[ECS_NOTICE_HEARTBEAT_BACK] = { "heartbeat_back", "heartbeat-back",
		"The module's self-check is back", "host", "change", "info",
		"success" },
	[ECS_NOTICE_RESPONDED] = { "responded", "responded",
		"Somebody acted on a finding", "process", "change", "warning",
		"success" },
	[ECS_NOTICE_KNOWN_CHANGED] = { "known_changed", "known-changed",
		"The known executables were changed", "configuration", "change",
		"warning", "success" },
};

static const struct row lost = { "findings_lost", "findings-lost",
	"Findings were lost", "host", "info", "error", "failure" };

const char *ecs_notice_code(enum ecs_notice notice)
{
	return (unsigned int)notice < ECS_NOTICE_MAX ? notices[notice].code :
						       "unknown";
}

static int put_row(json_t *root, const struct row *row, const char *id,
		   const char *reason, const struct ecs_context *context)
{
	int error = 0;

	error |= json_put(root, "@timestamp", json_null());
	error |= json_put(root, "message", reason ?
			  json_sprintf("%s: %s", row->title, reason) :
			  json_string(row->title));
	error |= json_put(root, "tags", ecs_strings("wxguard", "operation",
						    NULL));
	error |= ecs_put_head(root, context, context->created);
	error |= json_put(root, "event.kind", json_string("event"));
	error |= json_put(root, "event.category",
			  ecs_strings(row->category, NULL));
	error |= json_put(root, "event.type", ecs_strings(row->type, NULL));
	error |= ecs_put_string(root, "event.action", row->action);
	error |= ecs_put_string(root, "event.outcome", row->outcome);
	error |= ecs_put_string(root, "event.code", row->code);
	error |= ecs_put_string(root, "event.provider", "wxguardd");
	error |= ecs_put_string(root, "event.id", id);
	error |= ecs_put_string(root, "event.reason", reason);
	error |= ecs_put_level(root, row->level);
	return error;
}

static json_t *finish(json_t *root, int error)
{
	if (!error)
		return root;
	json_decref(root);
	return NULL;
}

json_t *ecs_loss(const struct finding_loss *loss,
		 const struct ecs_context *context)
{
	uint64_t count = loss->last - loss->first + 1;
	json_t *root = json_object();
	char first[ECS_EVENT_ID_MAX], id[ECS_EVENT_ID_MAX + 24], reason[128];
	int error = 0;

	ecs_event_id(context, loss->first, first);
	snprintf(id, sizeof(id), "%s-%016" PRIx64, first, loss->last);
	snprintf(reason, sizeof(reason), "%" PRIu64 " findings, numbers %" PRIu64
		 " to %" PRIu64 ", did not reach the daemon", count,
		 loss->first, loss->last);
	error |= put_row(root, &lost, id, reason, context);
	error |= ecs_put_number(root, "wxguard.stream.lost_first", loss->first);
	error |= ecs_put_number(root, "wxguard.stream.lost_last", loss->last);
	error |= ecs_put_number(root, "wxguard.stream.lost_count", count);
	return finish(root, error);
}

/* No number: the time it was said, and what, make it one of a kind. */
static json_t *make_notice(enum ecs_notice notice, const char *reason, uint32_t index,
			   const struct ecs_context *context)
{
	json_t *root;
	char boot[ECS_EVENT_ID_MAX], id[ECS_EVENT_ID_MAX + 52];

	if ((unsigned int)notice >= ECS_NOTICE_MAX)
		return NULL;
	root = json_object();
	ecs_event_id(context, context->created, boot);
	if (index)
		snprintf(id, sizeof(id), "%s-%s-%" PRIu32, boot, notices[notice].code, index);
	else
		snprintf(id, sizeof(id), "%s-%s", boot, notices[notice].code);
	return finish(root, put_row(root, &notices[notice], id, reason,
				    context));
}

json_t *ecs_notice(enum ecs_notice notice, const char *reason,
		   const struct ecs_context *context)
{
	return make_notice(notice, reason, 0, context);
}

static int put_change(json_t *root, const struct ecs_change *change)
{
	int error = 0;

	if (change->of) {
		error |= json_put(root, "wxguard.change.kind",
				  json_stringn(change->of, strcspn(change->of, " ")));
		error |= ecs_put_string(root, "wxguard.change.of", change->of);
	}
	if (change->before)
		error |= json_put(root, "wxguard.change.before",
				  json_deep_copy(change->before));
	if (change->after)
		error |= json_put(root, "wxguard.change.after",
				  json_deep_copy(change->after));
	error |= ecs_put_string(root, "wxguard.change.by", change->by);
	if (change->more)
		error |= ecs_put_number(root, "wxguard.change.more", change->more);
	if (change->generation_before)
		error |= ecs_put_number(root, "wxguard.change.generation_before",
					change->generation_before);
	if (change->generation)
		error |= ecs_put_number(root, "wxguard.change.generation",
					change->generation);
	return error;
}

json_t *ecs_change(enum ecs_notice notice, const char *reason,
		   const struct ecs_change *change, const struct ecs_context *context)
{
	json_t *root = make_notice(notice, reason, change->index, context);

	return root ? finish(root, put_change(root, change)) : NULL;
}
