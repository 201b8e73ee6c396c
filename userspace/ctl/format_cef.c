// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * ArcSight's Common Event Format, version 0 (the implementation standard,
 * revision 25): seven fields with bars between, in which | and \ are escaped,
 * and then key=value, in which \ and = are. Nothing of a value can end it.
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "format.h"

static const struct {
	const char *key, *from;
} pairs[] = {
	{ "externalId", "event.id" },
	{ "msg", "event.reason" },
	{ "act", "wxguard.finding.verdict" },
	{ "outcome", "event.outcome" },
	{ "dvchost", "host.hostname" },
	{ "deviceExternalId", "host.id" },
	{ "sproc", "process.executable" },
	{ "spid", "process.pid" },
	{ "suid", "user.id" },
	{ "suser", "user.name" },
	{ "filePath", "file.path" },
	{ "fileHash", "process.hash.sha256" },
	{ "cs1", "threat.technique.id.0" },
	{ "cs2", "process.command_line" },
	{ "cs3", "process.parent.executable" },
	{ "cs4", "container.id" },
	{ "cs5", "wxguard.finding.class" },
	{ "cn1", "process.parent.pid" },
};

static const struct {
	const char *key, *label;
} labels[] = {
	{ "cs1", "mitre" },	{ "cs2", "commandLine" }, { "cs3", "parent" },
	{ "cs4", "container" }, { "cs5", "class" },	  { "cn1", "parentPid" },
};

/* Text of ours is inert already: no line ends in it. */
static int put(FILE *out, const json_t *doc, const char *from, const char *escaped)
{
	char *text = format_inert(doc, from);
	const char *at;

	if (!text)
		return -1;
	for (at = text; *at; at++) {
		if (strchr(escaped, *at))
			fputc('\\', out);
		fputc(*at, out);
	}
	free(text);
	return 0;
}

static int line(FILE *out, const json_t *doc)
{
	const char *title = json_at(doc, "rule.name") ? "rule.name" : "message";
	unsigned int severity = format_severity(doc);
	size_t i, j;

	fputs("CEF:0|wxguard|wxguard|", out);
	if (put(out, doc, "wxguard.version", "|\\"))
		return -1;
	fputc('|', out);
	if (put(out, doc, "event.code", "|\\"))
		return -1;
	fputc('|', out);
	if (put(out, doc, title, "|\\"))
		return -1;
	/* 0 to 10: 21 is 2, 47 is 5, 73 is 7, 99 is 10. */
	fprintf(out, "|%u|rt=%llu", (severity + 5) / 10,
		(unsigned long long)(format_time(doc, "@timestamp") / 1000000));
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (!json_at(doc, pairs[i].from))
			continue;
		for (j = 0; j < sizeof(labels) / sizeof(*labels); j++)
			if (!strcmp(labels[j].key, pairs[i].key))
				fprintf(out, " %sLabel=%s", labels[j].key, labels[j].label);
		fprintf(out, " %s=", pairs[i].key);
		if (put(out, doc, pairs[i].from, "=\\"))
			return -1;
	}
	return 0;
}

const struct format format_cef = { .name = "cef", .line = line };
