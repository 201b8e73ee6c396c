/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The numbered, bounded ring of findings. Publishing drops the oldest when
 * there is no room; every number ends as a finding or as a counted loss.
 */
#ifndef _WXG_RING_H
#define _WXG_RING_H

#include "core/event.h"

struct wxg_ring_status {
	u64 newest;		/* 0 = none yet */
	u64 oldest;		/* newest + 1 if empty */
	u64 acked;
	u32 count;
	u32 max;
	u64 bytes;
	u64 bytes_max;
	u64 lost_overflow;
	u64 lost_nomem;
};

/**
 * wxg_ring_init() - make the empty ring
 * @max: findings at most
 * @bytes_max: bytes of findings at most
 * @doorbell: called after each publish, in process context; may not sleep
 *	for long; NULL = none. Passed in, so that the ring does not depend on
 *	the wire.
 * Return: 0 or negative errno. Process context.
 */
int wxg_ring_init(u32 max, u64 bytes_max, void (*doorbell)(u64 newest));
/* After every publisher has ended. */
void wxg_ring_exit(void);

/**
 * wxg_ring_publish() - number a finding and keep a copy of it
 * @finding: stays the caller's; seq is filled in
 *
 * If there is no memory for the copy, the number is used up and counted as
 * lost (nomem). Return: the number. May sleep.
 */
u64 wxg_ring_publish(struct wxg_finding *finding);
/* The same; the number is in *@number before anybody can read it. NULL = not. */
u64 wxg_ring_publish_as(struct wxg_finding *finding, u64 *number);

/**
 * wxg_ring_lose() - use up a number for a finding that could not be made
 * Return: the number. Any context (the lock is irq safe).
 */
u64 wxg_ring_lose(void);

/**
 * wxg_ring_read() - the first finding with a number greater than @after
 * @missing_from: filled with the first number of a gap before it, 0 = none;
 *	the gap ends just below the finding returned, or at the newest number
 *	if NULL is returned with a gap. Take that newest number from
 *	wxg_ring_status() before the read: one taken after it may already
 *	belong to a finding that is held.
 *
 * Return: a reference to an immutable copy, to be given back with
 * wxg_ring_put(); NULL if there is none. May sleep.
 */
const struct wxg_finding *wxg_ring_read(u64 after, u64 *missing_from);
void wxg_ring_put(const struct wxg_finding *finding);

/* Return: 0, or -ERANGE if @seq is above the newest. May sleep. */
int wxg_ring_ack(u64 seq);
void wxg_ring_status(struct wxg_ring_status *status);

#endif
