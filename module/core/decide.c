// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decision about one event: facts in, ruling out.
 * Any context; pure. May not read a clock, a table or a kernel object.
 */
#include "class.h"
#include "decide.h"

/* Those that a rule must name before it may stop them. */
static bool is_spared(const struct wxg_subject *subject,
		      const struct wxg_class_rule *rule)
{
	return !rule->init && (subject->is_init || subject->kernel_spawned ||
			       subject->is_daemon);
}

/* What the action means in this mode. Fills verdict, error and kill. */
static void apply_action(struct wxg_ruling *ruling, const struct wxg_class *row,
			 const struct wxg_question *question)
{
	bool kill = ruling->action == WXGUARD_ACTION_KILL ||
		    question->committed;

	ruling->verdict = WXGUARD_VERDICT_LOGGED;
	if (ruling->action == WXGUARD_ACTION_LOG || !row->deniable ||
	    question->debugger)
		return;

	/* The same in both modes: enforce would not have denied it either. */
	if (is_spared(question->subject, question->rule)) {
		ruling->verdict = WXGUARD_VERDICT_SPARED;
		return;
	}
	if (question->mode != WXGUARD_MODE_ENFORCE) {
		ruling->verdict = kill ? WXGUARD_VERDICT_WOULD_KILL :
					 WXGUARD_VERDICT_WOULD_DENY;
		return;
	}
	ruling->verdict = kill ? WXGUARD_VERDICT_KILLED : WXGUARD_VERDICT_DENIED;
	ruling->kill = kill;
	if (!question->committed)
		ruling->error = row->kind == WXG_KIND_EXEC ? -EPERM : -EACCES;
}

struct wxg_ruling wxg_decide(const struct wxg_rules *rules,
			     const struct wxg_question *question)
{
	const struct wxg_class *row = wxg_class_lookup(question->class);
	const struct wxg_class_rule *const rule = question->rule;
	struct wxg_ruling ruling = { .exemption = -1, .scope = -1 };

	if (!row || question->mode == WXGUARD_MODE_OFF ||
	    question->mode >= __WXGUARD_MODE_MAX)
		return ruling;
	ruling.scope = question->scope;
	ruling.action = rule->action;
	ruling.window = rule->known ? rule->window : 0;
	ruling.repeat = rule->repeat;
	if (rule->action == WXGUARD_ACTION_OFF)
		return ruling;

	ruling.exemption = wxg_rules_match(rules, question->class,
					   question->subject, question->now);
	if (ruling.exemption >= 0)
		return ruling;

	/*
	 * All that was seen while learning is kept, for a review of it. That
	 * the sensor was blinded is nothing to learn.
	 */
	if ((rule->known && question->known) ||
	    (question->mode == WXGUARD_MODE_LEARN &&
	     row->kind != WXG_KIND_SENSOR)) {
		ruling.learn = true;
		return ruling;
	}

	ruling.report = true;
	apply_action(&ruling, row, question);
	ruling.learn = rule->known && !ruling.error && !ruling.kill;
	return ruling;
}
