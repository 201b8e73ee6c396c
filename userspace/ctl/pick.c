// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One finding by its number or event.id. A number means this boot; the store
 * is asked first, then the module, then earlier boots in the store. Only reads.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "feed.h"
#include "pick.h"
#include "records.h"
#include "units.h"

struct search {
	struct feed feed;
	uint64_t seq;		/* looked for in the module */
	json_t *doc;		/* owned; what was found */
	int64_t row;		/* of the store, 0 = it is the module's */
	bool no_store;
	bool no_right;		/* to read it */
	int module_error;	/* why the module could not be asked, and */
	char module_why[256];	/* in words */
};

static int on_record(const struct store_record *record, void *arg)
{
	struct search *search = arg;

	json_decref(search->doc);
	search->doc = json_loadb(record->json, record->json_len, 0, NULL);
	search->row = record->row;
	if (search->doc) {
		feed_repeated(search->doc, record->repeat_count, record->repeat_last);
		feed_acked(search->doc, record->acked, record->acked_by, record->acked_note);
	}
	return 0;
}

/* @why is "" if the store is simply not there. */
static void look_in_store(struct search *search, const char *id, char why[RECORDS_WHY_MAX])
{
	char path[CONFIG_PATH_MAX];
	struct store *store;
	int error = records_open(&store, path, why);

	search->no_store = error == -ENOENT;
	search->no_right = error == -EACCES || error == -EPERM;
	if (!error || search->no_store)
		why[0] = 0;
	if (error)
		return;
	error = store_find(store, id, on_record, search);
	if (error && error != -ENOENT)
		snprintf(why, RECORDS_WHY_MAX, "%s", store_error(store));
	store_close(store);
}

static int on_finding(struct finding *finding, void *arg)
{
	struct search *search = arg;
	bool found = finding->seq == search->seq;

	if (found) {
		json_decref(search->doc);
		search->doc = feed_document(&search->feed, finding);
		search->row = 0;
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
static void look_in_module(struct search *search)
{
	struct client *client;

	search->module_error = client_reach(&client, search->module_why, sizeof(search->module_why));
	if (search->module_error)
		return;
	client_findings(client, search->seq - 1, on_finding, on_loss, search);
	client_close(client);
}

static bool is_this_boot(const struct search *search)
{
	return !strcmp(doc_string(search->doc, "host.boot.id"), search->feed.context.boot_id);
}

static void find(struct search *search, const char *id, char why[RECORDS_WHY_MAX])
{
	look_in_store(search, id, why);
	if (units_parse_u64(id, &search->seq) || !search->seq)
		return;
	if (!search->doc || !is_this_boot(search))
		look_in_module(search);
}

static int not_found(const struct search *search, const char *id, const char *why)
{
	if (search->no_right && search->module_error)
		return records_refused(-EACCES, why);
	if (!search->no_store || !search->module_error)
		return ctl_fail(CTL_NOT_FOUND, "there is no finding %s in the store or the module%s%s",
				id, *why ? ": " : "", why);
	return ctl_fail(search->module_error == -EPERM ? CTL_PERMISSION : CTL_NO_MODULE,
			"there is no store yet, and %s", search->module_why);
}

int pick_finding(const struct ctl *ctl, const struct verb *verb, const char *word,
		 json_t **doc, int64_t *row)
{
	const char *id = word[0] == '#' ? word + 1 : word;
	struct search search = { 0 };
	char why[RECORDS_WHY_MAX] = "";
	int code;

	if (id[strspn(id, "0123456789abcdef-")] || !*id)
		return option_wrong(verb, "an ID is a number from the list or a whole event.id, not \"%s\"",
				    word);
	code = feed_start(&search.feed, ctl);
	if (code)
		return code;
	find(&search, id, why);
	feed_end(&search.feed);
	if (!search.doc)
		return not_found(&search, id, why);
	*doc = search.doc;
	*row = search.row;
	return 0;
}
