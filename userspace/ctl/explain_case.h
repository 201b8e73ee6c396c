/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A finding's document turned back into what the rules look at. */
#ifndef WXG_CTL_EXPLAIN_CASE_H
#define WXG_CTL_EXPLAIN_CASE_H

#include <jansson.h>

#include "../lib/rules_why.h"

struct explain_case {
	struct rules_case event;
	bool by_parent; /* exe and comm are the parent's: see below */
	char *exe, *comm, *cgroup; /* owned, what event points into */
};

/*
 * A program start is judged by who asks for it. Once it went through, the
 * process is the new program; who it was before is told by its parent, of
 * which it is a copy nearly always, and its file is not known.
 */
void explain_case(const json_t *doc, uint64_t now, struct explain_case *out);
void explain_case_free(struct explain_case *out);

/* Each exclusion with what kept it from covering @event, as why.exclusions. 0 or -1. */
int explain_exclusions(json_t *why, const struct client_rules *rules,
		       const struct rules_case *event);

/*
 * The bytes of the text at @path, from the hex at @raw where JSON could not
 * hold them. malloc'ed, with a NUL behind; absent: data NULL.
 */
struct bytes explain_bytes(const json_t *doc, const char *path, const char *raw);

/* The identity of the file at @path; false if the document has not all of it. */
bool explain_identity(const json_t *doc, const char *path, struct rules_case *event);

/* s and ns since 1970 of "2026-01-15T09:41:07.123456789Z"; false if it is none. */
bool explain_time(const char *text, int64_t *seconds, uint32_t *nanoseconds);

#endif
