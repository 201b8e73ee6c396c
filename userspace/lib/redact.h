/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Secrets on command lines: what follows a known word becomes "***" before
 * anything is written. No regular expressions, so the cost is bounded: each
 * word is compared with each pattern once.
 *
 *	--password=*	the rest of an argument, or of a word inside one
 *	--token *	the argument, or the word, behind it
 *	url		the password in scheme://user:password@host
 */
#ifndef WXG_LIB_REDACT_H
#define WXG_LIB_REDACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REDACT_MAX 32
#define REDACT_TEXT_MAX 64
#define REDACT_WHY_MAX 192

struct redact {
	bool url;
	uint32_t count;
	struct {
		char text[REDACT_TEXT_MAX];
		uint8_t len;
		bool next;	/* what follows it is hidden, not what it begins */
	} word[REDACT_MAX];
};

/* Patterns with commas between. 0, or -EINVAL and why; then @redact is untouched. */
int redact_parse(const char *text, struct redact *redact, char why[REDACT_WHY_MAX]);

/*
 * Hide in the argument block @args (each ends in NUL) of @len bytes, in place.
 * Case does not count. Return: its length now, never longer.
 */
size_t redact_args(const struct redact *redact, uint8_t *args, size_t len);

#endif
