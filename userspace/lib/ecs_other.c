// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Parts of a finding that only some classes have: the other process, repeats,
 * tampering, the scope. Pure but for memory.
 */
#include <stdio.h>

#include "ecs_parts.h"
#include "json_out.h"
#include "json_text.h"
#include "../../module/core/class.h"

/* @at: "wxguard.target" or "wxguard.writer". */
static int put_other(json_t *root, const char *at, bool has,
		     const struct finding *finding,
		     const struct finding_process *process,
		     const struct ecs_context *context)
{
	char path[64];
	int error = 0;

#define MEMBER(name) (snprintf(path, sizeof(path), "%s." name, at), path)
	if (!has)
		return 0;
	error |= ecs_put_number(root, MEMBER("pid"), process->pid);
	error |= ecs_put_text(root, MEMBER("name"), process->comm);
	error |= ecs_put_text(root, MEMBER("executable"), process->exe);
	error |= ecs_put_id(root, MEMBER("uid"), process->uid);
	error |= json_put(root, MEMBER("self"),
			  json_boolean(process->pid == finding->process.pid));
	if (!process->start)
		return error;
	error |= ecs_put_entity(root, MEMBER("entity_id"), process, context);
	error |= ecs_put_time(root, MEMBER("start"),
			      ecs_start_time(finding, process->start));
#undef MEMBER
	return error;
}

static int put_repeat(json_t *root, const struct finding *finding,
		      const struct ecs_context *context)
{
	char id[ECS_EVENT_ID_MAX];
	int error = 0;

	if (!finding_is_repeat(finding))
		return 0;
	if (finding->repeat_of) {
		ecs_event_id(context, finding->repeat_of, id);
		error |= ecs_put_number(root, "wxguard.repeat.of",
					finding->repeat_of);
		error |= ecs_put_string(root, "wxguard.repeat.event_id", id);
	}
	error |= ecs_put_number(root, "wxguard.repeat.count",
				finding->repeat_count);
	if (finding->repeat_last)
		error |= ecs_put_time(root, "wxguard.repeat.last",
				      finding->repeat_last);
	return error;
}

int ecs_put_other(json_t *root, const struct finding *finding,
		  const struct ecs_context *context)
{
	int error = 0;

	error |= put_other(root, "wxguard.target", finding->has_target, finding,
			   &finding->target, context);
	error |= put_other(root, "wxguard.writer", finding->has_writer, finding,
			   &finding->writer, context);
	if (finding->has_target) {
		/* ECS has a target for users, but none for processes. */
		error |= ecs_put_id(root, "user.target.id", finding->target.uid);
		error |= ecs_put_string(root, "user.target.name",
					finding->extra.target_name);
	}
	if (finding->tamper)
		error |= ecs_put_string(root, "wxguard.tamper.reason",
					wxg_tamper_name(finding->tamper));
	error |= ecs_put_string(root, "wxguard.scope.name", finding->scope);
	return error | put_repeat(root, finding, context);
}
