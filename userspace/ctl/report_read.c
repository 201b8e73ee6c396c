// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a report counts, from the store. Only reads.
 */
#include <errno.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "../lib/text.h"
#include "doc.h"
#include "report.h"

#define NAME_SHOWN 96

const char *const report_words[] = { "class", "exe", "user", "unit", "container", "day", NULL };

static const enum store_by by_of[REPORT_BY_COUNT] = {
	[REPORT_BY_CLASS] = STORE_BY_CLASS,
	[REPORT_BY_EXE] = STORE_BY_EXE,
	[REPORT_BY_USER] = STORE_BY_UID,
	[REPORT_BY_UNIT] = STORE_BY_UNIT,
	[REPORT_BY_CONTAINER] = STORE_BY_CONTAINER,
	[REPORT_BY_DAY] = STORE_BY_QUARTER,
};

static int on_loss(const struct store_record *record, void *arg)
{
	struct report *report = arg;
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL);
	uint64_t count = 0;

	doc_number(doc, "wxguard.stream.lost_count", &count);
	json_decref(doc);
	report->lost += count;
	report->stretches++;
	return 0;
}

static int on_total(const struct store_group *group, void *arg)
{
	struct report *report = arg;

	report->total = *group;
	return 0;
}

static int failed(const struct report *report, int error)
{
	if (error == -ENOMEM)
		return ctl_fail(CTL_FAILED, "out of memory");
	return ctl_fail(CTL_FAILED, "%s", store_error(report->store));
}

int report_count(struct report *report)
{
	const struct store_query losses = {
		.since = report->since, .until = report->until, .kinds = 1U << STORE_LOSS,
	};
	const struct store_question question = {
		.since = report->since, .until = report->until, .classes = report->classes,
	};
	int error = store_query(report->store, &losses, on_loss, report);

	if (!error)
		error = store_tally(report->store, &question, &report->tally);
	if (!error)
		error = store_tally_groups(report->tally, STORE_BY_ALL, on_total, report);
	return error ? failed(report, error) : 0;
}

void report_end(struct report *report)
{
	store_tally_free(report->tally);
	report->tally = NULL;
}

/* When the day began in which @when is. */
static time_t day_of(const struct report *report, time_t when)
{
	struct tm parts;

	if (report->ctl->utc)
		return when - when % 86400;
	if (!localtime_r(&when, &parts))
		return when;
	parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
	parts.tm_isdst = -1;
	return mktime(&parts);
}

static struct report_row *append(struct report_rows *rows)
{
	size_t room = rows->room ? 2 * rows->room : 64;
	struct report_row *grown;

	if (rows->count == rows->room) {
		grown = reallocarray(rows->row, room, sizeof(*grown));
		if (!grown)
			return NULL;
		rows->row = grown;
		rows->room = room;
	}
	return &rows->row[rows->count++];
}

static int add_row(struct report_rows *rows, const struct store_group *group)
{
	struct report_row *row = append(rows);

	if (!row)
		return -ENOMEM;
	row->group = *group;
	row->text = NULL;
	if (!group->bytes.data)
		return 0;
	row->text = malloc(group->bytes.len + 1);
	if (!row->text)
		return -ENOMEM;
	memcpy(row->text, group->bytes.data, group->bytes.len);
	row->group.bytes.data = (const uint8_t *)row->text;
	return 0;
}

static void merge(struct store_group *into, const struct store_group *group)
{
	into->findings += group->findings;
	into->repeats += group->repeats;
	into->stopped += group->stopped;
	into->open += group->open;
	into->classes |= group->classes;
	if (!into->first || group->first < into->first)
		into->first = group->first;
	if (group->last > into->last)
		into->last = group->last;
}

/* What is read, and where it goes; not all is kept. */
struct reading {
	struct report *report;
	struct report_rows *rows;
	uint64_t limit;
};

/* Quarters of an hour come in their order, and become days. */
static int on_quarter(const struct store_group *group, void *arg)
{
	struct reading *reading = arg;
	struct report_rows *rows = reading->rows;
	struct store_group quarter = *group;

	quarter.number = day_of(reading->report, (time_t)group->number);
	if (rows->count && rows->row[rows->count - 1].group.number == quarter.number) {
		merge(&rows->row[rows->count - 1].group, group);
		return 0;
	}
	return add_row(rows, &quarter);
}

static int on_group(const struct store_group *group, void *arg)
{
	struct reading *reading = arg;

	if (reading->limit && reading->rows->count >= reading->limit)
		return 0;
	return add_row(reading->rows, group);
}

int report_read(struct report *report, enum report_by by, uint64_t limit,
		struct report_rows *rows)
{
	struct reading reading = { .report = report, .rows = rows, .limit = limit };
	int error;

	memset(rows, 0, sizeof(*rows));
	error = store_tally_groups(report->tally, by_of[by],
				   by == REPORT_BY_DAY ? on_quarter : on_group, &reading);
	if (!error)
		return 0;
	report_free(rows);
	return failed(report, error);
}

void report_free(struct report_rows *rows)
{
	while (rows->count)
		free(rows->row[--rows->count].text);
	free(rows->row);
	memset(rows, 0, sizeof(*rows));
}

static char *user_name(int64_t uid)
{
	struct passwd *user = uid == UINT32_MAX ? NULL : getpwuid((uid_t)uid);
	char *name = user ? text_quote(text_bytes(user->pw_name), 64) : NULL, *both = NULL;

	if (asprintf(&both, name ? "%" PRId64 " (%s)" : "%" PRId64, uid, name) < 0)
		both = NULL;
	free(name);
	return both;
}

static char *day_name(const struct report *report, time_t day)
{
	struct tm parts;
	char text[32];

	if (report->ctl->utc)
		gmtime_r(&day, &parts);
	else
		localtime_r(&day, &parts);
	strftime(text, sizeof(text), "%Y-%m-%d", &parts);
	return strdup(text);
}

char *report_name(const struct report *report, enum report_by by,
		  const struct store_group *group)
{
	const struct wxg_class *class;

	switch (by) {
	case REPORT_BY_CLASS:
		class = wxg_class_lookup((uint32_t)group->number);
		return strdup(class && class->name ? class->name : "?");
	case REPORT_BY_USER:
		return user_name(group->number);
	case REPORT_BY_DAY:
		return day_name(report, (time_t)group->number);
	default:
		return group->bytes.data ? text_quote(group->bytes, NAME_SHOWN) : strdup("-");
	}
}
