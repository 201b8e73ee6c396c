// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A finding as Tracee prints one of its own: struct Event of types/trace in
 * github.com/aquasecurity/tracee (v0.2x), where a number is a JSON number and
 * eventId is one in a string. Who reads it with that struct gets every field.
 * Numbers that we do not have are 0. Pure.
 */
#include <string.h>

#include "../lib/json_out.h"
#include "format.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Ids of signatures begin at 6000; of ours each class has one, by its rule. */
#define EVENT_ID "6999"

static const struct format_pair event[] = {
	{ "processId", "process.vpid" },
	{ "hostProcessId", "process.pid" },
	{ "hostThreadId", "process.thread.id" },
	{ "threadId", "process.thread.id" },
	{ "hostParentProcessId", "process.parent.pid" },
	{ "parentProcessId", "process.parent.pid" },
	{ "mountNamespace", "wxguard.process.namespace.mnt" },
	{ "pidNamespace", "wxguard.process.namespace.pid" },
	{ "processName", "process.name" },
	{ "executable.path", "process.executable" },
	{ "hostName", "host.hostname" },
	{ "containerId", "container.id" },
	{ "container.id", "container.id" },
	{ "eventName", "event.code" },
	{ "syscall", "auditd.data.syscall" },
	{ "metadata.Version", "rule.version" },
	{ "metadata.Description", "rule.description" },
};

static const struct format_pair properties[] = {
	{ "Category", "rule.category" },
	{ "Technique", "threat.technique.name.0" },
	{ "external_id", "threat.technique.id.0" },
	{ "id", "wxguard.rule.stix_id" },
	{ "signatureID", "rule.id" },
	{ "signatureName", "rule.name" },
};

/* What an argument of ours is in its event: name, type in C, from where. */
static const struct {
	const char *name, *type, *from;
} arguments[] = {
	{ "pathname", "const char*", "file.path" },
	{ "argv", "const char**", "process.args" },
	{ "reason", "const char*", "event.reason" },
	{ "verdict", "const char*", "wxguard.finding.verdict" },
	{ "address", "const char*", "wxguard.memory.address" },
	{ "length", "size_t", "wxguard.memory.size" },
	{ "prot", "const char*", "wxguard.memory.prot_after" },
	{ "prev_prot", "const char*", "wxguard.memory.prot_before" },
	{ "event_id", "const char*", "event.id" },
};

/* As the struct has it when there is nothing to say. */
static int put_defaults(json_t *out)
{
	static const char *const numbers[] = {
		"timestamp", "threadStartTime", "processorId", "processId", "cgroupId",
		"threadId", "parentProcessId", "hostProcessId", "hostThreadId",
		"hostParentProcessId", "userId", "mountNamespace", "pidNamespace", "argsNum",
		"returnValue", "threadEntityId", "processEntityId", "parentEntityId"
	};
	static const char *const texts[] = {
		"processName", "executable.path", "hostName", "containerId", "eventName", "syscall",
		"metadata.Version", "metadata.Description"
	};
	int error = 0;
	size_t i;

	for (i = 0; i < COUNT(numbers); i++)
		error |= json_put(out, numbers[i], json_integer(0));
	for (i = 0; i < COUNT(texts); i++)
		error |= json_put(out, texts[i], json_string(""));
	error |= json_put(out, "container", json_object());
	error |= json_put(out, "kubernetes", json_object());
	error |= json_put(out, "stackAddresses", json_null());
	error |= json_put(out, "metadata.Tags", json_null());
	error |= json_put(out, "eventId", json_string(EVENT_ID));
	return error;
}

/* 0 info, 1 low, 2 medium, 3 high, 4 critical. */
static unsigned int severity_of(const json_t *doc)
{
	unsigned int severity = format_severity(doc);

	return (severity >= 21) + (severity >= 47) + (severity >= 73) + (severity >= 99);
}

static int put_arguments(json_t *out, const json_t *doc)
{
	json_t *list = json_array(), *one;
	const json_t *value;
	int error = 0;
	size_t i;

	for (i = 0; i < COUNT(arguments); i++) {
		value = json_at(doc, arguments[i].from);
		if (!value)
			continue;
		one = json_pack("{s:s, s:s, s:O}", "name", arguments[i].name, "type",
				arguments[i].type, "value", value);
		error |= json_array_append_new(list, one);
	}
	error |= json_put(out, "argsNum", json_integer(json_array_size(list)));
	return error | json_put(out, "args", list);
}

static json_t *map(const json_t *doc)
{
	json_t *out = json_object(), *own = json_object();
	const json_t *flags = json_at(doc, "wxguard.finding.flags"), *flag;
	bool compat = false;
	int error;
	size_t i;

	error = put_defaults(out);
	error |= format_copy(out, doc, event, COUNT(event));
	error |= json_put(out, "timestamp", json_integer(format_time(doc, "@timestamp")));
	error |= json_put(out, "threadStartTime", json_integer(format_time(doc, "process.start")));
	error |= format_number(out, "userId", doc, "user.id");
	error |= format_number(out, "returnValue", doc, "auditd.data.exit");
	json_array_foreach((json_t *)flags, i, flag)
		compat |= !strcmp(json_string_value(flag), "compat");
	error |= json_put(out, "contextFlags",
			  json_pack("{s:b, s:b}", "containerStarted", !!json_at(doc, "container.id"),
				    "isCompat", compat));
	error |= put_arguments(out, doc);
	error |= format_copy(own, doc, properties, COUNT(properties));
	error |= json_put(own, "Severity", json_integer(severity_of(doc)));
	error |= json_put(own, "Kubernetes_Technique", json_string(""));
	error |= json_put(out, "metadata.Properties", own);
	return json_finish(out, error);
}

const struct format format_tracee = { .name = "tracee", .map = map };
