/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What is wrong with one exclusion among others.
 */
#ifndef WXG_CTL_EXCLUDE_LINT_H
#define WXG_CTL_EXCLUDE_LINT_H

#include <stdio.h>

#include "../lib/client.h"

enum exclude_fault {
	FAULT_DANGEROUS = 1 << 0,
	FAULT_EXPIRED = 1 << 1,
	FAULT_SHADOWED = 1 << 2,
	FAULT_UNUSED = 1 << 3,	/* never covered anything */
	FAULT_ABSENT = 1 << 4,	/* what it names is not there */
};

#define EXCLUDE_FAULTS 5
/* "dangerous", …: by place of the bit. */
extern const char *const exclude_fault_words[EXCLUDE_FAULTS];

/**
 * exclude_lint() - look at exclusion @i of @rules
 * @now: s since 1970
 * @out: a sentence for each fault, each a line that begins with its word; NULL = none
 *
 * Return: bits of enum exclude_fault. Looks at files, changes nothing.
 */
unsigned int exclude_lint(const struct client_rules *rules, unsigned int i, uint64_t now,
			  FILE *out);

/* Does @wide cover all that @narrow covers? */
bool exclude_covers(const struct client_exemption *wide, const struct client_exemption *narrow);

#endif
