// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What happened, in a few words. Pure.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "row.h"
#include "units.h"

#define NAME_SHOWN 48

static void put_quoted(FILE *out, const json_t *doc, const char *path, size_t max)
{
	char *text = doc_quote(doc, path, max);

	if (text)
		fprintf(out, " %s", text);
	free(text);
}

/*
 * "anon", "heap", "file /usr/lib/x.so", "dev_shm /dev/shm/x", "memfd:evil".
 * The kernel itself puts "memfd:" in front of a memfd's name.
 */
static void put_backing(FILE *out, const json_t *doc)
{
	const char *region = doc_string(doc, "wxguard.memory.region");
	const char *origin = doc_string(doc, "wxguard.memory.origin");

	if (strcmp(doc_string(doc, "wxguard.memory.backing"), "file")) {
		fprintf(out, " %s", *region ? region : "anon");
	} else if (!strcmp(origin, "memfd")) {
		put_quoted(out, doc, "file.name", NAME_SHOWN);
	} else {
		fprintf(out, " %s", *origin ? origin : "file");
		put_quoted(out, doc, "file.path", NAME_SHOWN);
	}
}

static void put_memory(FILE *out, const json_t *doc)
{
	const char *before = doc_string(doc, "wxguard.memory.prot_before");
	const char *after = doc_string(doc, "wxguard.memory.prot_after");
	uint64_t bytes;
	char size[16];

	if (doc_number(doc, "wxguard.memory.size", &bytes) && bytes)
		fprintf(out, " %s", units_print_size(size, sizeof(size), bytes));
	put_backing(out, doc);
	if (*before && strcmp(before, after))	/* a write changes nothing in it */
		fprintf(out, " %s ->", before);
	fprintf(out, " %s", after);
}

/* "/usr/sbin/victim[612]", or that it is the process itself. */
static void put_other(FILE *out, const json_t *doc, const char *at)
{
	const json_t *other = doc_get(doc, at);
	char path[64];
	uint64_t pid = 0;

	if (json_is_true(doc_get(other, "self"))) {
		fputs(" itself", out);
		return;
	}
	doc_number(other, "pid", &pid);
	snprintf(path, sizeof(path), "%s.%s", at,
		 doc_get(other, "executable") ? "executable" : "name");
	put_quoted(out, doc, path, NAME_SHOWN);
	fprintf(out, "[%" PRIu64 "]", pid);
}

/* The other process that has a part in it. */
static void put_others(FILE *out, const json_t *doc)
{
	bool executable = strchr(doc_string(doc, "wxguard.memory.prot_after"), 'x');

	if (doc_get(doc, "wxguard.target")) {
		fputs(" of", out);
		put_other(out, doc, "wxguard.target");
	}
	if (doc_get(doc, "wxguard.writer")) {
		fputs(executable ? ", written by" : ", executed by", out);
		put_other(out, doc, "wxguard.writer");
	}
}

/* In the words of a person, by the reason's name. */
static const char *tamper_words(const char *reason)
{
	static const char *const words[][2] = {
		{ "exec", "started from memory, unjudged" },
		{ "mprotect", "made W and X, unjudged" },
		{ "canary", "the kernel's probes do not answer" },
		{ "missed", "the kernel skipped calls of a probe" },
		{ "unload", "tried to unload the locked module" },
		{ "budget", "the budget of denials is spent" },
	};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i][0], reason))
			return words[i][1];
	return "for a reason unknown to this program";
}

static bool has_word(const json_t *words, const char *name)
{
	size_t i;

	for (i = 0; i < json_array_size(words); i++) {
		const char *word = json_string_value(json_array_get(words, i));

		if (word && !strcmp(word, name))
			return true;
	}
	return false;
}

static const char *sealed(const json_t *seals)
{
	if (has_word(seals, "F_SEAL_WRITE") && has_word(seals, "F_SEAL_GROW") &&
	    has_word(seals, "F_SEAL_SHRINK") && has_word(seals, "F_SEAL_SEAL"))
		return "sealed";
	return has_word(seals, "F_SEAL_WRITE") ? "write-sealed" : "unsealed";
}

static void put_exec(FILE *out, const json_t *doc)
{
	const json_t *seals = doc_get(doc, "wxguard.exec.seals");
	const char *origin = doc_string(doc, "wxguard.exec.origin");
	uint64_t round;

	fprintf(out, " %s", *origin ? origin : "?");
	if (doc_get(doc, "wxguard.exec.memfd_name"))
		put_quoted(out, doc, "wxguard.exec.memfd_name", NAME_SHOWN);
	else if (!strcmp(origin, "dev_shm") || !strcmp(origin, "run_shm") ||
		 !strcmp(origin, "file"))
		put_quoted(out, doc, "file.path", NAME_SHOWN);
	if (seals)
		fprintf(out, " %s", sealed(seals));
	if (json_is_true(doc_get(doc, "wxguard.exec.script")))
		fputs(" script", out);
	if (has_word(doc_get(doc, "wxguard.finding.flags"), "checked"))
		fputs(" asked only", out);
	if (doc_number(doc, "wxguard.exec.round", &round) && round)
		fprintf(out, " interpreter %" PRIu64, round);
}

char *row_what(const json_t *doc)
{
	char *text = NULL, *call = doc_quote(doc, "auditd.data.syscall", 0);
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out) {
		free(call);
		return NULL;
	}
	if (doc_get(doc, "wxguard.tamper"))
		fprintf(out, "%s%s%s", call ? call : "", call ? ": " : "",
			tamper_words(doc_string(doc, "wxguard.tamper.reason")));
	else
		fputs(call ? call : doc_get(doc, "wxguard.repeat") ? "the same again" : "-", out);
	free(call);
	if (doc_get(doc, "wxguard.memory"))
		put_memory(out, doc);
	if (doc_get(doc, "wxguard.exec"))
		put_exec(out, doc);
	put_others(out, doc);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
