/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The tables of truth as lists of named cases, for any runner. Pure, as core/
 * is; not for two threads at once, since the answers share a buffer.
 */
#ifndef WXG_TESTS_CASES_H
#define WXG_TESTS_CASES_H

#include "core/rules.h"

struct wxg_cases {
	const char *name;
	u32 count;
	const char *(*title)(u32 i);
	/* Return: NULL if all is as the row says, else what was not. */
	const char *(*run)(u32 i);
};

extern const struct wxg_cases wxg_cases_prot;
extern const struct wxg_cases wxg_cases_origin;
extern const struct wxg_cases wxg_cases_mmap;
extern const struct wxg_cases wxg_cases_mprotect;
extern const struct wxg_cases wxg_cases_glob;
extern const struct wxg_cases wxg_cases_interp;
extern const struct wxg_cases wxg_cases_decide;
extern const struct wxg_cases wxg_cases_promises;
extern const struct wxg_cases wxg_cases_match;
extern const struct wxg_cases wxg_cases_prefix;
extern const struct wxg_cases wxg_cases_check_class;
extern const struct wxg_cases wxg_cases_check;
extern const struct wxg_cases wxg_cases_check_scope;
extern const struct wxg_cases wxg_cases_check_bounds;
extern const struct wxg_cases wxg_cases_check_each_class;
extern const struct wxg_cases wxg_cases_check_lengths;
extern const struct wxg_cases wxg_cases_danger;
extern const struct wxg_cases wxg_cases_scope;

/* All of the above, NULL at the end. */
extern const struct wxg_cases *const wxg_cases[];

extern char wxg_cases_why[512];

/* The answer of run(): a printed sentence. */
#define WXG_CASES_WHY(...) \
	(snprintf(wxg_cases_why, sizeof(wxg_cases_why), __VA_ARGS__), \
	 wxg_cases_why)

/* Does wxg_rules_check() answer so? For run(), as all below. */
const char *wxg_cases_check_says(const struct wxg_rules *rules, int error,
				 const char *sentence);
/*
 * With the longest name and the largest numbers, is there still an end to the
 * sentence? @name is that of a part of @rules, and is overwritten.
 */
const char *wxg_cases_sentence_is_cut(const struct wxg_rules *rules, char *name);

#endif
