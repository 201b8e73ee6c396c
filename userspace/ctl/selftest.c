// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One detection, end to end: fire it by a harmless program, find it in the
 * module's ring by the program's pid, then in the daemon's store.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "probe_child.h"
#include "records.h"
#include "selftest.h"

/* The finding is there before the program ends; only a fallback needs longer. */
#define ASK_EVERY_MS 10

static int on_finding(struct finding *finding, void *arg)
{
	struct selftest *test = arg;

	if (finding->class == test->class && finding->process.pid == test->child.pid) {
		test->arrived = true;
		test->seq = finding->seq;
		test->verdict = finding->verdict;
	}
	finding_free(finding);
	return 0;
}

static int on_loss(const struct finding_loss *loss, void *arg)
{
	(void)loss;
	(void)arg;
	return 0;
}

static void look_in_ring(struct selftest *test, struct client *client,
			 uint64_t after, uint64_t begin)
{
	int error;

	for (;;) {
		error = client_findings(client, after, on_finding, on_loss, test);
		test->kernel_ms = daemon_clock_ms() - begin;
		if (error) {
			snprintf(test->missing, sizeof(test->missing),
				 "the findings could not be read: %s", client_error(client));
			return;
		}
		if (test->arrived)
			return;
		if (test->kernel_ms >= SELFTEST_MODULE_MS)
			break;
		poll(NULL, 0, ASK_EVERY_MS);
	}
	snprintf(test->missing, sizeof(test->missing),
		 "the module has no finding about pid %u after %u ms; the program %s",
		 test->child.pid, SELFTEST_MODULE_MS,
		 test->child.ended == PROBE_CHILD_DONE ? "was not stopped" :
		 test->child.ended == PROBE_CHILD_DENIED ? "was refused, perhaps by something else" :
		 "did not work");
}

void selftest_fire(struct selftest *test, struct client *client, uint64_t after,
		   const struct probe_copy *copy)
{
	uint64_t begin = daemon_clock_ms();
	const char *what = "";
	int error;

	test->started = (uint64_t)time(NULL);
	if (copy)
		error = probe_run_rwx(copy, &test->child, &what);
	else
		error = probe_run_memfd(&test->child, &what);
	if (error)
		snprintf(test->missing, sizeof(test->missing), "not tested: %s: %s",
			 what, strerror(-error));
	else
		look_in_ring(test, client, after, begin);
}

static int on_record(const struct store_record *record, void *arg)
{
	struct selftest *test = arg;

	test->stored |= record->pid == test->child.pid;
	return 0;
}

/* Numbers of the store count over reloads of the module: go by class and pid. */
static int look_in_store(struct selftest *test)
{
	struct store_query query = { 0 };
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX];
	struct store *store;
	int error;

	error = records_open(&store, path, why);
	if (error) {
		snprintf(test->missing, sizeof(test->missing), "%.200s", why);
		return error;
	}
	/* A second earlier: the module's clock is read a little before ours. */
	query.since = (test->started - 1) * 1000000000;
	query.classes = 1U << test->class;
	error = store_query(store, &query, on_record, test);
	if (error)
		snprintf(test->missing, sizeof(test->missing), "%.200s", store_error(store));
	store_close(store);
	return error;
}

void selftest_ask_store(struct selftest *test, struct client *client,
			uint64_t patience_ms)
{
	uint64_t begin = daemon_clock_ms();
	struct client_status status;
	int error;

	test->asked_store = true;
	error = daemon_wait_acked(client, test->seq, patience_ms, &status);
	if (!error)
		error = look_in_store(test);
	else if (error == -ETIMEDOUT)
		snprintf(test->missing, sizeof(test->missing),
			 "wxguardd has committed number %llu after %llu ms, not %llu",
			 (unsigned long long)status.acked, (unsigned long long)patience_ms,
			 (unsigned long long)test->seq);
	else
		snprintf(test->missing, sizeof(test->missing),
			 "the status could not be read: %s", client_error(client));
	test->store_ms = daemon_clock_ms() - begin;
	if (!error && !test->stored)
		snprintf(test->missing, sizeof(test->missing),
			 "wxguardd acknowledged number %llu, but its store has no such finding",
			 (unsigned long long)test->seq);
}
