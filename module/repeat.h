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

enum wxg_repeat {
	WXG_REPEAT_FIRST,	/* tell it: a new term */
	WXG_REPEAT_FOLDED,	/* counted: tell nothing now */
	WXG_REPEAT_ANNOUNCE,	/* tell it, as a repeat */
};

/* For WXG_REPEAT_ANNOUNCE: what the finding says. */
struct wxg_repeat_info {
	u32 slot;		/* FIRST: hand it to wxg_repeat_told() */
	u64 first;		/* number of the first finding, 0 = not numbered yet */
	u64 count;		/* sightings since the first */
	bool aggregate;		/* terms that differ in detail only were joined */
};

/* Return: 0 or negative errno. Process context. */
int wxg_repeat_init(u32 max);
/* After every slow path has ended. Tells what is not announced yet. */
void wxg_repeat_exit(void);

/**
 * wxg_repeat_note() - count one sighting
 * @window: s; 0 = WXG_REPEAT_FIRST always, nothing is kept
 * @now: s since boot
 *
 * A first sighting is WXG_REPEAT_FIRST, whatever the load; only when one
 * executable makes more than WXG_REPEAT_DETAILS_MAX terms of a class that
 * differ in detail alone within the window, the further ones are joined to
 * one aggregate. Without memory: WXG_REPEAT_FIRST. May sleep.
 */
enum wxg_repeat wxg_repeat_note(const struct wxg_term *term, u32 window,
				s64 now, struct wxg_repeat_info *info);
#define WXG_REPEAT_DETAILS_MAX 64

/* The first finding of that slot has this number now. Any process context. */
void wxg_repeat_told(u32 slot, u64 seq);

u64 wxg_repeat_folded(void);

#endif
