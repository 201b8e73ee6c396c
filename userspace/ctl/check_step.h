/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How a step of "wxguard check" is written down, and all of them. Pure: facts
 * in, one step out.
 */
#ifndef WXG_CTL_CHECK_STEP_H
#define WXG_CTL_CHECK_STEP_H

#include "check.h"

void check_done(struct check_step *step, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* @code: what wxguard exits with for it. */
void check_missing(struct check_step *step, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
/* Only root could tell. */
void check_unknown(struct check_step *step, const char *text);
/* What to type, at most two lines, and what to do besides. */
void check_type(struct check_step *step, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void check_then(struct check_step *step, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The module's version, as DKMS knows it. */
const char *check_version(const struct check_facts *facts);

typedef void check_judge_fn(const struct check_facts *facts, struct check_step *step);

/* check_before.c: what there must be before it is loaded */
check_judge_fn check_judge_kernel, check_judge_source, check_judge_headers, check_judge_build,
	check_judge_index, check_judge_probes, check_judge_loaded;
/* check_key.c: who may refuse it */
check_judge_fn check_judge_signed, check_judge_key, check_judge_permitted;
/* check_after.c: what there must be once it is */
check_judge_fn check_judge_hooks, check_judge_canary, check_judge_mode, check_judge_daemon,
	check_judge_current, check_judge_next;

#endif
