// SPDX-License-Identifier: GPL-2.0-only
/*
 * May a rule set be published, and would it lock its administrator out? One
 * sentence for a person if so.
 * Any context; pure. May not mend what it finds: the set is taken whole or
 * not at all.
 */
#include "check.h"
#include "class.h"

static int check_action(const struct wxg_class_rule *rule,
			const struct wxg_class *row,
			struct wxg_rules_error *error)
{
	if (rule->action >= __WXGUARD_ACTION_MAX)
		return wxg_refuse(error, -ERANGE,
				  "class %s: action %u does not exist; use off, log, deny or kill",
				  row->name, rule->action);
	if (!row->deniable && rule->action > WXGUARD_ACTION_LOG)
		return wxg_refuse(error, -EINVAL,
				  "class %s: action %s is not possible, since there is nothing to deny; use off or log",
				  row->name, wxg_action_name(rule->action));
	return 0;
}

static int check_class(const struct wxg_class_rule *rule, u32 class,
		       struct wxg_rules_error *error)
{
	const struct wxg_class *row = wxg_class_lookup(class);
	int err = check_action(rule, row, error);

	if (err)
		return err;
	if (rule->window < WXGUARD_WINDOW_MIN || rule->window > WXGUARD_WINDOW_MAX)
		return wxg_refuse(error, -ERANGE,
				  "class %s: a window of %u s is out of range; use %u to %u s",
				  row->name, rule->window, WXGUARD_WINDOW_MIN,
				  WXGUARD_WINDOW_MAX);
	if (rule->repeat > WXGUARD_REPEAT_MAX)
		return wxg_refuse(error, -ERANGE,
				  "class %s: a repeat time of %u s is out of range; use 0 (tell each) to %u s",
				  row->name, rule->repeat, WXGUARD_REPEAT_MAX);
	if (rule->self_clone && class != WXGUARD_CLASS_EXEC_MEMORY)
		return wxg_refuse(error, -EINVAL,
				  "class %s: self-clones exist for class exec_memory only; leave self_clone out",
				  row->name);
	if (rule->init && !row->deniable)
		return wxg_refuse(error, -EINVAL,
				  "class %s: init is not possible, since there is nothing to deny; leave it out",
				  row->name);
	return 0;
}

static int check_budget(const struct wxg_budget_rule *budget,
			struct wxg_rules_error *error)
{
	if (budget->per_minute > WXGUARD_BUDGET_MAX)
		return wxg_refuse(error, -ERANGE,
				  "a budget of %u denials per minute is out of range; use 0 (no limit) to %u",
				  budget->per_minute, WXGUARD_BUDGET_MAX);
	if (!budget->per_exe || budget->per_exe > WXGUARD_BUDGET_MAX)
		return wxg_refuse(error, -ERANGE,
				  "a budget of %u denials per executable is out of range; use 1 to %u",
				  budget->per_exe, WXGUARD_BUDGET_MAX);
	return 0;
}

int wxg_rules_check(const struct wxg_rules *rules, u64 now,
		    struct wxg_rules_error *error)
{
	u32 i;
	int err;

	for (i = 1; i < __WXGUARD_CLASS_MAX; i++) {
		err = check_class(&rules->class[i], i, error);
		if (err)
			return err;
	}
	err = check_budget(&rules->budget, error);
	if (err)
		return err;
	if (rules->scopes > WXGUARD_SCOPES_MAX)
		return wxg_refuse(error, -ERANGE,
				  "%u scopes were given; give at most %u",
				  rules->scopes, WXGUARD_SCOPES_MAX);
	for (i = 0; i < rules->scopes; i++) {
		err = wxg_check_scope(rules, i, error);
		if (err)
			return err;
	}
	if (rules->count > WXGUARD_EXEMPTIONS_MAX)
		return wxg_refuse(error, -ERANGE,
				  "%u exemptions were given; give at most %u",
				  rules->count, WXGUARD_EXEMPTIONS_MAX);
	for (i = 0; i < rules->count; i++) {
		err = wxg_check_exemption(rules, i, now, error);
		if (err)
			return err;
	}
	return 0;
}

/* An exemption whose only matchers are globs that fit any path. */
static int covers_everything(const struct wxg_exemption *exemption,
			     struct wxg_rules_error *error)
{
	if (exemption->comm[0] || exemption->has_uid || exemption->has_key ||
	    exemption->has_sha256 || wxg_glob_narrows(exemption->exe) ||
	    wxg_glob_narrows(exemption->cgroup))
		return 0;
	return wxg_refuse(error, -EINVAL,
			  "the %s glob of exemption %s fits any path; put a name in it, add a matcher, or force it",
			  exemption->exe[0] ? "exe" : "cgroup",
			  exemption->name);
}

/* @kind and @name: what the action stands in. @count: how many are known. */
static int denies_all_execs(u32 action, bool known, u32 count,
			    const char *kind, const char *name,
			    struct wxg_rules_error *error)
{
	if (action < WXGUARD_ACTION_DENY)
		return 0;
	if (!known)
		return wxg_refuse(error, -EINVAL,
				  "%s %s: %s of exec_unknown without known = exempt stops each program; exempt the known ones, or force it",
				  kind, name, wxg_action_name(action));
	if (!count)
		return wxg_refuse(error, -EINVAL,
				  "%s %s: %s of exec_unknown, for which nothing is known, stops each program; scan first, or force it",
				  kind, name, wxg_action_name(action));
	return 0;
}

int wxg_rules_lockout(const struct wxg_rules *rules, u32 known,
		      struct wxg_rules_error *error)
{
	const struct wxg_class_rule *rule =
		&rules->class[WXGUARD_CLASS_EXEC_UNKNOWN];
	const struct wxg_scope *scope;
	u32 i;
	int err;

	err = denies_all_execs(rule->action, rule->known, known, "class",
			       "exec_unknown", error);
	for (i = 0; i < rules->scopes && !err; i++) {
		scope = rules->scope[i];
		if (scope->classes >> WXGUARD_CLASS_EXEC_UNKNOWN & 1)
			err = denies_all_execs(scope->action, scope->has_known ?
					       scope->known : rule->known,
					       known, "scope", scope->name,
					       error);
	}
	return err;
}

int wxg_rules_dangers(const struct wxg_rules *rules, u32 known,
		      struct wxg_rules_error *error)
{
	int err = wxg_rules_lockout(rules, known, error);
	u32 i;

	for (i = 0; i < rules->count && !err; i++)
		err = covers_everything(rules->exemption[i], error);
	return err;
}
