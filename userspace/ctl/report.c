// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard report: the findings of a time in groups, as a table, as JSON lines
 * or as a page of HTML. Only reads; may be interrupted at any moment.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/ecs.h"
#include "../lib/file_replace.h"
#include "../lib/json_out.h"
#include "classes.h"
#include "progress.h"
#include "records.h"
#include "report.h"
#include "term.h"
#include "units.h"

#define ROWS_DEFAULT 20

enum { KEY_SINCE = 256, KEY_UNTIL, KEY_BY, KEY_CLASS, KEY_HTML };

static const struct verb_option options[] = {
	{ KEY_SINCE, "since", "TIME", "2026-01-15T09:00, 09:00, today, yesterday, boot, or 7d (ago)" },
	{ KEY_UNTIL, "until", "TIME", "the same; not this moment itself" },
	{ KEY_BY, "by", "class|exe|user|unit|container|day", "what is counted together (default class)" },
	{ KEY_CLASS, "class", "CLASS", "only this class; repeatable" },
	{ 'n', "lines", "N", "the N largest groups, 0 = all (default 20; with --json all)" },
	{ KEY_HTML, "html", "FILE", "write a page with all of it instead" },
	{ 0 }
};

struct wish {
	struct report report;
	const char *html;
	bool has_limit, has_by;
};

static const char *moment(const struct report *report, uint64_t when, char *text, size_t size)
{
	return units_print_time(text, size, (time_t)(when / 1000000000), report->ctl->utc, true);
}

static void print_span(const struct report *report)
{
	char first[32], last[32];

	printf("findings  %" PRIu64 ", and %" PRIu64 " repeats of them; %" PRIu64
	       " stopped, %" PRIu64 " not acked\n", report->total.findings,
	       report->total.repeats, report->total.stopped, report->total.open);
	if (report->total.findings)
		printf("time      %s to %s\n",
		       moment(report, report->total.first, first, sizeof(first)),
		       moment(report, report->total.last, last, sizeof(last)));
	fputs("losses    ", stdout);
	if (report->lost) {
		snprintf(first, sizeof(first), "%" PRIu64, report->lost);
		term_put(stdout, report->ctl->color, TERM_ALARM, first, 0);
		printf(" findings never arrived, in %" PRIu64 " stretches\n", report->stretches);
	} else {
		puts("none");
	}
}

static void print_row(const struct report *report, const struct store_group *group)
{
	char classes[256], first[32], last[32];
	char *name = report_name(report, report->by, group);

	printf("%9" PRIu64 "  %9" PRIu64 "  %7" PRIu64 "  %9" PRIu64 "  %s  %s  %s",
	       group->findings, group->repeats, group->stopped, group->open,
	       moment(report, group->first, first, sizeof(first)),
	       moment(report, group->last, last, sizeof(last)), name ? name : "?");
	if (report->by != REPORT_BY_CLASS)
		printf("  %s", classes_print(classes, sizeof(classes), group->classes));
	putchar('\n');
	free(name);
}

static void print_table(const struct report *report, const struct report_rows *rows)
{
	uint64_t shown = rows->count, i, sum = 0;
	int stamp = report->ctl->utc ? 20 : 19;

	if (report->limit && shown > report->limit)
		shown = report->limit;
	if (!shown)
		return;
	printf("\n%9s  %9s  %7s  %9s  %-*s  %-*s  BY %s\n", "FINDINGS", "REPEATS", "STOPPED",
	       "NOT ACKED", stamp, "FIRST", stamp, "LAST", report_words[report->by]);
	/* Of days the newest count, of all else the largest. */
	i = report->by == REPORT_BY_DAY ? rows->count - shown : 0;
	for (shown += i; i < shown; i++) {
		print_row(report, &rows->row[i].group);
		sum += rows->row[i].group.findings;
	}
	if (sum < report->total.findings)
		printf("and %" PRIu64 " findings in others; -n 0 shows all\n",
		       report->total.findings - sum);
}

static json_t *time_json(uint64_t when)
{
	char text[ECS_TIME_MAX];

	if (!when)
		return json_null();
	ecs_time(when, text);
	return json_string(text);
}

static json_t *classes_json(uint32_t bits)
{
	json_t *list = json_array();
	char name[64];
	uint32_t class;

	for (class = 1; class < 32; class++)
		if (bits & 1U << class)
			json_array_append_new(list, json_string(
				classes_print(name, sizeof(name), 1U << class)));
	return list;
}

static json_t *group_json(const struct store_group *group)
{
	return json_pack("{s:I, s:I, s:I, s:I, s:o, s:o, s:o}",
			 "findings", (json_int_t)group->findings,
			 "repeats", (json_int_t)group->repeats,
			 "stopped", (json_int_t)group->stopped,
			 "unacked", (json_int_t)group->open,
			 "first", time_json(group->first), "last", time_json(group->last),
			 "classes", classes_json(group->classes));
}

static int print_json_row(const struct report *report, const struct store_group *group)
{
	json_t *json = group_json(group);
	char *name = report_name(report, report->by, group);
	bool is_text = report->by == REPORT_BY_EXE || report->by == REPORT_BY_UNIT ||
		       report->by == REPORT_BY_CONTAINER;
	int error = json_put(json, "by", json_string(report_words[report->by]));

	if (is_text)
		error |= json_put(json, "key", json_bytes(group->bytes));
	else if (report->by == REPORT_BY_USER)
		error |= json_put(json, "key", json_integer(group->number));
	else
		error |= json_put(json, "key", json_string(name ? name : "?"));
	free(name);
	return ctl_print_json(json_finish(json, error));
}

static int print_json(const struct report *report, const struct report_rows *rows)
{
	json_t *head = group_json(&report->total);
	int code, error = 0;
	size_t i;

	error |= json_put(head, "report.schema", json_integer(1));
	error |= json_put(head, "report.since", time_json(report->since));
	error |= json_put(head, "report.until", time_json(report->until));
	error |= json_put(head, "lost", json_integer((json_int_t)report->lost));
	code = ctl_print_json(json_finish(head, error));
	for (i = 0; !code && i < rows->count && (!report->limit || i < report->limit); i++)
		code = print_json_row(report, &rows->row[i].group);
	return code;
}

static int print_report(struct report *report)
{
	struct report_rows rows;
	int code = report_read(report, report->by, report->limit, &rows);

	if (code)
		return code;
	if (report->ctl->json) {
		code = print_json(report, &rows);
	} else {
		print_span(report);
		print_table(report, &rows);
	}
	report_free(&rows);
	return code;
}

static int put_page(FILE *out, void *report)
{
	return report_html(report, out);
}

static int write_page(struct report *report, const char *path)
{
	int error = file_replace(path, false, put_page, report);

	return error < 0 ? ctl_unwritten(path, error) : error;
}

static int set_time(const struct option_walk *walk, const char *name, uint64_t *to)
{
	struct units_clock clock;
	time_t when;

	units_clock_read(&clock, walk->ctl->utc);
	if (units_parse_time(walk->value, &clock, &when) || when <= 0)
		return option_wrong(walk->verb, "--%s is a time such as 2026-01-15T09:00, 09:00, today, boot or 7d, not \"%s\"",
				    name, walk->value);
	*to = (uint64_t)when * 1000000000;
	return 0;
}

static int set_by(const struct option_walk *walk, struct wish *wish)
{
	int i;

	wish->has_by = true;
	for (i = 0; report_words[i]; i++) {
		if (strcmp(walk->value, report_words[i]))
			continue;
		wish->report.by = (enum report_by)i;
		return 0;
	}
	return option_wrong(walk->verb, "--by is class, exe, user, unit, container or day, not \"%s\"",
			    walk->value);
}

static int set_option(const struct option_walk *walk, int key, struct wish *wish)
{
	switch (key) {
	case KEY_SINCE:
		return set_time(walk, "since", &wish->report.since);
	case KEY_UNTIL:
		return set_time(walk, "until", &wish->report.until);
	case KEY_BY:
		return set_by(walk, wish);
	case KEY_CLASS:
		return classes_add(walk->verb, walk->value, &wish->report.classes);
	case KEY_HTML:
		wish->html = walk->value;
		return *walk->value ? 0 : option_wrong(walk->verb, "--html is empty");
	case 'n':
		wish->has_limit = true;
		if (units_parse_u64(walk->value, &wish->report.limit) ||
		    wish->report.limit > INT32_MAX)
			return option_wrong(walk->verb, "-n is a number, not \"%s\"", walk->value);
		return 0;
	}
	return CTL_USAGE;
}

static int check(const struct option_walk *walk, const struct wish *wish)
{
	const struct report *report = &wish->report;

	if (report->until && report->until <= report->since)
		return option_wrong(walk->verb, "--until is not after --since, so there is nothing between them");
	if (wish->html && (walk->ctl->json || wish->has_by || wish->has_limit))
		return option_wrong(walk->verb, "--html has everything in it, so it goes with --since, --until and --class only");
	return option_operands(walk, 0, 0);
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct wish wish = { .report = { .ctl = ctl, .limit = ROWS_DEFAULT } };
	struct progress progress;
	struct option_walk walk;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&walk, key, &wish);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = check(&walk, &wish);
	if (!code)
		code = records_need(STORE_READ, &wish.report.store);
	if (code)
		return code;
	if (ctl->json && !wish.has_limit)
		wish.report.limit = 0;
	progress_start(&progress, "counting");
	store_on_progress(wish.report.store, progress_tick, &progress);
	code = report_count(&wish.report);
	if (!code)
		code = wish.html ? write_page(&wish.report, wish.html) : print_report(&wish.report);
	progress_end(&progress);
	report_end(&wish.report);
	store_close(wish.report.store);
	return code ? code : ctl_flush();
}

const struct verb verb_report = {
	.name = "report",
	.args = "",
	.purpose = "Count findings by class, program, user, unit, container or day",
	.options = options,
	.reads = true,
	.run = run,
};
