// SPDX-License-Identifier: GPL-2.0-only
/*
 * May a rule set be published? One sentence for a person if not.
 * Any context; pure. May not mend what it finds: the set is taken whole or
 * not at all.
 */
#include "class.h"
#include "rules.h"

/* The longest sentence, with the longest name, fits error->text: tested. */
#define refuse(error, code, ...) \
	(snprintf((error)->text, sizeof((error)->text), __VA_ARGS__), (code))

static int check_class(const struct wxg_class_rule *rule, u32 class,
		       struct wxg_rules_error *error)
{
	const struct wxg_class *row = wxg_class_lookup(class);

	if (rule->action >= __WXGUARD_ACTION_MAX)
		return refuse(error, -ERANGE,
			      "class %s: action %u does not exist; use off, log, deny or kill",
			      row->name, rule->action);
	if (!row->built && rule->action != WXGUARD_ACTION_OFF)
		return refuse(error, -EOPNOTSUPP,
			      "class %s: action %s is not possible, since this version does not detect the class; use off",
			      row->name, wxg_action_name(rule->action));
	if (!row->deniable && rule->action > WXGUARD_ACTION_LOG)
		return refuse(error, -EINVAL,
			      "class %s: action %s is not possible, since there is nothing to deny; use off or log",
			      row->name, wxg_action_name(rule->action));
	if (rule->window < WXGUARD_WINDOW_MIN || rule->window > WXGUARD_WINDOW_MAX)
		return refuse(error, -ERANGE,
			      "class %s: a window of %u s is out of range; use %u to %u s",
			      row->name, rule->window, WXGUARD_WINDOW_MIN,
			      WXGUARD_WINDOW_MAX);
	return 0;
}

static bool is_name_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

/* Until the name is known to be good, the exemption is told by its place. */
static int check_name(const struct wxg_exemption *exemption, u32 i,
		      struct wxg_rules_error *error)
{
	const char *name = exemption->name;
	size_t len = strnlen(name, sizeof(exemption->name));
	size_t at;

	if (len == 0)
		return refuse(error, -EINVAL,
			      "exemption number %u has no name; give 1 to %u of A-Z a-z 0-9 . _ -",
			      i + 1, WXGUARD_EXEMPTION_NAME_MAX);
	if (len == sizeof(exemption->name))
		return refuse(error, -EINVAL,
			      "the name of exemption number %u is too long; give 1 to %u of A-Z a-z 0-9 . _ -",
			      i + 1, WXGUARD_EXEMPTION_NAME_MAX);
	for (at = 0; at < len; at++) {
		if (!is_name_byte(name[at]))
			return refuse(error, -EINVAL,
				      "the name of exemption number %u has the byte 0x%02x; give only A-Z a-z 0-9 . _ -",
				      i + 1, (u8)name[at]);
	}
	return 0;
}

static int check_unique(const struct wxg_rules *rules, u32 i,
			struct wxg_rules_error *error)
{
	const char *name = rules->exemption[i]->name;
	u32 other;

	for (other = 0; other < i; other++) {
		if (!strcmp(rules->exemption[other]->name, name))
			return refuse(error, -EEXIST,
				      "exemption %s is there twice (numbers %u and %u); give each a name of its own",
				      name, other + 1, i + 1);
	}
	return 0;
}

/* Text that is not terminated would be read past its end. */
static int check_lengths(const struct wxg_exemption *exemption,
			 struct wxg_rules_error *error)
{
	const char *field;
	u32 max;

	if (strnlen(exemption->exe, sizeof(exemption->exe)) > WXGUARD_GLOB_MAX) {
		field = "exe";
		max = WXGUARD_GLOB_MAX;
	} else if (strnlen(exemption->cgroup, sizeof(exemption->cgroup)) >
		   WXGUARD_GLOB_MAX) {
		field = "cgroup";
		max = WXGUARD_GLOB_MAX;
	} else if (strnlen(exemption->comm, sizeof(exemption->comm)) >
		   WXGUARD_COMM_MAX) {
		field = "comm";
		max = WXGUARD_COMM_MAX;
	} else if (strnlen(exemption->reason, sizeof(exemption->reason)) >
		   WXGUARD_REASON_MAX) {
		field = "reason";
		max = WXGUARD_REASON_MAX;
	} else if (strnlen(exemption->author, sizeof(exemption->author)) >
		   WXGUARD_AUTHOR_MAX) {
		field = "author";
		max = WXGUARD_AUTHOR_MAX;
	} else {
		return 0;
	}
	return refuse(error, -EINVAL,
		      "the %s of exemption %s is too long; give at most %u bytes",
		      field, exemption->name, max);
}

static int check_classes(const struct wxg_exemption *exemption,
			 struct wxg_rules_error *error)
{
	const struct wxg_class *row;
	u32 class;

	if (!exemption->classes)
		return refuse(error, -EINVAL,
			      "exemption %s names no class; give at least one",
			      exemption->name);
	for (class = 0; class < 32; class++) {
		if (!(exemption->classes >> class & 1))
			continue;
		row = wxg_class_lookup(class);
		if (!row)
			return refuse(error, -EINVAL,
				      "exemption %s names class number %u; classes have the numbers 1 to %u",
				      exemption->name, class, WXGUARD_CLASS_MAX);
		if (!row->built)
			return refuse(error, -EOPNOTSUPP,
				      "exemption %s names class %s, which this version does not detect; leave it out",
				      exemption->name, row->name);
	}
	return 0;
}

static int check_glob(const struct wxg_exemption *exemption, const char *field,
		      const char *glob, struct wxg_rules_error *error)
{
	if (glob[0] == '\0')
		return 0;
	if (glob[0] != '/')
		return refuse(error, -EINVAL,
			      "the %s glob of exemption %s is relative; begin it with a slash",
			      field, exemption->name);
	for (; *glob; glob++) {
		if (*glob == '\\' && *++glob == '\0')
			return refuse(error, -EINVAL,
				      "the %s glob of exemption %s ends in a single \\, which quotes nothing; write \\\\",
				      field, exemption->name);
	}
	return 0;
}

/* Does this glob say anything about which path it wants? */
static bool narrows(const char *glob)
{
	if (glob[0] == '\0')
		return false;
	if (!strpbrk(glob, "*?"))
		return true;
	return glob[strspn(glob, "/*?")] != '\0';
}

static int check_matchers(const struct wxg_exemption *exemption,
			  struct wxg_rules_error *error)
{
	if (exemption->comm[0] && !exemption->unsafe)
		return refuse(error, -EINVAL,
			      "exemption %s trusts comm, which any process can set; add unsafe to accept that",
			      exemption->name);
	if (exemption->comm[0] || exemption->has_uid ||
	    narrows(exemption->exe) || narrows(exemption->cgroup))
		return 0;
	if (exemption->exe[0] || exemption->cgroup[0])
		return refuse(error, -EINVAL,
			      "the %s glob of exemption %s fits any path; put a name in it, or add a matcher",
			      exemption->exe[0] ? "exe" : "cgroup",
			      exemption->name);
	return refuse(error, -EINVAL,
		      "exemption %s has no matcher and would cover everything; give exe, uid or cgroup",
		      exemption->name);
}

static int check_exemption(const struct wxg_rules *rules, u32 i, u64 now,
			   struct wxg_rules_error *error)
{
	const struct wxg_exemption *exemption = rules->exemption[i];
	int err;

	err = check_name(exemption, i, error);
	if (!err)
		err = check_unique(rules, i, error);
	if (!err)
		err = check_lengths(exemption, error);
	if (!err)
		err = check_classes(exemption, error);
	if (!err)
		err = check_glob(exemption, "exe", exemption->exe, error);
	if (!err)
		err = check_glob(exemption, "cgroup", exemption->cgroup, error);
	if (!err)
		err = check_matchers(exemption, error);
	if (err)
		return err;

	if (!exemption->reason[0])
		return refuse(error, -EINVAL,
			      "exemption %s gives no reason; say why it is needed",
			      exemption->name);
	if (exemption->expires && exemption->expires <= now)
		return refuse(error, -EINVAL,
			      "exemption %s expired at %llu; give a time after now, %llu",
			      exemption->name,
			      (unsigned long long)exemption->expires,
			      (unsigned long long)now);
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
	if (rules->count > WXGUARD_EXEMPTIONS_MAX)
		return refuse(error, -ERANGE,
			      "%u exemptions were given; give at most %u",
			      rules->count, WXGUARD_EXEMPTIONS_MAX);
	for (i = 0; i < rules->count; i++) {
		err = check_exemption(rules, i, now, error);
		if (err)
			return err;
	}
	return 0;
}
