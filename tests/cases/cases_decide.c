// SPDX-License-Identifier: GPL-2.0-only
/*
 * The decision, by its table, and what it promises for every combination.
 * Any context that may use a shared buffer; pure.
 */
#include "core/class.h"
#include "core/decide.h"
#include "cases.h"

enum { ALWAYS, HISTORY };
enum { NEW, KNOWN };
enum { USER, INIT, KERNEL, DAEMON, WHO_MAX };
enum { UNLISTED, LISTED };
enum { LEAVE, LEARN };

#define WINDOW			77
#define REPEAT			7

#define VERDICT_SILENT		-1
#define VERDICT_LOGGED		WXGUARD_VERDICT_LOGGED
#define VERDICT_WOULD_DENY	WXGUARD_VERDICT_WOULD_DENY
#define VERDICT_WOULD_KILL	WXGUARD_VERDICT_WOULD_KILL
#define VERDICT_DENIED		WXGUARD_VERDICT_DENIED
#define VERDICT_KILLED		WXGUARD_VERDICT_KILLED
#define VERDICT_SPARED		WXGUARD_VERDICT_SPARED

struct situation {
	u32 class;
	u32 mode;
	u32 action;
	bool history;
	bool known;
	u32 who;
	bool listed;
	bool init;		/* the rule denies pid 1 and the like, too */
	bool debugger;
	bool committed;
	bool scoped;		/* a scope fits, and has this action */
	u32 scope;
};

static const struct {
	const char *title;
	struct situation situation;
	int verdict;
	bool learn;
	int error;
} rows[] = {
#define SPECIAL(title, the_class, the_mode, the_action, with_history, is_known, \
		who_is_it, verdict, learn, error, ...) \
	{ title, { .class = WXGUARD_CLASS_##the_class, \
		   .mode = WXGUARD_MODE_##the_mode, \
		   .action = WXGUARD_ACTION_##the_action, \
		   .history = with_history, .known = is_known, \
		   .who = who_is_it, __VA_ARGS__ }, \
	  VERDICT_##verdict, learn, error },
#define DECIDE(title, class, mode, action, history, known, who, is_listed, \
	       verdict, learn, error) \
	SPECIAL(title, class, mode, action, history, known, who, verdict, \
		learn, error, .listed = is_listed)
#include "decide.cases"
#define SCOPED(action)	.scoped = true, .scope = WXGUARD_ACTION_##action
#include "decide_special.cases"
};

/* All classes but the one asked about are off, so that a mix-up shows. */
static struct wxg_ruling decide(const struct situation *situation)
{
	static struct wxg_exemption exemption;
	static struct wxg_rules rules;
	static struct wxg_scope scope;
	struct wxg_exemption *list = &exemption;
	struct wxg_scope *scopes = &scope;
	struct wxg_subject subject = {
		.exe = "/x",
		.exe_len = 2,
		.comm = "x",
		.comm_len = 1,
		.cgroup = "/",
		.cgroup_len = 1,
		.is_init = situation->who == INIT,
		.kernel_spawned = situation->who == KERNEL,
		.is_daemon = situation->who == DAEMON,
	};
	struct wxg_question question = {
		.class = situation->class,
		.mode = situation->mode,
		.known = situation->known,
		.debugger = situation->debugger,
		.committed = situation->committed,
		.now = 1000,
		.subject = &subject,
	};
	struct wxg_class_rule rule;

	memset(&rules, 0, sizeof(rules));
	if (situation->class < __WXGUARD_CLASS_MAX) {
		rules.class[situation->class].action = situation->action;
		rules.class[situation->class].known = situation->history;
		rules.class[situation->class].init = situation->init;
		rules.class[situation->class].window = WINDOW;
		rules.class[situation->class].repeat = REPEAT;
	}
	scope.classes = situation->scoped ? 1u << situation->class : 0;
	scope.action = situation->scope;
	strcpy(scope.cgroup, "/");
	rules.scope = &scopes;
	rules.scopes = 1;
	exemption.classes = ~0u;
	strcpy(exemption.exe, situation->listed ? "/x" : "/other");
	rules.exemption = &list;
	rules.count = 1;
	if (situation->class < __WXGUARD_CLASS_MAX) {
		rule = wxg_rules_rule(&rules, situation->class, &subject,
				      &question.scope);
		question.rule = &rule;
	}
	return wxg_decide(&rules, &question);
}

static const char *decide_title(u32 i)
{
	return rows[i].title;
}

static const char *decide_run(u32 i)
{
	struct wxg_ruling ruling = decide(&rows[i].situation);
	bool report = rows[i].verdict >= 0;

	if (ruling.report != report)
		return report ? "it is not reported" : "it is reported";
	if (report && ruling.verdict != (u32)rows[i].verdict)
		return WXG_CASES_WHY("the verdict is %s, not %s",
				     wxg_verdict_name(ruling.verdict),
				     wxg_verdict_name((u32)rows[i].verdict));
	if (ruling.learn != rows[i].learn)
		return ruling.learn ? "it is learned" : "it is not learned";
	if (ruling.error != -rows[i].error)
		return WXG_CASES_WHY("the error is %d, not %d", ruling.error,
				     -rows[i].error);
	if (ruling.kill != (rows[i].verdict == WXGUARD_VERDICT_KILLED))
		return ruling.kill ? "it is killed" : "it is not killed";
	return NULL;
}

const struct wxg_cases wxg_cases_decide = {
	.name = "decide",
	.count = ARRAY_SIZE(rows),
	.title = decide_title,
	.run = decide_run,
};

/* What the rules say about it, scope or not. */
static u32 action_of(const struct situation *s)
{
	return s->scoped ? s->scope : s->action;
}

/* What may never happen to a report, to the history, to an exemption. */
static const char *broken_report(const struct situation *s,
				 const struct wxg_ruling *ruling)
{
	const struct wxg_class *row = wxg_class_lookup(s->class);
	bool asleep = !row || s->mode == WXGUARD_MODE_OFF ||
		      s->mode >= __WXGUARD_MODE_MAX ||
		      action_of(s) == WXGUARD_ACTION_OFF;
	bool learning = s->mode == WXGUARD_MODE_LEARN && row &&
			row->kind != WXG_KIND_SENSOR;

	if (asleep && (ruling->report || ruling->learn || ruling->error ||
		       ruling->kill || ruling->exemption >= 0))
		return "something that is off acts";
	if (!asleep && (ruling->exemption == 0) != s->listed)
		return "the exemption is not named, or named without cause";
	if (s->listed && (ruling->report || ruling->learn || ruling->error))
		return "what is exempt is reported, learned or denied";
	if (learning && ruling->report)
		return "learn mode reports";
	if (learning && !asleep && !s->listed && !ruling->learn)
		return "learn mode does not learn";
	if (s->history && s->known && ruling->report)
		return "what is known is reported";
	if (!asleep && !s->listed && !learning &&
	    !(s->history && s->known) && !ruling->report)
		return "what is new is not reported";
	if (ruling->learn && !s->history && !learning)
		return "a class without history learns";
	if (ruling->kill && ruling->learn)
		return "what is killed is learned";
	return NULL;
}

/* What may never happen to a caller. */
static const char *broken_denial(const struct situation *s,
				 const struct wxg_ruling *ruling)
{
	const struct wxg_class *row = wxg_class_lookup(s->class);
	bool denies = ruling->error || ruling->kill;

	if (denies && (s->mode != WXGUARD_MODE_ENFORCE || s->debugger ||
		       action_of(s) < WXGUARD_ACTION_DENY ||
		       (s->who != USER && !s->init) || !row->deniable))
		return "something is denied that may not be";
	if (denies && (!ruling->report || ruling->learn))
		return "a denial is silent, or is learned";
	if (ruling->error &&
	    ruling->error != (row->kind == WXG_KIND_EXEC ? -EPERM : -EACCES))
		return "a denial has another error than its kind";
	if (ruling->error && s->committed)
		return "what has happened is refused";
	if (ruling->kill && action_of(s) != WXGUARD_ACTION_KILL && !s->committed)
		return "a kill without being asked";
	if (denies != (ruling->verdict == WXGUARD_VERDICT_DENIED ||
		       ruling->verdict == WXGUARD_VERDICT_KILLED))
		return "verdict and denial say different things";
	return NULL;
}

static const char *broken_promise(const struct situation *s)
{
	struct wxg_ruling ruling = decide(s);
	bool real = wxg_class_lookup(s->class) && s->mode != WXGUARD_MODE_OFF &&
		    s->mode < __WXGUARD_MODE_MAX;
	const char *why = broken_report(s, &ruling);

	if (!why)
		why = broken_denial(s, &ruling);
	if (!why && real && (ruling.scope == 0) != s->scoped)
		why = "the scope is not named, or named without cause";
	if (!why && real && (ruling.action != action_of(s) ||
			     ruling.window != (s->history ? WINDOW : 0) ||
			     ruling.repeat != REPEAT))
		why = "action, window or repeat are not those of the rule";
	return why;
}

static const char *promises_title(u32 i)
{
	return i == 0 ? "every combination keeps the promises" : NULL;
}

/* With one class and one mode more than there are. */
#define COMBINATIONS \
	((__WXGUARD_CLASS_MAX + 1) * (__WXGUARD_MODE_MAX + 1) * \
	 __WXGUARD_ACTION_MAX * WHO_MAX * 2 * 2 * 2 * 2 * 2 * 2 * \
	 (__WXGUARD_ACTION_MAX + 1))

static u32 take(u32 *rest, u32 base)
{
	u32 digit = *rest % base;

	*rest /= base;
	return digit;
}

static const char *promises_run(u32 i)
{
	struct situation s;
	const char *why;
	u32 rest;

	/* One number holds a whole situation; taken apart digit by digit. */
	for (i = 0; i < COMBINATIONS; i++) {
		rest = i;
		s.class = take(&rest, __WXGUARD_CLASS_MAX + 1);
		s.mode = take(&rest, __WXGUARD_MODE_MAX + 1);
		s.action = take(&rest, __WXGUARD_ACTION_MAX);
		s.who = take(&rest, WHO_MAX);
		s.history = take(&rest, 2);
		s.known = take(&rest, 2);
		s.listed = take(&rest, 2);
		s.init = take(&rest, 2);
		s.debugger = take(&rest, 2);
		s.committed = take(&rest, 2);
		s.scope = take(&rest, __WXGUARD_ACTION_MAX + 1);
		s.scoped = s.scope != __WXGUARD_ACTION_MAX;
		why = broken_promise(&s);
		if (why)
			return WXG_CASES_WHY("%s: in combination %u, class %u, mode %u",
					     why, i, s.class, s.mode);
	}
	return NULL;
}

const struct wxg_cases wxg_cases_promises = {
	.name = "promises",
	.count = 1,
	.title = promises_title,
	.run = promises_run,
};
