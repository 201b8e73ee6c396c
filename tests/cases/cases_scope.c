// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scopes: which one decides, and which are refused, by their tables.
 * Any context that may use a shared buffer; pure.
 */
#include "core/class.h"
#include "core/rules.h"
#include "cases.h"

#define BIT_OF(class)	(1u << WXGUARD_CLASS_##class)
#define RWX		BIT_OF(RWX_MPROTECT)

enum { REPORT, EXEMPT };

static struct wxg_scope strict = {
	.name = "strict",
	.cgroup = "/machine.slice/strict/**",
	.classes = RWX | BIT_OF(EXEC_MEMORY),
	.action = WXGUARD_ACTION_KILL,
	.has_known = true,
};

static struct wxg_scope machines = {
	.name = "machines",
	.cgroup = "/machine.slice/**",
	.classes = RWX,
	.action = WXGUARD_ACTION_DENY,
};

static struct wxg_scope quiet = {
	.name = "quiet",
	.cgroup = "/quiet",
	.classes = RWX | BIT_OF(RWX_MMAP),
	.action = WXGUARD_ACTION_OFF,
	.has_known = true,
	.known = true,
};

static const struct {
	const char *title;
	u32 class;
	const char *cgroup;
	int scope;
	u32 action;
	bool known;
} rows[] = {
#define SCOPE(title, class, cgroup, scope, action, known) \
	{ title, WXGUARD_CLASS_##class, cgroup, scope, \
	  WXGUARD_ACTION_##action, known },
#include "scope.cases"
};

static const char *scope_title(u32 i)
{
	return rows[i].title;
}

static const char *scope_run(u32 i)
{
	static struct wxg_rules rules;
	struct wxg_scope *list[] = { &strict, &machines, &quiet };
	const struct wxg_subject subject = {
		.cgroup = rows[i].cgroup,
		.cgroup_len = strlen(rows[i].cgroup),
	};
	struct wxg_class_rule *class, rule;
	int scope = -2;

	wxg_rules_init(&rules);
	rules.scope = list;
	rules.scopes = ARRAY_SIZE(list);
	class = &rules.class[rows[i].class];
	class->action = WXGUARD_ACTION_LOG;
	class->known = true;
	class->window = 70;
	class->repeat = 8;
	class->init = true;
	rule = wxg_rules_rule(&rules, rows[i].class, &subject, &scope);
	if (scope != rows[i].scope)
		return WXG_CASES_WHY("scope %d decides, not %d", scope,
				     rows[i].scope);
	if (rule.action != rows[i].action)
		return WXG_CASES_WHY("the action is %s",
				     wxg_action_name(rule.action));
	if (rule.known != rows[i].known)
		return rule.known ? "known executables are exempt" :
				    "known executables are not exempt";
	if (rule.window != 70 || rule.repeat != 8 || !rule.init)
		return "what a scope does not say is not as in the class";
	return NULL;
}

const struct wxg_cases wxg_cases_scope = {
	.name = "scope",
	.count = ARRAY_SIZE(rows),
	.title = scope_title,
	.run = scope_run,
};

static const struct {
	const char *title;
	int error;
	const char *sentence;
	struct wxg_scope scope;
} checks[] = {
#define CHECK_SCOPE(title, error, sentence, ...) \
	{ title, error, sentence, { __VA_ARGS__ } },
#include "check_scope.cases"
};

static struct wxg_scope first = {
	.name = "first",
	.cgroup = "/first",
	.classes = RWX,
	.action = WXGUARD_ACTION_LOG,
};

static const char *check_scope_title(u32 i)
{
	return checks[i].title;
}

static const char *check_scope_run(u32 i)
{
	static struct wxg_scope scope;
	static struct wxg_rules rules;
	struct wxg_scope *list[] = { &first, &scope };
	const char *why;

	scope = checks[i].scope;
	wxg_rules_init(&rules);
	rules.scope = list;
	rules.scopes = 2;
	why = wxg_cases_check_says(&rules, checks[i].error, checks[i].sentence);
	if (!why && checks[i].error)
		why = wxg_cases_sentence_is_cut(&rules, scope.name);
	return why;
}

const struct wxg_cases wxg_cases_check_scope = {
	.name = "check_scope",
	.count = ARRAY_SIZE(checks),
	.title = check_scope_title,
	.run = check_scope_run,
};
