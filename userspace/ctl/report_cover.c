// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Coverage and loss on the page: what the module looks at now, what it does
 * about it, and what never arrived. A module that cannot be asked is said.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "../../module/core/class.h"
#include "../lib/names.h"
#include "../lib/text.h"
#include "doc.h"
#include "html.h"

#define NOTICES 50

static void put_hooks(const struct client_status *status, FILE *out)
{
	unsigned int i;

	fputs("<div><h3>Hooks</h3>\n<div class=\"wide\"><table>\n<thead><tr><th>function</th><th>role</th>"
	      "<th>engine</th><th>state</th><th class=\"n\">missed</th></tr></thead>\n<tbody>\n", out);
	for (i = 0; i < status->hooks; i++) {
		const struct client_hook *hook = &status->hook[i];

		fputs("<tr><td class=\"path\">", out);
		html_own(out, text_quote(text_bytes(hook->name), 0));
		fprintf(out, "</td><td>%s</td><td>%s</td><td class=\"%s\">%s</td>"
			"<td class=\"n %s\">%" PRIu64 "</td></tr>\n", wxg_role_name(hook->role),
			wxg_engine_name(hook->engine),
			hook->state == WXGUARD_HOOK_OFF ? "bad" : "good",
			wxg_hook_state_name(hook->state), hook->missed ? "bad" : "", hook->missed);
	}
	fputs("</tbody></table></div></div>\n", out);
}

static void put_rules(const struct client_rules *rules, FILE *out)
{
	unsigned int i;

	fputs("<div><h3>Classes</h3>\n<div class=\"wide\"><table>\n<thead><tr><th>class</th><th>action</th>"
	      "<th>known programs</th></tr></thead>\n<tbody>\n", out);
	for (i = 0; i < rules->classes; i++) {
		const struct client_class *class = &rules->class[i];
		const struct wxg_class *row = wxg_class_lookup(class->id);

		fprintf(out, "<tr><td>%s</td><td>%s</td><td>%s</td></tr>\n",
			row && row->name ? row->name : "?", wxg_action_name(class->action),
			class->known ? "exempt" : "reported");
	}
	fprintf(out, "</tbody></table></div>\n<p class=\"soft\">%u exclusions, %u scopes.</p></div>\n",
		rules->count, rules->scopes);
}

static void put_module(FILE *out)
{
	struct client_status status;
	struct client_rules rules;
	struct client *client;
	char why[256] = "";

	if (client_reach(&client, why, sizeof(why))) {
		fputs("<p class=\"bad\">What is watched now could not be asked: ", out);
		text_inert(why);
		html_text(out, why);
		fputs("</p>\n", out);
		return;
	}
	if (client_status(client, &status)) {
		fputs("<p class=\"bad\">What is watched now could not be asked.</p>\n", out);
		client_close(client);
		return;
	}
	fprintf(out, "<p>Mode <b>%s</b>. Since the module was loaded: %" PRIu64 " findings, %" PRIu64
		" overwritten before they were read, %" PRIu64 " not kept for want of memory, %" PRIu64
		" denied.</p>\n<div class=\"two\">\n", wxg_mode_name(status.mode), status.seq,
		status.lost_overflow, status.lost_nomem, status.denied);
	put_hooks(&status, out);
	if (!client_rules_get(client, &rules)) {
		put_rules(&rules, out);
		client_rules_free(&rules);
	}
	fputs("</div>\n", out);
	client_close(client);
}

static void put_losses(const struct report *report, const struct html_losses *losses, FILE *out)
{
	size_t i;

	fputs("<h3>Lost findings</h3>\n", out);
	if (!report->lost) {
		fputs("<p class=\"good\">None in this time.</p>\n", out);
		return;
	}
	fprintf(out, "<p class=\"bad\">%" PRIu64 " findings never arrived, in %" PRIu64
		" stretches.</p>\n<div class=\"wide\"><table>\n<thead><tr><th>noticed</th>"
		"<th class=\"n\">findings</th><th>numbers</th></tr></thead>\n<tbody>\n",
		report->lost, report->stretches);
	for (i = 0; i < losses->count; i++) {
		fputs("<tr><td class=\"t\">", out);
		html_time(out, report, losses->loss[i].time);
		fprintf(out, "</td><td class=\"n\">%" PRIu64 "</td><td>#%" PRIu64 " to #%" PRIu64
			"</td></tr>\n", losses->loss[i].count, losses->loss[i].first,
			losses->loss[i].last);
	}
	fputs("</tbody></table></div>\n", out);
}

struct notices {
	const struct report *report;
	FILE *out;
	size_t count;
};

static int on_notice(const struct store_record *record, void *arg)
{
	struct notices *notices = arg;
	json_t *doc = json_loadb(record->json, record->json_len, 0, NULL);

	if (!notices->count++)
		fputs("<h3>What wxguardd said about itself</h3>\n<div class=\"wide\"><table>\n<tbody>\n",
		      notices->out);
	fputs("<tr><td class=\"t\">", notices->out);
	html_time(notices->out, notices->report, record->time);
	fputs("</td><td>", notices->out);
	html_own(notices->out, doc ? doc_plain(doc, "message") : NULL);
	fputs("</td></tr>\n", notices->out);
	json_decref(doc);
	return 0;
}

void html_coverage(const struct report *report, const struct html_losses *losses, FILE *out)
{
	const struct store_query query = {
		.since = report->since, .until = report->until, .kinds = 1U << STORE_NOTICE,
		.limit = NOTICES, .newest = true,
	};
	struct notices notices = { report, out, 0 };

	fputs("<section>\n<h2>Coverage and loss</h2>\n", out);
	put_module(out);
	put_losses(report, losses, out);
	store_query(report->store, &query, on_notice, &notices);
	if (notices.count)
		fputs("</tbody></table></div>\n", out);
	fputs("</section>\n", out);
}
