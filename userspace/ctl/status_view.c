// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What "wxguard status" says: the facts of store and module, and whether
 * they are well. Printing is in status_print.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../lib/json_out.h"
#include "../lib/raw_json.h"
#include "status_view.h"

bool status_view_armed(const struct status_view *view)
{
	bool judged = false;
	unsigned int i;

	for (i = 0; i < view->kernel.hooks; i++) {
		if (view->kernel.hook[i].role != WXGUARD_ROLE_JUDGE)
			continue;
		judged = true;
		if (view->kernel.hook[i].state == WXGUARD_HOOK_OFF)
			return false;
	}
	return judged;
}

void status_view_heartbeat(struct status_view *view)
{
	FILE *in = fopen("/sys/module/wxguard/parameters/heartbeat", "re");
	struct timespec now;
	uint64_t ns;

	if (in && fscanf(in, "%" SCNu64, &view->heartbeat_interval) != 1)
		view->heartbeat_interval = 0;
	if (in)
		fclose(in);
	clock_gettime(CLOCK_BOOTTIME, &now);
	ns = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	if (view->kernel.heartbeat && ns > view->kernel.heartbeat)
		view->heartbeat_age = (ns - view->kernel.heartbeat) / 1000000000;
}

static int on_loss(const struct store_record *record, void *arg)
{
	struct status_store *store = arg;

	(void)record;
	store->losses++;
	return 0;
}

static int on_newest(const struct store_record *record, void *arg)
{
	struct status_store *store = arg;

	store->newest = record->time;
	return 0;
}

static int read_store(struct store *store, struct status_store *into)
{
	const struct store_query losses = { .kinds = 1U << STORE_LOSS };
	const struct store_query newest = {
		.kinds = 1U << STORE_FINDING, .limit = 1, .newest = true,
	};
	int error = store_findings(store, &into->findings);

	if (!error)
		error = store_query(store, &losses, on_loss, into);
	if (!error)
		error = store_query(store, &newest, on_newest, into);
	if (!error)
		error = store_known_count(store, &into->known);
	if (!error && store_meta_get_u64(store, STORE_META_LOST_TOTAL, &into->lost_total))
		into->lost_total = 0;
	return error;
}

void status_view_store(struct status_view *view)
{
	struct status_store *into = &view->store;
	struct store *store;
	int error = records_open(&store, into->path, into->why);

	if (error) {
		if (error == -ENOENT)
			into->why[0] = 0;
		return;
	}
	into->present = true;
	if (read_store(store, into))
		snprintf(into->why, sizeof(into->why), "%s", store_error(store));
	store_close(store);
}

static json_t *store_json(const struct status_store *store)
{
	return json_pack("{s:s, s:b, s:s*, s:I, s:I, s:I, s:I, s:I}",
			 "path", store->path, "present", store->present,
			 "error", store->why[0] ? store->why : NULL,
			 "findings", (json_int_t)store->findings,
			 "losses", (json_int_t)store->losses,
			 "known", (json_int_t)store->known,
			 "lost_total", (json_int_t)store->lost_total,
			 "newest", (json_int_t)store->newest);
}

json_t *status_view_json(const struct status_view *view)
{
	const struct daemon_state *daemon = &view->daemon;
	json_t *root = status_json(&view->kernel);

	if (!root)
		return NULL;
	if (json_put(root, "armed", json_boolean(status_view_armed(view))) ||
	    json_put(root, "heartbeat_age", view->kernel.heartbeat ?
		     json_integer((json_int_t)view->heartbeat_age) : json_null()) ||
	    json_put(root, "exclusions", json_integer(view->rules.count)) ||
	    json_put(root, "daemon", json_pack("{s:b, s:o}", "running", daemon->running,
					       "pid", daemon->pid ? json_integer(daemon->pid) :
								    json_null())) ||
	    json_put(root, "store", store_json(&view->store))) {
		json_decref(root);
		return NULL;
	}
	return root;
}
