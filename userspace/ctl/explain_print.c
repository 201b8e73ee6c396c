// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What explain found out, as text. Reads nothing but the object; whatever a
 * watched process chose leaves quoted.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/text.h"
#include "detail.h"
#include "doc.h"
#include "explain.h"
#include "term.h"
#include "units.h"

/* Exclusions that were made for other classes are only counted beyond. */
#define OTHERS_TOLD 5

struct page {
	FILE *out;
	const struct ctl *ctl;
	const json_t *all;
};

/* Words of our own at @path. */
static void words(const struct page *page, const char *name, const json_t *from,
		  const char *path)
{
	char *text = doc_plain(from, path);

	if (text) {
		term_label(page->out, name);
		fprintf(page->out, "%s\n", text);
	}
	free(text);
}

static void print_head(const struct page *page)
{
	char *title = doc_plain(page->all, "finding.message");
	char *what = doc_plain(page->all, "what");
	uint64_t number = 0;

	if (doc_number(page->all, "finding.wxguard.finding.number", &number))
		fprintf(page->out, "#%" PRIu64 "  ", number);
	term_put(page->out, page->ctl->color, TERM_BOLD, title ? title : "?",
		 0);
	fprintf(page->out, "\n\n%s\n", what ? what : "?");
	free(title);
	free(what);
	fputc('\n', page->out);
	words(page, "severity", page->all, "finding.wxguard.rule.severity");
	words(page, "time", page->all, "finding.@timestamp");
	words(page, "event.id", page->all, "finding.event.id");
}

static void print_key(const struct page *page)
{
	const json_t *why = doc_get(page->all, "why");
	char span[32], when[40];
	uint64_t window = 0, first = 0;

	term_label(page->out, "known");
	if (!doc_number(why, "window_seconds", &window)) {
		fputs("does not matter for this class: each is reported\n",
		      page->out);
		return;
	}
	fprintf(page->out,
		"no: this file (device, inode, generation, change time) was not seen doing so within %s\n",
		units_print_duration(span, sizeof(span), window));
	term_label(page->out, "by now");
	if (doc_get(why, "known_missing")) {
		fprintf(page->out, "not to be had: %s\n",
			doc_string(why, "known_missing"));
	} else if (!doc_number(why, "known_now.first_seen", &first)) {
		fputs("still not known: the next time is reported, too\n",
		      page->out);
	} else {
		units_print_time(when, sizeof(when), (time_t)first,
				 page->ctl->utc, true);
		fprintf(page->out, "known since %s: %s\n", when,
			json_is_true(doc_get(why, "known_now.within_window")) ?
				"silent until it was not seen for the window" :
				"but not within the window, so new again");
	}
}

static void print_exclusion(const struct page *page, const json_t *one)
{
	char *name = doc_quote(one, "name", 0), *text = doc_plain(one, "words");

	fprintf(page->out, "  %-*s  %s%s\n", TERM_LABEL_WIDTH, name ? name : "?",
		json_is_true(doc_get(one, "covers")) ? "" : "missed: ",
		text ? text : "?");
	free(name);
	free(text);
}

/* It was made for other classes, and so never came near. */
static bool is_of_other_class(const json_t *one)
{
	const char *first =
		json_string_value(json_array_get(doc_get(one, "missed_by"), 0));

	return first && !strcmp(first, "class");
}

static void print_exclusions(const struct page *page)
{
	const json_t *why = doc_get(page->all, "why"),
		     *list = doc_get(why, "exclusions");
	size_t i, others = 0, count = json_array_size(list);

	words(page, "judged", why, "judged_note");
	if (!list) {
		words(page, "exclusions", why, "exclusions_missing");
		return;
	}
	term_label(page->out, "exclusions");
	if (!count)
		fputs("there are none", page->out);
	else
		fprintf(page->out, "%zu, tried one after the other", count);
	if (doc_get(why, "exclusions_note"))
		fprintf(page->out, " (%s)", doc_string(why, "exclusions_note"));
	fputc('\n', page->out);
	for (i = 0; i < count; i++) {
		const json_t *one = json_array_get(list, i);

		if (!is_of_other_class(one) || ++others <= OTHERS_TOLD)
			print_exclusion(page, one);
	}
	if (others > OTHERS_TOLD)
		fprintf(page->out, "  %-*s  %zu more are for other classes\n",
			TERM_LABEL_WIDTH, "", others - OTHERS_TOLD);
}

static void print_why(const struct page *page)
{
	term_section(page->out, page->ctl->color, "why it was reported");
	words(page, "class", page->all, "why.class");
	words(page, "rule", page->all, "finding.rule.name");
	words(page, "", page->all, "finding.rule.description");
	words(page, "source", page->all, "finding.wxguard.rule.source");
	print_key(page);
	words(page, "scope", page->all, "finding.wxguard.scope.name");
	print_exclusions(page);
}

static void print_executable(const struct page *page)
{
	const json_t *exe = doc_get(page->all, "executable");
	const char *content = doc_string(exe, "package.content");

	if (!exe)
		return;
	term_section(page->out, page->ctl->color, "the executable today");
	words(page, "file", exe, "now.words");
	words(page, "file", exe, "now.missing");
	term_label(page->out, "package");
	if (*doc_string(exe, "package.name")) {
		char *name = doc_plain(exe, "package.name");

		fprintf(page->out, "%s%s\n", name ? name : "?",
			!strcmp(content, "same") ?
				": the file is as the package brought it" :
			!strcmp(content, "changed") ?
				": the file is NOT as the package brought it" :
				"");
		free(name);
	}
	if (doc_get(exe, "package.missing"))
		fprintf(page->out, "%s%s\n",
			*doc_string(exe, "package.name") ? "                " :
							   "none: ",
			doc_string(exe, "package.missing"));
	explain_print_first(page->out, page->ctl, doc_get(exe, "first_seen"));
	words(page, "unit", page->all, "unit");
	term_label(page->out, "running");
	fputs(json_is_true(doc_get(page->all, "running")) ?
		      "yes, the very process\n" :
		      "no, the process is gone\n",
	      page->out);
}

static void print_container(const struct page *page)
{
	const json_t *container = doc_get(page->all, "container");

	if (!json_is_object(container))
		return;
	term_section(page->out, page->ctl->color, "the container today");
	explain_print_container(page->out, container);
}

static void print_near(const struct page *page, const json_t *one)
{
	char *exe = doc_quote(one, "executable", 48),
	     *what = doc_plain(one, "what"), *shares;
	uint64_t number = 0, pid = 0;

	doc_number(one, "number", &number);
	doc_number(one, "pid", &pid);
	shares = doc_quote_list(one, "shares", "");
	fprintf(page->out,
		"  %-8.8s  #%" PRIu64 "  %s  %s[%" PRIu64 "]  %s  (same %s)\n",
		strchr(doc_string(one, "timestamp"), 'T') ?
			strchr(doc_string(one, "timestamp"), 'T') + 1 :
			"",
		number, doc_string(one, "class"), exe ? exe : "-", pid,
		what ? what : "", shares ? shares : "");
	free(exe);
	free(what);
	free(shares);
}

static void print_around(const struct page *page)
{
	const json_t *around = doc_get(page->all, "around"),
		     *list = doc_get(around, "findings");
	uint64_t more = 0;
	size_t i;

	term_section(page->out, page->ctl->color,
		     "within 10 minutes, by the same process, session, container or control group");
	if (doc_get(around, "missing")) {
		words(page, "not to be had", around, "missing");
		return;
	}
	if (!json_array_size(list))
		fputs("  nothing else\n", page->out);
	for (i = 0; i < json_array_size(list); i++)
		print_near(page, json_array_get(list, i));
	if (doc_number(around, "more", &more) && more)
		fprintf(page->out, "  and up to %" PRIu64 " more\n", more);
}

static void print_technique(const struct page *page)
{
	if (!doc_get(page->all, "technique"))
		return;
	term_section(page->out, page->ctl->color, "MITRE ATT&CK");
	words(page, "technique", page->all, "technique.id");
	words(page, "", page->all, "technique.name");
	words(page, "", page->all, "technique.words");
}

static void print_next(const struct page *page)
{
	const json_t *list = doc_get(page->all, "next");
	size_t i;

	term_section(page->out, page->ctl->color, "what to do next");
	for (i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		fprintf(page->out, "  %s:\n      %s\n",
			doc_string(one, "purpose"), doc_string(one, "type"));
	}
}

void explain_print(FILE *out, const struct ctl *ctl, const json_t *explanation)
{
	const struct page page = { out, ctl, explanation };

	print_head(&page);
	print_why(&page);
	detail_facts(out, ctl, doc_get(explanation, "finding"));
	print_executable(&page);
	print_container(&page);
	term_section(out, ctl->color, "at that moment");
	explain_print_moment(out, doc_get(explanation, "moment"));
	explain_print_mappers(out, doc_get(explanation, "mappers"));
	print_around(&page);
	print_technique(&page);
	print_next(&page);
}
