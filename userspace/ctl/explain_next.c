// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What happened in one sentence, which technique that is, and what to do
 * next, as commands that can be typed. A path stands in a command only when
 * a shell would take it as one word. Pure but for a look at the process.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "../lib/proc_same.h"
#include "../lib/text.h"
#include "attack.h"
#include "doc.h"
#include "evidence.h"
#include "explain.h"
#include "feed.h"
#include "row.h"

bool explain_is_this_boot(const json_t *doc)
{
	static struct ecs_context context;
	static bool loaded;

	if (!loaded && ecs_context_load(&context))
		return false;
	loaded = true;
	return !strcmp(doc_string(doc, "host.boot.id"), context.boot_id);
}

/* Both stand in the entity: "BOOT-PID-START", the last in hexadecimal. */
bool explain_process(const json_t *doc, uint32_t *pid, uint64_t *start)
{
	const char *entity = doc_string(doc, "process.entity_id");

	return sscanf(entity, "%*8[0-9a-f]-%" SCNu32 "-%" SCNx64, pid, start) ==
	       2;
}

bool explain_is_alive(const struct explain *explain)
{
	uint32_t pid;
	uint64_t start;

	return explain_is_this_boot(explain->doc) &&
	       explain_process(explain->doc, &pid, &start) &&
	       !proc_same(pid, start);
}

bool explain_unit(const json_t *doc, char *unit, size_t size)
{
	const char *cgroup = doc_string(doc, "wxguard.process.cgroup");
	const char *last = strrchr(cgroup, '/'), *dot = strrchr(cgroup, '.');

	if (!last || !dot || dot < last ||
	    (strcmp(dot, ".service") && strcmp(dot, ".scope")))
		return false;
	snprintf(unit, size, "%s", last + 1);
	return strlen(last + 1) < size;
}

/* "It was refused.", so that nobody has to know the words of verdicts. */
static const char *outcome(const json_t *doc)
{
	static const char *const words[][2] = {
		{ "logged", "It went through; the rule only logs." },
		{ "would_deny",
		  "It went through; in mode enforce it would have been refused." },
		{ "would_kill",
		  "It went through; in mode enforce the program would have been killed." },
		{ "denied", "It was refused: nothing of it took effect." },
		{ "killed", "It was refused, and the program was killed." },
		{ "spared", "It went through: the rules spare this process." },
	};
	const char *verdict = doc_string(doc, "wxguard.finding.verdict");
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i][0], verdict))
			return words[i][1];
	return "";
}

/* " in container web (nginx:1.25)", as far as it has names. */
static void put_container(FILE *out, const json_t *container)
{
	char *name = doc_quote_raw(container, doc_get(container, "name") ? "name" : "id", "", 64);
	char *image = doc_quote_raw(container, "image.name", "", 96);

	if (name)
		fprintf(out, " in container %s", name);
	if (name && image)
		fprintf(out, " (%s)", image);
	free(name);
	free(image);
}

static void put_who(FILE *out, const json_t *doc, const json_t *container)
{
	char *name = doc_quote(doc, "process.name", 0);
	char *user = doc_quote(
		doc, doc_get(doc, "user.name") ? "user.name" : "user.id", 0);
	char *parent = doc_quote(doc,
				 doc_get(doc, "process.parent.executable") ?
					 "process.parent.executable" :
					 "process.parent.name",
				 0);
	uint64_t pid = 0;

	doc_number(doc, "process.pid", &pid);
	fprintf(out, "%s[%" PRIu64 "]", name ? name : "a process", pid);
	if (user)
		fprintf(out, " of %s%s", doc_get(doc, "user.name") ? "" : "uid ", user);
	put_container(out, container);
	if (parent)
		fprintf(out, ", started by %s", parent);
	fputs(": ", out);
	free(name);
	free(user);
	free(parent);
}

int explain_what(struct explain *explain)
{
	char *text = NULL, *reason = doc_plain(explain->doc, "event.reason");
	json_t *what;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		free(reason);
		return -1;
	}
	if (doc_get(explain->doc, "process.pid"))
		put_who(out, explain->doc, doc_get(explain->out, "container"));
	fprintf(out, "%s. %s", reason ? reason : "?", outcome(explain->doc));
	free(reason);
	if (fclose(out)) {
		free(text);
		return -1;
	}
	what = json_bytes(text_bytes(text));
	free(text);
	return json_put(explain->out, "what", what);
}

static bool has_verb(const char *name)
{
	size_t i;

	for (i = 0; i < verb_count; i++)
		if (!strcmp(verbs[i]->name, name))
			return true;
	return false;
}

/* Gives up @command. */
static int add(json_t *list, const char *purpose, json_t *command)
{
	return json_array_append_new(list, json_pack("{s:s, s:o}", "purpose",
						     purpose, "type", command));
}

/* The number, or in another boot the whole id; both are harmless in a shell. */
static const char *id_of(const json_t *doc, char id[32])
{
	uint64_t number;

	if (!explain_is_this_boot(doc) ||
	    !doc_number(doc, "wxguard.finding.number", &number))
		return doc_string(doc, "event.id");
	snprintf(id, 32, "%" PRIu64, number);
	return id;
}

static bool is_word(const char *path)
{
	if (*path != '/')
		return false;
	for (; *path; path++)
		if (!strchr("/._+-", *path) && !(*path >= '0' && *path <= '9') &&
		    !(*path >= 'a' && *path <= 'z') && !(*path >= 'A' && *path <= 'Z'))
			return false;
	return true;
}

static int add_responses(const struct explain *explain, json_t *list,
			 const char *id)
{
	int error = 0;

	if (!has_verb("respond") || !explain_is_alive(explain))
		return 0;
	error |= add(list, "it is still running: hold it while you look",
		     json_sprintf("wxguard respond %s --stop", id));
	error |= add(list, "cut its control group off the network",
		     json_sprintf("wxguard respond %s --isolate", id));
	return error | add(list, "end it",
			   json_sprintf("wxguard respond %s --kill", id));
}

static int add_decisions(const struct explain *explain, json_t *list,
			 const char *id)
{
	const char *exe = doc_string(explain->doc, "process.executable");
	const char *class = doc_string(explain->doc, "wxguard.finding.class");
	int error = 0;

	if (is_word(exe)) {
		error |= add(list, "what else this program did",
			     json_sprintf("wxguard list --exe %s", exe));
		if (json_is_true(doc_get(explain->out,
					 "why.known_now.within_window")))
			error |= add(
				list,
				"it is known now and will be silent: be told again",
				json_sprintf("wxguard known forget %s", exe));
	}
	if (!strcmp(class, "sensor_tamper"))
		return error |
		       add(list, "is everything in place again?",
			   json_string("wxguard status && wxguard check"));
	if (has_verb("evidence") && (evidence_has(explain->doc, EVIDENCE_PAYLOAD) ||
				     evidence_has(explain->doc, EVIDENCE_REGION)))
		error |= add(list, "what was in that memory, and a copy of it",
			     json_sprintf("wxguard evidence %s --save FILE", id));
	if (has_verb("allow"))
		error |= add(
			list,
			"it is meant to do so: exempt it, as narrowly as can be",
			json_sprintf("wxguard allow %s --reason WHY", id));
	if (has_verb("ack"))
		error |= add(list, "it is dealt with",
			     json_sprintf("wxguard ack %s", id));
	return error |
	       add(list,
		   "it must not happen: write action = deny under its class in /etc/wxguard/rules.conf, then",
		   json_string(
			   "wxguard rules load /etc/wxguard/rules.conf && wxguard mode enforce --confirm 60s"));
}

static int put_technique(struct explain *explain)
{
	const char *id = json_string_value(json_array_get(
		doc_get(explain->doc, "threat.technique.subtechnique.id"), 0));
	const char *name = json_string_value(json_array_get(
		doc_get(explain->doc, "threat.technique.subtechnique.name"),
		0));
	const char *words;

	if (!id) {
		id = json_string_value(json_array_get(
			doc_get(explain->doc, "threat.technique.id"), 0));
		name = json_string_value(json_array_get(
			doc_get(explain->doc, "threat.technique.name"), 0));
	}
	words = id ? attack_words(id) : NULL;
	if (!id)
		return 0;
	return json_put(explain->out, "technique",
			json_pack("{s:s, s:s, s:s}", "id", id, "name",
				  name ? name : "", "words",
				  words ? words : ""));
}

int explain_next(struct explain *explain)
{
	json_t *list = json_array();
	char id[32];
	const char *named = id_of(explain->doc, id);
	int error = put_technique(explain);

	error |= add_responses(explain, list, named);
	error |= add_decisions(explain, list, named);
	return error | json_put(explain->out, "next", list);
}
