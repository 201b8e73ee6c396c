// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The metrics as text: every line has the form that Prometheus reads, counts
 * are where they belong, a histogram counts upwards. tests/integration has
 * promtool look at the same text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/daemon/metrics.h"

static struct metrics metrics;
static struct metrics_view view;

static char *print(void)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	assert_non_null(out);
	metrics_print(out, &view);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void expect(const char *text, const char *line)
{
	if (!strstr(text, line))
		fail_msg("no %s in\n%s", line, text);
}

static int setup(void **state)
{
	(void)state;
	memset(&metrics, 0, sizeof(metrics));
	memset(&view, 0, sizeof(view));
	view.metrics = &metrics;
	return 0;
}

static void test_counts(void **state)
{
	char *text;

	(void)state;
	metrics_finding(&metrics, WXGUARD_CLASS_EXEC_MEMORY, WXGUARD_VERDICT_DENIED,
			UINT64_C(1700000000500000000));
	metrics_finding(&metrics, WXGUARD_CLASS_EXEC_MEMORY, WXGUARD_VERDICT_DENIED,
			UINT64_C(1700000001500000000));
	/* From a later module: neither out of bounds nor lost. */
	metrics_finding(&metrics, 4000, WXGUARD_VERDICT_LOGGED, 1);
	metrics_finding(&metrics, WXGUARD_CLASS_EXEC_MEMORY, 4000, UINT64_C(1700000002500000000));
	view.connected = true;
	view.status.mode = WXGUARD_MODE_ENFORCE;
	view.status.lost_overflow = 5;
	view.status.lost_nomem = 6;
	view.status.known_count = 7;
	view.status.hooks = 2;
	view.status.hook[1].state = WXGUARD_HOOK_PROVED;
	view.unread = 8;
	view.outputs = 1;
	view.output[0] = (struct metrics_output){ "json", true, 9 };
	text = print();
	expect(text, "\nwxguard_findings_total{class=\"exec_memory\",verdict=\"denied\"} 2\n");
	expect(text, "\nwxguard_findings_total{class=\"rwx_mprotect\",verdict=\"logged\"} 0\n");
	expect(text, "\nwxguard_findings_total{class=\"unknown\",verdict=\"logged\"} 1\n");
	expect(text, "\nwxguard_last_finding_timestamp_seconds 1700000002.500\n");
	expect(text, "\nwxguard_findings_lost_total{reason=\"overflow\"} 5\n");
	expect(text, "\nwxguard_findings_lost_total{reason=\"no_memory\"} 6\n");
	expect(text, "\nwxguard_findings_unread_total 8\n");
	expect(text, "\nwxguard_known_entries 7\n");
	expect(text, "\nwxguard_mode{mode=\"enforce\"} 1\n");
	expect(text, "\nwxguard_mode{mode=\"detect\"} 0\n");
	expect(text, "\nwxguard_hooks_armed 1\n");
	expect(text, "\nwxguard_output_up{output=\"json\"} 0\n");
	expect(text, "\nwxguard_output_waiting_records{output=\"json\"} 9\n");
	expect(text, "\nwxguard_module_up 1\n");
	free(text);
	/* What is not known is absent, and not 0. */
	view.connected = false;
	text = print();
	expect(text, "\nwxguard_module_up 0\n");
	assert_null(strstr(text, "wxguard_mode{"));
	assert_null(strstr(text, "lost_total"));
	free(text);
}

static void test_latency(void **state)
{
	char *text;

	(void)state;
	metrics_told(&metrics, 5000000, 5000000);
	metrics_told(&metrics, 5000000, 4000000);	/* the clock was set back */
	metrics_told(&metrics, 0, 1000000);		/* the bound belongs to it */
	metrics_told(&metrics, 0, 1000001);
	metrics_told(&metrics, 0, UINT64_C(61000000000));
	text = print();
	expect(text, "_bucket{le=\"0.001\"} 3\n");
	expect(text, "_bucket{le=\"0.002\"} 4\n");
	expect(text, "_bucket{le=\"60\"} 4\n");
	expect(text, "_bucket{le=\"+Inf\"} 5\n");
	expect(text, "_count 5\n");
	expect(text, "_sum 61.002000\n");
	free(text);
}

/* Each name has its HELP and TYPE once, in front, and all its lines together. */
static void test_form(void **state)
{
	char *text, *line, *rest, name[64] = "", found[64];

	(void)state;
	view.connected = true;
	text = print();
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		size_t len = strlen(name);

		if (!strncmp(line, "# HELP ", 7)) {
			snprintf(found, sizeof(found), "%.*s", (int)strcspn(line + 7, " "), line + 7);
			assert_string_not_equal(found, name);
			strcpy(name, found);
		} else if (!strncmp(line, "# TYPE ", 7)) {
			assert_memory_equal(line + 7, name, len);
		} else {
			assert_memory_equal(line, name, len);
			assert_non_null(strchr("{ _", line[len]));
			assert_int_equal(strspn(strrchr(line, ' ') + 1, "0123456789."),
					 strlen(strrchr(line, ' ') + 1));
		}
	}
	free(text);
	if (getenv("WXGUARD_METRICS")) {
		FILE *out = fopen(getenv("WXGUARD_METRICS"), "w");

		assert_non_null(out);
		view.outputs = 1;
		view.output[0].name = "json";
		metrics_print(out, &view);
		assert_int_equal(fclose(out), 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_counts, setup),
		cmocka_unit_test_setup(test_latency, setup),
		cmocka_unit_test_setup(test_form, setup),
	};

	return cmocka_run_group_tests_name("daemon_metrics", tests, NULL, NULL);
}
