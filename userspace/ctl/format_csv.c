// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Comma separated values (RFC 4180), one row for each record under a first row
 * of names. A spreadsheet takes a cell that begins with = + - @ for a formula:
 * such a cell gets a quote in front (OWASP, "CSV Injection").
 */
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "format.h"

static const char *const columns[] = {
	"@timestamp", "event.id", "event.sequence", "event.code", "event.severity",
	"wxguard.finding.class", "wxguard.finding.verdict", "wxguard.finding.mode",
	"host.hostname", "process.pid", "process.name", "process.executable",
	"process.command_line", "process.hash.sha256", "user.id", "user.name",
	"process.parent.pid", "process.parent.executable", "container.id", "file.path",
	"auditd.data.syscall", "wxguard.memory.address", "wxguard.memory.size",
	"wxguard.memory.prot_before", "wxguard.memory.prot_after", "rule.id", "rule.name",
	"threat.technique.id.0", "message", "event.reason",
};

static int cell(FILE *out, const json_t *doc, const char *from)
{
	char *text = format_inert(doc, from);
	const char *at;

	if (!text)
		return -1;
	fputc('"', out);
	if (*text && strchr("=+-@", *text))
		fputc('\'', out);
	for (at = text; *at; at++) {
		if (*at == '"')
			fputc('"', out);
		fputc(*at, out);
	}
	fputc('"', out);
	free(text);
	return 0;
}

static int line(FILE *out, const json_t *doc)
{
	size_t i;

	for (i = 0; i < sizeof(columns) / sizeof(*columns); i++) {
		if (i)
			fputc(',', out);
		if (cell(out, doc, columns[i]))
			return -1;
	}
	return 0;
}

const struct format format_csv = {
	.name = "csv",
	.head = "time,id,number,code,severity,class,verdict,mode,host,pid,name,executable,"
		"command_line,sha256,uid,user,parent_pid,parent,container,file,call,address,size,"
		"prot_before,prot_after,rule_id,rule,technique,message,reason",
	.line = line,
};
