// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard baseline start, status, stop: learn for a time. The end stands in
 * the store, where the daemon finds it: the command does not wait for it, and
 * neither a restart nor a reboot begins the time again.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "../lib/json_text.h"
#include "../lib/text.h"
#include "by.h"
#include "daemon.h"
#include "fields.h"
#include "known_set.h"
#include "learning.h"
#include "term.h"
#include "units.h"

enum { KEY_FOR = 256 };

static const struct verb_option start_options[] = {
	{ KEY_FOR, "for", "TIME", "for so long, such as 12h or 7d (the default)" },
	{ 0 }
};

/* Everything that the three verbs work on. */
struct session {
	struct client *client;
	struct store *store;
	struct learning learning;
	struct client_status status;
	uint64_t now;
};

static int store_failed(const struct session *session)
{
	return ctl_fail(CTL_FAILED, "%s", store_error(session->store));
}

static void session_close(struct session *session)
{
	store_close(session->store);
	client_close(session->client);
}

static int session_open(struct session *session, enum store_access access)
{
	int code;

	memset(session, 0, sizeof(*session));
	session->now = (uint64_t)time(NULL);
	code = access == STORE_READ ? ctl_connect(&session->client) :
				       ctl_connect_to_decide(&session->client);
	if (code)
		return code;
	code = learning_open(access, &session->store);
	if (!code && learning_read(session->store, &session->learning))
		code = store_failed(session);
	if (!code) {
		int error = client_status(session->client, &session->status);

		if (error)
			code = ctl_refused(session->client, error, NULL);
	}
	if (code)
		session_close(session);
	return code;
}

static bool runs(const struct session *session)
{
	return learning_runs(&session->learning, session->status.mode, session->now);
}

/* ---- start ---- */

static int may_start(const struct session *session)
{
	const struct learning *learning = &session->learning;
	struct daemon_state daemon;
	char until[32];

	if (runs(session))
		return ctl_fail(CTL_FAILED, "a baseline is learnt already, until %s%s%s; to end it: wxguard baseline stop",
				units_print_time(until, sizeof(until), (time_t)learning->until, false, true),
				*learning->by ? ", begun by " : "", learning->by);
	if (session->status.confirm_left)
		return ctl_fail(CTL_FAILED, "the mode %s waits to be confirmed; say \"wxguard mode confirm\" first, or let it go back",
				wxg_mode_name(session->status.mode));
	daemon_look(DAEMON_LOCK, &daemon);
	if (!daemon.running)
		return ctl_fail(CTL_NO_DAEMON, "wxguardd is not running, so nobody would end the learning; start it with: systemctl start wxguardd");
	return 0;
}

/*
 * The end first, since a mode of learning that nobody ends must not happen;
 * and again afterwards: a short time may have run out before the mode was
 * set, and then the daemon has forgotten it.
 */
static int begin(struct session *session, uint64_t seconds)
{
	struct learning *learning = &session->learning;
	int code, error;

	learning->until = session->now + seconds;
	if (learning_write(session->store, learning))
		return store_failed(session);
	error = by_mode_set(session->client, WXGUARD_MODE_LEARN, 0, false);
	if (error) {
		code = ctl_refused(session->client, error, "nothing is learnt");
		if (learning_remove(session->store))
			store_failed(session);
		return code;
	}
	learning->until = (uint64_t)time(NULL) + seconds;
	if (!learning_write(session->store, learning))
		return 0;
	code = store_failed(session);
	if (by_mode_set(session->client, learning->back, 0, false))
		ctl_fail(code, "%s", client_error(session->client));
	return code;
}

static int start(struct session *session, uint64_t seconds)
{
	struct learning *learning = &session->learning;
	char until[32];
	int code = may_start(session);

	if (code)
		return code;
	learning->since = session->now;
	learning->back = session->status.mode == WXGUARD_MODE_LEARN ?
			 WXGUARD_MODE_DETECT : session->status.mode;
	fields_author(learning->by);
	code = begin(session, seconds);
	if (code)
		return code;
	printf("learning until %s, then mode %s; nothing new is reported or denied meanwhile\n",
	       units_print_time(until, sizeof(until), (time_t)learning->until, false, true),
	       wxg_mode_name(learning->back));
	puts("what was learnt so far: wxguard baseline review");
	return 0;
}

static int run_start(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	uint64_t seconds = WXGUARD_WINDOW_DEFAULT;
	struct option_walk walk;
	struct session session;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0)
		if (units_parse_duration(walk.value, &seconds) || !seconds ||
		    seconds > WXGUARD_WINDOW_MAX)
			return option_stop(&walk, option_wrong(verb,
				"--for is a time from 1s to 3650d, such as 12h or 7d, not \"%s\"", walk.value));
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = session_open(&session, STORE_AMEND);
	if (code)
		return code;
	code = start(&session, seconds);
	session_close(&session);
	return code ? code : ctl_flush();
}

/* ---- status ---- */

static int count_learned(const struct client_known *known, void *arg)
{
	uint64_t *count = arg;

	*count += !!(known->flags & WXGUARD_KNOWN_F_LEARNED);
	return 0;
}

static int print_json(const struct session *session, uint64_t learned)
{
	const struct learning *learning = &session->learning;
	bool running = runs(session);

	return ctl_print_json(json_pack("{s:b, s:s, s:o, s:o, s:o, s:o, s:o}",
		"running", running, "mode", wxg_mode_name(session->status.mode),
		"since", running && learning->since ? json_number(learning->since) : json_null(),
		"until", running ? json_number(learning->until) : json_null(),
		"back", running ? json_string(wxg_mode_name(learning->back)) : json_null(),
		"by", running && *learning->by ? json_text(learning->by) : json_null(),
		"learned", json_number(learned)));
}

static void print_running(const struct ctl *ctl, const struct session *session)
{
	const struct learning *learning = &session->learning;
	struct daemon_state daemon;
	char time[32], left[32];

	printf("learning  since %s",
	       learning->since ? units_print_time(time, sizeof(time), (time_t)learning->since,
						  ctl->utc, true) :
				 "the history was lost");
	if (*learning->by) {
		fputs(" by ", stdout);
		text_print(stdout, text_bytes(learning->by), 0);
	}
	printf("\nuntil     %s, in %s; then mode %s\n",
	       units_print_time(time, sizeof(time), (time_t)learning->until, ctl->utc, true),
	       units_print_duration(left, sizeof(left), learning->until - session->now),
	       wxg_mode_name(learning->back));
	daemon_look(DAEMON_LOCK, &daemon);
	if (!daemon.running)
		term_put(stdout, ctl->color, TERM_YELLOW,
			 "wxguardd is not running: nobody will end it\n", 0);
}

static int print_status(const struct ctl *ctl, const struct session *session)
{
	uint64_t learned = 0;
	int error = client_known_list(session->client, count_learned, &learned);

	if (error)
		return ctl_refused(session->client, error, NULL);
	if (ctl->json)
		return print_json(session, learned);
	if (runs(session))
		print_running(ctl, session);
	else
		printf("no baseline is being learnt; the mode is %s\n",
		       wxg_mode_name(session->status.mode));
	printf("learned   %" PRIu64 " (executable and class); see: wxguard baseline review\n",
	       learned);
	return 0;
}

static int run_status(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct session session;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 0, 0))
		return walk.exit;
	code = session_open(&session, STORE_READ);
	if (code)
		return code;
	code = print_status(ctl, &session);
	session_close(&session);
	return code ? code : ctl_flush();
}

/* ---- stop ---- */

static int stop(struct session *session)
{
	uint32_t back = session->learning.back;
	int error;

	if (!runs(session))
		return ctl_fail(CTL_NOT_FOUND, "no baseline is being learnt; the mode is %s",
				wxg_mode_name(session->status.mode));
	error = by_mode_set(session->client, back, 0, false);
	if (error)
		return ctl_refused(session->client, error, "still learning");
	if (learning_remove(session->store))
		return store_failed(session);
	printf("learn -> %s\nnext: wxguard baseline review\n", wxg_mode_name(back));
	return 0;
}

static int run_stop(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	struct session session;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (!option_none(&walk, 0, 0))
		return walk.exit;
	code = session_open(&session, STORE_AMEND);
	if (code)
		return code;
	code = stop(&session);
	session_close(&session);
	return code ? code : ctl_flush();
}

const struct verb verb_baseline_start = {
	.name = "baseline start",
	.args = "",
	.purpose = "Learn for a time what this host does, reporting and denying nothing",
	.options = start_options,
	.notes = "wxguardd goes back to the mode before when the time is over, also after a\n"
		 "restart or a reboot. A mode that somebody sets meanwhile ends it.\n"
		 "Exit codes: 1 one is running already, 4 wxguardd is not running.\n",
	.run = run_start,
};

const struct verb verb_baseline_status = {
	.name = "baseline status",
	.args = "",
	.purpose = "Say whether a baseline is being learnt, by whom, and until when",
	.reads = true,
	.run = run_status,
};

const struct verb verb_baseline_stop = {
	.name = "baseline stop",
	.args = "",
	.purpose = "End the learning now, and go back to the mode before",
	.notes = "Exit code 3: no baseline is being learnt.\n",
	.run = run_stop,
};
