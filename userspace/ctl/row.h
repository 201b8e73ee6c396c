/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One record as one aligned line.
 */
#ifndef WXG_CTL_ROW_H
#define WXG_CTL_ROW_H

#include <stdio.h>

#include "ctl.h"

struct row_style {
	bool color, utc;
	bool date;	/* not all of them are of today */
};

/* A finding, from its ECS document. */
void row_finding(FILE *out, const struct row_style *style, const json_t *doc);
/* Numbers that never arrived; @when: s since 1970, 0 = not known. */
void row_loss(FILE *out, const struct row_style *style,
	      const struct finding_loss *loss, time_t when);
/* What the daemon said about itself, or a loss, from its ECS document. */
void row_notice(FILE *out, const struct row_style *style, const json_t *doc);

/* s since 1970 of "@timestamp", 0 if there is none. */
time_t row_time(const json_t *doc);

/*
 * What happened, in a few words: "mprotect 4.0K anon rw- -> rwx". malloc'ed,
 * NULL when out of memory.
 */
char *row_what(const json_t *doc);

#endif
