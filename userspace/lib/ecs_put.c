// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Small putters and the head of every document. Pure but for memory.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ecs_parts.h"
#include "json_out.h"
#include "json_text.h"
#include "text.h"

int ecs_put_text(json_t *root, const char *path, struct bytes in)
{
	char raw[96];

	if (!in.data || json_says(in))
		return in.data ? json_put(root, path, json_bytes(in)) : 0;
	/* Our own fields stand under wxguard already. */
	snprintf(raw, sizeof(raw), "wxguard.raw.%s",
		 strncmp(path, "wxguard.", 8) ? path : path + 8);
	return json_put_text(root, path, raw, in);
}

int ecs_put_string(json_t *root, const char *path, const char *text)
{
	if (!text || !text[0])
		return 0;
	/* Names from NSS and os-release are not promised to be UTF-8. */
	return json_put(root, path, json_bytes(text_bytes(text)));
}

int ecs_put_number(json_t *root, const char *path, uint64_t number)
{
	return json_put(root, path, json_number(number));
}

int ecs_put_id(json_t *root, const char *path, uint32_t id)
{
	if (id == UINT32_MAX)
		return 0;
	return json_put(root, path, json_decimal(id));
}

int ecs_put_time(json_t *root, const char *path, uint64_t ns)
{
	char text[ECS_TIME_MAX];

	ecs_time(ns, text);
	return json_put(root, path, json_string(text));
}

json_t *ecs_strings(const char *first, ...)
{
	json_t *list = json_array();
	const char *text;
	va_list more;

	va_start(more, first);
	for (text = first; list && text; text = va_arg(more, const char *)) {
		if (json_array_append_new(list, json_bytes(text_bytes(text)))) {
			json_decref(list);
			list = NULL;
		}
	}
	va_end(more);
	return list;
}

int ecs_put_level(json_t *root, const char *level)
{
	/* RFC 5424 numbers, with the names that ECS shows for them. */
	static const struct {
		const char *level, *name;
		unsigned int code;
	} levels[] = {
		{ "critical", "Critical", 2 },
		{ "error", "Error", 3 },
		{ "warning", "Warning", 4 },
		{ "info", "Informational", 6 },
	};
	size_t i;
	int error = ecs_put_string(root, "log.level", level);

	for (i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		if (strcmp(levels[i].level, level))
			continue;
		error |= ecs_put_number(root, "log.syslog.severity.code",
					levels[i].code);
		error |= ecs_put_string(root, "log.syslog.severity.name",
					levels[i].name);
	}
	return error;
}

static int put_host(json_t *root, const struct ecs_context *context)
{
	int error = 0;

	error |= ecs_put_string(root, "host.name", context->host_name);
	error |= ecs_put_string(root, "host.hostname", context->host_name);
	error |= ecs_put_string(root, "host.id", context->host_id);
	error |= ecs_put_string(root, "host.architecture",
				context->architecture);
	error |= ecs_put_string(root, "host.boot.id", context->boot_id);
	/* The published query asks for this value, in lower case. */
	error |= ecs_put_string(root, "host.os.type", "linux");
	error |= ecs_put_string(root, "host.os.kernel", context->kernel);
	error |= ecs_put_string(root, "host.os.name", context->os_name);
	error |= ecs_put_string(root, "host.os.platform", context->os_id);
	error |= ecs_put_string(root, "host.os.family", context->os_family);
	error |= ecs_put_string(root, "host.os.version", context->os_version);
	return error;
}

int ecs_put_head(json_t *root, const struct ecs_context *context,
		 uint64_t time)
{
	const char *space = context->data_namespace;
	int error = 0;

	error |= ecs_put_time(root, "@timestamp", time);
	error |= ecs_put_string(root, "ecs.version", ECS_VERSION);
	error |= ecs_put_string(root, "data_stream.type", "logs");
	error |= ecs_put_string(root, "data_stream.dataset", ECS_DATASET);
	error |= ecs_put_string(root, "data_stream.namespace",
				space[0] ? space : "default");
	error |= ecs_put_string(root, "event.module", "wxguard");
	error |= ecs_put_string(root, "event.dataset", ECS_DATASET);
	error |= ecs_put_string(root, "event.provider", "wxguard-kmod");
	if (context->created)
		error |= ecs_put_time(root, "event.created", context->created);
	error |= ecs_put_string(root, "service.type", "wxguard");
	error |= put_host(root, context);
	error |= ecs_put_number(root, "wxguard.schema", 1);
	error |= ecs_put_string(root, "wxguard.version", context->version);
	error |= ecs_put_number(root, "wxguard.stream.lost_total",
				context->lost_total);
	return error;
}
