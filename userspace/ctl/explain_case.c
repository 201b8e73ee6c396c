// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See explain_case.h. Pure but for memory. A path that JSON could not hold is
 * taken from the hex that stands beside it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "doc.h"
#include "explain_case.h"

bool explain_time(const char *text, int64_t *seconds, uint32_t *nanoseconds)
{
	struct tm parts = { 0 };
	const char *rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &parts);
	uint32_t scale = 100000000;

	if (!rest)
		return false;
	*nanoseconds = 0;
	if (*rest == '.')
		for (rest++; *rest >= '0' && *rest <= '9'; rest++, scale /= 10)
			*nanoseconds += (uint32_t)(*rest - '0') * scale;
	*seconds = timegm(&parts);
	return true;
}

struct bytes explain_bytes(const json_t *doc, const char *path,
			   const char *raw)
{
	const json_t *value = doc_get(doc, path);
	const char *hex = doc_string(doc, raw);
	struct bytes bytes = { 0 };
	size_t i, len = strlen(hex) / 2;
	uint8_t *data;
	unsigned int byte;

	if (!json_is_string(value))
		return bytes;
	if (!len)
		len = json_string_length(value);
	data = malloc(len + 1);
	if (!data)
		return bytes;
	for (i = 0; *hex && i < len && sscanf(hex + 2 * i, "%2x", &byte) == 1;
	     i++)
		data[i] = (uint8_t)byte;
	if (!*hex)
		memcpy(data, json_string_value(value), len);
	data[len] = 0;
	bytes.data = data;
	bytes.len = len;
	return bytes;
}

bool explain_identity(const json_t *doc, const char *path,
		      struct rules_case *event)
{
	const json_t *file = doc_get(doc, path);
	unsigned int major, minor;
	uint64_t generation;
	char *end;

	if (sscanf(doc_string(file, "device"), "%x:%x", &major, &minor) != 2 ||
	    !doc_number(file, "generation", &generation) ||
	    !explain_time(doc_string(file, "ctime"), &event->ctime_sec,
			  &event->ctime_nsec))
		return false;
	event->ino = strtoull(doc_string(file, "inode"), &end, 10);
	event->dev = major << 20 | minor;
	event->generation = (uint32_t)generation;
	return end != doc_string(file, "inode") && !*end;
}

/* Did a program start that is now the process? */
static bool is_new_program(const json_t *doc, uint32_t class)
{
	const char *verdict = doc_string(doc, "wxguard.finding.verdict");

	return (class == WXGUARD_CLASS_EXEC_MEMORY ||
		class == WXGUARD_CLASS_EXEC_UNLINKED ||
		class == WXGUARD_CLASS_EXEC_ARG_MEMORY) &&
	       strcmp(verdict, "denied") && strcmp(verdict, "killed");
}

static void set(struct bytes *to, char **owner, struct bytes from)
{
	*owner = (char *)from.data;
	*to = from;
}

void explain_case(const json_t *doc, uint64_t now, struct explain_case *out)
{
	const char *class = doc_string(doc, "wxguard.finding.class");
	struct rules_case *event = &out->event;
	const char *uid = doc_string(doc, "user.id");

	memset(out, 0, sizeof(*out));
	event->now = now;
	event->class = wxg_class_parse(class, strlen(class));
	out->by_parent = is_new_program(doc, event->class);
	set(&event->cgroup, &out->cgroup,
	    explain_bytes(doc, "wxguard.process.cgroup",
		     "wxguard.raw.process.cgroup"));
	if (*uid) {
		event->has_uid = true;
		event->uid = (uint32_t)strtoul(uid, NULL, 10);
	}
	if (event->class == WXGUARD_CLASS_EXEC_UNKNOWN) {
		set(&event->exe, &out->exe,
		    explain_bytes(doc, "file.path", "wxguard.raw.file.path"));
		event->has_key = explain_identity(doc, "file", event);
	} else if (out->by_parent) {
		set(&event->exe, &out->exe,
		    explain_bytes(doc, "process.parent.executable",
			     "wxguard.raw.process.parent.executable"));
	} else {
		set(&event->exe, &out->exe,
		    explain_bytes(doc, "process.executable",
			     "wxguard.raw.process.executable"));
		event->has_key =
			explain_identity(doc, "wxguard.process.executable_file", event);
	}
	set(&event->comm, &out->comm,
	    out->by_parent ?
		    explain_bytes(doc, "process.parent.name",
			     "wxguard.raw.process.parent.name") :
		    explain_bytes(doc, "process.name", "wxguard.raw.process.name"));
}

void explain_case_free(struct explain_case *out)
{
	free(out->exe);
	free(out->comm);
	free(out->cgroup);
}
