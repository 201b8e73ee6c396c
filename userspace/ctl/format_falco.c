// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A record as an alert of Falco in JSON (falco.org, "Outputs Formatting" with
 * json_output): hostname, output, priority, rule, source, tags, time,
 * output_fields by the names of Falco's own fields. Falcosidekick and what
 * else reads Falco's alerts reads it. Pure.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "format.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static const struct format_pair fields[] = {
	{ "evt.type", "auditd.data.syscall" },
	{ "proc.name", "process.name" },
	{ "proc.exepath", "process.executable" },
	{ "proc.cmdline", "process.command_line" },
	{ "proc.cwd", "process.working_directory" },
	{ "proc.pid", "process.pid" },
	{ "proc.vpid", "process.vpid" },
	{ "proc.ppid", "process.parent.pid" },
	{ "proc.pname", "process.parent.name" },
	{ "proc.pexepath", "process.parent.executable" },
	{ "thread.tid", "process.thread.id" },
	{ "user.name", "user.name" },
	{ "user.loginname", "auditd.user.audit.name" },
	{ "group.name", "user.group.name" },
	{ "container.id", "container.id" },
	{ "fd.name", "file.path" },
	{ "wxguard.class", "wxguard.finding.class" },
	{ "wxguard.verdict", "wxguard.finding.verdict" },
	{ "wxguard.event.id", "event.id" },
};

static const char *priority_of(const json_t *doc)
{
	unsigned int severity = format_severity(doc);
	const char *level = json_string_value(json_at(doc, "log.level"));
	bool finding = json_at(doc, "event.severity");

	if (severity >= 73)
		return finding || (level && !strcmp(level, "critical")) ? "Critical" : "Error";
	return severity >= 47 ? "Warning" : severity >= 21 ? "Notice" : "Informational";
}

/* "Defense Evasion" -> "mitre_defense_evasion" */
static json_t *tactic_tag(const char *name)
{
	char tag[64];
	size_t i;

	snprintf(tag, sizeof(tag), "mitre_%s", name);
	for (i = 0; tag[i]; i++)
		tag[i] = tag[i] == ' ' ? '_' : tag[i] >= 'A' && tag[i] <= 'Z' ? tag[i] + 32 : tag[i];
	return json_string(tag);
}

static int put_tags(json_t *out, const json_t *doc)
{
	json_t *tags = json_array();
	const json_t *one;
	int error = json_array_append_new(tags, json_string("wxguard"));
	size_t i;

	json_array_foreach((json_t *)json_at(doc, "threat.tactic.name"), i, one)
		error |= json_array_append_new(tags, tactic_tag(json_string_value(one)));
	json_array_foreach((json_t *)json_at(doc, "threat.technique.id"), i, one)
		error |= json_array_append(tags, (json_t *)one);
	return error | json_put(out, "tags", tags);
}

/* Falco's names have dots in them; they are one key each. */
static int put_fields(json_t *out, const json_t *doc)
{
	const char *origin = json_string_value(json_at(doc, "wxguard.exec.origin"));
	const char *uid = json_string_value(json_at(doc, "user.id"));
	json_t *own = json_object();
	const json_t *value;
	int error = 0;
	size_t i;

	error |= json_object_set_new(own, "evt.time", json_integer(format_time(doc, "@timestamp")));
	for (i = 0; i < COUNT(fields); i++) {
		value = json_at(doc, fields[i].from);
		if (value)
			error |= json_object_set(own, fields[i].to, (json_t *)value);
	}
	if (!json_at(doc, "container.id"))
		error |= json_object_set_new(own, "container.id", json_string("host"));
	if (uid)
		error |= json_object_set_new(own, "user.uid", json_integer(strtoll(uid, NULL, 10)));
	if (origin)
		error |= json_object_set_new(own, "proc.is_exe_from_memfd",
					     json_boolean(!strncmp(origin, "memfd", 5)));
	return error | json_put(out, "output_fields", own);
}

static json_t *map(const json_t *doc)
{
	static const struct format_pair plain[] = {
		{ "hostname", "host.hostname" }, { "time", "@timestamp" }, { "uuid", "event.id" },
		{ "rule", "event.code" },	 { "rule", "rule.name" },
	};
	char *message = format_inert(doc, "message"), *reason = format_inert(doc, "event.reason");
	json_t *out = json_object();
	int error = !message || !reason;

	error |= format_copy(out, doc, plain, COUNT(plain));
	error |= json_put(out, "priority", json_string(priority_of(doc)));
	error |= json_put(out, "source", json_string("wxguard"));
	if (!error)
		error |= json_put(out, "output", json_sprintf("%s %s (%s)", priority_of(doc),
							      message, reason));
	error |= put_tags(out, doc);
	error |= put_fields(out, doc);
	free(message);
	free(reason);
	return json_finish(out, error);
}

const struct format format_falco = { .name = "falco", .map = map };
