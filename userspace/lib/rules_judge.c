// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See rules_judge.h. Pure but for memory; one thread, since exclusions by
 * content get the identity of each event in turn.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../module/core/decide.h"
#include "rules_core.h"
#include "rules_judge.h"
#include "rules_text.h"

struct rules_judge {
	struct rules_core core;
};

int rules_judge_new(const struct client_rules *rules, struct rules_judge **judge, char *why)
{
	struct rules_judge *made = calloc(1, sizeof(*made));
	int error;

	if (!made) {
		snprintf(why, RULES_TEXT_WHY_MAX, "out of memory");
		return -ENOMEM;
	}
	error = rules_core_make(rules, &made->core, why);
	if (error)
		rules_judge_free(made);
	else
		*judge = made;
	return error;
}

void rules_judge_free(struct rules_judge *judge)
{
	if (!judge)
		return;
	rules_core_free(&judge->core);
	free(judge);
}

/* The daemon would have pinned the file of the event, had it that content. */
static void pin(struct rules_judge *judge, const struct wxg_subject *subject,
		const uint8_t *sha256)
{
	struct wxg_exemption *one;
	u32 i;

	for (i = 0; i < judge->core.rules.count; i++) {
		one = &judge->core.exemption[i];
		if (!one->has_sha256)
			continue;
		one->has_key = subject->has_key && sha256 &&
			       !memcmp(one->sha256, sha256, sizeof(one->sha256));
		one->key = subject->key;
	}
}

struct rules_ruling rules_judge_ask(struct rules_judge *judge, const struct rules_past *past)
{
	const struct wxg_rules *rules = &judge->core.rules;
	struct wxg_subject subject = rules_core_subject(&past->event);
	struct rules_ruling answer = { 0 };
	struct wxg_class_rule rule;
	struct wxg_question question = {
		.class = past->event.class, .mode = past->mode, .now = past->event.now,
		.subject = &subject, .rule = &rule,
	};
	struct wxg_ruling ruling;

	if (!question.class || question.class > WXGUARD_CLASS_MAX)
		return answer;
	subject.is_init = past->verdict == WXGUARD_VERDICT_SPARED;
	question.committed = past->verdict == WXGUARD_VERDICT_KILLED ||
			     past->verdict == WXGUARD_VERDICT_WOULD_KILL;
	pin(judge, &subject, past->sha256);
	rule = wxg_rules_rule(rules, question.class, &subject, &question.scope);
	if (rule.action == WXGUARD_ACTION_KILL)
		question.committed = false;
	ruling = wxg_decide(rules, &question);
	answer.report = ruling.report;
	answer.verdict = ruling.verdict;
	answer.off = rule.action == WXGUARD_ACTION_OFF;
	if (ruling.exemption >= 0)
		answer.exemption = rules->exemption[ruling.exemption]->name;
	return answer;
}
