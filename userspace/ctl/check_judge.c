// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which step is missing, and what to type for it. Pure: facts in, steps out.
 * The steps stand in the order in which one needs the other, so that the first
 * that is missing is the one to do.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../lib/text.h"
#include "check_step.h"

/* Names of files and words of a command line are in it. */
static void say(char *text, size_t size, const char *format, va_list args)
{
	vsnprintf(text, size, format, args);
	text_inert(text);
}

void check_done(struct check_step *step, const char *format, ...)
{
	va_list args;

	step->done = CHECK_YES;
	va_start(args, format);
	say(step->text, sizeof(step->text), format, args);
	va_end(args);
}

void check_missing(struct check_step *step, int code, const char *format, ...)
{
	va_list args;

	step->done = CHECK_NO;
	step->exit = code;
	va_start(args, format);
	say(step->text, sizeof(step->text), format, args);
	va_end(args);
}

void check_unknown(struct check_step *step, const char *text)
{
	step->done = CHECK_UNKNOWN;
	snprintf(step->text, sizeof(step->text), "%s", text);
}

void check_type(struct check_step *step, const char *format, ...)
{
	char *text = step->type[0][0] ? step->type[1] : step->type[0];
	va_list args;

	va_start(args, format);
	say(text, sizeof(step->type[0]), format, args);
	va_end(args);
}

void check_then(struct check_step *step, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(step->then, sizeof(step->then), format, args);
	va_end(args);
}

const char *check_version(const struct check_facts *facts)
{
	return facts->source[0] ? facts->source : facts->file.version;
}

struct judge {
	const char *name;
	check_judge_fn *judge;
};

static const struct judge before[] = {
	{ "kernel", check_judge_kernel }, { "sources", check_judge_source },
	{ "headers", check_judge_headers }, { "build", check_judge_build },
	{ "index", check_judge_index }, { "signature", check_judge_signed },
	{ "key", check_judge_key }, { "permission", check_judge_permitted },
}, starting[] = {
	{ "probes", check_judge_probes }, { "module", check_judge_loaded },
}, asking[] = {
	{ "hooks", check_judge_hooks }, { "probes", check_judge_canary },
	{ "mode", check_judge_mode },
}, after[] = {
	{ "daemon", check_judge_daemon }, { "running", check_judge_current },
	{ "next boot", check_judge_next },
};

static bool walk(const struct check_facts *facts, struct check_step *steps, size_t *count,
		 const struct judge *judges, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		struct check_step *step = &steps[*count];

		memset(step, 0, sizeof(*step));
		step->name = judges[i].name;
		judges[i].judge(facts, step);
		++*count;
		if (step->done == CHECK_NO)
			return false;
	}
	return true;
}

#define WALK(judges) walk(facts, steps, &count, judges, sizeof(judges) / sizeof(*(judges)))

size_t check_judge(const struct check_facts *facts, struct check_step *steps)
{
	size_t count = 0;

	/* What is loaded has passed all that is asked of what is not. */
	if (!facts->loaded && (!WALK(before) || !facts->running))
		return count;
	if (!facts->loaded && !WALK(starting))
		return count;
	if (facts->loaded && !walk(facts, steps, &count, &starting[1], 1))
		return count;
	if (facts->asked && !WALK(asking))
		return count;
	if (facts->refused[0]) {
		memset(&steps[count], 0, sizeof(*steps));
		steps[count].name = "hooks";
		check_unknown(&steps[count++], facts->refused);
	}
	WALK(after);
	return count;
}
