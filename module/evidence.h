/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The bounded table of payloads: files that findings are about and that are
 * perhaps nowhere else, held for a while so that somebody may read them.
 */
#ifndef _WXG_EVIDENCE_H
#define _WXG_EVIDENCE_H

#include "core/port.h"

struct path;
struct wxg_evidence;

struct wxg_evidence_limits {
	u32 max;	/* payloads at most, 0 = nothing is held */
	u64 bytes_max;	/* of memory that they keep alive */
	u32 seconds;	/* held for so long at most */
};

struct wxg_evidence_status {
	u32 count;
	u64 bytes;	/* as last looked at */
	u64 missed;	/* left, or never held, for want of room or memory */
};

/* Process context, at load. */
void wxg_evidence_init(const struct wxg_evidence_limits *limits);
/* After every slow path and every request has ended. */
void wxg_evidence_exit(void);

/**
 * wxg_evidence_hold() - keep a file from going away
 * @file: what a finding in the making is about
 *
 * Makes room by letting the oldest go. What is not on a mount of the kernel's
 * own is held for WXG_EVIDENCE_MOUNTED at most, since until then its file
 * system cannot be unmounted.
 * Return: to be given to wxg_evidence_put(); NULL if it is not held. May
 * sleep; under any lock that an allocation may be made under.
 */
struct wxg_evidence *wxg_evidence_hold(const struct path *file);

#define WXG_EVIDENCE_MOUNTED 10	/* s */

/* Where wxg_ring_publish_as() writes the number to; NULL of NULL. */
u64 *wxg_evidence_number(struct wxg_evidence *evidence);
/* The finding was published, or @lost, and then nobody can ask for this. */
void wxg_evidence_put(struct wxg_evidence *evidence, bool lost);

/**
 * wxg_evidence_get() - the file of a finding
 * @file: filled with a reference, path_put() it
 * Return: 0, or -ENOENT if it is not held (any more).
 */
int wxg_evidence_get(u64 seq, struct path *file);
/* Let it go. Return: 0, or -ENOENT if it is not held. */
int wxg_evidence_drop(u64 seq);

/* What is over, or has grown, goes; done by itself every other second. */
void wxg_evidence_look(void);

void wxg_evidence_status(struct wxg_evidence_status *status);
/* As they were given to wxg_evidence_init(). */
const struct wxg_evidence_limits *wxg_evidence_limits(void);

#endif
