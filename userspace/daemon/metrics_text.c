// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Counting, and the text format of Prometheus (version 0.0.4): base units,
 * counters end in _total, a histogram counts upwards. Pure.
 */
#include <inttypes.h>

#include "../../module/core/class.h"
#include "metrics.h"

/* Upper bounds in ms: the poll without a bell, the retry of an output, a minute. */
static const uint32_t bounds[METRICS_BUCKETS] = {
	1, 2, 5, 10, 25, 50, 100, 250, 1000, 2500, 10000, 60000
};

void metrics_finding(struct metrics *metrics, uint32_t class, uint32_t verdict, uint64_t time)
{
	if (class > WXGUARD_CLASS_MAX)
		class = WXGUARD_CLASS_UNSPEC;
	if (verdict < __WXGUARD_VERDICT_MAX)
		metrics->findings[class][verdict]++;
	metrics->last_finding = time;
}

void metrics_told(struct metrics *metrics, uint64_t time, uint64_t now)
{
	uint64_t ns = now > time ? now - time : 0;	/* the clock may be set */
	int i;

	for (i = 0; i < METRICS_BUCKETS && ns > bounds[i] * UINT64_C(1000000); i++)
		;
	metrics->latency[i]++;
	metrics->latency_ns += ns;
}

static void head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP wxguard_%s %s\n# TYPE wxguard_%s %s\n", name, help, name, type);
}

static void one(FILE *out, const char *name, const char *type, const char *help,
		uint64_t value)
{
	head(out, name, type, help);
	fprintf(out, "wxguard_%s %" PRIu64 "\n", name, value);
}

static void print_findings(FILE *out, const struct metrics *metrics)
{
	const struct wxg_class *row;
	uint32_t class, verdict;

	head(out, "findings_total", "counter",
	     "Findings that were stored, repeats of one included, since the daemon started.");
	for (class = 0; class <= WXGUARD_CLASS_MAX; class++) {
		row = wxg_class_lookup(class);
		for (verdict = 0; verdict < __WXGUARD_VERDICT_MAX; verdict++) {
			/* From the beginning at 0, that a first one is an increase. */
			if (!row && !metrics->findings[class][verdict])
				continue;
			fprintf(out, "wxguard_findings_total{class=\"%s\",verdict=\"%s\"} %" PRIu64 "\n",
				row ? row->name : "unknown", wxg_verdict_name(verdict),
				metrics->findings[class][verdict]);
		}
	}
	head(out, "last_finding_timestamp_seconds", "gauge",
	     "When the newest finding happened; 0 before the first.");
	fprintf(out, "wxguard_last_finding_timestamp_seconds %.3f\n",
		(double)metrics->last_finding / 1e9);
}

static void print_latency(FILE *out, const struct metrics *metrics)
{
	uint64_t count = 0;
	int i;

	head(out, "finding_latency_seconds", "histogram",
	     "From the event until its finding was stored and handed to the outputs.");
	for (i = 0; i < METRICS_BUCKETS; i++) {
		count += metrics->latency[i];
		fprintf(out, "wxguard_finding_latency_seconds_bucket{le=\"%g\"} %" PRIu64 "\n",
			bounds[i] / 1e3, count);
	}
	count += metrics->latency[METRICS_BUCKETS];
	fprintf(out, "wxguard_finding_latency_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n"
		"wxguard_finding_latency_seconds_sum %.6f\n"
		"wxguard_finding_latency_seconds_count %" PRIu64 "\n",
		count, (double)metrics->latency_ns / 1e9, count);
}

static void print_outputs(FILE *out, const struct metrics_view *view)
{
	unsigned int i;

	if (!view->outputs)
		return;
	head(out, "output_up", "gauge", "Whether an output can be written.");
	for (i = 0; i < view->outputs; i++)
		fprintf(out, "wxguard_output_up{output=\"%s\"} %d\n", view->output[i].name,
			!view->output[i].degraded);
	head(out, "output_waiting_records", "gauge", "Stored records that an output has yet to deliver.");
	for (i = 0; i < view->outputs; i++)
		fprintf(out, "wxguard_output_waiting_records{output=\"%s\"} %" PRIu64 "\n",
			view->output[i].name, view->output[i].waiting);
}

static void print_lost(FILE *out, const struct metrics_view *view)
{
	const struct client_status *status = &view->status;

	head(out, "findings_lost_total", "counter",
	     "Findings that nobody can read any more: the ring was full, or the kernel had no memory.");
	fprintf(out, "wxguard_findings_lost_total{reason=\"overflow\"} %" PRIu64 "\n"
		"wxguard_findings_lost_total{reason=\"no_memory\"} %" PRIu64 "\n",
		status->lost_overflow, status->lost_nomem);
}

static void print_hooks(FILE *out, const struct client_status *status)
{
	unsigned int i, armed = 0;

	for (i = 0; i < status->hooks; i++)
		armed += status->hook[i].state != WXGUARD_HOOK_OFF;
	one(out, "hooks", "gauge", "Hooks that the module has.", status->hooks);
	one(out, "hooks_armed", "gauge", "Hooks that are armed.", armed);
}

static void print_module(FILE *out, const struct metrics_view *view)
{
	const struct client_status *status = &view->status;
	uint32_t mode;

	print_lost(out, view);
	head(out, "mode", "gauge", "1 at the mode that the module is in.");
	for (mode = 0; mode <= WXGUARD_MODE_ENFORCE; mode++)
		fprintf(out, "wxguard_mode{mode=\"%s\"} %d\n", wxg_mode_name(mode),
			mode == status->mode);
	print_hooks(out, status);
	one(out, "rules_generation", "gauge", "Generation of the rules that are live.",
	    status->generation);
	one(out, "ring_findings", "gauge", "Findings in the module's ring.", status->ring_count);
	one(out, "ring_bytes", "gauge", "Bytes in the module's ring.", status->ring_bytes);
	one(out, "known_entries", "gauge", "Known executables, one for each class.",
	    status->known_count);
	one(out, "known_entries_max", "gauge", "Known executables that there is room for.",
	    status->known_max);
	one(out, "known_evicted_total", "counter", "Known executables that left for lack of room.",
	    status->known_evicted);
	one(out, "repeats_total", "counter", "Sightings that were counted with an earlier finding.",
	    status->repeats);
	one(out, "denied_total", "counter", "Operations that were refused.", status->denied);
	one(out, "budget_trips_total", "counter", "Times that enforcement ended for its budget.",
	    status->budget_trips);
	one(out, "self_clones_total", "counter", "Sealed copies of programs of root, let through.",
	    status->self_clones);
	one(out, "unjudged_total", "counter", "Suspicious operations that no judge could look at.",
	    status->unjudged);
	one(out, "locked", "gauge", "Whether the module cannot be unloaded.", !!status->locked);
}

void metrics_print(FILE *out, const struct metrics_view *view)
{
	head(out, "build_info", "gauge", "The version of the daemon.");
	fprintf(out, "wxguard_build_info{version=\"%s\"} 1\n", WXGUARD_VERSION);
	one(out, "module_up", "gauge", "Whether the daemon has the module to talk to.",
	    view->connected);
	print_findings(out, view->metrics);
	one(out, "findings_unread_total", "counter",
	    "Numbers of findings of this boot that did not reach the daemon.", view->unread);
	print_latency(out, view->metrics);
	print_outputs(out, view);
	head(out, "control_requests_total", "counter",
	     "Requests at the control socket, and connections that were turned away.");
	fprintf(out, "wxguard_control_requests_total{result=\"answered\"} %" PRIu64 "\n"
		"wxguard_control_requests_total{result=\"refused\"} %" PRIu64 "\n",
		view->read, view->refused);
	if (view->connected)
		print_module(out, view);
}
