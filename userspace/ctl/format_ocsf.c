// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A record as a Detection Finding (class 2004) of the Open Cybersecurity
 * Schema Framework, github.com/ocsf/ocsf-schema 1.3: what events/base_event,
 * events/findings and objects there require is always present. Times are in
 * ms since 1970, numbers of processes and users as that schema types them.
 * Pure.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "format.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define OCSF_VERSION "1.3.0"
#define CLASS 2004
#define CREATE 1
#define NS_PER_MS 1000000

/* 1 informational, 2 low, 3 medium, 4 high, 5 critical. */
static unsigned int severity_of(const json_t *doc)
{
	unsigned int severity = format_severity(doc);

	return 1 + (severity >= 21) + (severity >= 47) + (severity >= 73) + (severity >= 99);
}

static int put_head(json_t *out, const json_t *doc)
{
	static const struct format_pair pairs[] = {
		{ "message", "message" },
		{ "metadata.uid", "event.id" },
		{ "metadata.product.version", "wxguard.version" },
		{ "metadata.event_code", "event.code" },
		{ "metadata.sequence", "event.sequence" },
		{ "device.hostname", "host.hostname" },
		{ "device.uid", "host.id" },
		{ "device.os.kernel_release", "host.os.kernel" },
		{ "device.os.version", "host.os.version" },
	};
	const char *name = json_string_value(json_at(doc, "host.os.name"));
	int error = 0;

	error |= json_put(out, "activity_id", json_integer(CREATE));
	error |= json_put(out, "category_uid", json_integer(CLASS / 1000));
	error |= json_put(out, "class_uid", json_integer(CLASS));
	error |= json_put(out, "type_uid", json_integer(CLASS * 100 + CREATE));
	error |= json_put(out, "time", json_integer(format_time(doc, "@timestamp") / NS_PER_MS));
	error |= json_put(out, "severity_id", json_integer(severity_of(doc)));
	error |= json_put(out, "status_id", json_integer(1));	/* new */
	error |= json_put(out, "metadata.version", json_string(OCSF_VERSION));
	error |= json_put(out, "metadata.product.name", json_string("wxguard"));
	error |= json_put(out, "metadata.product.vendor_name", json_string("wxguard"));
	error |= json_put(out, "metadata.log_name", json_string("wxguard.finding"));
	error |= json_put(out, "device.type_id", json_integer(0));
	error |= json_put(out, "device.os.type_id", json_integer(200));	/* Linux */
	error |= json_put(out, "device.os.name", json_string(name ? name : "Linux"));
	return error | format_copy(out, doc, pairs, COUNT(pairs));
}

/* attacks[]: the tactic and each technique. */
static json_t *attacks(const json_t *doc)
{
	json_t *list = json_array(), *one;
	const json_t *id;
	int error = 0;
	size_t i;

	json_array_foreach((json_t *)json_at(doc, "threat.technique.id"), i, id) {
		one = json_object();
		error |= json_put(one, "technique.uid", json_incref((json_t *)id));
		error |= json_put(one, "technique.name", json_incref(json_array_get(
				json_at(doc, "threat.technique.name"), i)));
		if (json_at(doc, "threat.tactic.id.0")) {
			error |= json_put(one, "tactic.uid", json_incref((json_t *)
					json_at(doc, "threat.tactic.id.0")));
			error |= json_put(one, "tactic.name", json_incref((json_t *)
					json_at(doc, "threat.tactic.name.0")));
		}
		error |= json_array_append_new(list, one);
	}
	return json_finish(list, error);
}

static int put_info(json_t *out, const json_t *doc)
{
	static const struct format_pair pairs[] = {
		{ "finding_info.title", "message" },
		{ "finding_info.title", "rule.name" },
		{ "finding_info.desc", "event.reason" },
		{ "finding_info.uid", "event.id" },
		{ "finding_info.src_url", "rule.reference" },
		{ "finding_info.analytic.uid", "rule.id" },
		{ "finding_info.analytic.name", "rule.name" },
		{ "finding_info.analytic.version", "rule.version" },
		{ "finding_info.analytic.desc", "rule.description" },
	};
	json_t *list = attacks(doc);
	int error = !list;

	if (json_array_size(list))
		error |= json_put(out, "finding_info.attacks", json_incref(list));
	json_decref(list);
	if (json_at(doc, "rule.id"))	/* 1: a rule */
		error |= json_put(out, "finding_info.analytic.type_id", json_integer(1));
	error |= json_put(out, "finding_info.created_time",
			  json_integer(format_time(doc, "@timestamp") / NS_PER_MS));
	return error | format_copy(out, doc, pairs, COUNT(pairs));
}

static int put_file(json_t *process, const char *at, const json_t *doc, const char *from)
{
	const char *path = json_string_value(json_at(doc, from)), *slash;
	char to[64];
	int error;

	if (!path)
		return 0;
	slash = strrchr(path, '/');
	snprintf(to, sizeof(to), "%s.path", at);
	error = json_put(process, to, json_string(path));
	snprintf(to, sizeof(to), "%s.name", at);
	error |= json_put(process, to, json_string(slash && slash[1] ? slash + 1 : path));
	snprintf(to, sizeof(to), "%s.type_id", at);
	return error | json_put(process, to, json_integer(1));	/* a regular file */
}

static int put_process(json_t *out, const json_t *doc)
{
	static const struct format_pair pairs[] = {
		{ "pid", "process.pid" },
		{ "uid", "process.entity_id" },
		{ "name", "process.name" },
		{ "cmd_line", "process.command_line" },
		{ "tid", "process.thread.id" },
		{ "user.uid", "user.id" },
		{ "user.name", "user.name" },
		{ "container.uid", "container.id" },
		{ "container.runtime", "container.runtime" },
		{ "parent_process.pid", "process.parent.pid" },
		{ "parent_process.uid", "process.parent.entity_id" },
		{ "parent_process.name", "process.parent.name" },
	};
	const json_t *sha256 = json_at(doc, "process.hash.sha256");
	json_t *process;
	int error;

	if (!json_at(doc, "process.pid"))
		return 0;
	process = json_object();
	error = format_copy(process, doc, pairs, COUNT(pairs));
	error |= json_put(process, "created_time",
			  json_integer(format_time(doc, "process.start") / NS_PER_MS));
	error |= put_file(process, "file", doc, "process.executable");
	error |= put_file(process, "parent_process.file", doc, "process.parent.executable");
	if (sha256 && json_at(process, "file"))	/* 3: SHA-256 */
		error |= json_put(process, "file.hashes",
				  json_pack("[{s:i, s:O}]", "algorithm_id", 3, "value", sha256));
	return error | json_put(out, "evidences", json_pack("[{s:o}]", "process", process));
}

static json_t *map(const json_t *doc)
{
	const char *kind = json_string_value(json_at(doc, "event.kind"));
	json_t *out = json_object();
	int error;

	error = put_head(out, doc);
	error |= put_info(out, doc);
	error |= put_process(out, doc);
	error |= json_put(out, "is_alert", json_boolean(kind && !strcmp(kind, "alert")));
	/* Our own names, for what the schema has none for. */
	if (json_at(doc, "wxguard"))
		error |= json_put(out, "unmapped.wxguard",
				  json_incref((json_t *)json_at(doc, "wxguard")));
	return json_finish(out, error);
}

const struct format format_ocsf = { .name = "ocsf", .map = map };
