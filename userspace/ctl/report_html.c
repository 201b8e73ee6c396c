// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard report --html: the page itself, its head and its tables. One file,
 * no script, nothing that is loaded; what a watched process chose is text.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../module/core/class.h"
#include "../lib/rule_table.h"
#include "../lib/text.h"
#include "html.h"
#include "units.h"

#ifndef WXGUARD_VERSION
#define WXGUARD_VERSION "unknown"
#endif

#define ROWS 20

void html_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		switch (*text) {
		case '&':
			fputs("&amp;", out);
			break;
		case '<':
			fputs("&lt;", out);
			break;
		case '>':
			fputs("&gt;", out);
			break;
		case '"':
			fputs("&quot;", out);
			break;
		case '\'':
			fputs("&#39;", out);
			break;
		default:
			fputc(*text, out);
		}
	}
}

void html_own(FILE *out, char *text)
{
	html_text(out, text ? text : "-");
	free(text);
}

void html_time(FILE *out, const struct report *report, uint64_t when)
{
	char text[32];

	fputs(units_print_time(text, sizeof(text), (time_t)(when / 1000000000),
			       report->ctl->utc, true), out);
}

const char *html_severity(uint32_t class)
{
	return rule_lookup(class)->severity;
}

static const char head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	"style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
	"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	"<meta name=\"referrer\" content=\"no-referrer\">\n<title>wxguard report</title>\n"
	"<style>\n";

static void put_span(const struct report *report, FILE *out)
{
	if (!report->total.findings) {
		fputs("no finding in this time", out);
		return;
	}
	html_time(out, report, report->total.first);
	fputs(" to ", out);
	html_time(out, report, report->total.last);
}

static void put_head(const struct report *report, FILE *out)
{
	struct timespec now;
	char host[256] = "?";

	gethostname(host, sizeof(host) - 1);
	clock_gettime(CLOCK_REALTIME, &now);
	fputs(head, out);
	fputs(html_style, out);
	fputs("</style>\n</head>\n<body>\n<header>\n<h1>wxguard report: ", out);
	html_own(out, text_quote(text_bytes(host), 64));
	fputs("</h1>\n<p class=\"soft\">", out);
	put_span(report, out);
	fputs("; written ", out);
	html_time(out, report, (uint64_t)now.tv_sec * 1000000000);
	fputs(" by wxguard " WXGUARD_VERSION "</p>\n</header>\n", out);
}

static void put_tile(FILE *out, uint64_t number, const char *what, const char *style)
{
	fprintf(out, "<li><b class=\"%s\">%" PRIu64 "</b>%s</li>\n", style, number, what);
}

static void put_tiles(const struct report *report, FILE *out)
{
	const struct store_group *total = &report->total;

	fputs("<ul class=\"tiles\">\n", out);
	put_tile(out, total->findings, "findings", "");
	put_tile(out, total->repeats, "repeats of them", "");
	put_tile(out, total->stopped, "denied or killed", "");
	put_tile(out, total->open, "not acked", "");
	put_tile(out, report->lost, "lost", report->lost ? "bad" : "good");
	fputs("</ul>\n", out);
}

static void put_row(const struct report *report, enum report_by by,
		    const struct store_group *group, uint64_t most, FILE *out)
{
	fputs("<tr><td", out);
	fputs(by == REPORT_BY_CLASS || by == REPORT_BY_DAY ? ">" : " class=\"path\">", out);
	html_own(out, report_name(report, by, group));
	if (by == REPORT_BY_CLASS)
		fprintf(out, " <span class=\"tag %s\">%s</span>", html_severity((uint32_t)group->number),
			html_severity((uint32_t)group->number));
	fprintf(out, "</td><td class=\"f\"><span class=\"fill\" style=\"width:%" PRIu64 "%%\"></span></td>"
		"<td class=\"n\">%" PRIu64 "</td><td class=\"n\">%" PRIu64 "</td>"
		"<td class=\"n\">%" PRIu64 "</td><td class=\"t\">", most ? group->findings * 100 / most : 0,
		group->findings, group->repeats, group->stopped);
	html_time(out, report, group->last);
	fputs("</td></tr>\n", out);
}

static uint64_t most_of(const struct report_rows *rows)
{
	uint64_t most = 0;
	size_t i;

	for (i = 0; i < rows->count; i++)
		if (rows->row[i].group.findings > most)
			most = rows->row[i].group.findings;
	return most;
}

static void put_table(const struct report *report, enum report_by by, const char *title,
		      const struct report_rows *rows, FILE *out)
{
	uint64_t sum = 0;
	size_t i;

	fprintf(out, "<div><h3>%s</h3>\n<div class=\"wide\"><table>\n<thead><tr><th>%s</th><th class=\"f\"></th>"
		"<th class=\"n\">findings</th><th class=\"n\">repeats</th><th class=\"n\">stopped</th>"
		"<th>last</th></tr></thead>\n<tbody>\n", title, report_words[by]);
	i = by == REPORT_BY_DAY && rows->count > ROWS ? rows->count - ROWS : 0;
	for (; i < rows->count && (by == REPORT_BY_DAY || i < ROWS); i++) {
		put_row(report, by, &rows->row[i].group, most_of(rows), out);
		sum += rows->row[i].group.findings;
	}
	fputs("</tbody></table></div>\n", out);
	if (sum < report->total.findings)
		fprintf(out, "<p class=\"soft\">and %" PRIu64 " findings in others</p>\n",
			report->total.findings - sum);
	fputs("</div>\n", out);
}

/* @classes was read for the head of the page. */
static int put_tables(struct report *report, const struct report_rows *classes, FILE *out)
{
	static const char *const titles[REPORT_BY_COUNT] = {
		[REPORT_BY_CLASS] = "By class", [REPORT_BY_EXE] = "By executable",
		[REPORT_BY_USER] = "By user", [REPORT_BY_UNIT] = "By unit",
		[REPORT_BY_CONTAINER] = "By container", [REPORT_BY_DAY] = "By day",
	};
	struct report_rows rows;
	int by, code = 0;

	fputs("<section>\n<h2>What was found</h2>\n", out);
	put_table(report, REPORT_BY_CLASS, titles[REPORT_BY_CLASS], classes, out);
	for (by = REPORT_BY_EXE; by < REPORT_BY_COUNT && !code; by++) {
		if (by == REPORT_BY_USER)
			fputs("<div class=\"two\">\n", out);
		code = report_read(report, (enum report_by)by, ROWS, &rows);
		if (code)
			break;
		put_table(report, (enum report_by)by, titles[by], &rows, out);
		report_free(&rows);
	}
	fputs("</div>\n</section>\n", out);
	return code;
}

int report_html(struct report *report, FILE *out)
{
	struct report_rows classes;
	struct html_losses losses;
	int code = report_read(report, REPORT_BY_CLASS, 0, &classes);

	if (code)
		return code;
	code = html_losses_read(report, &losses);
	if (code) {
		report_free(&classes);
		return code;
	}
	put_head(report, out);
	fputs("<main>\n", out);
	put_tiles(report, out);
	if (report->total.findings)
		code = html_timeline(report, &losses, out);
	if (!code && report->total.findings)
		code = put_tables(report, &classes, out);
	if (!code)
		html_coverage(report, &losses, out);
	if (!code)
		code = html_findings(report, out);
	fputs("</main>\n</body>\n</html>\n", out);
	free(losses.loss);
	report_free(&classes);
	return code;
}
