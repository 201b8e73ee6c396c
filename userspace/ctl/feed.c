// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Records on their way to stdout. A finding of the module is made into the
 * same document that the daemon stores, so that one path shows both.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/json_out.h"
#include "../lib/raw_json.h"
#include "../lib/text.h"
#include "feed.h"

#ifndef WXGUARD_VERSION
#define WXGUARD_VERSION "unknown"
#endif

int feed_start(struct feed *feed, const struct ctl *ctl)
{
	memset(feed, 0, sizeof(*feed));
	feed->ctl = ctl;
	feed->style.color = ctl->color;
	feed->style.utc = ctl->utc;
	if (ecs_context_load(&feed->context))
		return ctl_fail(CTL_FAILED, "the boot id of this host could not be read (is /proc mounted?)");
	snprintf(feed->context.version, sizeof(feed->context.version), "%s", WXGUARD_VERSION);
	feed->names = names_new();
	return feed->names ? 0 : ctl_fail(CTL_FAILED, "out of memory");
}

void feed_end(struct feed *feed)
{
	names_free(feed->names);
	feed->names = NULL;
}

json_t *feed_document(struct feed *feed, struct finding *finding)
{
	if (names_enrich(feed->names, finding))
		return NULL;
	return ecs_document(finding, &feed->context);
}

/* Times without a date are enough when the oldest line is of today. */
static void choose_style(struct feed *feed, time_t when)
{
	time_t now = time(NULL);
	struct tm then_parts, now_parts;

	if (feed->begun || !when)
		return;
	feed->begun = true;
	if (feed->style.utc) {
		gmtime_r(&when, &then_parts);
		gmtime_r(&now, &now_parts);
	} else {
		localtime_r(&when, &then_parts);
		localtime_r(&now, &now_parts);
	}
	feed->style.date = then_parts.tm_yday != now_parts.tm_yday ||
			   then_parts.tm_year != now_parts.tm_year;
}

int feed_repeated(json_t *doc, uint64_t count, uint64_t last)
{
	char time[ECS_TIME_MAX];

	if (!count)
		return 0;
	ecs_time(last, time);
	return json_put(doc, "wxguard.repeated.count", json_integer((json_int_t)count)) |
	       json_put(doc, "wxguard.repeated.last", json_string(time));
}

int feed_acked(json_t *doc, uint64_t when, const char *by, const char *note)
{
	char time[ECS_TIME_MAX];
	int error;

	if (!when)
		return 0;
	ecs_time(when * 1000000000, time);
	error = json_put(doc, "wxguard.ack.time", json_string(time));
	if (by)
		error |= json_put(doc, "wxguard.ack.by", json_bytes(text_bytes(by)));
	if (note)
		error |= json_put(doc, "wxguard.ack.note", json_bytes(text_bytes(note)));
	return error;
}

static json_t *stored(const struct feed_item *item)
{
	json_t *doc = json_loads(item->json, 0, NULL);

	if (doc) {
		feed_repeated(doc, item->repeat_count, item->repeat_last);
		feed_acked(doc, item->acked, NULL, NULL);
	}
	return doc;
}

static int print_json(const struct feed_item *item)
{
	json_t *doc = item->repeat_count || item->acked ? stored(item) : NULL;

	if (doc)
		return ctl_print_json(doc);
	if (item->finding)
		return ctl_print_json(finding_json(item->finding));
	if (item->is_loss)
		return ctl_print_json(loss_json(&item->loss));
	puts(item->json);
	return 0;
}

static int print_line(struct feed *feed, const struct feed_item *item)
{
	json_t *doc = item->finding ? feed_document(feed, item->finding) :
				      stored(item);

	if (!doc && item->finding)
		return ctl_fail(CTL_FAILED, "out of memory");
	if (!doc)
		return ctl_fail(CTL_FAILED, "the store holds a record that is no JSON object");
	choose_style(feed, row_time(doc));
	if (item->is_notice)
		row_notice(stdout, &feed->style, doc);
	else
		row_finding(stdout, &feed->style, doc);
	json_decref(doc);
	return 0;
}

static int print_format(struct feed *feed, const struct feed_item *item)
{
	json_t *doc = item->finding ? feed_document(feed, item->finding) :
		      item->is_loss ? ecs_loss(&item->loss, &feed->context) : stored(item);
	int error;

	if (!doc && !item->finding && !item->is_loss)
		return ctl_fail(CTL_FAILED, "the store holds a record that is no JSON object");
	if (!feed->begun && feed->format->head)
		puts(feed->format->head);
	feed->begun = true;
	error = doc ? format_print(stdout, feed->format, doc) : -1;
	json_decref(doc);
	return error ? ctl_fail(CTL_FAILED, "out of memory") : 0;
}

int feed_print(struct feed *feed, const struct feed_item *item)
{
	if (feed->format)
		return print_format(feed, item);
	if (feed->ctl->json)
		return print_json(item);
	if (item->is_loss) {
		row_loss(stdout, &feed->style, &item->loss, 0);
		return 0;
	}
	return print_line(feed, item);
}

void feed_drop(struct feed_item *item)
{
	if (!item)
		return;
	if (item->finding)
		finding_free(item->finding);
	free(item->json);
	free(item);
}
