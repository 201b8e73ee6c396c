/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a set of rules makes of an event that is past, asked of the same core
 * that the module has.
 */
#ifndef WXG_LIB_RULES_JUDGE_H
#define WXG_LIB_RULES_JUDGE_H

#include "rules_why.h"

struct rules_judge;

/* 0, or -errno with a sentence in @why of RULES_TEXT_WHY_MAX bytes. */
int rules_judge_new(const struct client_rules *rules, struct rules_judge **judge, char *why);
void rules_judge_free(struct rules_judge *judge);

struct rules_past {
	struct rules_case event;
	const uint8_t *sha256;	/* of event.exe, NULL = not known */
	uint32_t mode;
	uint32_t verdict;	/* what was made of it then */
};

struct rules_ruling {
	bool report;
	uint32_t verdict;	/* enum wxguard_verdict, if reported */
	const char *exemption;	/* that covers it, NULL = none; the judge's */
	bool off;		/* the class is off */
};

/*
 * As if it happened in its mode, for an executable that is not known: it was
 * told, so it was not. Who was spared then would be spared again, and what had
 * happened before it was judged would be answered by a kill again.
 */
struct rules_ruling rules_judge_ask(struct rules_judge *judge, const struct rules_past *past);

#endif
