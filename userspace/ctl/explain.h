/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of "wxguard explain" share: one JSON object, which each part
 * fills, and which is then printed as text or as it is. What could not be had
 * stands as "missing", with the reason.
 */
#ifndef WXG_CTL_EXPLAIN_H
#define WXG_CTL_EXPLAIN_H

#include <stdio.h>

#include "../lib/finding.h"
#include "../lib/store.h"
#include "ctl.h"

struct explain {
	const struct ctl *ctl;
	json_t *doc;	     /* borrowed; the finding */
	json_t *out;	     /* what is made */
	int64_t row;	     /* in the store, 0 = not there */
	struct store *store; /* NULL = no_store says why */
	const char *no_store;
	struct client *client; /* NULL = no_client says why */
	const char *no_client;
	uint64_t now; /* s since 1970 */
};

/*
 * Each fills a member of explain->out: 0, or -1 when out of memory. "what",
 * "why", "process", "executable", "moment", "around", "technique", "next".
 * "container" comes before "what", which names it.
 */
int explain_container(struct explain *explain);
int explain_what(struct explain *explain);
int explain_why(struct explain *explain);
int explain_executable(struct explain *explain);
/* "executable.first_seen". */
int explain_first(struct explain *explain);
int explain_around(struct explain *explain);
/* "mappers"; nothing for a finding without a memory file. */
int explain_mappers(struct explain *explain);
int explain_next(struct explain *explain);

/* The finding that was made of a process that is still there? */
bool explain_is_alive(const struct explain *explain);
/* The process of the finding: its number, and its start in ns since boot. */
bool explain_process(const json_t *doc, uint32_t *pid, uint64_t *start);
/* Was it made in the boot that runs now? */
bool explain_is_this_boot(const json_t *doc);
/* The unit's name out of the control group's path; false if there is none. */
bool explain_unit(const json_t *doc, char *unit, size_t size);

/* All of it, as text. */
void explain_print(FILE *out, const struct ctl *ctl, const json_t *explanation);
/* The daemon's look at the process, and who has the file mapped now (or NULL). */
void explain_print_moment(FILE *out, const json_t *moment);
void explain_print_mappers(FILE *out, const json_t *mappers);
/* Since when the executable is known, and its first finding. */
void explain_print_first(FILE *out, const struct ctl *ctl, const json_t *first);
/* What is known of the container now. */
void explain_print_container(FILE *out, const json_t *container);

#endif
