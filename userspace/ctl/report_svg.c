// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The time line of the page: findings over time as bars, losses as marks. SVG
 * inside of the page; numbers of ours only.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "doc.h"
#include "html.h"
#include "units.h"

#define QUARTER 900
#define BARS 64
#define WIDTH 960
#define HEIGHT 190
#define LEFT 52
#define RIGHT 14
#define TOP 24
#define BOTTOM 30

struct line {
	const struct report *report;
	uint64_t begin, step;	/* s */
	uint64_t bar[BARS], stopped[BARS], most;
};

static int on_quarter(const struct store_group *group, void *arg)
{
	struct line *line = arg;
	uint64_t at = ((uint64_t)group->number - line->begin) / line->step;

	if ((uint64_t)group->number < line->begin || at >= BARS)
		at = (uint64_t)group->number < line->begin ? 0 : BARS - 1;
	line->bar[at] += group->findings;
	line->stopped[at] += group->stopped;
	if (line->bar[at] > line->most)
		line->most = line->bar[at];
	return 0;
}

static double x_of(double at)
{
	return LEFT + at * (WIDTH - LEFT - RIGHT) / BARS;
}

static double height_of(const struct line *line, uint64_t count)
{
	return (double)count * (HEIGHT - TOP - BOTTOM) / (double)line->most;
}

static void put_moment(FILE *out, const struct line *line, uint64_t when, int x, const char *anchor)
{
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\">", x, HEIGHT - 10, anchor);
	html_time(out, line->report, when * 1000000000);
	fputs("</text>\n", out);
}

static void put_bar(FILE *out, const struct line *line, int i)
{
	double high = height_of(line, line->bar[i]), low = height_of(line, line->stopped[i]);
	double width = x_of(1) - x_of(0) - 2;

	if (!line->bar[i])
		return;
	if (high < 2)
		high = 2;
	fprintf(out, "<g><title>%" PRIu64 " findings, %" PRIu64 " stopped, from ",
		line->bar[i], line->stopped[i]);
	html_time(out, line->report, (line->begin + (uint64_t)i * line->step) * 1000000000);
	fprintf(out, "</title><rect class=\"b\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
		x_of(i) + 1, HEIGHT - BOTTOM - high, width, high);
	if (line->stopped[i])
		fprintf(out, "<rect class=\"s\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>",
			x_of(i) + 1, HEIGHT - BOTTOM - low, width, low);
	fputs("</g>\n", out);
}

static void put_losses(FILE *out, const struct line *line, const struct html_losses *losses)
{
	size_t i;

	for (i = 0; i < losses->count; i++) {
		double at = ((double)losses->loss[i].time / 1e9 - (double)line->begin) /
			    (double)line->step;

		if (at < 0)
			at = 0;
		if (at > BARS)
			at = BARS;
		fprintf(out, "<path class=\"l\" d=\"M%.1f %dl-5 -9h10z\"><title>%" PRIu64
			" findings lost</title></path>\n", x_of(at), TOP - 4,
			losses->loss[i].count);
	}
}

static void put_line(FILE *out, const struct line *line, const struct html_losses *losses)
{
	int i;

	fprintf(out, "<section>\n<h2>Over time</h2>\n<svg viewBox=\"0 0 %d %d\" role=\"img\" "
		"aria-label=\"findings over time\">\n", WIDTH, HEIGHT);
	fprintf(out, "<line class=\"a\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", LEFT,
		HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
	fprintf(out, "<line class=\"a\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", LEFT, TOP,
		WIDTH - RIGHT, TOP);
	fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%" PRIu64 "</text>\n"
		"<text x=\"%d\" y=\"%d\" text-anchor=\"end\">0</text>\n", LEFT - 6, TOP + 4,
		line->most, LEFT - 6, HEIGHT - BOTTOM + 4);
	for (i = 0; i < BARS; i++)
		put_bar(out, line, i);
	put_losses(out, line, losses);
	put_moment(out, line, line->begin, LEFT, "start");
	put_moment(out, line, line->begin + BARS / 2 * line->step, (LEFT + WIDTH - RIGHT) / 2, "middle");
	put_moment(out, line, line->begin + BARS * line->step, WIDTH - RIGHT, "end");
	fputs("</svg>\n<p class=\"soft\">Each bar is ", out);
}

int html_timeline(const struct report *report, const struct html_losses *losses, FILE *out)
{
	struct line line = { .report = report };
	uint64_t end = report->total.last / 1000000000 + 1;
	char text[32];

	line.begin = report->total.first / 1000000000 / QUARTER * QUARTER;
	line.step = ((end - line.begin) / BARS / QUARTER + 1) * QUARTER;
	if (store_tally_groups(report->tally, STORE_BY_QUARTER, on_quarter, &line))
		return ctl_fail(CTL_FAILED, "%s", store_error(report->store));
	if (!line.most)
		line.most = 1;
	put_line(out, &line, losses);
	units_print_duration(text, sizeof(text), line.step);
	fprintf(out, "%s; the green part was denied or killed%s.</p>\n</section>\n", text,
		losses->count ? ", a red mark on top is a loss" : "");
	return 0;
}

static int on_loss(const struct store_record *record, void *arg)
{
	struct html_losses *losses = arg;
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL);
	struct html_loss *grown;

	grown = reallocarray(losses->loss, losses->count + 1, sizeof(*grown));
	if (!grown) {
		json_decref(doc);
		return -ENOMEM;
	}
	losses->loss = grown;
	grown += losses->count++;
	grown->time = record->time;
	grown->count = grown->first = grown->last = 0;
	doc_number(doc, "wxguard.stream.lost_count", &grown->count);
	doc_number(doc, "wxguard.stream.lost_first", &grown->first);
	doc_number(doc, "wxguard.stream.lost_last", &grown->last);
	json_decref(doc);
	return 0;
}

/* So many marks and rows; the sum is counted of all. */
#define LOSSES 100

int html_losses_read(const struct report *report, struct html_losses *losses)
{
	const struct store_query query = {
		.since = report->since, .until = report->until, .kinds = 1U << STORE_LOSS,
		.limit = LOSSES, .newest = true,
	};

	losses->loss = NULL;
	losses->count = 0;
	if (!store_query(report->store, &query, on_loss, losses))
		return 0;
	free(losses->loss);
	return ctl_fail(CTL_FAILED, "%s", store_error(report->store));
}
