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
	uint64_t bytes;
	char size[16];

	if (doc_number(doc, "wxguard.memory.size", &bytes))
		fprintf(out, " %s", units_print_size(size, sizeof(size), bytes));
	put_backing(out, doc);
	fprintf(out, " %s%s%s", before, *before ? " -> " : "",
		doc_string(doc, "wxguard.memory.prot_after"));
}

static bool has_seal(const json_t *seals, const char *name)
{
	size_t i;

	for (i = 0; i < json_array_size(seals); i++) {
		const char *seal = json_string_value(json_array_get(seals, i));

		if (seal && !strcmp(seal, name))
			return true;
	}
	return false;
}

static const char *sealed(const json_t *seals)
{
	if (has_seal(seals, "F_SEAL_WRITE") && has_seal(seals, "F_SEAL_GROW") &&
	    has_seal(seals, "F_SEAL_SHRINK") && has_seal(seals, "F_SEAL_SEAL"))
		return "sealed";
	return has_seal(seals, "F_SEAL_WRITE") ? "write-sealed" : "unsealed";
}

static void put_exec(FILE *out, const json_t *doc)
{
	const json_t *seals = doc_get(doc, "wxguard.exec.seals");
	const char *origin = doc_string(doc, "wxguard.exec.origin");
	uint64_t round;

	fprintf(out, " %s", *origin ? origin : "?");
	if (doc_get(doc, "wxguard.exec.memfd_name"))
		put_quoted(out, doc, "wxguard.exec.memfd_name", NAME_SHOWN);
	else if (!strcmp(origin, "dev_shm") || !strcmp(origin, "run_shm"))
		put_quoted(out, doc, "file.path", NAME_SHOWN);
	if (seals)
		fprintf(out, " %s", sealed(seals));
	if (json_is_true(doc_get(doc, "wxguard.exec.script")))
		fputs(" script", out);
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
	fputs(call ? call : "-", out);
	free(call);
	if (doc_get(doc, "wxguard.memory"))
		put_memory(out, doc);
	if (doc_get(doc, "wxguard.exec"))
		put_exec(out, doc);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	return text;
}
