/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record in the form that another project gives its own: one mapping, from
 * our ECS document, per file. One way, and one line for each record.
 */
#ifndef WXG_CTL_FORMAT_H
#define WXG_CTL_FORMAT_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

struct format {
	const char *name;
	const char *head;	/* the first line, NULL = none */
	/* Either a document, written as one line of JSON (NULL = out of memory), */
	json_t *(*map)(const json_t *doc);
	/* or the line itself, without its end. 0, or -1 when out of memory. */
	int (*line)(FILE *out, const json_t *doc);
};

extern const struct format format_tracee, format_falco, format_ocsf, format_cef,
	format_csv;

#define FORMATS "tracee|falco|ocsf|ecs|cef|csv|ndjson"

/* NULL: there is none of this name. */
const struct format *format_find(const char *name);
/* 0, or -1 when out of memory. */
int format_print(FILE *out, const struct format *format, const json_t *doc);

/* What the mappings share. */

/* Copy what is at @from of @doc, if it is there, to @to. 0, or -1. */
struct format_pair {
	const char *to, *from;
};
int format_copy(json_t *out, const json_t *doc, const struct format_pair *pairs, size_t count);
/* A number that the document has as text ("1001"); left out if it is none. */
int format_number(json_t *out, const char *to, const json_t *doc, const char *from);
/* A date of the document in ns since 1970, 0 if there is none. */
uint64_t format_time(const json_t *doc, const char *from);
/* event.severity, or what log.level of a record without one says: 0 to 99. */
unsigned int format_severity(const json_t *doc);
/* Text at @from, "" if absent: controls and invisible characters as \uXXXX. malloc'ed. */
char *format_inert(const json_t *doc, const char *from);

#endif
