/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two sets of rules, as rules_words() has them: what differs, and a sentence for each. */
#ifndef WXG_DAEMON_RULES_DIFF_H
#define WXG_DAEMON_RULES_DIFF_H

#include <jansson.h>
#include <stdbool.h>

/* Longer lines, and a longer sentence, end in "..." */
#define RULES_DIFF_LINE_MAX 512
#define RULES_DIFF_WORDS_MAX 1024

struct rules_change {
	const char *of;			/* "class exec_memory" */
	const json_t *before, *after;	/* arrays of strings; NULL = it is not there */
};

/*
 * Changed and added rules in the order of @after, then those that are gone,
 * then the order of the scopes, of which the first that fits decides. Each is
 * borrowed until the callback returns; one that returns non-zero ends it, and
 * its value is returned. -ENOMEM.
 */
int rules_diff(const json_t *before, const json_t *after,
	       int (*on_change)(const struct rules_change *change, void *arg), void *arg);

/*
 * "exclude "x" was added by alice: exe = ..."; of a rule that was changed only
 * what differs. @by NULL: nobody said who did it. Inert.
 */
void rules_diff_words(const struct rules_change *change, const char *by,
		      char words[RULES_DIFF_WORDS_MAX]);

/* Add @name to a list of them, unless it is in it. false: there is no room. */
bool rules_diff_add_name(char *list, size_t size, const char *name);

/* The same lines, none too long. A new reference; NULL of NULL. */
json_t *rules_diff_clip(const json_t *lines);

#endif
