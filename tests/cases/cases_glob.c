// SPDX-License-Identifier: GPL-2.0-only
/*
 * Globs, by their table.
 * Any context that may use a shared buffer; pure.
 */
#include "core/rules.h"
#include "cases.h"

static const struct {
	const char *title;
	const char *pattern;
	const char *text;
	bool matches;
} globs[] = {
#define GLOB(title, pattern, text, matches) { title, pattern, text, matches },
#include "glob.cases"
};

static const char *glob_title(u32 i)
{
	return globs[i].title;
}

static const char *glob_run(u32 i)
{
	bool matches = wxg_glob_match(globs[i].pattern, globs[i].text,
				      strlen(globs[i].text));

	if (matches == globs[i].matches)
		return NULL;
	return WXG_CASES_WHY("%s %s %s", globs[i].pattern,
			     matches ? "matches" : "does not match",
			     globs[i].text);
}

const struct wxg_cases wxg_cases_glob = {
	.name = "glob",
	.count = ARRAY_SIZE(globs),
	.title = glob_title,
	.run = glob_run,
};
