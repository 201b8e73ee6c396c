/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * That something is still being done, on a terminal's stderr, once a second.
 */
#ifndef WXG_CTL_PROGRESS_H
#define WXG_CTL_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *what;
	uint64_t begun, said;	/* ms */
	bool shown;
};

void progress_start(struct progress *progress, const char *what);
/* @arg is a struct progress. Always 0: goes on. Cheap to call often. */
int progress_tick(void *arg);
/* Takes the line away. */
void progress_end(struct progress *progress);

#endif
