// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard explain: each question of an investigation about one finding,
 * answered from one command. Only reads. What cannot be had says why.
 */
#include <stdlib.h>
#include <time.h>

#include "../lib/json_out.h"
#include "explain.h"
#include "pick.h"
#include "records.h"

static int fill(struct explain *explain)
{
	char unit[256];
	int error = 0;

	error |= json_put(explain->out, "schema", json_integer(1));
	error |= explain_container(explain);
	error |= explain_what(explain);
	error |= explain_why(explain);
	error |= json_put(explain->out, "running",
			  json_boolean(explain_is_alive(explain)));
	error |= json_put(explain->out, "unit",
			  explain_unit(explain->doc, unit, sizeof(unit)) ?
				  json_string(unit) :
				  json_null());
	error |= explain_executable(explain);
	error |= explain_first(explain);
	error |= explain_around(explain);
	error |= explain_mappers(explain);
	error |= explain_next(explain);
	return error |
	       json_put(explain->out, "finding", json_incref(explain->doc));
}

/* What is asked beside the finding; that one cannot be had is no failure. */
static void reach(struct explain *explain, char store_why[RECORDS_WHY_MAX],
		  char client_why[256])
{
	char path[CONFIG_PATH_MAX];

	explain->no_store = store_why;
	if (!explain->row)
		snprintf(store_why, RECORDS_WHY_MAX,
			 "the finding is not in the daemon's store");
	else if (records_open(&explain->store, path, store_why))
		explain->store = NULL;
	explain->no_client = client_why;
	if (client_reach(&explain->client, client_why, 256))
		explain->client = NULL;
}

static int explain_one(struct ctl *ctl, json_t *doc, int64_t row)
{
	char store_why[RECORDS_WHY_MAX] = "", client_why[256] = "";
	struct explain explain = {
		.ctl = ctl,
		.doc = doc,
		.row = row,
		.out = json_object(),
		.now = (uint64_t)time(NULL),
	};
	int error;

	reach(&explain, store_why, client_why);
	error = fill(&explain);
	store_close(explain.store);
	if (explain.client)
		client_close(explain.client);
	if (error) {
		json_decref(explain.out);
		return ctl_fail(CTL_FAILED, "out of memory");
	}
	if (ctl->json)
		return ctl_print_json(explain.out) ? CTL_FAILED : ctl_flush();
	explain_print(stdout, ctl, explain.out);
	json_decref(explain.out);
	return ctl_flush();
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	json_t *doc = NULL;
	int64_t row = 0;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 1, 1))
		return walk.exit;
	code = pick_finding(ctl, verb, walk.argv[0], &doc, &row);
	if (code)
		return code;
	code = explain_one(ctl, doc, row);
	json_decref(doc);
	return code;
}

const struct verb verb_explain = {
	.name = "explain",
	.args = "ID",
	.purpose = "Say what a finding means, why it came, and what to do next",
	.reads = true,
	.notes =
		"With --json one object: what, why, executable, container, moment, around, technique, next,\n"
		"and the finding itself. What could not be had stands as \"missing\", with the reason.\n",
	.run = run,
};
