/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which exclusion covers an event, and what keeps each other one from it.
 * Asked of the same core that the module has.
 */
#ifndef WXG_LIB_RULES_WHY_H
#define WXG_LIB_RULES_WHY_H

#include "client.h"

/* The event, as far as it is known; bytes that are absent are not known. */
struct rules_case {
	uint32_t class;
	struct bytes exe, comm, cgroup;	/* of who made the call */
	bool has_uid;
	uint32_t uid;
	bool has_key;
	uint32_t dev, generation, ctime_nsec;	/* of exe */
	uint64_t ino;
	int64_t ctime_sec;
	uint64_t now;			/* s since 1970 */
};

/* Why an exclusion does not cover it; bits. */
enum rules_miss {
	RULES_MISS_CLASS = 1 << 0,
	RULES_MISS_EXPIRED = 1 << 1,
	RULES_MISS_EXE = 1 << 2,
	RULES_MISS_FILE = 1 << 3,	/* inode or content */
	RULES_MISS_UID = 1 << 4,
	RULES_MISS_CGROUP = 1 << 5,
	RULES_MISS_COMM = 1 << 6,
	/* What it would have to match is not known. */
	RULES_MISS_UNTOLD = 1 << 7,
};

/**
 * rules_why() - does this exclusion cover that event?
 *
 * Each of its matchers is asked for alone.
 * Return: 0 when it covers it, else bits of enum rules_miss. Pure.
 */
unsigned int rules_why(const struct client_exemption *row, const struct rules_case *event);

#endif
