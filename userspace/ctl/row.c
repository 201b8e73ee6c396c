// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One record as one aligned line. The first columns have a fixed width, so
 * that lines stay aligned while they stream; a long value pushes only its own
 * line. Everything hostile passes through doc_quote().
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "doc.h"
#include "row.h"
#include "term.h"
#include "units.h"

#define WIDTH_SEVERITY 6
#define WIDTH_CLASS 15
#define WIDTH_SUBJECT 36
#define WIDTH_USER 14
#define WIDTH_WHAT 33
#define WIDTH_VERDICT 10

/* More of a path than this makes no line that a person reads; show has it all. */
#define PATH_SHOWN 96

static time_t moment(const json_t *doc, const char *path)
{
	struct tm parts = { 0 };

	if (!strptime(doc_string(doc, path), "%Y-%m-%dT%H:%M:%S", &parts))
		return 0;
	return timegm(&parts);
}

time_t row_time(const json_t *doc)
{
	return moment(doc, "@timestamp");
}

static void put_time(FILE *out, const struct row_style *style, time_t when)
{
	char text[32];

	if (when)
		units_print_time(text, sizeof(text), when, style->utc, style->date);
	else
		snprintf(text, sizeof(text), "%s--:--:--%s", style->date ? "---------- " : "",
			 style->utc ? "Z" : "");
	fprintf(out, "%s ", text);
}

/* Print an owned text, or "-", in a column; frees it. */
static void column(FILE *out, char *text, size_t width)
{
	term_put(out, false, TERM_PLAIN, text ? text : "-", width);
	fputs("  ", out);
	free(text);
}

static char *join(const char *format, ...) __attribute__((format(printf, 1, 2)));
static char *join(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	return len < 0 ? NULL : text;
}

/* "/usr/bin/python3.11[48170]", by the executable, else by the name. */
static char *subject(const json_t *doc, const char *executable, const char *name,
		     const char *pid)
{
	char *who = doc_quote(doc, executable, PATH_SHOWN), *text;
	uint64_t number = 0;
	bool numbered = doc_number(doc, pid, &number);

	if (!who)
		who = doc_quote(doc, name, PATH_SHOWN);
	if (!who && !numbered)
		return NULL;
	text = join("%s[%" PRIu64 "]", who ? who : "?", number);
	free(who);
	return text;
}

static char *user(const json_t *doc)
{
	char *id = doc_quote(doc, "user.id", 0), *name = doc_quote(doc, "user.name", 64);
	char *text = id ? join(name ? "uid %s(%s)" : "uid %s%s", id, name ? name : "") : NULL;

	free(id);
	free(name);
	return text;
}

static enum term_color severity_color(const json_t *doc, const char *severity)
{
	if (!strcmp(doc_string(doc, "log.level"), "critical"))
		return TERM_ALARM;
	if (!strcmp(severity, "high") || !strcmp(severity, "critical"))
		return TERM_RED;
	return strcmp(severity, "medium") ? TERM_CYAN : TERM_YELLOW;
}

/* A word of ours in capitals. */
static void put_capitals(FILE *out, bool color, enum term_color shade,
			 const char *word, size_t width)
{
	char text[32];
	size_t i;

	for (i = 0; i < sizeof(text) - 1 && word[i]; i++)
		text[i] = (char)toupper((unsigned char)word[i]);
	text[i] = 0;
	term_put(out, color, shade, i ? text : "-", width);
	fputs("  ", out);
}

static enum term_color verdict_color(const char *verdict)
{
	if (!strcmp(verdict, "denied") || !strcmp(verdict, "killed"))
		return TERM_GREEN;
	return strcmp(verdict, "logged") ? TERM_YELLOW : TERM_PLAIN;
}

static void put_last(FILE *out, const struct row_style *style, time_t when)
{
	char text[32];

	if (when)
		fprintf(out, ", last %s", units_print_time(text, sizeof(text), when,
							   style->utc, style->date));
}

/*
 * "+10 more, last 09:41:06": of a first finding; "10 more of #430": of one that
 * tells of further sightings.
 */
static void put_repeats(FILE *out, const struct row_style *style, const json_t *doc)
{
	uint64_t count, first;

	if (doc_number(doc, "wxguard.repeat.count", &count)) {
		fprintf(out, "  %" PRIu64 " more", count);
		if (doc_number(doc, "wxguard.repeat.of", &first))
			fprintf(out, " of #%" PRIu64, first);
		put_last(out, style, moment(doc, "wxguard.repeat.last"));
	}
	if (doc_number(doc, "wxguard.repeated.count", &count)) {
		fprintf(out, "  +%" PRIu64 " more", count);
		put_last(out, style, moment(doc, "wxguard.repeated.last"));
	}
}

/* What no process did, the kernel said. */
static char *who(const json_t *doc)
{
	char *text = subject(doc, "process.executable", "process.name", "process.pid");

	return text || doc_get(doc, "process") ? text : strdup("kernel");
}

void row_finding(FILE *out, const struct row_style *style, const json_t *doc)
{
	const char *severity = doc_string(doc, "wxguard.rule.severity");
	const char *verdict = doc_string(doc, "wxguard.finding.verdict");
	uint64_t number;
	char *parent;

	put_time(out, style, row_time(doc));
	put_capitals(out, style->color, severity_color(doc, severity), severity, WIDTH_SEVERITY);
	column(out, doc_quote(doc, "wxguard.finding.class", 0), WIDTH_CLASS);
	column(out, who(doc), WIDTH_SUBJECT);
	column(out, user(doc), WIDTH_USER);
	column(out, row_what(doc), WIDTH_WHAT);
	put_capitals(out, style->color, verdict_color(verdict), verdict, WIDTH_VERDICT);
	parent = subject(doc, "process.parent.executable", "process.parent.name",
			 "process.parent.pid");
	fprintf(out, "by %s", parent ? parent : "-");
	free(parent);
	if (doc_number(doc, "wxguard.finding.number", &number))
		fprintf(out, "  #%" PRIu64, number);
	put_repeats(out, style, doc);
	if (doc_get(doc, "wxguard.ack"))
		fputs("  acked", out);
	fputc('\n', out);
}

void row_loss(FILE *out, const struct row_style *style,
	      const struct finding_loss *loss, time_t when)
{
	char text[128];

	put_time(out, style, when);
	term_put(out, style->color, TERM_ALARM, "LOST", WIDTH_SEVERITY);
	snprintf(text, sizeof(text), "%" PRIu64 " findings, #%" PRIu64 " to #%" PRIu64
		 ", were overwritten or never stored", loss->last - loss->first + 1,
		 loss->first, loss->last);
	fputs("  ", out);
	term_put(out, style->color, TERM_ALARM, text, 0);
	fputc('\n', out);
}

void row_notice(FILE *out, const struct row_style *style, const json_t *doc)
{
	const char *level = doc_string(doc, "log.level");
	struct finding_loss loss;
	char *message;

	if (doc_number(doc, "wxguard.stream.lost_first", &loss.first) &&
	    doc_number(doc, "wxguard.stream.lost_last", &loss.last)) {
		row_loss(out, style, &loss, row_time(doc));
		return;
	}
	put_time(out, style, row_time(doc));
	put_capitals(out, style->color, !strcmp(level, "error") ||
		     !strcmp(level, "critical") ? TERM_ALARM : TERM_DIM,
		     !strcmp(level, "warning") ? "note" :
		     !strcmp(level, "critical") ? "alert" : level, WIDTH_SEVERITY);
	/* Whatever it cites is quoted in it already. */
	message = doc_plain(doc, "message");
	fprintf(out, "%s\n", message ? message : "-");
	free(message);
}
