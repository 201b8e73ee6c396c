// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A finding as an ECS document: the envelope. The parts stand in ecs_*.c.
 * Pure but for memory.
 */
#include "ecs.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "ecs_parts.h"
#include "json_out.h"

/* @count decimal digits of @number, and @end behind them. */
static char *digits(char *to, unsigned int number, unsigned int count, char end)
{
	unsigned int i;

	for (i = count; i--; number /= 10)
		to[i] = (char)('0' + number % 10);
	to[count] = end;
	return to + count + 1;
}

/* By hand: each document has eight of them. 64 bits of ns end in 2554. */
void ecs_time(uint64_t ns, char text[ECS_TIME_MAX])
{
	time_t seconds = (time_t)(ns / 1000000000u);
	struct tm tm;

	gmtime_r(&seconds, &tm);
	text = digits(text, (unsigned int)tm.tm_year + 1900, 4, '-');
	text = digits(text, (unsigned int)tm.tm_mon + 1, 2, '-');
	text = digits(text, (unsigned int)tm.tm_mday, 2, 'T');
	text = digits(text, (unsigned int)tm.tm_hour, 2, ':');
	text = digits(text, (unsigned int)tm.tm_min, 2, ':');
	text = digits(text, (unsigned int)tm.tm_sec, 2, '.');
	text = digits(text, (unsigned int)(ns % 1000000000u), 9, 'Z');
	*text = '\0';
}

static void boot_digits(const struct ecs_context *context, char digits[40])
{
	size_t i, len = 0;

	for (i = 0; context->boot_id[i] && len < 39; i++)
		if (context->boot_id[i] != '-')
			digits[len++] = context->boot_id[i];
	digits[len] = '\0';
}

void ecs_event_id(const struct ecs_context *context, uint64_t seq,
		  char id[ECS_EVENT_ID_MAX])
{
	char digits[40];

	boot_digits(context, digits);
	snprintf(id, ECS_EVENT_ID_MAX, "%s-%016" PRIx64, digits, seq);
}

bool ecs_denied(const struct finding *finding)
{
	return finding->verdict == WXGUARD_VERDICT_DENIED ||
	       finding->verdict == WXGUARD_VERDICT_KILLED;
}

const char *ecs_outcome(const struct finding *finding)
{
	if (ecs_denied(finding))
		return "failure";
	if (!finding->has_syscall || !finding->has_return)
		return "unknown";
	/* The error range of the kernel; above it are addresses (mmap). */
	return finding->syscall_return < 0 && finding->syscall_return >= -4095 ?
		       "failure" : "success";
}

/*
 * The row of the class; a debugger at work on its own child is what debuggers
 * do, and so of little weight.
 */
static struct rule rule_of(const struct finding *finding)
{
	struct rule rule = *rule_lookup(finding->class);

	if (finding->flags & WXGUARD_FLAG_DEBUGGER) {
		rule.severity = "low";
		rule.risk = 21;
	}
	return rule;
}

/* Who blinds the sensor is not to be overlooked between other findings. */
static const char *level_of(const struct finding *finding,
			    const struct rule *rule)
{
	if (finding->class == WXGUARD_CLASS_SENSOR_TAMPER)
		return "critical";
	return rule->risk >= 73 ? "error" : rule->risk >= 47 ? "warning" : "info";
}

static int put_event(json_t *root, const struct finding *finding,
		     const struct rule *rule, const struct ecs_context *context)
{
	char id[ECS_EVENT_ID_MAX];
	bool twice = !strcmp(rule->type, "info");
	int error = 0;

	ecs_event_id(context, finding->seq, id);
	error |= json_put(root, "event.kind", json_string("alert"));
	error |= json_put(root, "event.category",
			  ecs_strings(finding_has_process(finding) ? "process" :
								     "host",
				      "intrusion_detection", NULL));
	error |= json_put(root, "event.type",
			  ecs_strings("info", twice ? NULL : rule->type, NULL));
	if (ecs_denied(finding))
		error |= json_array_append_new(
			json_object_get(json_object_get(root, "event"), "type"),
			json_string("denied"));
	error |= ecs_put_string(root, "event.action", rule->action);
	error |= ecs_put_string(root, "event.outcome", ecs_outcome(finding));
	error |= ecs_put_string(root, "event.code", rule->code);
	error |= ecs_put_string(root, "event.id", id);
	error |= ecs_put_number(root, "event.sequence", finding->seq);
	error |= ecs_put_number(root, "event.severity", (uint64_t)rule->risk);
	error |= json_put(root, "event.risk_score", json_real(rule->risk));
	return error;
}

static int put_related(json_t *root, const struct finding *finding)
{
	const struct finding_enrichment *extra = &finding->extra;
	int error = 0;

	if (extra->user_name)
		error |= json_put(root, "related.user",
				  ecs_strings(extra->user_name, NULL));
	if (extra->exe_sha256)
		error |= json_put(root, "related.hash",
				  ecs_strings(extra->exe_sha256, NULL));
	return error;
}

json_t *ecs_document(const struct finding *finding,
		     const struct ecs_context *context)
{
	const struct rule rule = rule_of(finding);
	json_t *root = json_object();
	int error = 0;

	error |= json_put(root, "@timestamp", json_null());	/* comes first */
	error |= json_put(root, "message", json_null());
	error |= json_put(root, "tags", ecs_strings("wxguard", rule.tag,
						    ecs_denied(finding) ?
						    "denied" : NULL, NULL));
	error |= ecs_put_head(root, context, finding->time_real);
	error |= put_event(root, finding, &rule, context);
	error |= ecs_put_sentences(root, finding, &rule);
	error |= ecs_put_level(root, level_of(finding, &rule));
	error |= ecs_put_process(root, finding, context);
	error |= ecs_put_file(root, finding);
	error |= ecs_put_auditd(root, finding);
	error |= ecs_put_rule(root, &rule);
	error |= put_related(root, finding);
	error |= ecs_put_own(root, finding);
	error |= ecs_put_other(root, finding, context);
	if (!error)
		return root;
	json_decref(root);
	return NULL;
}
