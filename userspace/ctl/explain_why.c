// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Why it was reported: the class, what "known" would have meant, and what
 * kept each exclusion from covering it, as module/core says. Only reads.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/config.h"
#include "../lib/json_out.h"
#include "../lib/rules_text.h"
#include "../lib/text.h"
#include "classes.h"
#include "doc.h"
#include "exclude_line.h"
#include "explain.h"
#include "explain_case.h"

#define SHOWN 120 /* bytes of a path in a sentence */

static void put_path(FILE *out, struct bytes path)
{
	char *quoted = text_quote(path, SHOWN);

	fputs(quoted ? quoted : "?", out);
	free(quoted);
}

static void put_miss(FILE *out, const char *kind, const char *pattern,
		     struct bytes value, bool *more)
{
	fprintf(out, "%s%s ", *more ? "; " : "", kind);
	put_path(out, text_bytes(pattern));
	if (value.data) {
		fputs(" does not fit ", out);
		put_path(out, value);
	} else {
		fputs(": what it would have to fit was not recorded", out);
	}
	*more = true;
}

static void put_missed_file(FILE *out, const struct client_exemption *row,
			    const struct rules_case *event, bool *more)
{
	const char *kind = row->has_sha256 ? "SHA-256" : "inode";

	fprintf(out, "%s", *more ? "; " : "");
	if (!event->has_key)
		fprintf(out, "%s: the file of the executable was not recorded",
			kind);
	else if (row->has_sha256 && !row->has_identity)
		fputs("SHA-256: no file with this content was found so far",
		      out);
	else
		fprintf(out, "%s: it is another file", kind);
	*more = true;
}

/* "exe /opt/java does not fit /opt/acme/bin/agentd; uid is 0, not 1001" */
static void put_misses(FILE *out, const struct client_exemption *row,
		       const struct rules_case *event, unsigned int misses)
{
	bool more = false;
	char time[32];

	if (misses & RULES_MISS_EXPIRED) {
		rules_text_time_print(row->expires, time);
		fprintf(out, "it expired %s", time);
		more = true;
	}
	if (misses & RULES_MISS_EXE)
		put_miss(out, "exe", row->exe, event->exe, &more);
	if (misses & RULES_MISS_FILE)
		put_missed_file(out, row, event, &more);
	if (misses & RULES_MISS_UID) {
		fprintf(out, "%suid is %" PRIu32 ", not ", more ? "; " : "",
			row->uid);
		if (event->has_uid)
			fprintf(out, "%" PRIu32, event->uid);
		else
			fputs("recorded", out);
		more = true;
	}
	if (misses & RULES_MISS_CGROUP)
		put_miss(out, "control group", row->cgroup, event->cgroup,
			 &more);
	if (misses & RULES_MISS_COMM)
		put_miss(out, "name", row->comm, event->comm, &more);
}

static json_t *words_of_miss(const struct client_exemption *row,
			     const struct rules_case *event,
			     unsigned int misses)
{
	char classes[256], *text = NULL;
	size_t size;
	json_t *words;
	FILE *out;

	if (!misses)
		return json_string("it would cover it now");
	if (misses == RULES_MISS_CLASS)
		return json_sprintf(
			"it is for %s",
			classes_print(classes, sizeof(classes), row->classes));
	out = open_memstream(&text, &size);
	if (!out)
		return NULL;
	put_misses(out, row, event, misses);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	words = json_bytes(text_bytes(text));
	free(text);
	return words;
}

static json_t *missed_by(unsigned int misses)
{
	static const char *const names[] = { "class", "expiry", "exe", "file",
					     "uid",   "cgroup", "comm" };
	json_t *list = json_array();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (misses >> i & 1)
			json_array_append_new(list, json_string(names[i]));
	return list;
}

int explain_exclusions(json_t *why, const struct client_rules *rules,
		       const struct rules_case *event)
{
	json_t *list = json_array();
	unsigned int i, misses;
	int error = 0;

	for (i = 0; i < rules->count; i++) {
		const struct client_exemption *row = &rules->exemption[i];
		json_t *one = json_object();

		misses = rules_why(row, event);
		error |= json_put(one, "name",
				  json_bytes(text_bytes(row->name)));
		error |= json_put(one, "covers", json_boolean(!misses));
		error |= json_put(one, "missed_by", missed_by(misses));
		error |= json_put(one, "words",
				  words_of_miss(row, event, misses));
		error |= json_array_append_new(list, one);
	}
	return error | json_put(why, "exclusions", list);
}

/* The module's, else those of the file; NULL, or what is to be said of them. */
static const char *get_rules(const struct explain *explain,
			     struct client_rules *rules, const char **missing)
{
	static char why[RULES_TEXT_WHY_MAX], text[RULES_TEXT_WHY_MAX + 300];
	unsigned int expired;
	struct config config;
	char config_why[CONFIG_WHY_MAX];

	if (explain->client && !client_rules_get(explain->client, rules))
		return NULL;
	config_init(&config);
	config_load(NULL, &config, config_why);
	if (rules_text_parse(config.rules, explain->now, &expired, rules,
			     why)) {
		snprintf(
			text, sizeof(text),
			"neither the module nor the rules file could be read: %s; %s",
			explain->no_client ? explain->no_client :
					     "the module gave no rules",
			why);
		*missing = text;
		return NULL;
	}
	return "the module could not be asked: these are the rules of the file, not the live ones";
}

static int put_rules(const struct explain *explain, json_t *why)
{
	const char *missing = NULL, *note;
	struct client_rules rules = { 0 };
	struct explain_case event;
	uint64_t then = 0;
	int error;

	note = get_rules(explain, &rules, &missing);
	if (missing)
		return json_put(why, "exclusions_missing",
				json_bytes(text_bytes(missing)));
	explain_case(explain->doc, explain->now, &event);
	error = explain_exclusions(why, &rules, &event.event);
	error |= json_put(why, "generation_now",
			  note ? json_null() : json_integer(rules.generation));
	doc_number(explain->doc, "wxguard.finding.rules_generation", &then);
	error |= json_put(why, "generation_then",
			  json_integer((json_int_t)then));
	if (!note && then != rules.generation)
		note = explain_is_this_boot(explain->doc) ?
			       "the rules were changed since; this is how the present ones see it" :
			       "the finding is of an earlier boot; this is how the present rules see it";
	if (note)
		error |= json_put(why, "exclusions_note", json_string(note));
	if (event.by_parent)
		error |= json_put(
			why, "judged_note",
			json_string(
				"a program start is judged by who asks for it, which was a copy of the parent process: the parent's executable stands for it"));
	explain_case_free(&event);
	client_rules_free(&rules);
	return error;
}

/* What "known" is for this class, and whether it would be by now. */
static int put_known(const struct explain *explain, json_t *why)
{
	struct client_known key = { 0 };
	struct explain_case event;
	struct store_seen seen;
	uint64_t window;
	int error = 0;

	if (!doc_number(explain->doc, "wxguard.history.window_seconds",
			&window))
		return json_put(why, "key", json_null());
	error |= json_put(why, "key",
			  json_deep_copy(doc_get(explain->doc,
						 "wxguard.history.identity")));
	error |= json_put(why, "window_seconds",
			  json_integer((json_int_t)window));
	explain_case(explain->doc, explain->now, &event);
	key.dev = event.event.dev;
	key.ino = event.event.ino;
	key.generation = event.event.generation;
	key.ctime_sec = event.event.ctime_sec;
	key.ctime_nsec = event.event.ctime_nsec;
	key.classes = 1U << event.event.class;
	if (!explain->store)
		error |= json_put(why, "known_missing",
				  json_string(explain->no_store));
	else if (!event.event.has_key)
		error |= json_put(
			why, "known_missing",
			json_string(
				"the file of the executable was not recorded"));
	else if (store_known_seen(explain->store, &key, &seen))
		error |= json_put(why, "known_now", json_null());
	else
		error |= json_put(
			why, "known_now",
			json_pack("{s:I, s:I, s:I, s:b}", "first_seen",
				  (json_int_t)seen.first, "last_seen",
				  (json_int_t)seen.last, "count",
				  (json_int_t)seen.count, "within_window",
				  seen.last + window > explain->now));
	explain_case_free(&event);
	return error;
}

int explain_why(struct explain *explain)
{
	json_t *why = json_object();
	int error = 0;

	error |= json_put(
		why, "class",
		json_string(doc_string(explain->doc, "wxguard.finding.class")));
	error |= put_known(explain, why);
	error |= put_rules(explain, why);
	return error | json_put(explain->out, "why", why);
}
