// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When the executable was first seen: by the set of those that are known (the
 * module's, else what the daemon kept of it), and by the findings that are
 * stored. Only reads; bounded by time, however many findings there are.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "classes.h"
#include "daemon.h"
#include "doc.h"
#include "explain.h"
#include "explain_case.h"
#include "term.h"
#include "units.h"

#define PATIENCE_MS 120
/* So many findings by this path are compared with it. */
#define COMPARED 50

/* Entries of one file: one for each class, and kind of memory. */
struct entries {
	const struct rules_case *file;
	struct store_seen seen;
	uint32_t classes;
};

static int on_known(const struct client_known *known, void *arg)
{
	struct entries *entries = arg;
	const struct rules_case *file = entries->file;

	if (known->dev != file->dev || known->ino != file->ino ||
	    known->generation != file->generation || known->ctime_sec != file->ctime_sec ||
	    known->ctime_nsec != file->ctime_nsec)
		return 0;
	if (!entries->classes || known->first_seen < entries->seen.first)
		entries->seen.first = known->first_seen;
	if (known->last_seen > entries->seen.last)
		entries->seen.last = known->last_seen;
	entries->seen.count += known->count;
	entries->classes |= known->classes;
	return 0;
}

static int on_kept(const struct store_known *entry, void *arg)
{
	return on_known(&entry->known, arg);
}

/* NULL, or why there is nothing to be told. */
static const char *read_known(const struct explain *explain, struct entries *entries,
			      const char **source)
{
	*source = "module";
	if (explain->client && !client_known_list(explain->client, on_known, entries))
		return NULL;
	*source = "store";
	memset(&entries->seen, 0, sizeof(entries->seen));
	entries->classes = 0;
	if (!explain->store)
		return explain->no_client ? explain->no_client : explain->no_store;
	return store_known_list(explain->store, on_kept, entries) ? store_error(explain->store) :
								    NULL;
}

static int put_known(const struct explain *explain, json_t *out)
{
	struct rules_case file = { 0 };
	struct entries entries = { .file = &file };
	const char *source, *missing;
	char classes[256];

	if (!explain_identity(explain->doc, "wxguard.process.executable_file", &file))
		missing = "which file it was, was not recorded";
	else
		missing = read_known(explain, &entries, &source);
	if (missing)
		return json_put(out, "known.missing", json_bytes(text_bytes(missing)));
	if (!entries.classes)
		return json_put(out, "known", json_pack("{s:n, s:s}", "first_seen", "source", source));
	return json_put(out, "known",
			json_pack("{s:I, s:I, s:I, s:s, s:s}", "first_seen",
				  (json_int_t)entries.seen.first, "last_seen",
				  (json_int_t)entries.seen.last, "count",
				  (json_int_t)entries.seen.count, "classes",
				  classes_print(classes, sizeof(classes), entries.classes),
				  "source", source));
}

struct earliest {
	const struct explain *explain;
	json_t *out;
	uint64_t deadline;
	int error;
};

/* "same", "other": content; "unknown" when one of the two was not digested. */
static const char *compare(const json_t *one, const json_t *other)
{
	const char *hash = doc_string(one, "process.hash.sha256"),
		   *its = doc_string(other, "process.hash.sha256");
	const json_t *file = doc_get(one, "wxguard.process.executable_file");

	if (*hash && *its)
		return strcmp(hash, its) ? "other" : "same";
	return file && json_equal(file, doc_get(other, "wxguard.process.executable_file")) ?
		       "same" :
		       "unknown";
}

static json_t *entry(const json_t *doc, const json_t *self, const char *file)
{
	json_t *one = json_object();
	int error = 0;

	error |= json_put(one, "number", json_deep_copy(doc_get(doc, "wxguard.finding.number")));
	error |= json_put(one, "id", json_string(doc_string(doc, "event.id")));
	error |= json_put(one, "timestamp", json_string(doc_string(doc, "@timestamp")));
	error |= json_put(one, "file", json_string(file));
	error |= json_put(one, "this", json_boolean(!strcmp(doc_string(doc, "event.id"),
							     doc_string(self, "event.id"))));
	return json_finish(one, error);
}

/* The first by this path, and the first that was this file as well. */
static int on_record(const struct store_record *record, void *arg)
{
	struct earliest *earliest = arg;
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL);
	const char *file;

	if (!doc)
		return 0;
	file = compare(earliest->explain->doc, doc);
	if (!doc_get(earliest->out, "finding"))
		earliest->error |= json_put(earliest->out, "finding",
					    entry(doc, earliest->explain->doc, file));
	if (!strcmp(file, "same"))
		earliest->error |= json_put(earliest->out, "same_file",
					    entry(doc, earliest->explain->doc, file));
	json_decref(doc);
	return !strcmp(file, "same");
}

static int is_over(void *arg)
{
	return daemon_clock_ms() > ((struct earliest *)arg)->deadline;
}

static int put_finding(struct earliest *earliest)
{
	const struct explain *explain = earliest->explain;
	struct bytes exe = explain_bytes(explain->doc, "process.executable",
					 "wxguard.raw.process.executable");
	const char *missing = NULL;
	uint32_t nanoseconds;
	int64_t seconds;
	int error = 0;

	if (!exe.data || !explain_time(doc_string(explain->doc, "@timestamp"), &seconds, &nanoseconds))
		missing = "the finding does not say which executable, or when";
	else if (!explain->store)
		missing = explain->no_store;
	if (!missing) {
		store_on_progress(explain->store, is_over, earliest);
		error = store_first(explain->store, exe,
				    (uint64_t)seconds * 1000000000 + nanoseconds, COMPARED,
				    on_record, earliest);
		store_on_progress(explain->store, NULL, NULL);
	}
	if (error < 0)
		missing = error == -EINTR ?
				  "there are more findings than can be searched at once; \"wxguard list --exe PATH\" takes the time" :
				  store_error(explain->store);
	free((void *)exe.data);
	return missing ? json_put(earliest->out, "finding.missing", json_bytes(text_bytes(missing))) :
			 0;
}

int explain_first(struct explain *explain)
{
	struct earliest earliest = {
		.explain = explain,
		.out = json_object(),
		.deadline = daemon_clock_ms() + PATIENCE_MS,
	};
	int error = 0;

	if (!json_is_object(doc_get(explain->out, "executable"))) {
		json_decref(earliest.out);
		return 0;
	}
	error |= put_known(explain, earliest.out);
	error |= put_finding(&earliest);
	return error | earliest.error |
	       json_put(explain->out, "executable.first_seen", earliest.out);
}

static void print_known(FILE *out, const struct ctl *ctl, const json_t *known)
{
	bool kept = !strcmp(doc_string(known, "source"), "store");
	uint64_t first, count = 0;
	char *why = doc_plain(known, "missing"), when[40];

	term_label(out, "first seen");
	doc_number(known, "count", &count);
	if (why)
		fprintf(out, "not to be had of the known executables: %s\n", why);
	else if (!doc_number(known, "first_seen", &first))
		fprintf(out, "it is not among the known executables (%s)\n",
			kept ? "as the daemon kept them" : "in the module");
	else
		fprintf(out, "%s: known since then for %s, seen %" PRIu64 " time%s (%s)\n",
			units_print_time(when, sizeof(when), (time_t)first, ctl->utc, true),
			doc_string(known, "classes"), count, count == 1 ? "" : "s",
			kept ? "as the daemon kept it" : "in the module");
	free(why);
}

static void print_finding(FILE *out, const struct ctl *ctl, const json_t *one, const char *what)
{
	uint32_t nanoseconds;
	uint64_t number = 0;
	int64_t seconds;
	char when[40];

	if (!explain_time(doc_string(one, "timestamp"), &seconds, &nanoseconds))
		return;
	doc_number(one, "number", &number);
	term_label(out, "");
	fprintf(out, "%s: #%" PRIu64 "%s, the first stored finding of %s\n",
		units_print_time(when, sizeof(when), (time_t)seconds, ctl->utc, true), number,
		json_is_true(doc_get(one, "this")) ? ", which is this one" : "", what);
}

void explain_print_first(FILE *out, const struct ctl *ctl, const json_t *first)
{
	const json_t *finding = doc_get(first, "finding"), *same = doc_get(first, "same_file");
	char *why = doc_plain(finding, "missing");

	if (!first)
		return;
	print_known(out, ctl, doc_get(first, "known"));
	if (why) {
		term_label(out, "");
		fprintf(out, "its first finding is not to be had: %s\n", why);
		free(why);
	} else if (!strcmp(doc_string(finding, "file"), "other")) {
		print_finding(out, ctl, finding, "this path, which was another content then");
		print_finding(out, ctl, same, "this path with this content");
	} else {
		print_finding(out, ctl, finding, "this path");
	}
}
