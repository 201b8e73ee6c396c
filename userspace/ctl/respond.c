// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard respond: stop, kill or cut off the process of a finding. It is held
 * by a pidfd from before its identity is checked, so that no other process
 * can be hit; never pid 1, wxguardd or this command itself. Each is noted in
 * the stream of findings, with who did it.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <time.h>
#include <unistd.h>

#include "../lib/ecs.h"
#include "../lib/json_out.h"
#include "../lib/proc_same.h"
#include "../lib/text.h"
#include "ask.h"
#include "daemon.h"
#include "doc.h"
#include "explain.h"
#include "fields.h"
#include "notice.h"
#include "pick.h"
#include "records.h"
#include "respond.h"

#ifndef WXGUARD_VERSION
#define WXGUARD_VERSION "unknown"
#endif

enum { KEY_STOP = 256, KEY_KILL, KEY_ISOLATE, KEY_UNDO, KEY_YES };

static const struct verb_option options[] = {
	{ KEY_STOP, "stop", NULL, "hold the process (SIGSTOP)" },
	{ KEY_KILL, "kill", NULL, "end the process with all its threads (SIGKILL)" },
	{ KEY_ISOLATE, "isolate", NULL, "cut its control group off the network (nftables)" },
	{ KEY_UNDO, "undo", NULL, "take --stop or --isolate back" },
	{ KEY_YES, "yes", NULL, "do not ask" },
	{ 0 }
};

struct respond {
	int how;			/* KEY_STOP to KEY_ISOLATE, 0 = not said */
	bool undo, yes;
	json_t *doc;			/* owned */
	const char *id;			/* its event.id */
	uint32_t pid;
	uint64_t start;
	int pidfd;			/* -1 = not needed */
	char cgroup[RESPOND_CGROUP_MAX];
	char *who;			/* owned; "agentd[48123]" */
};

/* Why this process may not be touched; NULL = it may. */
static const char *why_spared(const struct respond *respond)
{
	struct daemon_state state;

	if (respond->pid == 1)
		return "it is pid 1: without it the system would end";
	if (respond->pid == (uint32_t)getpid())
		return "it is this command itself";
	daemon_look(DAEMON_LOCK, &state);
	if (state.running && state.pid == respond->pid)
		return "it is wxguardd, which keeps the findings; use systemctl";
	return NULL;
}

/* The pidfd first, then the check: what it holds is what was checked. */
static int hold(struct respond *respond)
{
	const char *spared = why_spared(respond);
	int error = 0;

	if (spared)
		return ctl_fail(CTL_FAILED, "nothing was done to %s: %s", respond->who, spared);
	respond->pidfd = pidfd_open((pid_t)respond->pid, 0);
	if (respond->pidfd < 0)
		error = -errno;
	if (!error)
		error = proc_same(respond->pid, respond->start);
	if (!error && respond->how == KEY_ISOLATE)
		error = respond_cgroup(respond->pid, respond->cgroup);
	if (!error)
		return 0;
	if (error == -ESTALE)
		return ctl_fail(CTL_NOT_FOUND, "%s is gone; another process has its number now, and nothing was done to it",
				respond->who);
	if (error == -ESRCH || error == -ENOENT)
		return ctl_fail(CTL_NOT_FOUND, "%s is gone; nothing is left to do to it", respond->who);
	return ctl_fail(error == -EPERM || error == -EACCES ? CTL_PERMISSION : CTL_FAILED,
			"%s cannot be held: %s", respond->who, strerror(-error));
}

static int name_it(struct respond *respond)
{
	char *name = doc_quote(respond->doc, doc_get(respond->doc, "process.executable") ?
			       "process.executable" : "process.name", 0);

	if (!explain_process(respond->doc, &respond->pid, &respond->start)) {
		free(name);
		return ctl_fail(CTL_FAILED, "the finding names no process");
	}
	if (asprintf(&respond->who, "%s[%" PRIu32 "]", name ? name : "?", respond->pid) < 0)
		respond->who = NULL;
	free(name);
	respond->id = doc_string(respond->doc, "event.id");
	if (!respond->who)
		return ctl_fail(CTL_FAILED, "out of memory");
	if (!explain_is_this_boot(respond->doc))
		return ctl_fail(CTL_NOT_FOUND, "the finding is of an earlier boot; its process is gone");
	return 0;
}

/* What is about to be done, or was; both in the words of the audit. */
static void describe(const struct respond *respond, bool done, char *text, size_t size)
{
	/* Before and after the name. */
	static const char *const words[][4][2] = {
		{ { "Stop ", "" }, { "", " was stopped" },
		  { "Let ", " go on" }, { "", " goes on" } },
		{ { "Kill ", "" }, { "", " was killed" } },
		{ { "Cut the control group of ", " off the network" },
		  { "the control group of ", " was cut off the network" },
		  { "Give the control group of ", " its network back" },
		  { "the control group of ", " has its network back" } },
	};
	const char *const *around = words[respond->how - KEY_STOP][2 * respond->undo + done];

	snprintf(text, size, "%s%s%s", around[0], respond->who, around[1]);
	if (*respond->cgroup)
		snprintf(text + strlen(text), size - strlen(text), " (%s)", respond->cgroup);
}

static int ask(const struct respond *respond)
{
	char plan[2 * RESPOND_CGROUP_MAX], question[2 * RESPOND_CGROUP_MAX + 2];

	if (respond->yes)
		return 0;
	describe(respond, false, plan, sizeof(plan));
	text_inert(plan);
	snprintf(question, sizeof(question), "%s?", plan);
	return ask_yes(question, "respond asks first, and nobody is there to answer; say --yes as well",
		       "nothing was done");
}

static int send(const struct respond *respond, int signal)
{
	int error = pidfd_send_signal(respond->pidfd, signal, NULL, 0) ? errno : 0;

	if (!error)
		return 0;
	return ctl_fail(error == EPERM ? CTL_PERMISSION : error == ESRCH ? CTL_NOT_FOUND : CTL_FAILED,
			"%s: %s; nothing was done", respond->who, strerror(error));
}

static int isolate(const struct respond *respond)
{
	char why[RESPOND_WHY_MAX] = "", own[RESPOND_CGROUP_MAX] = "";
	int error = 0;

	if (respond->undo) {
		error = respond_rejoin(respond->id, why);
	} else {
		if (respond_cgroup((uint32_t)getpid(), own))
			return ctl_fail(CTL_FAILED, "this system has no control groups of the second version");
		error = respond_may_isolate(respond->cgroup, own, why);
		if (!error)
			error = respond_isolate(respond->cgroup, respond->id, why);
	}
	if (!error)
		return 0;
	return ctl_fail(error == -ENOENT && respond->undo ? CTL_NOT_FOUND : CTL_FAILED,
			"nothing was done: %s", why);
}

static int act(const struct respond *respond)
{
	switch (respond->how) {
	case KEY_STOP:
		return send(respond, respond->undo ? SIGCONT : SIGSTOP);
	case KEY_KILL:
		return send(respond, SIGKILL);
	}
	return isolate(respond);
}

/* It is done by now, so that what fails here is told and changes nothing. */
static int tell(const struct respond *respond)
{
	char what[2 * RESPOND_CGROUP_MAX], reason[3 * RESPOND_CGROUP_MAX];
	char author[WXGUARD_AUTHOR_MAX + 1];
	struct store *store;
	uint64_t number = 0;
	int code;

	fields_author(author);
	doc_number(respond->doc, "wxguard.finding.number", &number);
	describe(respond, true, what, sizeof(what));
	text_inert(what);
	printf("done: %s\n", what);
	snprintf(reason, sizeof(reason), "%s, by %s, because of finding %" PRIu64, what,
		 *author ? author : "somebody", number);
	text_inert(reason);
	code = records_need(STORE_AMEND, &store);
	if (code)
		return ctl_fail(code, "it was done, and could not be noted in the stream of findings");
	if (notice_put(store, ECS_NOTICE_RESPONDED, reason, NULL))
		code = ctl_fail(CTL_FAILED, "it was done, and could not be noted in the stream of findings: %s",
				store_error(store));
	store_close(store);
	return code;
}

static int respond_to(struct respond *respond)
{
	int code = name_it(respond);

	/* A group stays cut off when the process is gone. */
	if (!code && !(respond->how == KEY_ISOLATE && respond->undo))
		code = hold(respond);
	if (!code)
		code = ask(respond);
	if (!code)
		code = act(respond);
	return code ? code : tell(respond);
}

/* *go: something is to be done, and it was not only help that was asked for. */
static int read_options(struct respond *respond, struct option_walk *walk, bool *go)
{
	int key, code;

	while ((key = option_next(walk)) > 0) {
		if (key == KEY_UNDO) {
			respond->undo = true;
		} else if (key == KEY_YES) {
			respond->yes = true;
		} else {
			if (respond->how)
				return option_stop(walk, option_wrong(walk->verb,
					"only one of --stop, --kill and --isolate at a time"));
			respond->how = key;
		}
	}
	if (key < 0)
		return walk->exit;
	if (!respond->how)
		return option_wrong(walk->verb, "say what to do: --stop, --kill or --isolate");
	if (respond->how == KEY_KILL && respond->undo)
		return option_wrong(walk->verb, "what was killed cannot be brought back");
	code = option_operands(walk, 1, 1);
	*go = !code;
	return code;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct respond respond = { .pidfd = -1 };
	struct option_walk walk;
	bool go = false;
	int64_t row;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	code = read_options(&respond, &walk, &go);
	if (!go)
		return code;
	/* Also to a process of one's own: what is not noted is not done. */
	code = geteuid() ? ctl_fail(CTL_PERMISSION, CTL_NEEDS_ROOT) :
			   pick_finding(ctl, verb, walk.argv[0], &respond.doc, &row);
	if (!code)
		code = respond_to(&respond);
	if (respond.pidfd >= 0)
		close(respond.pidfd);
	free(respond.who);
	json_decref(respond.doc);
	return code ? code : ctl_flush();
}

const struct verb verb_respond = {
	.name = "respond",
	.args = "ID",
	.purpose = "Stop, kill or cut off the process of a finding",
	.options = options,
	.notes = "Only the very process of the finding is touched. --isolate cuts off everything in\n"
		 "its control group, until --undo or the next boot. Who did it becomes a record.\n",
	.run = run,
};
