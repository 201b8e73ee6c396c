// SPDX-License-Identifier: GPL-2.0-only
/*
 * A new rule set from the wire. PROCESS context; may sleep. The set is built
 * aside, checked whole and then published whole; until then it is ours, and
 * a refusal frees it and changes nothing.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/ktime.h>

#include "core/class.h"
#include "genl_priv.h"
#include "rules_live.h"

static const struct nla_policy class_policy[WXGUARD_CLASS_A_MAX + 1] = {
	[WXGUARD_CLASS_A_ID] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_ACTION] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_KNOWN] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_WINDOW] = { .type = NLA_U32 },
};

#define TEXT(max)	{ .type = NLA_NUL_STRING, .len = (max) }

static const struct nla_policy exemption_policy[WXGUARD_EXEMPTION_MAX + 1] = {
	[WXGUARD_EXEMPTION_PAD] = WXG_GENL_PAD,
	[WXGUARD_EXEMPTION_NAME] = TEXT(WXGUARD_EXEMPTION_NAME_MAX),
	[WXGUARD_EXEMPTION_CLASSES] = { .type = NLA_U32 },
	[WXGUARD_EXEMPTION_EXE] = TEXT(WXGUARD_GLOB_MAX),
	[WXGUARD_EXEMPTION_COMM] = TEXT(WXGUARD_COMM_MAX),
	[WXGUARD_EXEMPTION_UID] = { .type = NLA_U32 },
	[WXGUARD_EXEMPTION_CGROUP] = TEXT(WXGUARD_GLOB_MAX),
	[WXGUARD_EXEMPTION_UNSAFE] = { .type = NLA_FLAG },
	[WXGUARD_EXEMPTION_REASON] = TEXT(WXGUARD_REASON_MAX),
	[WXGUARD_EXEMPTION_AUTHOR] = TEXT(WXGUARD_AUTHOR_MAX),
	[WXGUARD_EXEMPTION_EXPIRES] = { .type = NLA_U64 },
	[WXGUARD_EXEMPTION_HITS] = {
		.type = NLA_REJECT,
		.reject_message = "the hits of an exemption are counted here and cannot be set; leave WXGUARD_EXEMPTION_HITS out",
	},
};

const struct nla_policy wxg_genl_rules_policy[WXGUARD_A_FORCE + 1] = {
	[WXGUARD_A_PAD] = WXG_GENL_PAD,
	[WXGUARD_A_GENERATION] = { .type = NLA_U32 },
	[WXGUARD_A_CLASS] = NLA_POLICY_NESTED(class_policy),
	[WXGUARD_A_EXEMPTION] = NLA_POLICY_NESTED(exemption_policy),
	[WXGUARD_A_FORCE] = { .type = NLA_FLAG },
};

static void rules_free(struct wxg_rules *rules)
{
	u32 i;

	for (i = 0; i < rules->count; i++)
		kfree(rules->exemption[i]);
	kvfree(rules->exemption);
}

/* @given: bits of the classes that the request has described so far. */
static int class_parse(const struct nlattr *nest, struct wxg_rules *rules,
		       u32 *given, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WXGUARD_CLASS_A_MAX + 1];
	struct wxg_class_rule *rule;
	u32 id, known;
	int ret;

	ret = nla_parse_nested(tb, WXGUARD_CLASS_A_MAX, nest, class_policy,
			       extack);
	if (ret)
		return ret;
	if (!tb[WXGUARD_CLASS_A_ID]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "a rule for which class? give WXGUARD_CLASS_A_ID");
		return -EINVAL;
	}
	id = nla_get_u32(tb[WXGUARD_CLASS_A_ID]);
	if (!wxg_class_lookup(id))
		return wxg_genl_refuse(extack, tb[WXGUARD_CLASS_A_ID], -ERANGE,
				       "class %u does not exist; give 1 to %u",
				       id, WXGUARD_CLASS_MAX);
	if (*given & 1U << id)
		return wxg_genl_refuse(extack, nest, -EEXIST,
				       "class %s is given twice; give each class at most once",
				       wxg_class_lookup(id)->name);
	*given |= 1U << id;

	rule = &rules->class[id];
	if (tb[WXGUARD_CLASS_A_ACTION])
		rule->action = nla_get_u32(tb[WXGUARD_CLASS_A_ACTION]);
	if (tb[WXGUARD_CLASS_A_WINDOW])
		rule->window = nla_get_u32(tb[WXGUARD_CLASS_A_WINDOW]);
	if (!tb[WXGUARD_CLASS_A_KNOWN])
		return 0;
	known = nla_get_u32(tb[WXGUARD_CLASS_A_KNOWN]);
	if (known > 1)
		return wxg_genl_refuse(extack, tb[WXGUARD_CLASS_A_KNOWN], -ERANGE,
				       "class %s: known %u is neither 1 (known executables are exempt) nor 0",
				       wxg_class_lookup(id)->name, known);
	rule->known = known;
	return 0;
}

/*
 * Copy one text of an exemption; the policy has seen to its length and end.
 * A byte NUL inside would cut it, and with it what the administrator meant.
 */
static int text_parse(struct nlattr *const *tb, int type, char *to,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[type];
	size_t len;

	if (!attr)
		return 0;
	len = nla_len(attr) - 1;
	if (!len) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a text of an exemption is empty; leave the attribute out or fill it");
		return -EINVAL;
	}
	if (strnlen(nla_data(attr), len) != len) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a text of an exemption goes on after a NUL byte; give one text that ends in its only NUL");
		return -EINVAL;
	}
	memcpy(to, nla_data(attr), len + 1);
	return 0;
}

static int exemption_parse(const struct nlattr *nest,
			   struct wxg_exemption *exemption,
			   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WXGUARD_EXEMPTION_MAX + 1];
	int ret;

	ret = nla_parse_nested(tb, WXGUARD_EXEMPTION_MAX, nest,
			       exemption_policy, extack);
	if (ret)
		return ret;
	if (tb[WXGUARD_EXEMPTION_CLASSES])
		exemption->classes = nla_get_u32(tb[WXGUARD_EXEMPTION_CLASSES]);
	if (tb[WXGUARD_EXEMPTION_UID]) {
		exemption->has_uid = true;
		exemption->uid = nla_get_u32(tb[WXGUARD_EXEMPTION_UID]);
	}
	exemption->unsafe = nla_get_flag(tb[WXGUARD_EXEMPTION_UNSAFE]);
	if (tb[WXGUARD_EXEMPTION_EXPIRES])
		exemption->expires = nla_get_u64(tb[WXGUARD_EXEMPTION_EXPIRES]);

	ret = text_parse(tb, WXGUARD_EXEMPTION_NAME, exemption->name, extack);
	if (!ret)
		ret = text_parse(tb, WXGUARD_EXEMPTION_EXE, exemption->exe,
				 extack);
	if (!ret)
		ret = text_parse(tb, WXGUARD_EXEMPTION_COMM, exemption->comm,
				 extack);
	if (!ret)
		ret = text_parse(tb, WXGUARD_EXEMPTION_CGROUP,
				 exemption->cgroup, extack);
	if (!ret)
		ret = text_parse(tb, WXGUARD_EXEMPTION_REASON,
				 exemption->reason, extack);
	if (!ret)
		ret = text_parse(tb, WXGUARD_EXEMPTION_AUTHOR,
				 exemption->author, extack);
	return ret;
}

/* Make room for the exemptions of the request, none of them filled. */
static int exemptions_alloc(struct wxg_rules *rules, struct genl_info *info)
{
	const struct nlattr *attr;
	u32 count = 0;
	int rest;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest)
		if (nla_type(attr) == WXGUARD_A_EXEMPTION)
			count++;
	if (count > WXGUARD_EXEMPTIONS_MAX)
		return wxg_genl_refuse(info->extack, NULL, -E2BIG,
				       "%u exemptions are too many; give at most %u",
				       count, WXGUARD_EXEMPTIONS_MAX);
	if (!count)
		return 0;
	rules->exemption = kvcalloc(count, sizeof(*rules->exemption),
				    GFP_KERNEL_ACCOUNT);
	return rules->exemption ? 0 : -ENOMEM;
}

/* On failure the caller frees what is there already. */
static int rules_parse(struct wxg_rules *rules, struct genl_info *info)
{
	struct wxg_exemption *exemption;
	const struct nlattr *attr;
	u32 given = 0;
	int rest, ret;

	ret = exemptions_alloc(rules, info);
	if (ret)
		return ret;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		if (nla_type(attr) == WXGUARD_A_CLASS) {
			ret = class_parse(attr, rules, &given, info->extack);
		} else if (nla_type(attr) == WXGUARD_A_EXEMPTION) {
			exemption = kzalloc(sizeof(*exemption),
					    GFP_KERNEL_ACCOUNT);
			if (!exemption)
				return -ENOMEM;
			rules->exemption[rules->count++] = exemption;
			ret = exemption_parse(attr, exemption, info->extack);
		}
		if (ret)
			return ret;
	}
	return 0;
}

static int rules_judge(const struct wxg_rules *rules, struct genl_info *info)
{
	struct wxg_rules_error error = {};
	int ret;

	ret = wxg_rules_check(rules, ktime_get_real_seconds(), &error);
	if (ret)
		wxg_genl_refuse(info->extack, NULL, ret, "%s", error.text);
	return ret;
}

/* Return: the new generation, or negative errno and the set is still ours. */
static s64 rules_publish(const struct wxg_rules *rules, struct genl_info *info)
{
	const struct nlattr *base = info->attrs[WXGUARD_A_GENERATION];
	s64 ret;

	ret = wxg_rules_live_publish(rules, base ? nla_get_u32(base) : 0);
	if (ret == -ESTALE)
		return wxg_genl_refuse(info->extack, base, -ESTALE,
				       "the rules are no longer those of generation %u; read them again and repeat the change",
				       nla_get_u32(base));
	return ret;
}

int wxg_genl_rules_set(struct sk_buff *skb, struct genl_info *info)
{
	struct wxg_rules rules;
	struct sk_buff *reply;
	s64 generation;
	void *hdr;
	int ret;

	/* The answer first: once published, nothing may fail any more. */
	reply = genlmsg_new(nla_total_size(sizeof(u32)), GFP_KERNEL);
	if (!reply)
		return -ENOMEM;
	hdr = genlmsg_put_reply(reply, info, &wxg_genl_family, 0,
				WXGUARD_CMD_RULES_SET);
	if (WARN_ON_ONCE(!hdr)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}

	wxg_rules_init(&rules);
	ret = rules_parse(&rules, info);
	if (!ret)
		ret = rules_judge(&rules, info);
	if (ret)
		goto err_free;
	generation = rules_publish(&rules, info);
	if (generation < 0) {
		ret = generation;
		goto err_free;
	}

	WARN_ON_ONCE(nla_put_u32(reply, WXGUARD_A_GENERATION, generation));
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);

err_free:
	rules_free(&rules);
	nlmsg_free(reply);
	if (ret == -ENOMEM)
		NL_SET_ERR_MSG(info->extack, "no memory for the new rules; the old ones stay in force");
	return ret;
}
