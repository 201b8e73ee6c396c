// SPDX-License-Identifier: GPL-2.0-only
/*
 * Globs over bytes, as the UAPI header defines them.
 * Any context; pure. May not recurse: the text is the attacker's, and its
 * cost is bounded by pattern length times text length, whatever it says.
 *
 * All places of the pattern that the text read so far can have reached are
 * kept as a bit set, so nothing is ever tried twice.
 */
#include "rules.h"

struct places {
	u64 bits[WXGUARD_GLOB_MAX / 64 + 1];
	size_t low;		/* no place below it */
	size_t high;		/* none above it; below low: empty */
};

static void clear(struct places *places)
{
	memset(places->bits, 0, sizeof(places->bits));
	places->low = WXGUARD_GLOB_MAX + 1;
	places->high = 0;
}

static bool has(const struct places *places, size_t at)
{
	return places->bits[at / 64] >> (at % 64) & 1;
}

/* Past a run of stars; two or more of them cross "/". */
static size_t skip_stars(const char *pattern, size_t at)
{
	while (pattern[at] == '*')
		at++;
	return at;
}

/* A star may stand for nothing, so the place behind it is reached too. */
static void add(struct places *places, const char *pattern, size_t at)
{
	size_t last = skip_stars(pattern, at);

	places->bits[at / 64] |= (u64)1 << (at % 64);
	places->bits[last / 64] |= (u64)1 << (last % 64);
	if (at < places->low)
		places->low = at;
	if (last > places->high)
		places->high = last;
}

/* Read one byte of text at one place of the pattern. */
static void step(struct places *next, const char *pattern, size_t at, char byte)
{
	switch (pattern[at]) {
	case '\0':
		return;
	case '*':
		if (byte != '/' || pattern[at + 1] == '*')
			add(next, pattern, at);
		return;
	case '?':
		if (byte != '/')
			add(next, pattern, at + 1);
		return;
	case '\\':
		at++;
		if (pattern[at] == '\0')
			return;
		break;
	}
	if (pattern[at] == byte)
		add(next, pattern, at + 1);
}

/* A byte of a pattern that stands for itself only. */
static bool is_plain(char byte)
{
	return byte != '\0' && byte != '*' && byte != '?' && byte != '\\';
}

bool wxg_glob_match(const char *pattern, const char *text, size_t len)
{
	struct places places[2];
	struct places *now = &places[0], *next = &places[1], *spare;
	size_t end, i, at, plain = 0;

	/* Among a thousand patterns nearly all differ here. */
	while (is_plain(pattern[plain])) {
		if (plain == len || pattern[plain] != text[plain])
			return false;
		plain++;
	}
	end = strlen(pattern);
	if (end > WXGUARD_GLOB_MAX)
		return false;
	pattern += plain;
	end -= plain;
	text += plain;
	len -= plain;

	clear(now);
	add(now, pattern, 0);
	for (i = 0; i < len; i++) {
		clear(next);
		for (at = now->low; at <= now->high; at++) {
			if (has(now, at))
				step(next, pattern, at, text[i]);
		}
		if (next->low > next->high)
			return false;
		spare = now;
		now = next;
		next = spare;
	}
	return has(now, end);
}
