// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Watching what wxguardd stores, for who may read that and not the module. The
 * daemon is between, so that it is looked whether it is there. Only reads.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "daemon.h"
#include "doc.h"
#include "records.h"
#include "watch.h"

/* A restart takes less. */
#define ABSENT_MAX 20

int watch_store_open(struct watch *watch)
{
	int code = records_need(STORE_READ, &watch->store);

	if (!code && !watch->has_after && store_newest_row(watch->store, &watch->row))
		code = ctl_fail(CTL_FAILED, "%s", store_error(watch->store));
	return code;
}

/* Numbers are of this boot; each record says which one it is of. */
static bool is_wanted(const struct watch *watch, const struct store_record *record)
{
	const char *boot = watch->feed.context.boot_id;

	return !watch->has_after || (record->number > watch->after &&
				     memmem(record->json, record->json_len, boot, strlen(boot)));
}

static int show_on_screen(struct watch *watch, const struct store_record *record)
{
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL);
	uint64_t lost = 0;

	if (!doc)
		return ctl_fail(CTL_FAILED, "the store holds a record that is no JSON object");
	if (record->kind == STORE_FINDING) {
		screen_add(watch->screen, doc);
	} else {
		doc_number(doc, "wxguard.stream.lost_count", &lost);
		screen_lost(watch->screen, lost);
	}
	json_decref(doc);
	return 0;
}

static int show_line(struct watch *watch, const struct store_record *record)
{
	struct feed_item item = { .is_notice = record->kind != STORE_FINDING };
	int code;

	item.json = strndup(record->json, record->json_len);
	if (!item.json)
		return ctl_fail(CTL_FAILED, "out of memory");
	code = feed_print(&watch->feed, &item);
	free(item.json);
	return code ? code : ctl_flush();
}

static int on_record(const struct store_record *record, void *arg)
{
	struct watch *watch = arg;
	int code;

	watch->row = record->row;
	if (!is_wanted(watch, record))
		return 0;
	code = watch->screen ? show_on_screen(watch, record) : show_line(watch, record);
	watch->shown += record->kind == STORE_FINDING;
	return !code && watch->limit && watch->shown >= watch->limit ? WATCH_ENOUGH : code;
}

int watch_store_read(struct watch *watch)
{
	const struct store_query query = {
		.after_row = watch->row,
		.kinds = 1U << STORE_FINDING | 1U << STORE_LOSS,
	};
	struct daemon_state daemon;
	int code = store_query(watch->store, &query, on_record, watch);

	/* It is held for a moment: the next look sees it. */
	if (code < 0 && code != -EBUSY)
		return ctl_fail(CTL_FAILED, "%s", store_error(watch->store));
	if (code > 0)
		return code;
	daemon_look(DAEMON_LOCK, &daemon);
	watch->absent = daemon.running ? 0 : watch->absent + 1;
	if (watch->absent > ABSENT_MAX)
		return ctl_fail(CTL_NO_DAEMON, "wxguardd is not running, and what it does not store is not seen here");
	return 0;
}
