// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which exemptions may cover an executable, told by how its path begins:
 * their number must not matter for the price of a finding.
 * Any context; pure. May not decide: the caller asks each that is found.
 *
 * The plain beginnings of all exe globs are sorted, and each knows the longest
 * other one that it begins with. All those that a path begins with are then
 * found from the last one that is not behind the path: what lies between a
 * beginning of the path and the path has that beginning too.
 */
#include "prefix.h"

/* As many bytes of a glob as stand for themselves only. */
static size_t plain_len(const char *glob)
{
	return strcspn(glob, "*?\\");
}

static bool begins_with(const char *text, size_t len,
			const struct wxg_prefix *prefix)
{
	return len >= prefix->len && !memcmp(text, prefix->text, prefix->len);
}

/* As memcmp(), and what ends first comes first. */
static int compare(const char *text, size_t len, const struct wxg_prefix *prefix)
{
	size_t common = len < prefix->len ? len : prefix->len;
	int order = memcmp(text, prefix->text, common);

	if (order)
		return order;
	return len < prefix->len ? -1 : len > prefix->len;
}

static int by_text(const void *a, const void *b)
{
	const struct wxg_prefix *one = a;

	return compare(one->text, one->len, b);
}

/* The first of these, going to shorter ones, that the text begins with. */
static s32 longest(const struct wxg_prefix *prefixes, s32 at, const char *text,
		   size_t len)
{
	while (at >= 0 && !begins_with(text, len, &prefixes[at]))
		at = prefixes[at].shorter;
	return at;
}

void wxg_prefix_fill(struct wxg_prefix *prefixes, const struct wxg_rules *rules)
{
	struct wxg_prefix *prefix;
	u32 i;

	for (i = 0; i < rules->count; i++) {
		prefix = &prefixes[i];
		prefix->text = rules->exemption[i]->exe;
		prefix->len = (u32)plain_len(prefix->text);
		prefix->exemption = i;
	}
	wxg_sort(prefixes, rules->count, sizeof(*prefixes), by_text);
	for (i = 0; i < rules->count; i++) {
		prefix = &prefixes[i];
		prefix->shorter = longest(prefixes, (s32)i - 1, prefix->text,
					  prefix->len);
	}
}

s32 wxg_prefix_find(const struct wxg_prefix *prefixes, u32 count,
		    const char *text, size_t len)
{
	u32 low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (compare(text, len, &prefixes[middle]) < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return longest(prefixes, (s32)low - 1, text, len);
}
