/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What "baseline promote" will do, made from a review before anything is
 * done.
 */
#ifndef WXG_CTL_PROMOTE_H
#define WXG_CTL_PROMOTE_H

#include "review.h"

struct promotion {
	const struct review_row **pin;	/* one per executable (and shape) */
	size_t pins;
	struct client_exemption *add;	/* in the order of the rows */
	size_t adds;
	const struct review_row **left;	/* would be denied, and stays so */
	size_t lefts;
};

/* What each new exclusion carries besides its matchers. */
struct promotion_note {
	const char *author;
	uint64_t now, expires;		/* s since 1970; 0 = never */
};

/* Pure but for memory. 0 or -ENOMEM; promotion_free() it in both cases. */
int promotion_make(struct promotion *promotion, const struct review *review,
		   bool only_known, const struct promotion_note *note);
void promotion_free(struct promotion *promotion);

/*
 * A glob that matches this path and nothing else. False if it has no room in
 * @glob, or cannot be one.
 */
bool promotion_glob(const struct client_known *known, char glob[WXGUARD_GLOB_MAX + 1]);

#endif
