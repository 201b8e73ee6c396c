// SPDX-License-Identifier: GPL-2.0-only
/*
 * A new rule set from the wire. PROCESS context; may sleep. The set is built
 * aside, checked whole and then published whole; until then it is ours, and
 * a refusal frees it and changes nothing.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/ktime.h>

#include "genl_priv.h"
#include "rules_live.h"

const struct nla_policy wxg_genl_rules_policy[WXGUARD_A_FORCE + 1] = {
	[WXGUARD_A_PAD] = WXG_GENL_PAD,
	[WXGUARD_A_GENERATION] = { .type = NLA_U32 },
	[WXGUARD_A_CLASS] = NLA_POLICY_NESTED(wxg_genl_class_policy),
	[WXGUARD_A_EXEMPTION] = NLA_POLICY_NESTED(wxg_genl_exemption_policy),
	[WXGUARD_A_SCOPE] = NLA_POLICY_NESTED(wxg_genl_scope_policy),
	[WXGUARD_A_BUDGET] = NLA_POLICY_NESTED(wxg_genl_budget_policy),
	[WXGUARD_A_FORCE] = { .type = NLA_FLAG },
};

static void rules_free(struct wxg_rules *rules)
{
	u32 i;

	for (i = 0; i < rules->count; i++)
		kfree(rules->exemption[i]);
	kvfree(rules->exemption);
	for (i = 0; i < rules->scopes; i++)
		kfree(rules->scope[i]);
	kvfree(rules->scope);
}

static u32 count_of(const struct genl_info *info, int type)
{
	const struct nlattr *attr;
	u32 count = 0;
	int rest;

	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest)
		count += nla_type(attr) == type;
	return count;
}

/* Make room for the exemptions and scopes of the request, none of them filled. */
static int parts_alloc(struct wxg_rules *rules, struct genl_info *info)
{
	u32 exemptions = count_of(info, WXGUARD_A_EXEMPTION);
	u32 scopes = count_of(info, WXGUARD_A_SCOPE);

	if (exemptions > WXGUARD_EXEMPTIONS_MAX)
		return wxg_genl_refuse(info->extack, NULL, -E2BIG,
				       "%u exemptions are too many; give at most %u",
				       exemptions, WXGUARD_EXEMPTIONS_MAX);
	if (scopes > WXGUARD_SCOPES_MAX)
		return wxg_genl_refuse(info->extack, NULL, -E2BIG,
				       "%u scopes are too many; give at most %u",
				       scopes, WXGUARD_SCOPES_MAX);
	if (exemptions) {
		rules->exemption = kvcalloc(exemptions,
					    sizeof(*rules->exemption),
					    GFP_KERNEL_ACCOUNT);
		if (!rules->exemption)
			return -ENOMEM;
	}
	if (scopes) {
		rules->scope = kvcalloc(scopes, sizeof(*rules->scope),
					GFP_KERNEL_ACCOUNT);
		if (!rules->scope)
			return -ENOMEM;
	}
	return 0;
}

static int exemption_add(struct wxg_rules *rules, const struct nlattr *nest,
			 struct netlink_ext_ack *extack)
{
	struct wxg_exemption *exemption = kzalloc(sizeof(*exemption),
						  GFP_KERNEL_ACCOUNT);

	if (!exemption)
		return -ENOMEM;
	rules->exemption[rules->count++] = exemption;
	return wxg_genl_exemption_parse(nest, exemption, extack);
}

static int scope_add(struct wxg_rules *rules, const struct nlattr *nest,
		     struct netlink_ext_ack *extack)
{
	struct wxg_scope *scope = kzalloc(sizeof(*scope), GFP_KERNEL_ACCOUNT);

	if (!scope)
		return -ENOMEM;
	rules->scope[rules->scopes++] = scope;
	return wxg_genl_scope_parse(nest, scope, extack);
}

/* On failure the caller frees what is there already. */
static int rules_parse(struct wxg_rules *rules, struct genl_info *info)
{
	const struct nlattr *attr;
	u32 classes = 0;
	int rest, ret;

	if (count_of(info, WXGUARD_A_BUDGET) > 1) {
		NL_SET_ERR_MSG(info->extack, "the budget is given twice; give WXGUARD_A_BUDGET at most once");
		return -EEXIST;
	}
	ret = parts_alloc(rules, info);
	if (ret)
		return ret;
	nlmsg_for_each_attr(attr, info->nlhdr, GENL_HDRLEN, rest) {
		switch (nla_type(attr)) {
		case WXGUARD_A_CLASS:
			ret = wxg_genl_class_parse(attr, rules, &classes,
						   info->extack);
			break;
		case WXGUARD_A_EXEMPTION:
			ret = exemption_add(rules, attr, info->extack);
			break;
		case WXGUARD_A_SCOPE:
			ret = scope_add(rules, attr, info->extack);
			break;
		case WXGUARD_A_BUDGET:
			ret = wxg_genl_budget_parse(attr, &rules->budget,
						    info->extack);
			break;
		}
		if (ret)
			return ret;
	}
	return 0;
}

/* How many executables exec_unknown would let pass. */
static u32 known_executables(const struct wxg_class_rule *rule)
{
	return wxg_known_count_for(WXGUARD_CLASS_EXEC_UNKNOWN,
				   ktime_get_boottime_seconds(), rule->window);
}

static int rules_judge(const struct wxg_rules *rules, struct genl_info *info)
{
	const struct wxg_class_rule *rule =
		&rules->class[WXGUARD_CLASS_EXEC_UNKNOWN];
	struct wxg_rules_error error = {};
	int ret;

	ret = wxg_rules_check(rules, ktime_get_real_seconds(), &error);
	if (!ret && !info->attrs[WXGUARD_A_FORCE])
		ret = wxg_rules_dangers(rules, known_executables(rule), &error);
	if (ret)
		wxg_genl_refuse(info->extack, NULL, ret, "%s", error.text);
	return ret;
}

int wxg_genl_rules_lockout(struct netlink_ext_ack *extack)
{
	const struct wxg_rules_live *live;
	struct wxg_rules_error error = {};
	struct wxg_class_rule rule;
	u32 known;
	int ret;

	if (!wxg_rules_live_denies(WXGUARD_CLASS_EXEC_UNKNOWN))
		return 0;
	rcu_read_lock();
	rule = wxg_rules_live_get()->rules.class[WXGUARD_CLASS_EXEC_UNKNOWN];
	rcu_read_unlock();
	/* Sleeps; a set that is published meanwhile has been judged itself. */
	known = known_executables(&rule);
	rcu_read_lock();
	live = wxg_rules_live_get();
	ret = wxg_rules_lockout(&live->rules, known, &error);
	rcu_read_unlock();
	if (ret)
		wxg_genl_refuse(extack, NULL, ret, "%s", error.text);
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
