// SPDX-License-Identifier: GPL-2.0-only
/*
 * May this exemption be published?
 * Any context; pure. May not mend what it finds.
 */
#include "check.h"

static int check_unique(const struct wxg_rules *rules, u32 i,
			struct wxg_rules_error *error)
{
	const char *name = rules->exemption[i]->name;
	u32 other;

	for (other = 0; other < i; other++) {
		if (!strcmp(rules->exemption[other]->name, name))
			return wxg_refuse(error, -EEXIST,
					  "exemption %s is there twice (numbers %u and %u); give each a name of its own",
					  name, other + 1, i + 1);
	}
	return 0;
}

static int check_lengths(const struct wxg_checked *checked,
			 const struct wxg_exemption *exemption,
			 struct wxg_rules_error *error)
{
	int err;

	err = wxg_check_length(checked, "exe", exemption->exe,
			       WXGUARD_GLOB_MAX, error);
	if (!err)
		err = wxg_check_length(checked, "cgroup", exemption->cgroup,
				       WXGUARD_GLOB_MAX, error);
	if (!err)
		err = wxg_check_length(checked, "comm", exemption->comm,
				       WXGUARD_COMM_MAX, error);
	if (!err)
		err = wxg_check_length(checked, "reason", exemption->reason,
				       WXGUARD_REASON_MAX, error);
	if (!err)
		err = wxg_check_length(checked, "author", exemption->author,
				       WXGUARD_AUTHOR_MAX, error);
	return err;
}

static int check_matchers(const struct wxg_exemption *exemption,
			  struct wxg_rules_error *error)
{
	if (exemption->comm[0] && !exemption->unsafe)
		return wxg_refuse(error, -EINVAL,
				  "exemption %s trusts comm, which any process can set; add unsafe to accept that",
				  exemption->name);
	if (exemption->exe[0] || exemption->comm[0] || exemption->cgroup[0] ||
	    exemption->has_uid || exemption->has_key || exemption->has_sha256)
		return 0;
	return wxg_refuse(error, -EINVAL,
			  "exemption %s has no matcher and would cover everything; give exe, uid, cgroup, an inode or sha256",
			  exemption->name);
}

int wxg_check_exemption(const struct wxg_rules *rules, u32 i, u64 now,
			struct wxg_rules_error *error)
{
	const struct wxg_exemption *exemption = rules->exemption[i];
	const struct wxg_checked checked = { "exemption", exemption->name,
					     i + 1 };
	int err;

	err = wxg_check_name(&checked, error);
	if (!err)
		err = check_unique(rules, i, error);
	if (!err)
		err = check_lengths(&checked, exemption, error);
	if (!err)
		err = wxg_check_classes(&checked, exemption->classes, error);
	if (!err)
		err = wxg_check_glob(&checked, "exe", exemption->exe, error);
	if (!err)
		err = wxg_check_glob(&checked, "cgroup", exemption->cgroup,
				     error);
	if (!err)
		err = check_matchers(exemption, error);
	if (err)
		return err;

	if (!exemption->reason[0])
		return wxg_refuse(error, -EINVAL,
				  "exemption %s gives no reason; say why it is needed",
				  exemption->name);
	if (exemption->expires && exemption->expires <= now)
		return wxg_refuse(error, -EINVAL,
				  "exemption %s expired at %llu; give a time after now, %llu",
				  exemption->name,
				  (unsigned long long)exemption->expires,
				  (unsigned long long)now);
	return 0;
}
