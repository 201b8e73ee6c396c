/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who an executable is: its real inode, as values.
 */
#ifndef _WXG_CORE_IDENTITY_H
#define _WXG_CORE_IDENTITY_H

#include "port.h"

/**
 * struct wxg_known_key - identity of an executable: its real inode
 * @shape: enum wxguard_region for wx_transition, for which an executable is
 *	known per kind of memory; 0 otherwise
 *
 * A replaced file has another inode or generation, a rewritten one another
 * change time: both are new again. Zero-initialise before filling (it is
 * hashed as bytes).
 */
struct wxg_known_key {
	u64 ino;
	s64 ctime_sec;
	u32 ctime_nsec;
	u32 dev;
	u32 generation;
	u32 shape;
};

/* The same file, whatever it was seen doing. */
static inline bool wxg_identity_equal(const struct wxg_known_key *a,
				      const struct wxg_known_key *b)
{
	return a->ino == b->ino && a->dev == b->dev &&
	       a->generation == b->generation &&
	       a->ctime_sec == b->ctime_sec && a->ctime_nsec == b->ctime_nsec;
}

#endif
