// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard test: fires both published detections harmlessly and says whether
 * they arrived, in the module and in the daemon's store.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "../lib/json_out.h"
#include "selftest.h"
#include "term.h"
#include "units.h"

#define TESTS 2

enum { KEY_TIMEOUT = 256 };

static const struct verb_option options[] = {
	{ KEY_TIMEOUT, "timeout", "S", "wait for wxguardd so many seconds at most (default 1)" },
	{ 0 }
};

/* What makes a test pointless. 0 = nothing, else the complaint's exit code. */
static int check_state(struct client *client, struct client_status *status,
		       struct client_rules *rules)
{
	int error = client_status(client, status);

	if (error)
		return ctl_refused(client, error, NULL);
	if (status->mode == WXGUARD_MODE_OFF || status->mode == WXGUARD_MODE_LEARN)
		return ctl_fail(CTL_FAILED, "not tested: the mode is %s, in which nothing is reported; change it with \"wxguard mode detect\"",
				wxg_mode_name(status->mode));
	error = client_rules_get(client, rules);
	if (error)
		return ctl_refused(client, error, NULL);
	return 0;
}

static bool is_off(const struct client_rules *rules, uint32_t class)
{
	unsigned int i;

	for (i = 0; i < rules->classes; i++)
		if (rules->class[i].id == class)
			return rules->class[i].action == WXGUARD_ACTION_OFF;
	return false;
}

static uint64_t hits(const struct client_rules *rules, const char *name)
{
	unsigned int i;

	for (i = 0; i < rules->count; i++)
		if (!strcmp(rules->exemption[i].name, name))
			return rules->exemption[i].hits;
	return 0;
}

/* If nothing arrived and an exclusion was used just now, that is why. */
static void blame_exclusion(struct selftest *test, struct client *client,
			    const struct client_rules *before)
{
	struct client_rules now;
	unsigned int i;

	if (test->arrived || client_rules_get(client, &now))
		return;
	for (i = 0; i < now.count; i++) {
		if (!(now.exemption[i].classes & (1U << test->class)) ||
		    now.exemption[i].hits <= hits(before, now.exemption[i].name))
			continue;
		snprintf(test->missing, sizeof(test->missing),
			 "the exclusion \"%s\" covers it (see: wxguard exclude list)",
			 now.exemption[i].name);
		break;
	}
	client_rules_free(&now);
}

static void fire(struct selftest *test, struct client *client, uint64_t after,
		 const struct client_rules *rules, const struct probe_copy *copy)
{
	if (is_off(rules, test->class)) {
		snprintf(test->missing, sizeof(test->missing),
			 "not tested: the rules have this class off");
		return;
	}
	selftest_fire(test, client, after, copy);
	if (test->missing[0])
		blame_exclusion(test, client, rules);
}

static json_t *to_json(const struct selftest *test)
{
	json_t *row = json_pack("{s:s, s:b}", "class", wxg_class_lookup(test->class)->name,
				"arrived", test->arrived);

	json_put(row, "seq", test->arrived ? json_integer((json_int_t)test->seq) : json_null());
	json_put(row, "verdict", test->arrived ? json_string(wxg_verdict_name(test->verdict)) :
						 json_null());
	json_put(row, "kernel_ms", test->arrived ? json_integer((json_int_t)test->kernel_ms) :
						   json_null());
	json_put(row, "stored", test->asked_store ? json_boolean(test->stored) : json_null());
	json_put(row, "store_ms", test->stored ? json_integer((json_int_t)test->store_ms) :
						 json_null());
	json_put(row, "missing", test->missing[0] ? json_string(test->missing) : json_null());
	return row;
}

static void print_row(const struct ctl *ctl, const struct selftest *test)
{
	term_put(stdout, ctl->color, TERM_BOLD, wxg_class_lookup(test->class)->name, 14);
	if (test->arrived)
		printf("module: arrived in %" PRIu64 " ms, %s, #%" PRIu64, test->kernel_ms,
		       wxg_verdict_name(test->verdict), test->seq);
	if (test->stored)
		printf("   store: arrived %" PRIu64 " ms later", test->store_ms);
	if (test->missing[0]) {
		fputs(test->arrived ? "   " : "", stdout);
		term_put(stdout, ctl->color, TERM_ALARM, "MISSING:", 0);
		printf(" %s", test->missing);
	}
	putchar('\n');
}

static void ask_store(struct client *client, struct selftest *tests,
		      const struct daemon_state *daemon, uint64_t patience_ms)
{
	int i;

	for (i = 0; i < TESTS && daemon->running; i++)
		if (tests[i].arrived)
			selftest_ask_store(&tests[i], client, patience_ms);
}

static int print_all(struct ctl *ctl, const struct selftest *tests,
		     const struct daemon_state *daemon)
{
	int i, code = 0;

	for (i = 0; i < TESTS && !code; i++) {
		if (ctl->json)
			code = ctl_print_json(to_json(&tests[i]));
		else
			print_row(ctl, &tests[i]);
	}
	if (!daemon->running && !ctl->json)
		puts("wxguardd is not running, so its store was not tested");
	return code;
}

/* Run both against the module, then both against the store. */
static int run_tests(struct ctl *ctl, struct client *client, struct selftest *tests,
		     uint64_t patience_ms)
{
	struct daemon_state daemon;
	struct client_status status;
	struct client_rules rules;
	struct probe_copy copy;
	const char *what = "";
	int code, error, i;

	code = check_state(client, &status, &rules);
	if (code)
		return code;
	error = probe_copy_make(&copy, &what);
	if (error) {
		client_rules_free(&rules);
		return ctl_fail(CTL_FAILED, "not tested: %s: %s", what, strerror(-error));
	}
	for (i = 0; i < TESTS; i++)
		fire(&tests[i], client, status.seq, &rules,
		     tests[i].class == WXGUARD_CLASS_RWX_MPROTECT ? &copy : NULL);
	client_rules_free(&rules);
	/* A test leaves no trace among the known; -ENOENT: it was denied. */
	client_known_remove_fd(client, copy.fd);
	daemon_look(DAEMON_LOCK, &daemon);
	ask_store(client, tests, &daemon, patience_ms);
	/* Only now, so that the daemon could read the file for its hash. */
	probe_copy_remove(&copy);
	return print_all(ctl, tests, &daemon);
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct selftest tests[TESTS] = {
		{ .class = WXGUARD_CLASS_RWX_MPROTECT },
		{ .class = WXGUARD_CLASS_EXEC_MEMORY },
	};
	struct option_walk walk;
	struct client *client;
	uint64_t timeout = 1;
	int key, code, i;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0)
		if (units_parse_duration(walk.value, &timeout))
			return option_stop(&walk, option_wrong(verb,
				"--timeout is a number of seconds, not \"%s\"", walk.value));
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = ctl_connect_to_decide(&client);
	if (code)
		return code;
	code = run_tests(ctl, client, tests, timeout * 1000);
	client_close(client);
	for (i = 0; i < TESTS && !code; i++)
		if (tests[i].missing[0])
			code = CTL_FAILED;
	return ctl_flush() ? CTL_FAILED : code;
}

const struct verb verb_test = {
	.name = "test",
	.args = "",
	.purpose = "Fire both detections harmlessly and say whether they arrived",
	.options = options,
	.reads = true,
	.run = run,
};
