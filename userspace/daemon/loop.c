// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop: doorbell, signals, one timer, who reads. Each turn does what is due and
 * returns to epoll; nothing here waits for anything else. The database may be
 * found damaged at any turn: then it is set aside as at start.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "notify.h"
#include "slim.h"
#include "wxguardd.h"

/* Bells say only "look"; this often it is looked without one. */
#define POLL_MS 2000
#define BELLLESS_POLL_MS 250	/* instead, where no bell rings */
/* A new sighting is saved so soon, many at once. */
#define DIRTY_MS 1000
#define LEARN_MS 1000
/* So many findings leave memory behind. */
#define FLOOD 256

enum timer {
	TIMER_POLL, TIMER_RETRY, TIMER_KNOWN, TIMER_LEARN, TIMER_WATCHDOG, TIMER_METRICS,
	TIMER_READERS, TIMER_COUNT
};

#define EVENTS 8

struct loop {
	struct wxguardd *d;
	int epoll, signals, timer;
	uint64_t due[TIMER_COUNT];	/* clock_mono_ms(), 0 = not set */
	uint64_t watchdog_ms;
	uint64_t polled_seq, slim_seq;	/* last_seq at the poll before, and then */
};

static int watch(struct loop *loop, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

/* -1 = there is none. */
static int watch_if_any(struct loop *loop, int fd)
{
	return fd < 0 ? 0 : watch(loop, fd);
}

static int loop_open(struct loop *loop)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	loop->epoll = epoll_create1(EPOLL_CLOEXEC);
	loop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	loop->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (loop->epoll < 0 || loop->signals < 0 || loop->timer < 0 ||
	    watch(loop, loop->signals) || watch(loop, loop->timer) ||
	    watch_if_any(loop, loop->d->evidence.copier.socket) ||
	    watch_if_any(loop, loop->d->readers.epoll)) {
		say(CONFIG_ERROR, "cannot set up the event loop: %s", strerror(errno));
		return -EIO;
	}
	return 0;
}

/*
 * Each turn anew: the descriptor leaves epoll by itself when the link closes
 * it, and the next link may get the same number.
 */
static void watch_bell(struct loop *loop)
{
	int error = loop->d->bell < 0 ? 0 : watch(loop, loop->d->bell);

	if (error && error != -EEXIST)
		say(CONFIG_WARNING, "cannot watch the doorbell: %s", strerror(-error));
}

static void arm(struct loop *loop)
{
	struct itimerspec spec = { 0 };
	uint64_t next = UINT64_MAX, now = clock_mono_ms();
	int i;

	loop->due[TIMER_READERS] = control_due_ms(&loop->d->readers);

	for (i = 0; i < TIMER_COUNT; i++)
		if (loop->due[i] && loop->due[i] < next)
			next = loop->due[i];
	next = next > now ? next - now : 1;
	spec.it_value.tv_sec = next / 1000;
	spec.it_value.tv_nsec = next % 1000 * 1000000;
	timerfd_settime(loop->timer, 0, &spec, NULL);
}

static void soon(struct loop *loop, enum timer timer, uint64_t ms)
{
	uint64_t due = clock_mono_ms() + ms;

	if (!loop->due[timer] || loop->due[timer] > due)
		loop->due[timer] = due;
}

static void sinks_close(struct wxguardd *d)
{
	int i;

	for (i = 0; i < SINK_COUNT; i++)
		sink_close(&d->sinks[i]);
}

/* In the middle of work; as at start, or the end if that is impossible. */
static void replace_store(struct wxguardd *d)
{
	sinks_close(d);
	store_close(d->store);
	d->store = NULL;
	link_down(d);
	if (start_store(d) != EXIT_OK)
		d->stop = true;
}

static void do_collect(struct loop *loop)
{
	struct wxguardd *d = loop->d;
	int error = collect(d);

	if (error == -EUCLEAN)
		replace_store(d);
	else if (!error && d->control && link_pins(d))
		link_failed(d, d->control);
	if (error)
		soon(loop, TIMER_RETRY, RETRY_MS);
	if (d->output_waits)
		soon(loop, TIMER_RETRY, d->output_wait_ms);
	if (d->known_dirty)
		soon(loop, TIMER_KNOWN, DIRTY_MS);
}

static void deliver(struct loop *loop)
{
	collect_deliver(loop->d);
	if (loop->d->output_waits)
		soon(loop, TIMER_RETRY, loop->d->output_wait_ms);
}

static void retry(struct loop *loop)
{
	struct wxguardd *d = loop->d;

	if (!d->store)
		return;
	if (!d->control) {
		/* Without the module there is nothing to say again and again. */
		if (link_module_present())
			link_up(d, false);
		if (!d->control) {
			soon(loop, TIMER_RETRY, RETRY_MS);
			return;
		}
		say(CONFIG_INFO, "connected to the module again");
		do_collect(loop);
	}
	deliver(loop);
}

/* By number, age and size; a failure is no reason to stop, and comes again. */
static void prune(struct wxguardd *d)
{
	const struct config *config = &d->config;
	uint64_t age = (uint64_t)config->findings_age * 1000000000, now = clock_real_ns();
	int error;

	if (!d->store)
		return;
	evidence_prune(d);
	error = store_prune_records(d->store, config->findings_keep);
	if (!error && age && age < now)
		error = store_prune_before(d->store, now - age);
	if (!error && config->findings_size)
		error = store_prune_size(d->store, config->findings_size);
	if (error)
		say(CONFIG_DEBUG, "%s", store_error(d->store));
}

static void on_known_timer(struct loop *loop)
{
	struct wxguardd *d = loop->d;

	soon(loop, TIMER_KNOWN, (uint64_t)d->config.known_interval * 1000);
	keep_save(d);
	prune(d);
}

/* Once it is quiet after a flood, its memory goes back. */
static void slim_after_flood(struct loop *loop)
{
	const struct wxguardd *d = loop->d;
	bool quiet = d->last_seq == loop->polled_seq;

	loop->polled_seq = d->last_seq;
	if (!quiet || d->last_seq - loop->slim_seq < FLOOD || !d->store)
		return;
	loop->slim_seq = d->last_seq;
	store_release_memory(d->store);
	slim_down();
}

static void on_poll_timer(struct loop *loop)
{
	struct wxguardd *d = loop->d;

	soon(loop, TIMER_POLL, d->control && d->bell < 0 ? BELLLESS_POLL_MS : POLL_MS);
	slim_after_flood(loop);
	if (d->control && link_is_stale(d)) {
		say(CONFIG_WARNING, "the module was unloaded or loaded again");
		link_down(d);
	}
	if (d->control)
		changes_tell(d);
	if (d->control)
		do_collect(loop);
	/* Whoever acts on a finding adds a record of it. */
	if (d->store)
		deliver(loop);
	if (d->store)
		sinks_save(d->sinks, d->store);
	if (!d->control)
		soon(loop, TIMER_RETRY, 1);
}

static void on_metrics_timer(struct loop *loop)
{
	metrics_write(loop->d);
	if (loop->d->config.metrics.enabled)
		soon(loop, TIMER_METRICS, (uint64_t)loop->d->config.metrics.interval * 1000);
}

static void on_timers(struct loop *loop)
{
	uint64_t now = clock_mono_ms(), unused;
	bool due[TIMER_COUNT];
	int i;

	if (read(loop->timer, &unused, sizeof(unused)) < 0 && errno != EAGAIN)
		say(CONFIG_DEBUG, "timer: %s", strerror(errno));
	for (i = 0; i < TIMER_COUNT; i++) {
		due[i] = loop->due[i] && loop->due[i] <= now;
		if (due[i])
			loop->due[i] = 0;
	}
	if (due[TIMER_WATCHDOG]) {
		notify("WATCHDOG=1");
		soon(loop, TIMER_WATCHDOG, loop->watchdog_ms);
	}
	if (due[TIMER_POLL])
		on_poll_timer(loop);
	if (due[TIMER_RETRY])
		retry(loop);
	if (due[TIMER_KNOWN])
		on_known_timer(loop);
	if (due[TIMER_METRICS])
		on_metrics_timer(loop);
	if (due[TIMER_READERS])
		control_turn(&loop->d->readers, now);
	if (due[TIMER_LEARN]) {
		learn_tick(loop->d);
		soon(loop, TIMER_LEARN, LEARN_MS);
	}
}

/* A new configuration is taken whole or not at all. */
static void reload(struct loop *loop)
{
	struct wxguardd *d = loop->d;
	struct config *new = malloc(sizeof(*new));
	struct control_groups groups;
	char why[CONFIG_WHY_MAX];
	bool mode_changed;

	notify("RELOADING=1");
	if (!new || config_load(d->config_path, new, why)) {
		say(CONFIG_ERROR, "%s; the old configuration stays", new ? why : "out of memory");
	} else if (strcmp(new->store, d->config.store)) {
		say(CONFIG_ERROR, "store is \"%.200s\" now: another database needs a restart; the old configuration stays",
		    new->store);
	} else if (!settings_rules_valid(new, false) || settings_groups(new, &groups)) {
		say(CONFIG_ERROR, "the old configuration and rules stay");
	} else {
		mode_changed = new->has_mode &&
			       (!d->config.has_mode || new->mode != d->config.mode);
		d->config = *new;
		control_set_groups(&d->readers, &groups);
		say_level(d->config.log_level);
		hash_set_max_size(d->hash, d->config.hash_max_size);
		names_flush(d->names);
		settings_load_host(d);
		if (store_set_fsync(d->store, d->config.fsync))
			say(CONFIG_ERROR, "%s", store_error(d->store));
		if (d->control && link_push_rules(d) == EXIT_OK && mode_changed)
			link_apply_mode(d);
		say(CONFIG_INFO, "configuration and rules are read again");
	}
	free(new);
	/* In any case: logrotate has renamed the file and asks for a new one. */
	collect_deliver(d);
	sinks_save(d->sinks, d->store);
	sinks_close(d);
	sinks_init(d->sinks, &d->config, d->store);
	deliver(loop);
	soon(loop, TIMER_KNOWN, (uint64_t)d->config.known_interval * 1000);
	soon(loop, TIMER_METRICS, 1);
	notify("READY=1");
}

static void on_signals(struct loop *loop)
{
	struct signalfd_siginfo info;

	while (read(loop->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGHUP)
			reload(loop);
		else
			loop->d->stop = true;
	}
}

static void begin(struct loop *loop)
{
	struct wxguardd *d = loop->d;

	soon(loop, TIMER_POLL, POLL_MS);
	soon(loop, TIMER_LEARN, LEARN_MS);
	loop->watchdog_ms = notify_watchdog_ms() / 2;
	if (loop->watchdog_ms)
		soon(loop, TIMER_WATCHDOG, loop->watchdog_ms);
	do_collect(loop);
	if (d->store)
		deliver(loop);
	on_known_timer(loop);
	soon(loop, TIMER_METRICS, 1);
	slim_down();
	loop->slim_seq = d->last_seq;
	notify("READY=1\nSTATUS=Reading findings");
	say(CONFIG_INFO, "ready");
}

static void end(struct loop *loop)
{
	struct wxguardd *d = loop->d;

	notify("STOPPING=1");
	if (d->store) {
		/* A mode that was set a moment ago ends the learning. */
		if (d->control && !link_is_stale(d))
			changes_tell(d);
		if (d->control && !link_is_stale(d)) {
			collect(d);
			keep_save(d);
		}
		collect_deliver(d);
		sinks_save(d->sinks, d->store);
	}
	metrics_write(d);
	say(CONFIG_INFO, "ended");
}

int loop_run(struct wxguardd *d)
{
	struct loop loop = { .d = d };
	struct epoll_event events[EVENTS];
	int i, count;

	if (loop_open(&loop))
		return EXIT_FAILED;
	begin(&loop);
	while (!d->stop) {
		watch_bell(&loop);
		arm(&loop);
		count = epoll_wait(loop.epoll, events, EVENTS, -1);
		if (count < 0 && errno != EINTR) {
			say(CONFIG_ERROR, "cannot wait for events: %s", strerror(errno));
			break;
		}
		for (i = 0; i < count; i++) {
			if (events[i].data.fd == loop.signals) {
				on_signals(&loop);
			} else if (events[i].data.fd == loop.timer) {
				on_timers(&loop);
			} else if (events[i].data.fd == d->evidence.copier.socket) {
				evidence_copied(d);
			} else if (events[i].data.fd == d->readers.epoll) {
				control_turn(&d->readers, clock_mono_ms());
			} else if (d->dump && events[i].data.fd == d->bell) {
				client_bell_drain(d->dump);
				do_collect(&loop);
			}
		}
	}
	end(&loop);
	close(loop.epoll);
	close(loop.signals);
	close(loop.timer);
	return d->stop && d->store ? EXIT_OK : EXIT_FAILED;
}
