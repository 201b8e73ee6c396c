// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interpreters and their arguments, by their table.
 * Any context that may use a shared buffer; pure.
 */
#include "core/interp.h"
#include "cases.h"

enum question { IS, ARG, PATH, OWN, NUMBER };

static const struct {
	const char *title;
	enum question question;
	const char *text;
	int answer;
} rows[] = {
#define INTERP(title, question, text, answer) { title, question, text, answer },
#include "interp.cases"
};

static int ask(enum question question, const char *text)
{
	const char *at;

	switch (question) {
	case IS:
		return wxg_interp_is(text);
	case ARG:
		return wxg_interp_arg(text);
	case PATH:
		at = wxg_interp_path(text);
		return at ? (int)(at - text) : -1;
	case NUMBER:
		return wxg_interp_descriptor(text, 42);
	default:
		return wxg_interp_is_own(text, 42);
	}
}

static const char *interp_title(u32 i)
{
	return rows[i].title;
}

static const char *interp_run(u32 i)
{
	const int answer = ask(rows[i].question, rows[i].text);

	if (answer == rows[i].answer)
		return NULL;
	return WXG_CASES_WHY("\"%s\" is answered with %d, not %d", rows[i].text,
			     answer, rows[i].answer);
}

const struct wxg_cases wxg_cases_interp = {
	.name = "interp",
	.count = ARRAY_SIZE(rows),
	.title = interp_title,
	.run = interp_run,
};
