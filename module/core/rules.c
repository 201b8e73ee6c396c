// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rule set: its defaults, and which exemption covers an event.
 * Any context; pure. May not change a set: it is shared once published.
 */
#include "class.h"
#include "prefix.h"
#include "rules.h"

void wxg_rules_init(struct wxg_rules *rules)
{
	const struct wxg_class *row;
	u32 class;

	memset(rules, 0, sizeof(*rules));
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		row = wxg_class_lookup(class);
		rules->class[class].action = row->action;
		rules->class[class].known = row->known;
		rules->class[class].window = row->window;
		rules->class[class].repeat = WXGUARD_REPEAT_DEFAULT;
		rules->class[class].self_clone =
			class == WXGUARD_CLASS_EXEC_MEMORY;
	}
	rules->budget.per_minute = WXGUARD_BUDGET_DEFAULT;
	rules->budget.per_exe = WXGUARD_BUDGET_EXE_DEFAULT;
}

static bool covers(const struct wxg_exemption *exemption, u32 class,
		   const struct wxg_subject *subject, u64 now)
{
	if (!(exemption->classes >> class & 1))
		return false;
	if (exemption->expires && now >= exemption->expires)
		return false;
	if (exemption->has_uid && exemption->uid != subject->uid)
		return false;
	if ((exemption->has_key || exemption->has_sha256) &&
	    !(exemption->has_key && subject->has_key &&
	      wxg_identity_equal(&exemption->key, &subject->key)))
		return false;
	if (exemption->comm[0] &&
	    (strlen(exemption->comm) != subject->comm_len ||
	     memcmp(exemption->comm, subject->comm, subject->comm_len)))
		return false;
	if (exemption->exe[0] &&
	    !wxg_glob_match(exemption->exe, subject->exe, subject->exe_len))
		return false;
	if (exemption->cgroup[0] &&
	    !wxg_glob_match(exemption->cgroup, subject->cgroup,
			    subject->cgroup_len))
		return false;
	return true;
}

/* Only those are asked whose exe can begin as this one does. */
static int match_by_prefix(const struct wxg_rules *rules, u32 class,
			   const struct wxg_subject *subject, u64 now)
{
	const struct wxg_prefix *prefix;
	int first = -1;
	s32 at;

	at = wxg_prefix_find(rules->prefix, rules->count, subject->exe,
			     subject->exe_len);
	for (; at >= 0; at = prefix->shorter) {
		prefix = &rules->prefix[at];
		if (first >= 0 && prefix->exemption > (u32)first)
			continue;
		if (covers(rules->exemption[prefix->exemption], class, subject,
			   now))
			first = (int)prefix->exemption;
	}
	return first;
}

int wxg_rules_match(const struct wxg_rules *rules, u32 class,
		    const struct wxg_subject *subject, u64 now)
{
	u32 i;

	if (class == WXGUARD_CLASS_UNSPEC || class >= __WXGUARD_CLASS_MAX)
		return -1;
	if (rules->prefix)
		return match_by_prefix(rules, class, subject, now);
	for (i = 0; i < rules->count; i++) {
		if (covers(rules->exemption[i], class, subject, now))
			return (int)i;
	}
	return -1;
}

struct wxg_class_rule wxg_rules_rule(const struct wxg_rules *rules, u32 class,
				     const struct wxg_subject *subject,
				     int *scope)
{
	struct wxg_class_rule rule = rules->class[class];
	const struct wxg_scope *at;
	u32 i;

	*scope = -1;
	for (i = 0; i < rules->scopes; i++) {
		at = rules->scope[i];
		if (!(at->classes >> class & 1) ||
		    !wxg_glob_match(at->cgroup, subject->cgroup,
				    subject->cgroup_len))
			continue;
		rule.action = at->action;
		if (at->has_known)
			rule.known = at->known;
		*scope = (int)i;
		break;
	}
	return rule;
}

bool wxg_rules_by_exe_only(const struct wxg_rules *rules)
{
	const struct wxg_exemption *exemption;
	u32 i;

	if (rules->scopes)
		return false;
	/* An expiry does not matter: it only ends an exemption. */
	for (i = 0; i < rules->count; i++) {
		exemption = rules->exemption[i];
		if (exemption->comm[0] || exemption->has_uid ||
		    exemption->cgroup[0])
			return false;
	}
	return true;
}
