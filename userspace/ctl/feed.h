/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records on their way to stdout, from the module or from the store, as lines
 * for people or as JSON.
 */
#ifndef WXG_CTL_FEED_H
#define WXG_CTL_FEED_H

#include "../lib/ecs.h"
#include "../lib/names.h"
#include "format.h"
#include "row.h"

struct feed {
	const struct ctl *ctl;
	const struct format *format;	/* NULL = as ctl says */
	struct row_style style;
	bool begun;			/* the style is decided by the first one */
	struct ecs_context context;
	struct names *names;
};

/* One record. Either a finding or a loss from the module, or a stored line. */
struct feed_item {
	struct finding *finding;	/* owned */
	bool is_loss;
	struct finding_loss loss;
	char *json;			/* owned; an ECS document */
	bool is_notice;			/* the document is no finding */
	uint64_t repeat_count, repeat_last, acked;	/* of a stored one: see store.h */
};

/* 0, or the exit code of the complaint. */
int feed_start(struct feed *feed, const struct ctl *ctl);
void feed_end(struct feed *feed);

/* The ECS document of a finding of the module. NULL: out of memory. */
json_t *feed_document(struct feed *feed, struct finding *finding);
/*
 * Tell in the stored document of a finding that it came again: @last is in ns
 * since 1970. 0, or -1 when out of memory.
 */
int feed_repeated(json_t *doc, uint64_t count, uint64_t last);
/* That somebody has dealt with it, the same; @when in s since 1970. */
int feed_acked(json_t *doc, uint64_t when, const char *by, const char *note);
/* Print one. 0, or the exit code of the complaint. */
int feed_print(struct feed *feed, const struct feed_item *item);
/* Free what it owns, and itself. */
void feed_drop(struct feed_item *item);

#endif
