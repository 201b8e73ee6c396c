// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard watch: findings as they are made, straight from the module. The
 * doorbell says that there is something; what there is comes from a dump, so
 * a lost bell loses nothing. Who may not read there watches the store. On a
 * terminal as a screen, else line by line.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../lib/store.h"
#include "units.h"
#include "watch.h"

enum { KEY_SINCE_SEQ = 256 };

static const struct verb_option options[] = {
	{ 'n', "lines", "N", "end after N findings" },
	{ KEY_SINCE_SEQ, "since-seq", "N", "begin with the numbers above N (default: from now on)" },
	{ 0 }
};

static int finish_line(struct watch *watch, const struct feed_item *item, uint64_t seq)
{
	int code = feed_print(&watch->feed, item);

	if (!code)
		code = ctl_flush();
	watch->after = seq;
	return code;
}

static int show_on_screen(struct watch *watch, struct finding *finding)
{
	json_t *doc = feed_document(&watch->feed, finding);

	if (!doc)
		return ctl_fail(CTL_FAILED, "out of memory");
	screen_add(watch->screen, doc);
	json_decref(doc);
	watch->after = finding->seq;
	return 0;
}

static int on_finding(struct finding *finding, void *arg)
{
	struct feed_item item = { .finding = finding };
	struct watch *watch = arg;
	int code = watch->screen ? show_on_screen(watch, finding) :
				   finish_line(watch, &item, finding->seq);

	finding_free(finding);
	watch->shown++;
	return !code && watch->limit && watch->shown >= watch->limit ? WATCH_ENOUGH : code;
}

static int on_loss(const struct finding_loss *loss, void *arg)
{
	struct feed_item item = { .is_loss = true, .loss = *loss };
	struct watch *watch = arg;

	if (!watch->screen)
		return finish_line(watch, &item, loss->last);
	screen_lost(watch->screen, loss->last - loss->first + 1);
	watch->after = loss->last;
	return 0;
}

/* Readable when somebody wants us to end; blocked, so that no line is torn. */
static int open_signals(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGWINCH);	/* a screen is drawn again */
	sigprocmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* Does what came at @signals end the watching? */
static bool is_over(int signals)
{
	struct signalfd_siginfo info;

	return read(signals, &info, sizeof(info)) != sizeof(info) || info.ssi_signo != SIGWINCH;
}

static void leave(struct watch *watch)
{
	if (watch->screen)
		screen_close(watch->screen);
}

/* First dump, then wait: a finding between join and dump is not missed. */
static int loop(struct watch *watch, struct client *client, int bell, int signals)
{
	struct pollfd fds[] = {
		{ .fd = bell, .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = watch->screen ? STDIN_FILENO : -1, .events = POLLIN },
	};
	int code;

	for (;;) {
		code = watch->store ? watch_store_read(watch) :
				      client_findings(client, watch->after, on_finding, on_loss, watch);
		if (code)	/* what is said now has to stay there */
			leave(watch);
		if (code == WATCH_ENOUGH)
			return CTL_OK;
		if (code == -ENOENT || code == -ECONNREFUSED)
			return ctl_fail(CTL_NO_MODULE, "the module is gone");
		if (code < 0)
			return ctl_refused(client, code, NULL);
		if (code)
			return code;
		if (watch->screen)
			screen_draw(watch->screen);
		if (poll(fds, 3, watch->store ? WATCH_EVERY_MS : -1) < 0 && errno != EINTR)
			return ctl_fail(CTL_FAILED, "waiting failed: %s", strerror(errno));
		if (fds[1].revents && is_over(signals))
			return CTL_OK;
		if (fds[2].revents && screen_key(watch->screen) == SCREEN_QUIT)
			return CTL_OK;
		code = watch->store ? 0 : client_bell_drain(client);
		if (code)
			leave(watch);
		if (code)
			return ctl_refused(client, code, NULL);
	}
}

/* Where to begin, and what rings. */
static int begin(struct watch *watch, struct client *client, int *bell)
{
	struct client_status status;
	int error;

	if (client_is_relayed(client))
		return watch_store_open(watch);
	error = client_bell_open(client, bell);
	if (!error)
		error = client_status(client, &status);
	if (error)
		return ctl_refused(client, error, NULL);
	if (!watch->has_after)
		watch->after = status.seq;
	return 0;
}

static int watch_all(struct watch *watch, struct client *client)
{
	int bell = -1, signals, code = begin(watch, client, &bell), error;

	if (code)
		return code;
	signals = open_signals();
	if (signals < 0)
		return ctl_fail(CTL_FAILED, "signals could not be awaited: %s", strerror(errno));
	error = watch->screen ? screen_open(watch->screen) : 0;
	if (error)
		code = ctl_fail(CTL_FAILED, "the terminal could not be taken: %s", strerror(-error));
	else
		code = loop(watch, client, bell, signals);
	leave(watch);
	close(signals);
	return code;
}

static int set_option(struct watch *watch, const struct option_walk *walk, int key)
{
	if (key == 'n') {
		if (units_parse_u64(walk->value, &watch->limit) || !watch->limit)
			return option_wrong(walk->verb, "-n is a number from 1, not \"%s\"",
					    walk->value);
		return 0;
	}
	watch->has_after = true;
	if (units_parse_u64(walk->value, &watch->after))
		return option_wrong(walk->verb, "--since-seq is a number, not \"%s\"", walk->value);
	return 0;
}

/* A screen is for a person at a terminal, who did not ask for something else. */
static struct screen *new_screen(const struct watch *watch, const struct ctl *ctl)
{
	struct screen *screen;

	if (ctl->json || watch->limit || !isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return NULL;
	screen = calloc(1, sizeof(*screen));
	if (!screen)
		return NULL;
	screen->style.utc = ctl->utc;
	screen->color = ctl->color;
	screen->follow = true;
	screen->program = "/proc/self/exe";
	return screen;
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct watch watch = { 0 };
	struct option_walk walk;
	struct client *client;
	int key, code;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		code = set_option(&watch, &walk, key);
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	code = option_operands(&walk, 0, 0);
	if (!code)
		code = ctl_connect(&client);
	if (code)
		return code;
	watch.screen = new_screen(&watch, ctl);
	code = feed_start(&watch.feed, ctl);
	if (!code)
		code = watch_all(&watch, client);
	feed_end(&watch.feed);
	store_close(watch.store);
	if (watch.screen)
		screen_free(watch.screen);
	free(watch.screen);
	client_close(client);
	return code;
}

const struct verb verb_watch = {
	.name = "watch",
	.args = "",
	.purpose = "Show findings as they are made",
	.options = options,
	.reads = true,
	.run = run,
};
