// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What else the same process, login session, container and unit did around
 * that time, from the store; and what the daemon saw of the process then.
 * Only reads; bounded by time, by rows, and by how many are told.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "doc.h"
#include "explain.h"
#include "explain_case.h"
#include "feed.h"
#include "row.h"

#define AROUND_S    600
#define AROUND_ROWS 1000
#define TOLD	    40

struct around {
	const struct explain *explain;
	json_t *list;
	uint64_t more;
	int error;
};

/* The part of a document in which @path stands: "\"session\":\"12\"". malloc'ed. */
static char *needle(const json_t *doc, const char *path, const char *name)
{
	const json_t *value = doc_get(doc, path);
	char *line, *text = NULL;

	if (!json_is_string(value) || !json_string_length(value))
		return NULL;
	line = json_line(value, NULL);
	if (line && asprintf(&text, "\"%s\":%s", name, line) < 0)
		text = NULL;
	free(line);
	return text;
}

static bool shares(const json_t *one, const json_t *other, const char *path)
{
	const json_t *value = doc_get(one, path);

	return json_is_string(value) && json_string_length(value) &&
	       json_equal(value, doc_get(other, path));
}

/* What the two have in common; an empty list if nothing. */
static json_t *relation(const json_t *one, const json_t *other)
{
	json_t *list = json_array();

	if (shares(one, other, "process.entity_id"))
		json_array_append_new(list, json_string("process"));
	if (shares(one, other, "auditd.session"))
		json_array_append_new(list, json_string("session"));
	if (shares(one, other, "container.id"))
		json_array_append_new(list, json_string("container"));
	if (shares(one, other, "wxguard.process.cgroup"))
		json_array_append_new(list, json_string("cgroup"));
	return list;
}

static json_t *entry(const json_t *doc, json_t *shared)
{
	json_t *one = json_object();
	char *what = row_what(doc);
	int error = 0;

	error |= json_put(one, "shares", shared);
	error |= json_put(
		one, "number",
		json_deep_copy(doc_get(doc, "wxguard.finding.number")));
	error |= json_put(one, "id", json_string(doc_string(doc, "event.id")));
	error |= json_put(one, "timestamp",
			  json_string(doc_string(doc, "@timestamp")));
	error |=
		json_put(one, "class",
			 json_string(doc_string(doc, "wxguard.finding.class")));
	error |= json_put(
		one, "verdict",
		json_string(doc_string(doc, "wxguard.finding.verdict")));
	error |= json_put(one, "pid",
			  json_deep_copy(doc_get(doc, "process.pid")));
	error |= json_put(one, "executable",
			  json_string(doc_string(doc, "process.executable")));
	error |= json_put(one, "what",
			  what ? json_bytes(text_bytes(what)) : NULL);
	free(what);
	return json_finish(one, error);
}

static int on_record(const struct store_record *record, void *arg)
{
	struct around *around = arg;
	json_t *doc, *shared;

	if (json_array_size(around->list) >= TOLD) {
		around->more++;
		return 0;
	}
	doc = json_loadb(record->json, record->json_len, 0, NULL);
	shared = doc ? relation(around->explain->doc, doc) : NULL;
	if (json_array_size(shared))
		around->error |=
			json_array_append_new(around->list, entry(doc, shared));
	else
		json_decref(shared);
	json_decref(doc);
	return 0;
}

static int put_around(struct around *around, json_t *out)
{
	const json_t *doc = around->explain->doc;
	struct store_near near = { .row = around->explain->row,
				   .rows = AROUND_ROWS };
	int64_t seconds;
	uint32_t unused;
	uint64_t pid = 0;
	char *text[STORE_NEAR_TEXTS];
	int error, i;

	if (!explain_time(doc_string(doc, "@timestamp"), &seconds, &unused))
		return json_put(out, "missing",
				json_string("the finding has no time"));
	near.since = (uint64_t)(seconds - AROUND_S) * 1000000000;
	near.until = (uint64_t)(seconds + AROUND_S) * 1000000000;
	doc_number(doc, "process.pid", &pid);
	near.pid = (uint32_t)pid;
	text[0] = needle(doc, "auditd.session", "session");
	text[1] = needle(doc, "container.id", "id");
	text[2] = needle(doc, "wxguard.process.cgroup", "cgroup");
	for (i = 0; i < STORE_NEAR_TEXTS; i++)
		near.text[i] = text[i];
	error = store_near(around->explain->store, &near, on_record, around);
	for (i = 0; i < STORE_NEAR_TEXTS; i++)
		free(text[i]);
	return error ? json_put(out, "missing",
				json_string(
					store_error(around->explain->store))) :
		       0;
}

/* As the daemon wrote it down, or why there is nothing. */
static int put_moment(struct explain *explain)
{
	const char *missing = explain->no_store;
	json_t *moment = NULL;
	char *json = NULL;
	int error;

	if (explain->store) {
		error = store_moment_get(explain->store, explain->row, &json);
		if (!error)
			moment = json_loads(json, 0, NULL);
		missing =
			error != -ENOENT ?
				store_error(explain->store) :
				"the daemon took nothing down with this finding: it tells of repeats, too many came at once, or an earlier version stored it";
		free(json);
	}
	return json_put(explain->out, "moment",
			moment ? moment :
				 json_pack("{s:s}", "missing", missing));
}

int explain_around(struct explain *explain)
{
	struct around around = { .explain = explain, .list = json_array() };
	json_t *out = json_object();
	int error = 0;

	error |= json_put(out, "seconds", json_integer(AROUND_S));
	if (!explain->store)
		error |= json_put(out, "missing",
				  json_string(explain->no_store));
	else
		error |= put_around(&around, out);
	error |= json_put(out, "findings", around.list);
	error |= json_put(out, "more", json_integer((json_int_t)around.more));
	return error | around.error | json_put(explain->out, "around", out) |
	       put_moment(explain);
}
