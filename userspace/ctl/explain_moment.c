// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The daemon's look at the process when the finding came, as text: sockets,
 * open files, who else has the memory file mapped. Reads only the object.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "doc.h"
#include "explain.h"
#include "term.h"

/* "missing" of a part, if it has one. */
static bool print_missing(FILE *out, const char *name, const json_t *part)
{
	char *why = doc_plain(part, "missing");

	if (!why)
		return false;
	term_label(out, name);
	fprintf(out, "not to be had: %s\n", why);
	free(why);
	return true;
}

static void print_more(FILE *out, const json_t *part)
{
	uint64_t more;

	if (!doc_number(part, "more", &more) || !more)
		return;
	term_label(out, "");
	fprintf(out, "and %" PRIu64 " more\n", more);
}

static void print_socket(FILE *out, const json_t *one)
{
	char *local = doc_quote_raw(one, "local", "local_hex", 0);
	char *remote = doc_quote_raw(one, "remote", "remote_hex", 0);
	uint64_t fd = 0;

	doc_number(one, "fd", &fd);
	fprintf(out, "fd %-3" PRIu64 " %-5s %-12s %s", fd,
		doc_string(one, "type"), doc_string(one, "state"),
		local ? local : "-");
	if (remote)
		fprintf(out, " -> %s", remote);
	fputc('\n', out);
	free(local);
	free(remote);
}

static void print_network(FILE *out, const json_t *part)
{
	const json_t *list = doc_get(part, "sockets");
	size_t i;

	if (print_missing(out, "network", part))
		return;
	for (i = 0; i < json_array_size(list); i++) {
		term_label(out, i ? "" : "network");
		print_socket(out, json_array_get(list, i));
	}
	if (!json_array_size(list)) {
		term_label(out, "network");
		fputs("no sockets\n", out);
	}
	print_more(out, part);
}

static void print_files(FILE *out, const json_t *part)
{
	const json_t *list = doc_get(part, "open");
	size_t i;

	if (print_missing(out, "files", part))
		return;
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		char *path = doc_quote_raw(one, "path", "path_hex", 0);
		uint64_t fd = 0;

		doc_number(one, "fd", &fd);
		term_label(out, i ? "" : "files");
		fprintf(out, "fd %-3" PRIu64 " %s\n", fd, path ? path : "?");
		free(path);
	}
	if (!json_array_size(list)) {
		term_label(out, "files");
		fputs("none open\n", out);
	}
	print_more(out, part);
}

void explain_print_mappers(FILE *out, const json_t *part)
{
	const json_t *list = doc_get(part, "processes");
	uint64_t looked = 0;
	size_t i;

	if (!part || print_missing(out, "mapped now", part))
		return;
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);
		char *name = doc_quote_raw(one, "name", "name_hex", 0);
		uint64_t pid = 0;

		doc_number(one, "pid", &pid);
		term_label(out, i ? "" : "mapped now");
		fprintf(out, "%s[%" PRIu64 "] %s\n", name ? name : "?", pid,
			doc_string(one, "protection"));
		free(name);
	}
	doc_number(part, "looked", &looked);
	term_label(out, json_array_size(list) ? "" : "mapped now");
	fprintf(out, "%s%" PRIu64 " processes were looked at%s\n",
		json_array_size(list) ? "" : "nobody; ", looked,
		json_is_true(doc_get(part, "complete")) ?
			"" :
			", not all: there was no more time");
}

/* What the program in memory was, as the daemon saw it at once. */
static void print_payload(FILE *out, const json_t *part)
{
	uint64_t size = 0;

	if (print_missing(out, "payload", part))
		return;
	doc_number(part, "size", &size);
	term_label(out, "payload");
	fprintf(out, "sha256 %s, %" PRIu64 " bytes%s\n", doc_string(part, "sha256"), size,
		json_is_true(doc_get(part, "kept")) ? ", kept" : "");
}

void explain_print_moment(FILE *out, const json_t *moment)
{
	uint64_t delay;

	if (print_missing(out, "everything", moment))
		return;
	if (doc_number(moment, "delay_ms", &delay)) {
		term_label(out, "taken");
		fprintf(out, "%" PRIu64 " ms after the finding\n", delay);
	}
	if (doc_get(moment, "payload"))
		print_payload(out, doc_get(moment, "payload"));
	if (doc_get(moment, "network"))
		print_network(out, doc_get(moment, "network"));
	if (doc_get(moment, "files"))
		print_files(out, doc_get(moment, "files"));
}
