/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of the page that "report --html" writes. Everything that is shown
 * passes through html_text(), and comes from text_quote() before.
 */
#ifndef WXG_CTL_HTML_H
#define WXG_CTL_HTML_H

#include "report.h"

/* Text between tags or in an attribute: what HTML would act on is written as a name. */
void html_text(FILE *out, const char *text);
/* The same, and frees it; "-" for NULL. */
void html_own(FILE *out, char *text);
/* "2026-01-15 09:41:07" of ns since 1970. */
void html_time(FILE *out, const struct report *report, uint64_t when);
/* "high", "medium" or "low" of a class; for a name of a style. */
const char *html_severity(uint32_t class);

/* Numbers that never arrived, for the time line and the table of losses. */
struct html_loss {
	uint64_t time, count, first, last;
};

struct html_losses {
	struct html_loss *loss;
	size_t count;
};

/* Each 0, or the exit code of the complaint. */
int html_losses_read(const struct report *report, struct html_losses *losses);
int html_timeline(const struct report *report, const struct html_losses *losses, FILE *out);
int html_findings(const struct report *report, FILE *out);
void html_coverage(const struct report *report, const struct html_losses *losses, FILE *out);
/* report_css.c */
extern const char html_style[];

#endif
