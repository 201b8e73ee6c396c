// SPDX-License-Identifier: GPL-2.0-only
/*
 * May this scope be published?
 * Any context; pure. May not mend what it finds.
 */
#include "check.h"
#include "class.h"

static int check_unique(const struct wxg_rules *rules, u32 i,
			struct wxg_rules_error *error)
{
	const char *name = rules->scope[i]->name;
	u32 other;

	for (other = 0; other < i; other++) {
		if (!strcmp(rules->scope[other]->name, name))
			return wxg_refuse(error, -EEXIST,
					  "scope %s is there twice (numbers %u and %u); give each a name of its own",
					  name, other + 1, i + 1);
	}
	return 0;
}

static int check_cgroup(const struct wxg_checked *checked,
			const struct wxg_scope *scope,
			struct wxg_rules_error *error)
{
	int err;

	err = wxg_check_length(checked, "cgroup", scope->cgroup,
			       WXGUARD_GLOB_MAX, error);
	if (err)
		return err;
	if (!scope->cgroup[0])
		return wxg_refuse(error, -EINVAL,
				  "scope %s names no cgroup; give a glob such as /machine.slice/**",
				  scope->name);
	return wxg_check_glob(checked, "cgroup", scope->cgroup, error);
}

static int check_action(const struct wxg_scope *scope,
			struct wxg_rules_error *error)
{
	const struct wxg_class *row;
	u32 class;

	if (scope->action >= __WXGUARD_ACTION_MAX)
		return wxg_refuse(error, -ERANGE,
				  "scope %s: action %u does not exist; use off, log, deny or kill",
				  scope->name, scope->action);
	if (scope->action <= WXGUARD_ACTION_LOG)
		return 0;
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		row = wxg_class_lookup(class);
		if (scope->classes >> class & 1 && !row->deniable)
			return wxg_refuse(error, -EINVAL,
					  "scope %s: action %s is not possible for class %s, since there is nothing to deny; use off or log",
					  scope->name,
					  wxg_action_name(scope->action),
					  row->name);
	}
	return 0;
}

int wxg_check_scope(const struct wxg_rules *rules, u32 i,
		    struct wxg_rules_error *error)
{
	const struct wxg_scope *scope = rules->scope[i];
	const struct wxg_checked checked = { "scope", scope->name, i + 1 };
	int err;

	err = wxg_check_name(&checked, error);
	if (!err)
		err = check_unique(rules, i, error);
	if (!err)
		err = check_cgroup(&checked, scope, error);
	if (!err)
		err = wxg_check_classes(&checked, scope->classes, error);
	if (!err)
		err = check_action(scope, error);
	return err;
}
