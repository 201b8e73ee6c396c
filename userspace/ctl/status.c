// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard status: is everything in place, and was anything lost?
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "../lib/raw_json.h"
#include "daemon.h"
#include "status_view.h"
#include "units.h"

enum { KEY_WAIT = 256, KEY_TIMEOUT };

static const struct verb_option options[] = {
	{ KEY_WAIT, "wait-acked", NULL, "first wait until the daemon has committed every finding so far" },
	{ KEY_TIMEOUT, "timeout", "S", "for so many seconds at most (default 10)" },
	{ 0 }
};

static int wait_acked(struct client *client, uint64_t seconds,
		      struct client_status *status)
{
	struct daemon_state daemon;
	uint64_t seq = status->seq;
	int error;

	error = daemon_wait_acked(client, seq, seconds * 1000, status);
	if (!error)
		return 0;
	if (error != -ETIMEDOUT)
		return ctl_refused(client, error, NULL);
	daemon_look(DAEMON_LOCK, &daemon);
	if (!daemon.running)
		return ctl_fail(CTL_NO_DAEMON, "wxguardd is not running; number %llu is committed, %llu is the newest",
				(unsigned long long)status->acked, (unsigned long long)seq);
	return ctl_fail(CTL_FAILED, "after %llu s wxguardd has committed number %llu, %llu was the newest",
			(unsigned long long)seconds, (unsigned long long)status->acked,
			(unsigned long long)seq);
}

static int show(struct ctl *ctl, struct client *client, bool wait, uint64_t timeout)
{
	struct status_view view = { 0 };
	int code = 0, error = client_status(client, &view.kernel);

	if (error)
		return ctl_refused(client, error, NULL);
	if (wait)
		code = wait_acked(client, timeout, &view.kernel);
	if (code)
		return code;
	error = client_rules_get(client, &view.rules);
	if (error)
		return ctl_refused(client, error, NULL);
	daemon_look(DAEMON_LOCK, &view.daemon);
	status_view_store(&view);
	status_view_heartbeat(&view);
	if (ctl->json)
		code = ctl_print_json(status_view_json(&view));
	else
		status_view_print(stdout, ctl, &view);
	client_rules_free(&view.rules);
	if (!code)
		code = ctl_flush();
	return !code && !status_view_armed(&view) ? CTL_NO_MODULE : code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct client *client;
	uint64_t timeout = 10;
	bool wait = false, timed = false;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		wait |= key == KEY_WAIT;
		timed |= key == KEY_TIMEOUT;
		if (key == KEY_WAIT)
			continue;
		if (units_parse_duration(walk.value, &timeout))
			return option_stop(&walk, option_wrong(verb,
				"--timeout is a number of seconds, not \"%s\"", walk.value));
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code && timed && !wait)
		code = option_wrong(verb, "--timeout goes with --wait-acked");
	if (!code)
		code = ctl_connect(&client);
	if (code)
		return code;
	code = show(ctl, client, wait, timeout);
	client_close(client);
	return code;
}

const struct verb verb_status = {
	.name = "status",
	.args = "",
	.purpose = "Show whether everything is in place, and whether anything was lost",
	.options = options,
	.reads = true,
	.run = run,
};
