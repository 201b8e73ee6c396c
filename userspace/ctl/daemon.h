/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Does wxguardd run, and how far is it? Seen from outside, through its lock
 * file and what it acknowledged to the module.
 */
#ifndef WXG_CTL_DAEMON_H
#define WXG_CTL_DAEMON_H

#include "ctl.h"

#define DAEMON_LOCK "/run/wxguard/wxguardd.lock"

struct daemon_state {
	bool running;
	bool unreadable;	/* the lock file may not be opened by us */
	uint32_t pid;		/* 0 = not told */
};

void daemon_look(const char *lock, struct daemon_state *state);

/**
 * daemon_wait_acked() - until the daemon has committed number @seq
 * @timeout_ms: give up after so long
 * @status: filled with the last answer of the module
 *
 * Return: 0, -ETIMEDOUT, or what client_status() said.
 */
int daemon_wait_acked(struct client *client, uint64_t seq, uint64_t timeout_ms,
		      struct client_status *status);

/* Milliseconds of a clock that never jumps. */
uint64_t daemon_clock_ms(void);

#endif
