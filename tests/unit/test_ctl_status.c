// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What "wxguard status" says about a healthy and an unwell module, and the
 * last N of a stream.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/exclude_line.h>
#include <ctl/status_view.h>
#include <ctl/tail.h>

static const struct ctl plain = { 0 };

static struct status_view healthy(void)
{
	struct status_view view = { 0 };

	strcpy(view.kernel.version, "0.1.0");
	view.kernel.mode = WXGUARD_MODE_DETECT;
	view.kernel.generation = 12;
	view.kernel.seq = view.kernel.acked = 425;
	view.kernel.oldest = 1;
	view.kernel.canary = 1;
	view.kernel.hooks = 2;
	strcpy(view.kernel.hook[0].name, "security_bprm_check");
	view.kernel.hook[0].role = WXGUARD_ROLE_JUDGE;
	view.kernel.hook[0].state = WXGUARD_HOOK_PROVED;
	strcpy(view.kernel.hook[1].name, "bprm_execve");
	view.kernel.hook[1].role = WXGUARD_ROLE_WITNESS;
	view.daemon.running = true;
	view.daemon.pid = 611;
	return view;
}

static char *print(const struct status_view *view)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(out);
	status_view_print(out, &plain, view);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void assert_says(const struct status_view *view, const char *line)
{
	char *text = print(view);

	if (!strstr(text, line))
		fail_msg("\"%s\" is not in:\n%s", line, text);
	free(text);
}

static void a_healthy_module_says_so(void **state)
{
	struct status_view view = healthy();

	(void)state;
	assert_true(status_view_armed(&view));
	assert_says(&view, "mode detect, rules generation 12\n");
	assert_says(&view, "daemon    running (pid 611), every finding committed\n");
	assert_says(&view, "losses    none\n");
	assert_says(&view, "canary    answers\n");
	assert_says(&view, "hooks     1 of 2 armed\n");
}

static void a_judge_that_is_off_is_an_alarm(void **state)
{
	struct status_view view = healthy();

	(void)state;
	view.kernel.hook[0].state = WXGUARD_HOOK_OFF;
	assert_false(status_view_armed(&view));
	assert_says(&view, "hooks     0 of 2 armed, a judge is blind\n");
}

static void a_mode_on_trial_and_a_lock_are_said(void **state)
{
	struct status_view view = healthy();

	(void)state;
	view.kernel.mode = WXGUARD_MODE_ENFORCE;
	view.kernel.confirm_left = 42;
	view.kernel.confirm_mode = WXGUARD_MODE_LEARN;
	view.kernel.locked = 1;
	assert_says(&view, "mode enforce (goes back to learn by itself in 42 s unless confirmed), locked, rules generation 12\n");
}

static void what_was_denied_and_folded_is_counted(void **state)
{
	struct status_view view = healthy();

	(void)state;
	assert_says(&view, "denied    0\n");
	view.kernel.denied = 120;
	view.kernel.spared = 2;
	view.kernel.budget_trips = 1;
	view.kernel.repeats = 9990;
	view.kernel.self_clones = 7;
	assert_says(&view, "denied    120; 2 spared (pid 1, kernel, wxguardd); the budget was spent 1 time, which ended enforce\n");
	assert_says(&view, "folded    9990 repeats into earlier findings; 7 self-clones not reported\n");
}

static void a_late_self_check_is_an_alarm(void **state)
{
	const struct ctl colored = { .color = true };
	struct status_view view = healthy();
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	view.kernel.heartbeat = 1;
	view.heartbeat_interval = 20;
	view.heartbeat_age = 60;
	assert_says(&view, "canary    answers, last self-check 1m ago\n");
	view.heartbeat_age = 61;
	out = open_memstream(&text, &size);
	status_view_print(out, &colored, &view);
	fclose(out);
	assert_non_null(strstr(text, "\033[1;37;41mlast self-check 1m 1s ago"));
	free(text);
}

static void no_judge_at_all_is_an_alarm(void **state)
{
	struct status_view view = healthy();

	(void)state;
	view.kernel.hook[0].role = WXGUARD_ROLE_WITNESS;
	assert_false(status_view_armed(&view));
}

static void losses_and_a_dead_daemon_stand_out(void **state)
{
	struct status_view view = healthy();

	(void)state;
	view.kernel.lost_overflow = 112;
	view.kernel.lost_nomem = 3;
	view.kernel.unjudged = 7;
	view.kernel.acked = 400;
	view.daemon.running = false;
	assert_says(&view, "losses    112 overwritten before they were committed, 3 without memory; 7 suspicious calls passed unjudged\n");
	assert_says(&view, "daemon    not running, 25 findings not yet committed\n");
}

static void status_in_json_is_one_object(void **state)
{
	struct status_view view = healthy();
	json_t *json = status_view_json(&view);

	(void)state;
	assert_true(json_is_object(json));
	assert_int_equal(json_integer_value(json_object_get(json, "seq")), 425);
	assert_true(json_is_true(json_object_get(json, "armed")));
	assert_int_equal(json_integer_value(json_object_get(
		json_object_get(json, "daemon"), "pid")), 611);
	json_decref(json);
}

/* Who holds the lock is told without taking it from a daemon. */
static void a_daemon_is_its_lock(void **state)
{
	char path[] = "/tmp/wxguard-lock-XXXXXX";
	int fd = mkstemp(path);
	struct daemon_state daemon;

	(void)state;
	assert_true(fd >= 0);
	dprintf(fd, "%d\n", getpid());
	daemon_look(path, &daemon);
	assert_false(daemon.running);
	assert_int_equal(flock(fd, LOCK_EX), 0);
	daemon_look(path, &daemon);
	assert_true(daemon.running);
	assert_int_equal(daemon.pid, getpid());
	close(fd);
	daemon_look(path, &daemon);
	assert_false(daemon.running);
	unlink(path);
	daemon_look(path, &daemon);
	assert_false(daemon.running || daemon.unreadable);
}

static void an_exclusion_names_its_matchers(void **state)
{
	struct client_exemption row = { .has_uid = true, .uid = 0 };
	char *text;

	(void)state;
	strcpy(row.exe, "/opt/a b/**");
	strcpy(row.cgroup, "/system.slice/x");
	text = exclude_match(&row);
	assert_string_equal(text, "exe \"/opt/a b/**\" uid 0 cgroup /system.slice/x");
	free(text);
}

/* Push five, and read what was printed. */
static void push_five(uint64_t limit, char *printed, size_t size)
{
	const struct ctl json = { .json = true };
	struct feed feed = { .ctl = &json };
	struct tail tail = { .feed = &feed, .limit = limit };
	int saved = dup(STDOUT_FILENO), i;
	FILE *file = tmpfile();
	size_t len;

	fflush(stdout);
	dup2(fileno(file), STDOUT_FILENO);
	for (i = 1; i <= 5; i++) {
		struct feed_item *item = calloc(1, sizeof(*item));

		item->json = malloc(16);
		snprintf(item->json, 16, "{%d}", i);
		tail_push(&tail, item);
	}
	tail_end(&tail);
	fflush(stdout);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	rewind(file);
	len = fread(printed, 1, size - 1, file);
	printed[len] = 0;
	fclose(file);
}

static void the_last_n_come_oldest_first(void **state)
{
	char printed[64];

	(void)state;
	push_five(0, printed, sizeof(printed));
	assert_string_equal(printed, "{1}\n{2}\n{3}\n{4}\n{5}\n");
	push_five(3, printed, sizeof(printed));
	assert_string_equal(printed, "{3}\n{4}\n{5}\n");
	push_five(100, printed, sizeof(printed));
	assert_string_equal(printed, "{1}\n{2}\n{3}\n{4}\n{5}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_healthy_module_says_so),
		cmocka_unit_test(a_judge_that_is_off_is_an_alarm),
		cmocka_unit_test(a_mode_on_trial_and_a_lock_are_said),
		cmocka_unit_test(what_was_denied_and_folded_is_counted),
		cmocka_unit_test(a_late_self_check_is_an_alarm),
		cmocka_unit_test(no_judge_at_all_is_an_alarm),
		cmocka_unit_test(losses_and_a_dead_daemon_stand_out),
		cmocka_unit_test(status_in_json_is_one_object),
		cmocka_unit_test(a_daemon_is_its_lock),
		cmocka_unit_test(an_exclusion_names_its_matchers),
		cmocka_unit_test(the_last_n_come_oldest_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
