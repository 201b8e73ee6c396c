/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Terms that were told already: the same again is counted, announced at
 * intervals, and never told twice in full. Bounded; changed in process
 * context.
 */
#ifndef _WXG_REPEAT_H
#define _WXG_REPEAT_H

#include "core/event.h"
#include "core/identity.h"

/**
 * struct wxg_term - what makes two sightings the same
 * @key: identity of the subject's executable; zero if it has none
 * @detail: hash of what else tells them apart (content of a memory file,
 *	kind of memory, target of a write), 0 = nothing
 *
 * Zero-initialise before filling (it is hashed as bytes).
 */
struct wxg_term {
	struct wxg_known_key key;
	u64 detail;
	u32 class;
	u32 verdict;
	u32 uid;
	u32 generation;		/* a change of rules starts the counting anew */
};

/**
 * struct wxg_sighting - one event, as far as repeats are concerned
 * @window: s from the first sighting on; 0 = tell each, keep nothing
 * @now: s since boot
 *
 * The rest is kept of the last one, for an announcement that is made when its
 * task has gone. Pointers are borrowed for the call.
 */
struct wxg_sighting {
	struct wxg_term term;
	u32 window;
	s64 now;
	u32 action;
	u32 mode;
	u32 pid;
	u64 start;		/* ns since boot */
	const char *comm;	/* NUL terminated */
	const char *exe;	/* not terminated */
	size_t exe_len;
};

enum wxg_repeat {
	WXG_REPEAT_FIRST,	/* tell it: a new term */
	WXG_REPEAT_FOLDED,	/* counted: tell nothing now */
	WXG_REPEAT_ANNOUNCE,	/* tell it, as a repeat */
};

/**
 * struct wxg_repeat_info - what the finding says
 * @slot: FIRST: hand it to wxg_repeat_told(); 0 = not kept
 * @first: ANNOUNCE: number of the first finding
 * @count: ANNOUNCE: sightings since the first
 * @aggregate: terms that differ in detail only were joined
 */
struct wxg_repeat_info {
	u64 slot;
	u64 first;
	u64 count;
	bool aggregate;
};

/**
 * wxg_repeat_init() - make the empty store
 * @max: terms at most, 2 or more
 * Return: 0 or negative errno. Process context.
 */
int wxg_repeat_init(u32 max);
/* After every slow path has ended; what is not announced goes with the ring. */
void wxg_repeat_exit(void);

/**
 * wxg_repeat_note() - count one sighting
 *
 * A first sighting is WXG_REPEAT_FIRST, whatever the load; only when one
 * executable makes more than WXG_REPEAT_DETAILS_MAX terms of a class that
 * differ in detail alone within the window, the further ones are joined to
 * one aggregate. Announced when the count reaches 10, 100, 1000, … The least
 * recently seen term makes room for a new one; what it has not announced is
 * announced then. Without memory: WXG_REPEAT_FIRST. May sleep.
 */
enum wxg_repeat wxg_repeat_note(const struct wxg_sighting *sighting,
				struct wxg_repeat_info *info);
#define WXG_REPEAT_DETAILS_MAX 64

/* The first finding of that slot has this number now. Any process context. */
void wxg_repeat_told(u64 slot, u64 seq);

/**
 * wxg_repeat_flush() - announce what is not announced yet
 * @now: s since boot
 * @idle: s; a term that was seen since then is left to grow
 *
 * Of terms that are past their window, and of those that were not seen for a
 * while: so the last announcement has the exact count. May sleep.
 */
void wxg_repeat_flush(s64 now, u32 idle);

/* Sightings that were folded into an earlier finding. */
u64 wxg_repeat_folded(void);

#endif
