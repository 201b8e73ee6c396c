/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a report counts, for its forms: text, JSON lines, HTML.
 */
#ifndef WXG_CTL_REPORT_H
#define WXG_CTL_REPORT_H

#include <stdio.h>

#include "../lib/store.h"
#include "ctl.h"

/* One group, with the bytes of its own. */
struct report_row {
	struct store_group group;	/* group.bytes point into text */
	char *text;
};

struct report_rows {
	struct report_row *row;
	size_t count, room;
	int error;			/* -ENOMEM */
};

/* The order of the words of --by. */
enum report_by {
	REPORT_BY_CLASS,
	REPORT_BY_EXE,
	REPORT_BY_USER,
	REPORT_BY_UNIT,
	REPORT_BY_CONTAINER,
	REPORT_BY_DAY,
	REPORT_BY_COUNT
};

struct report {
	const struct ctl *ctl;
	struct store *store;
	uint64_t since, until;		/* ns since 1970, 0 = open */
	uint32_t classes;
	enum report_by by;
	uint64_t limit;			/* rows, 0 = all */
	struct store_tally *tally;	/* after report_count(): counted once */
	struct store_group total;	/* the same */
	uint64_t lost, stretches;	/* findings that never arrived, in so many */
};

extern const char *const report_words[];	/* "class" …, by enum report_by */

/* Count what was found, and what was lost. 0, or the exit code of the complaint. */
int report_count(struct report *report);
void report_end(struct report *report);
/* The @limit largest groups by @by (0, and of days: all). The same. */
int report_read(struct report *report, enum report_by by, uint64_t limit,
		struct report_rows *rows);
void report_free(struct report_rows *rows);
/* What a group is called, for a person. malloc'ed; NULL: out of memory. */
char *report_name(const struct report *report, enum report_by by,
		  const struct store_group *group);

/* report_html.c: the page. 0, or the exit code of the complaint. */
int report_html(struct report *report, FILE *out);

#endif
