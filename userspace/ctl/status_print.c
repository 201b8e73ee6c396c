// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * "wxguard status" for a person: one topic per line, and what is not well in
 * a colour that cannot be overlooked.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "status_view.h"
#include "term.h"
#include "units.h"

#ifndef WXGUARD_VERSION
#define WXGUARD_VERSION "unknown"
#endif

#define TOPIC_WIDTH 10

static void topic(FILE *out, const struct ctl *ctl, const char *name)
{
	term_put(out, ctl->color, TERM_BOLD, name, TOPIC_WIDTH);
}

static void alarm_text(FILE *out, const struct ctl *ctl, const char *text)
{
	term_put(out, ctl->color, TERM_ALARM, text, 0);
}

static void print_head(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	const struct client_status *kernel = &view->kernel;

	fprintf(out, "wxguard %s, module %s, mode ", WXGUARD_VERSION, kernel->version);
	term_put(out, ctl->color, kernel->mode == WXGUARD_MODE_OFF ? TERM_ALARM : TERM_BOLD,
		 wxg_mode_name(kernel->mode), 0);
	if (kernel->mode_fixed)
		fputs(" (fixed at boot)", out);
	if (kernel->confirm_left)
		fprintf(out, " (goes back to %s by itself in %u s unless confirmed)",
			wxg_mode_name(kernel->confirm_mode), kernel->confirm_left);
	if (kernel->locked)
		fputs(", locked", out);
	fprintf(out, ", rules generation %u\n", kernel->generation);
}

static void print_daemon(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	uint64_t behind = view->kernel.seq - view->kernel.acked;

	topic(out, ctl, "daemon");
	if (view->daemon.running)
		fprintf(out, "running (pid %u)", view->daemon.pid);
	else if (view->daemon.unreadable)
		fputs("not known: its lock file cannot be opened", out);
	else
		alarm_text(out, ctl, "not running");
	if (behind)
		fprintf(out, ", %" PRIu64 " findings not yet committed", behind);
	else if (view->kernel.seq)
		fputs(", every finding committed", out);
	fputc('\n', out);
}

static void print_hook(FILE *out, const struct ctl *ctl, const struct client_hook *hook)
{
	bool off = hook->state == WXGUARD_HOOK_OFF;
	char missed[32];

	fprintf(out, "  %-8s %-26s %-10s ", wxg_role_name(hook->role), hook->name,
		wxg_engine_name(hook->engine));
	term_put(out, ctl->color, !off ? TERM_GREEN :
		 hook->role == WXGUARD_ROLE_JUDGE ? TERM_ALARM : TERM_YELLOW,
		 wxg_hook_state_name(hook->state), 7);
	fprintf(out, " %10" PRIu64 " %10" PRIu64 " ", hook->hits, hook->suspicious);
	snprintf(missed, sizeof(missed), "%10" PRIu64, hook->missed);
	term_put(out, ctl->color, hook->missed ? TERM_ALARM : TERM_PLAIN, missed, 0);
	fputc('\n', out);
}

static void print_hooks(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	const struct client_status *kernel = &view->kernel;
	unsigned int i, armed = 0;

	for (i = 0; i < kernel->hooks; i++)
		armed += kernel->hook[i].state != WXGUARD_HOOK_OFF;
	topic(out, ctl, "hooks");
	fprintf(out, "%u of %u armed", armed, kernel->hooks);
	if (!status_view_armed(view)) {
		fputs(", ", out);
		alarm_text(out, ctl, "a judge is blind");
	}
	fprintf(out, "\n  %-8s %-26s %-10s %-7s %10s %10s %10s\n", "role", "function",
		"engine", "state", "hits", "suspicious", "missed");
	for (i = 0; i < kernel->hooks; i++)
		print_hook(out, ctl, &kernel->hook[i]);
}

static void print_ring(FILE *out, const struct ctl *ctl, const struct client_status *kernel)
{
	char held[16], room[16];

	topic(out, ctl, "ring");
	if (!kernel->seq)
		fputs("no finding since the module was loaded", out);
	else
		fprintf(out, "newest #%" PRIu64 ", committed #%" PRIu64 ", oldest held #%" PRIu64,
			kernel->seq, kernel->acked, kernel->oldest);
	fprintf(out, "; %u of %u held, %s of %s\n", kernel->ring_count, kernel->ring_max,
		units_print_size(held, sizeof(held), kernel->ring_bytes),
		units_print_size(room, sizeof(room), kernel->ring_bytes_max));
}

static void print_losses(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	const struct client_status *kernel = &view->kernel;
	char text[128];

	topic(out, ctl, "losses");
	if (kernel->lost_overflow || kernel->lost_nomem) {
		snprintf(text, sizeof(text), "%" PRIu64 " overwritten before they were committed, %" PRIu64
			 " without memory", kernel->lost_overflow, kernel->lost_nomem);
		alarm_text(out, ctl, text);
	} else {
		fputs("none", out);
	}
	if (kernel->unjudged) {
		snprintf(text, sizeof(text), "%" PRIu64 " suspicious calls passed unjudged",
			 kernel->unjudged);
		fputs("; ", out);
		alarm_text(out, ctl, text);
	}
	fputc('\n', out);
}

static void print_denials(FILE *out, const struct ctl *ctl, const struct client_status *kernel)
{
	char text[96];

	topic(out, ctl, "denied");
	fprintf(out, "%" PRIu64, kernel->denied);
	if (kernel->spared)
		fprintf(out, "; %" PRIu64 " spared (pid 1, kernel, wxguardd)", kernel->spared);
	if (kernel->budget_trips) {
		snprintf(text, sizeof(text), "the budget was spent %" PRIu64 " time%s, which ended enforce",
			 kernel->budget_trips, kernel->budget_trips == 1 ? "" : "s");
		fputs("; ", out);
		alarm_text(out, ctl, text);
	}
	fputc('\n', out);
}

/* What is counted instead of told. */
static void print_folded(FILE *out, const struct ctl *ctl, const struct client_status *kernel)
{
	topic(out, ctl, "folded");
	fprintf(out, "%" PRIu64 " repeats into earlier findings; %" PRIu64 " self-clones not reported\n",
		kernel->repeats, kernel->self_clones);
}

/* For wxguard evidence; nothing to say while there is none. */
static void print_payloads(FILE *out, const struct ctl *ctl, const struct client_status *kernel)
{
	char size[32];

	if (!kernel->evidence_count && !kernel->evidence_missed)
		return;
	topic(out, ctl, "payloads");
	fprintf(out, "%u held, %s", kernel->evidence_count,
		units_print_size(size, sizeof(size), kernel->evidence_bytes));
	if (kernel->evidence_missed)
		fprintf(out, "; %" PRIu64 " not, for want of room", kernel->evidence_missed);
	fputc('\n', out);
}

static void print_canary(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	uint64_t interval = view->heartbeat_interval ? view->heartbeat_interval : 10;
	char age[32], text[96];

	topic(out, ctl, "canary");
	if (view->kernel.canary)
		fputs("answers", out);
	else
		alarm_text(out, ctl, "silent: the probes of this kernel do not answer");
	if (view->kernel.heartbeat) {
		snprintf(text, sizeof(text), "last self-check %s ago",
			 units_print_duration(age, sizeof(age), view->heartbeat_age));
		fputs(", ", out);
		if (view->heartbeat_age > 3 * interval)
			alarm_text(out, ctl, text);
		else
			fputs(text, out);
	}
	fputc('\n', out);
}

static void print_known(FILE *out, const struct ctl *ctl, const struct client_status *kernel)
{
	topic(out, ctl, "known");
	fprintf(out, "%u of %u executables", kernel->known_count, kernel->known_max);
	if (kernel->known_evicted)
		fprintf(out, ", %" PRIu64 " left because the set was full", kernel->known_evicted);
	fputc('\n', out);
}

static void print_classes(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	char window[32];
	unsigned int i;

	topic(out, ctl, "rules");
	fprintf(out, "%u exclusions\n", view->rules.count);
	for (i = 0; i < view->rules.classes; i++) {
		const struct client_class *class = &view->rules.class[i];
		const struct wxg_class *row = wxg_class_lookup(class->id);

		fprintf(out, "  %-16s %s", row && row->name ? row->name : "?",
			wxg_action_name(class->action));
		if (class->known)
			fprintf(out, ", known executables exempt for %s",
				units_print_duration(window, sizeof(window), class->window));
		fputc('\n', out);
	}
}

static void print_store(FILE *out, const struct ctl *ctl, const struct status_store *store)
{
	char ago[32];
	time_t now = time(NULL), newest = (time_t)(store->newest / 1000000000);

	topic(out, ctl, "store");
	fprintf(out, "%s: ", store->path);
	if (store->why[0]) {
		alarm_text(out, ctl, store->why);
	} else if (!store->present) {
		fputs("not there yet", out);
	} else {
		fprintf(out, "%" PRIu64 " findings, %" PRIu64 " known", store->findings, store->known);
		if (store->findings && now >= newest)
			fprintf(out, ", newest %s ago",
				units_print_duration(ago, sizeof(ago), (uint64_t)(now - newest)));
		if (store->losses)
			fprintf(out, ", %" PRIu64 " loss records", store->losses);
	}
	fputc('\n', out);
}

void status_view_print(FILE *out, const struct ctl *ctl, const struct status_view *view)
{
	print_head(out, ctl, view);
	print_daemon(out, ctl, view);
	print_losses(out, ctl, view);
	print_denials(out, ctl, &view->kernel);
	print_folded(out, ctl, &view->kernel);
	print_payloads(out, ctl, &view->kernel);
	print_ring(out, ctl, &view->kernel);
	print_known(out, ctl, &view->kernel);
	print_store(out, ctl, &view->store);
	print_canary(out, ctl, view);
	print_hooks(out, ctl, view);
	print_classes(out, ctl, view);
}
