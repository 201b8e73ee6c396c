// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The newest findings on the page, each with its process tree. What a watched
 * process chose comes quoted from doc.h, and leaves through html_text().
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/text.h"
#include "doc.h"
#include "feed.h"
#include "html.h"
#include "row.h"

/* More than that is no page that is read, and "wxguard list" has the others. */
#define FINDINGS 200
#define SHOWN 400

struct page {
	const struct report *report;
	FILE *out;
};

static void put_fact(FILE *out, const char *what, char *value)
{
	if (!value)
		return;
	fprintf(out, "<dt>%s</dt><dd><code>", what);
	html_own(out, value);
	fputs("</code></dd>\n", out);
}

/* "  └ /usr/bin/python3.11[48170]"; the caller gives up @who. */
static void put_branch(FILE *out, size_t depth, char *who, uint64_t pid, bool last)
{
	size_t i;

	for (i = 1; i < depth; i++)
		fputs("   ", out);
	if (depth)
		fputs("\xe2\x94\x94\xe2\x94\x80 ", out);
	if (last)
		fputs("<b>", out);
	html_own(out, who);
	fprintf(out, "[%" PRIu64 "]%s\n", pid, last ? "</b>" : "");
}

static char *who(const json_t *process, const char *exe_raw, const char *name_raw)
{
	char *text = doc_quote_raw(process, "executable", exe_raw, SHOWN);

	return text ? text : doc_quote_raw(process, "name", name_raw, SHOWN);
}

/* The farthest first; the kernel keeps eight generations at most. */
static void put_tree(FILE *out, const json_t *doc)
{
	const json_t *all = doc_get(doc, "wxguard.process.ancestors");
	size_t count = json_array_size(all), i;
	char *self = doc_quote(doc, "process.executable", SHOWN);
	uint64_t pid = 0;

	if (!self)
		self = doc_quote(doc, "process.name", SHOWN);
	if (!self && !count)
		return;
	fputs("<div class=\"tree\">", out);
	for (i = 0; i < count; i++) {
		const json_t *one = json_array_get(all, count - 1 - i);

		pid = 0;
		doc_number(one, "pid", &pid);
		put_branch(out, i, who(one, "raw.executable", "raw.name"), pid, false);
	}
	pid = 0;
	doc_number(doc, "process.pid", &pid);
	put_branch(out, count, self, pid, true);
	fputs("</div>\n", out);
}

static char *user(const json_t *doc)
{
	char *id = doc_quote(doc, "user.id", 0), *name = doc_quote(doc, "user.name", 64);
	char *both = NULL;

	if (id && asprintf(&both, name ? "%s (%s)" : "%s", id, name) < 0)
		both = NULL;
	free(id);
	free(name);
	return both;
}

static void put_title(const struct page *page, const json_t *doc, const struct store_record *record)
{
	FILE *out = page->out;
	const char *severity = html_severity(record->class);

	fprintf(out, "<article class=\"%s\">\n<h3>#%" PRIu64 " ", severity, record->number);
	html_own(out, doc_plain(doc, "message"));
	fprintf(out, "</h3>\n<p><span class=\"tag %s\">%s</span><span class=\"tag\">", severity, severity);
	html_own(out, doc_quote(doc, "wxguard.finding.class", 0));
	fputs("</span><span class=\"tag\">", out);
	html_own(out, doc_quote(doc, "wxguard.finding.verdict", 0));
	fputs("</span>", out);
	if (record->acked)
		fputs("<span class=\"tag\">acked</span>", out);
	fputs("<span class=\"soft\">", out);
	html_time(out, page->report, record->time);
	if (record->repeat_count) {
		fprintf(out, ", and %" PRIu64 " more until ", record->repeat_count);
		html_time(out, page->report, record->repeat_last);
	}
	fputs("</span></p>\n", out);
}

static void put_note(FILE *out, const struct store_record *record)
{
	char *by, *note, *both = NULL;

	if (!record->acked)
		return;
	by = text_quote(text_bytes(record->acked_by ? record->acked_by : "?"), 64);
	note = record->acked_note ? text_quote(text_bytes(record->acked_note), 0) : NULL;
	if (by && asprintf(&both, note ? "%s: %s" : "%s", by, note) < 0)
		both = NULL;
	put_fact(out, "acked by", both);
	free(by);
	free(note);
}

static int on_record(const struct store_record *record, void *arg)
{
	struct page *page = arg;
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL);
	FILE *out = page->out;

	if (!doc)
		return 0;
	put_title(page, doc, record);
	put_tree(out, doc);
	fputs("<dl>\n", out);
	put_fact(out, "what", row_what(doc));
	put_fact(out, "arguments", doc_quote_list(doc, "process.args", "wxguard.raw.process.args"));
	put_fact(out, "user", user(doc));
	put_fact(out, "cgroup", doc_quote(doc, "wxguard.process.cgroup", SHOWN));
	put_fact(out, "container", doc_quote(doc, "container.id", 0));
	put_fact(out, "file", doc_quote(doc, "file.path", SHOWN));
	put_fact(out, "sha256", doc_quote(doc, "process.hash.sha256", 0));
	put_note(out, record);
	fputs("</dl>\n</article>\n", out);
	json_decref(doc);
	return ferror(out) ? CTL_FAILED : 0;
}

int html_findings(const struct report *report, FILE *out)
{
	const struct store_query query = {
		.since = report->since, .until = report->until, .classes = report->classes,
		.kinds = 1U << STORE_FINDING, .limit = FINDINGS, .newest = true,
	};
	struct page page = { report, out };
	int code;

	fputs("<section>\n<h2>Findings, newest last</h2>\n", out);
	if (report->total.findings > FINDINGS)
		fprintf(out, "<p class=\"soft\">The newest %d of %" PRIu64
			"; <code>wxguard list</code> has all.</p>\n", FINDINGS, report->total.findings);
	else if (!report->total.findings)
		fputs("<p class=\"soft\">None.</p>\n", out);
	code = store_query(report->store, &query, on_record, &page);
	fputs("</section>\n", out);
	return code < 0 ? ctl_fail(CTL_FAILED, "%s", store_error(report->store)) : code;
}
