/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a monitoring system wants to know, as a file that node_exporter reads.
 * Every label has values from a fixed list: nothing that a watched process
 * chooses, and nothing that grows, stands in one.
 */
#ifndef WXG_DAEMON_METRICS_H
#define WXG_DAEMON_METRICS_H

#include <stdio.h>

#include "../lib/client.h"

#define METRICS_BUCKETS 12
#define METRICS_OUTPUTS 8

/* Counted since the daemon started. */
struct metrics {
	uint64_t findings[WXGUARD_CLASS_MAX + 1][__WXGUARD_VERDICT_MAX];
	uint64_t last_finding;			/* ns since 1970, 0 = none */
	/* From the event until it was stored and the outputs were asked. */
	uint64_t latency[METRICS_BUCKETS + 1];	/* the last: longer than all */
	uint64_t latency_ns;
	bool failed;				/* said so */
};

struct metrics_output {
	const char *name;
	bool degraded;
	uint64_t waiting;			/* records */
};

/* All that is told; gathered by whoever writes. */
struct metrics_view {
	const struct metrics *metrics;
	bool connected;				/* status is of now */
	struct client_status status;
	uint64_t unread;			/* numbers that never arrived */
	uint64_t read, refused;			/* through the control socket */
	unsigned int outputs;
	struct metrics_output output[METRICS_OUTPUTS];
};

void metrics_finding(struct metrics *metrics, uint32_t class, uint32_t verdict, uint64_t time);
void metrics_told(struct metrics *metrics, uint64_t time, uint64_t now);

/* In the text format of Prometheus, version 0.0.4. */
void metrics_print(FILE *out, const struct metrics_view *view);

#endif
