// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The daemon, seen from outside. Talks to no daemon: there is nothing to
 * talk to, its lock and its acknowledgements say what is needed.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "daemon.h"

/* The module rings no bell for an acknowledgement, so it is asked this often. */
#define ASK_EVERY_MS 10

static uint32_t read_pid(int fd)
{
	char text[16] = "";
	long pid;

	if (pread(fd, text, sizeof(text) - 1, 0) <= 0)
		return 0;
	pid = strtol(text, NULL, 10);
	return pid > 0 ? (uint32_t)pid : 0;
}

void daemon_look(const char *lock, struct daemon_state *state)
{
	int fd = open(lock, O_RDONLY | O_CLOEXEC);

	memset(state, 0, sizeof(*state));
	if (fd < 0) {
		state->unreadable = errno != ENOENT && errno != ENOTDIR;
		return;
	}
	state->pid = read_pid(fd);
	/*
	 * To hold the lock even for a moment could turn away a daemon that is
	 * just starting, so it is tried only where a process of that number
	 * lives.
	 */
	if (state->pid && kill((pid_t)state->pid, 0) && errno == ESRCH)
		state->running = false;
	else
		state->running = flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
	if (!state->running)
		state->pid = 0;
	close(fd);
}

uint64_t daemon_clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

int daemon_wait_acked(struct client *client, uint64_t seq, uint64_t timeout_ms,
		      struct client_status *status)
{
	uint64_t end = daemon_clock_ms() + timeout_ms;
	int error;

	for (;;) {
		error = client_status(client, status);
		if (error || status->acked >= seq)
			return error;
		if (daemon_clock_ms() >= end)
			return -ETIMEDOUT;
		poll(NULL, 0, ASK_EVERY_MS);
	}
}
