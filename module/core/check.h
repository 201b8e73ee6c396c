/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the checks of a rule set share. Included by core/check*.c and
 * core/rules_check.c only.
 */
#ifndef _WXG_CORE_CHECK_H
#define _WXG_CORE_CHECK_H

#include "rules.h"

/* The longest sentence, with the longest name, fits error->text: tested. */
#define wxg_refuse(error, code, ...) \
	(snprintf((error)->text, sizeof((error)->text), __VA_ARGS__), (code))

/* What is being checked, for a sentence: "exemption", its name, its place. */
struct wxg_checked {
	const char *kind;
	const char *name;
	u32 number;		/* from 1 */
};

/*
 * All return 0, or a negative errno with the sentence in @error. A name is
 * printed only after wxg_check_name() has found it to be good.
 */
int wxg_check_name(const struct wxg_checked *checked,
		   struct wxg_rules_error *error);
/* @field has an end within @max + 1 bytes: else it would be read past it. */
int wxg_check_length(const struct wxg_checked *checked, const char *field,
		     const char *text, u32 max, struct wxg_rules_error *error);
int wxg_check_classes(const struct wxg_checked *checked, u32 classes,
		      struct wxg_rules_error *error);
/* "" is good: the matcher is not used. */
int wxg_check_glob(const struct wxg_checked *checked, const char *field,
		   const char *glob, struct wxg_rules_error *error);

int wxg_check_exemption(const struct wxg_rules *rules, u32 i, u64 now,
			struct wxg_rules_error *error);
int wxg_check_scope(const struct wxg_rules *rules, u32 i,
		    struct wxg_rules_error *error);

/* Does this glob say anything about which path it wants? */
bool wxg_glob_narrows(const char *glob);

#endif
