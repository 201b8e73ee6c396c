// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The facts of a payload as text. Reads only the object, in which all text is
 * clean already, or is made so here.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "evidence.h"

#define LABEL_WIDTH 14

static void label(FILE *out, const char *name)
{
	fprintf(out, "%-*s", LABEL_WIDTH, name);
}

static uint64_t number_at(const json_t *json, const char *path)
{
	uint64_t number = 0;

	doc_number(json, path, &number);
	return number;
}

static const char *source_words(const char *source)
{
	return !strcmp(source, "kept") ? "kept by the daemon when the finding came" :
	       !strcmp(source, "kernel") ? "the file itself, held by the module" :
					   "the process's memory, as it is now";
}

static void print_state(FILE *out, const json_t *facts)
{
	const json_t *as_seen = doc_get(facts, "as_seen");

	label(out, "content");
	if (json_is_true(as_seen))
		fputs("the same as when the finding came\n", out);
	else if (json_is_false(as_seen))
		fprintf(out, "CHANGED since the finding came, when it was sha256 %s\n",
			doc_string(facts, "seen.sha256"));
	else if (json_is_true(doc_get(facts, "sealed")))
		fputs("sealed: nobody can have changed it\n", out);
	else if (!strcmp(doc_string(facts, "source"), "kept"))
		fputs("a copy, which nobody but root and the daemon can change\n", out);
	else
		fputs("not sealed: whoever has it open can have changed it since\n", out);
}

static void print_wx(FILE *out, const json_t *elf)
{
	const json_t *list = doc_get(elf, "wx_segments");
	size_t i;

	label(out, "W+X segments");
	fprintf(out, "%" PRIu64 " of %" PRIu64 "\n", number_at(elf, "wx"),
		number_at(elf, "loads"));
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		label(out, "");
		fprintf(out, "at %s, %" PRIu64 " bytes, %" PRIu64 " of them from offset %" PRIu64
			"\n", doc_string(one, "address"), number_at(one, "in_memory"),
			number_at(one, "in_file"), number_at(one, "offset"));
	}
}

static void print_elf(FILE *out, const json_t *elf)
{
	char *interp = doc_quote_raw(elf, "interpreter", "interpreter_hex", 0);
	const char *id = doc_string(elf, "build_id");

	label(out, "ELF");
	fprintf(out, "%" PRIu64 " bits, %s endian, %s, %s, entry %s\n", number_at(elf, "bits"),
		doc_string(elf, "byte_order"), doc_string(elf, "machine"),
		doc_string(elf, "type"), doc_string(elf, "entry"));
	if (*doc_string(elf, "fault")) {
		label(out, "");
		fprintf(out, "broken: %s\n", doc_string(elf, "fault"));
	}
	label(out, "interpreter");
	fprintf(out, "%s\n", interp ? interp : json_is_true(doc_get(elf, "dynamic")) ?
		"none, but linked dynamically" : "none: static");
	print_wx(out, elf);
	label(out, "stack");
	fprintf(out, "%s\n", doc_string(elf, "stack"));
	label(out, "build id");
	fprintf(out, "%s\n", *id ? id : "none");
	label(out, "symbols");
	fprintf(out, "%s%s\n", json_is_true(doc_get(elf, "stripped")) ? "stripped" : "not stripped",
		json_is_true(doc_get(elf, "sections")) ? "" : ", without a table of sections");
	free(interp);
}

static void print_strings(FILE *out, const json_t *strings)
{
	const json_t *list = doc_get(strings, "first");
	size_t i;

	label(out, "strings");
	fprintf(out, "%" PRIu64 "%s\n", number_at(strings, "total"),
		!json_array_size(list) ? "" :
		json_array_size(list) < number_at(strings, "total") ? ", the first ones:" : ":");
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		char *text = doc_plain(one, "text");

		fprintf(out, "  %8" PRIx64 "  %s%s\n", number_at(one, "offset"), text ? text : "?",
			number_at(one, "length") > json_string_length(doc_get(one, "text")) ?
				"..." : "");
		free(text);
	}
}

void evidence_print(FILE *out, const struct ctl *ctl, const json_t *facts)
{
	const json_t *elf = doc_get(facts, "elf");

	(void)ctl;
	label(out, doc_string(facts, "kind"));
	fprintf(out, "%s\n", source_words(doc_string(facts, "source")));
	if (*doc_string(facts, "address")) {
		label(out, "address");
		fprintf(out, "%s%s\n", doc_string(facts, "address"),
			json_is_true(doc_get(facts, "whole")) ? "" : ", in part: the rest is gone, or more than is copied");
	}
	label(out, "size");
	fprintf(out, "%" PRIu64 " bytes\n", number_at(facts, "size"));
	label(out, "sha256");
	fprintf(out, "%s\n", doc_string(facts, "sha256"));
	if (!strcmp(doc_string(facts, "kind"), "payload"))
		print_state(out, facts);
	label(out, "entropy");
	fprintf(out, "%s bits in a byte (8 is chance, or packed)\n", doc_string(facts, "entropy"));
	if (json_is_object(elf)) {
		print_elf(out, elf);
	} else {
		label(out, "ELF");
		fputs("no ELF file\n", out);
	}
	print_strings(out, doc_get(facts, "strings"));
}
