/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Does an entry of the store still hold? Apart from keep.c for its test. */
#ifndef WXG_DAEMON_KEEP_H
#define WXG_DAEMON_KEEP_H

#include "../lib/store.h"
#include "hash.h"

enum keep_verdict {
	KEEP_SAME,		/* the descriptor may be sent */
	KEEP_GONE,		/* nothing at the path, or a link */
	KEEP_CHANGED,		/* another file, or another content */
	KEEP_UNVERIFIABLE,	/* the store does not say what it was */
};

/* On KEEP_SAME *fd is the open file, else -1. */
enum keep_verdict keep_verify(struct hash *hash, const struct store_known *entry, int *fd);

/*
 * Fill what a later keep_verify() compares with, if the file at the path is
 * the one that the kernel means.
 */
void keep_describe(struct hash *hash, struct store_known *entry);

#endif
