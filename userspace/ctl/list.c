// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard list: findings and losses, oldest first, from the daemon's store or
 * straight from the module's ring.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../module/core/rules.h"
#include "../lib/text.h"
#include "classes.h"
#include "records.h"
#include "tail.h"
#include "units.h"

enum {
	KEY_SINCE = 256,
	KEY_CLASS,
	KEY_EXE,
	KEY_USER,
	KEY_UNIT,
	KEY_CONTAINER,
	KEY_KERNEL,
	KEY_SINCE_SEQ,
	KEY_NOTICES,
	KEY_UNACKED,
	KEY_FORMAT,
};

static const struct verb_option options[] = {
	{ 'n', "lines", "N", "only the newest N" },
	{ KEY_SINCE, "since", "TIME", "2026-01-15T09:00, 09:00, today, yesterday, boot, or 2h (ago)" },
	{ KEY_CLASS, "class", "CLASS", "only this class; repeatable" },
	{ KEY_EXE, "exe", "GLOB", "only executables like this: * within a directory, ** across" },
	{ KEY_USER, "user", "USER", "only of this user: a name or a number" },
	{ KEY_UNIT, "unit", "GLOB", "only of units like this, such as nginx.service or 'session-*'" },
	{ KEY_CONTAINER, "container", "ID", "only of the container whose id begins so" },
	{ KEY_UNACKED, "unacked", NULL, "only findings that nobody has dealt with (see: wxguard ack)" },
	{ KEY_NOTICES, "notices", NULL, "also what wxguardd said about itself, and changed rules" },
	{ KEY_FORMAT, "format", FORMATS, "as another project gives its own; ecs and ndjson as stored" },
	{ KEY_KERNEL, "kernel", NULL, "ask the module, not the store" },
	{ KEY_SINCE_SEQ, "since-seq", "N", "with --kernel: only numbers above N" },
	{ 0 }
};

struct list {
	struct tail tail;
	struct ctl *ctl;
	bool kernel, has_seq, notices, unacked;
	uint64_t after;
	time_t since;
	uint32_t classes;
	const char *exe, *unit, *container;
	bool has_uid;
	uint32_t uid;
	const struct format *format;
};

static bool is_like(const char *glob, struct bytes text)
{
	return !glob || (text.data && wxg_glob_match(glob, (const char *)text.data, text.len));
}

static bool is_listed(const struct list *list, const struct finding *finding)
{
	if (list->since > 0 && finding->time_real < (uint64_t)list->since * 1000000000)
		return false;
	if (list->classes && !(list->classes & (1U << (finding->class & 31))))
		return false;
	if (list->has_uid && list->uid != finding->process.uid)
		return false;
	return is_like(list->exe, finding->process.exe) &&
	       is_like(list->unit, store_unit(finding->process.cgroup));
}

/* A filter that a loss cannot answer hides it: it belongs to no program. */
static bool is_filtered(const struct list *list)
{
	return list->classes || list->exe || list->has_uid || list->unit;
}

static struct feed_item *new_item(void)
{
	struct feed_item *item = calloc(1, sizeof(*item));

	if (!item)
		ctl_fail(CTL_FAILED, "out of memory");
	return item;
}

static int on_finding(struct finding *finding, void *arg)
{
	struct list *list = arg;
	struct feed_item *item;

	if (!is_listed(list, finding)) {
		finding_free(finding);
		return 0;
	}
	item = new_item();
	if (!item) {
		finding_free(finding);
		return CTL_FAILED;
	}
	item->finding = finding;
	return tail_push(&list->tail, item);
}

static int on_loss(const struct finding_loss *loss, void *arg)
{
	struct list *list = arg;
	struct feed_item *item;

	if (is_filtered(list))
		return 0;
	item = new_item();
	if (!item)
		return CTL_FAILED;
	item->is_loss = true;
	item->loss = *loss;
	return tail_push(&list->tail, item);
}

static int list_kernel(struct list *list)
{
	struct client *client;
	int code = ctl_connect(&client);

	if (code)
		return code;
	code = client_findings(client, list->after, on_finding, on_loss, list);
	if (code < 0)
		code = ctl_refused(client, code, NULL);
	client_close(client);
	return code;
}

static int on_record(const struct store_record *record, void *arg)
{
	struct list *list = arg;
	struct feed_item *item;

	item = new_item();
	if (!item)
		return CTL_FAILED;
	item->is_notice = record->kind != STORE_FINDING;
	item->json = strndup(record->json, record->json_len);
	item->repeat_count = record->repeat_count;
	item->repeat_last = record->repeat_last;
	item->acked = record->acked;
	if (item->json)
		return tail_push(&list->tail, item);
	feed_drop(item);
	return ctl_fail(CTL_FAILED, "out of memory");
}

static int list_store(struct list *list)
{
	struct store_query query = {
		.since = list->since > 0 ? (uint64_t)list->since * 1000000000 : 0,
		.classes = list->classes,
		.kinds = 1U << STORE_FINDING | 1U << STORE_LOSS,
		.exe = list->exe,
		.unit = list->unit,
		.container = list->container,
		.has_uid = list->has_uid,
		.uid = list->uid,
		.unacked = list->unacked,
		.limit = list->tail.limit,
		.newest = list->tail.limit,
	};
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX];
	struct store *store;
	int code;

	if (list->notices)
		query.kinds |= 1U << STORE_NOTICE;
	code = records_open(&store, path, why);
	if (code == -ENOENT)
		return ctl_fail(CTL_NO_DAEMON, "%s; has wxguardd run yet? \"wxguard list --kernel\" asks the module", why);
	if (code)
		return records_refused(code, why);
	code = store_query(store, &query, on_record, list);
	if (code < 0)
		code = ctl_fail(CTL_FAILED, "%s", store_error(store));
	store_close(store);
	return code;
}

/* A name that is all digits is a number, as everywhere. */
static int set_user(struct list *list, const struct option_walk *walk)
{
	const struct passwd *user;
	uint64_t number;

	if (units_parse_u64(walk->value, &number)) {
		user = getpwnam(walk->value);
		number = user ? user->pw_uid : UINT64_MAX;
	}
	if (number > UINT32_MAX)
		return option_wrong(walk->verb, "--user is the name of a user of this host, or a number from 0 to %u, not \"%s\"",
				    UINT32_MAX, walk->value);
	list->has_uid = true;
	list->uid = (uint32_t)number;
	return 0;
}

static int set_option(struct list *list, const struct option_walk *walk, int key)
{
	const struct verb *verb = walk->verb;
	struct units_clock clock;

	switch (key) {
	case 'n':
		if (units_parse_u64(walk->value, &list->tail.limit) || !list->tail.limit)
			return option_wrong(verb, "-n is a number from 1, not \"%s\"", walk->value);
		return 0;
	case KEY_SINCE:
		units_clock_read(&clock, list->ctl->utc);
		if (units_parse_time(walk->value, &clock, &list->since))
			return option_wrong(verb, "--since is a time such as 2026-01-15T09:00, 09:00, today, boot or 2h, not \"%s\"",
					    walk->value);
		return 0;
	case KEY_CLASS:
		return classes_add(verb, walk->value, &list->classes);
	case KEY_EXE:
		list->exe = walk->value;
		return 0;
	case KEY_USER:
		return set_user(list, walk);
	case KEY_UNIT:
		list->unit = walk->value;
		return 0;
	case KEY_CONTAINER:
		list->container = walk->value;
		return *walk->value ? 0 : option_wrong(verb, "--container is empty");
	case KEY_UNACKED:
		list->unacked = true;
		return 0;
	case KEY_NOTICES:
		list->notices = true;
		return 0;
	case KEY_FORMAT:
		list->format = format_find(walk->value);
		if (!list->format)
			return option_wrong(verb, "--format is one of tracee, falco, ocsf, ecs, cef, csv and ndjson, not \"%s\"",
					    walk->value);
		return 0;
	case KEY_KERNEL:
		list->kernel = true;
		return 0;
	case KEY_SINCE_SEQ:
		list->has_seq = true;
		if (units_parse_u64(walk->value, &list->after))
			return option_wrong(verb, "--since-seq is a number, not \"%s\"", walk->value);
		return 0;
	}
	return CTL_USAGE;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct list list = { .ctl = ctl };
	struct option_walk walk;
	struct feed feed;
	int key, code, end;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&list, &walk, key);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code && list.has_seq && !list.kernel)
		code = option_wrong(verb, "--since-seq goes with --kernel");
	if (!code && list.notices && list.kernel)
		code = option_wrong(verb, "--notices are in the store, the module of --kernel has none");
	if (!code && list.unacked && (list.kernel || list.notices))
		code = option_wrong(verb, "--unacked is about findings in the store, so not with --kernel or --notices");
	if (!code && list.container && list.kernel)
		code = option_wrong(verb, "--container is known to the store, not to the module, so not with --kernel");
	if (!code && list.format && ctl->json)
		code = option_wrong(verb, "--format and --json exclude each other; --format ndjson is what --json prints");
	if (!code)
		code = feed_start(&feed, ctl);
	if (code)
		return code;
	feed.format = list.format;
	list.tail.feed = &feed;
	code = list.kernel ? list_kernel(&list) : list_store(&list);
	end = tail_end(&list.tail);
	feed_end(&feed);
	if (!code)
		code = end;
	return code ? code : ctl_flush();
}

const struct verb verb_list = {
	.name = "list",
	.args = "",
	.purpose = "List findings and losses, newest last",
	.options = options,
	.reads = true,
	.run = run,
};
