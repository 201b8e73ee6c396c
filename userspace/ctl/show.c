// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard show: everything about one finding. A number means this boot; the
 * store is asked first, then the module, then earlier boots in the store.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "detail.h"
#include "doc.h"
#include "feed.h"
#include "records.h"
#include "units.h"

struct show {
	struct feed feed;
	uint64_t seq;		/* looked for in the module */
	json_t *doc;		/* owned; what was found */
	bool no_store;
	int module_error;	/* why the module could not be asked, and */
	char module_why[256];	/* in words */
};

static int on_record(const struct store_record *record, void *arg)
{
	struct show *show = arg;

	json_decref(show->doc);
	show->doc = json_loadb(record->json, record->json_len, 0, NULL);
	if (show->doc)
		feed_repeated(show->doc, record->repeat_count, record->repeat_last);
	return 0;
}

/* @why is "" if the store is simply not there. */
static void look_in_store(struct show *show, const char *id, char why[RECORDS_WHY_MAX])
{
	char path[CONFIG_PATH_MAX];
	struct store *store;
	int error = records_open(&store, path, why);

	show->no_store = error == -ENOENT;
	if (!error || show->no_store)
		why[0] = 0;
	if (error)
		return;
	error = store_find(store, id, on_record, show);
	if (error && error != -ENOENT)
		snprintf(why, RECORDS_WHY_MAX, "%s", store_error(store));
	store_close(store);
}

static int on_finding(struct finding *finding, void *arg)
{
	struct show *show = arg;
	bool found = finding->seq == show->seq;

	if (found) {
		json_decref(show->doc);
		show->doc = feed_document(&show->feed, finding);
	}
	finding_free(finding);
	return found;
}

static int on_loss(const struct finding_loss *loss, void *arg)
{
	(void)loss;
	(void)arg;
	return 0;
}

/* That the module cannot answer is a failure only if nobody else can. */
static void look_in_module(struct show *show)
{
	struct client *client;

	show->module_error = client_open(&client, show->module_why, sizeof(show->module_why));
	if (show->module_error)
		return;
	client_findings(client, show->seq - 1, on_finding, on_loss, show);
	client_close(client);
}

static bool is_this_boot(const struct show *show)
{
	return !strcmp(doc_string(show->doc, "host.boot.id"), show->feed.context.boot_id);
}

static void find(struct show *show, const char *id, char why[RECORDS_WHY_MAX])
{
	look_in_store(show, id, why);
	if (units_parse_u64(id, &show->seq) || !show->seq)
		return;
	if (!show->doc || !is_this_boot(show))
		look_in_module(show);
}

static int not_found(const struct show *show, const char *id, const char *why)
{
	if (!show->no_store || !show->module_error)
		return ctl_fail(CTL_NOT_FOUND, "there is no finding %s in the store or the module%s%s",
				id, *why ? ": " : "", why);
	return ctl_fail(show->module_error == -EPERM ? CTL_PERMISSION : CTL_NO_MODULE,
			"there is no store yet, and %s", show->module_why);
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	char why[RECORDS_WHY_MAX] = "";
	struct show show = { 0 };
	struct option_walk walk;
	const char *id;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk))
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (code)
		return code;
	id = walk.argv[0][0] == '#' ? walk.argv[0] + 1 : walk.argv[0];
	if (id[strspn(id, "0123456789abcdef-")] || !*id)
		return option_wrong(verb, "an ID is a number from the list or a whole event.id, not \"%s\"",
				    walk.argv[0]);
	code = feed_start(&show.feed, ctl);
	if (code)
		return code;
	find(&show, id, why);
	feed_end(&show.feed);
	if (!show.doc)
		return not_found(&show, id, why);
	if (ctl->json)
		return ctl_print_json(show.doc) ? CTL_FAILED : ctl_flush();
	detail_print(stdout, ctl, show.doc);
	json_decref(show.doc);
	return ctl_flush();
}

const struct verb verb_show = {
	.name = "show",
	.args = "ID",
	.purpose = "Show everything about one finding",
	.reads = true,
	.run = run,
};
