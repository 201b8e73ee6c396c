/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payloads of findings and memory that became executable, kept in a bounded
 * folder beside the store. See evidence.c.
 */
#ifndef WXG_DAEMON_EVIDENCE_H
#define WXG_DAEMON_EVIDENCE_H

#include <stdbool.h>
#include <stdint.h>

#include "../lib/evidence_file.h"
#include "copier.h"
#include "time_share.h"

/* Requests to the copier that were not answered yet. */
#define EVIDENCE_WAITING_MAX 8

/* All zero at first, but for the copier. */
struct evidence_store {
	struct copier copier;
	unsigned int waiting;
	char name[EVIDENCE_WAITING_MAX][EVIDENCE_NAME_MAX];	/* the oldest first */
	struct time_share share;	/* of the time that reading may take */
	bool counted;			/* what is in the folder: */
	uint64_t bytes, files;
};

#endif
