/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The index over the exe globs of a rule set. Made once, before the set is
 * published, and freed with it; borrows the texts of the exemptions.
 */
#ifndef _WXG_CORE_PREFIX_H
#define _WXG_CORE_PREFIX_H

#include "rules.h"

/**
 * struct wxg_prefix - how one exemption's exe glob begins
 * @text: its bytes, not terminated
 * @len: of them, those before the first that is special; 0 if there is no exe
 * @exemption: index of the exemption
 * @shorter: index, in the array that this stands in, of the longest other
 *	one that it begins with, its equals among them; -1 if there is none
 */
struct wxg_prefix {
	const char *text;
	u32 len;
	u32 exemption;
	s32 shorter;
};

/**
 * wxg_prefix_fill() - make the index
 * @prefixes: room for one each exemption of @rules
 *
 * Process context (it sorts); pure.
 */
void wxg_prefix_fill(struct wxg_prefix *prefixes, const struct wxg_rules *rules);

/**
 * wxg_prefix_find() - the longest beginning that this path has
 *
 * The others follow by their @shorter. Return: an index of @prefixes, -1 if
 * the path begins with none. Any context; pure.
 */
s32 wxg_prefix_find(const struct wxg_prefix *prefixes, u32 count,
		    const char *text, size_t len);

#endif
