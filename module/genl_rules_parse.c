// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parts of a rule set off the wire: class, exemption, scope, budget.
 * PROCESS context, in the caller (whose descriptors are ours to look up);
 * may sleep. May not judge a set as a whole: core/ does.
 */
#include "core/class.h"
#include "genl_priv.h"

const struct nla_policy wxg_genl_class_policy[WXGUARD_CLASS_A_MAX + 1] = {
	[WXGUARD_CLASS_A_ID] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_ACTION] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_KNOWN] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_WINDOW] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_REPEAT] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_SELF_CLONE] = { .type = NLA_U32 },
	[WXGUARD_CLASS_A_INIT] = { .type = NLA_U32 },
};

#define TEXT(max)	{ .type = NLA_NUL_STRING, .len = (max) }
/* Counted here, and not to be set. */
#define HITS(of, attribute) { \
		.type = NLA_REJECT, \
		.reject_message = "the hits of " of " are counted here and " \
				  "cannot be set; leave " #attribute " out", \
	}

const struct nla_policy wxg_genl_exemption_policy[WXGUARD_EXEMPTION_MAX + 1] = {
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
	[WXGUARD_EXEMPTION_HITS] = HITS("an exemption", WXGUARD_EXEMPTION_HITS),
	[WXGUARD_EXEMPTION_FD] = { .type = NLA_U32 },
	[WXGUARD_EXEMPTION_DEV] = { .type = NLA_U32 },
	[WXGUARD_EXEMPTION_INO] = { .type = NLA_U64 },
	[WXGUARD_EXEMPTION_GENERATION] = { .type = NLA_U32 },
	[WXGUARD_EXEMPTION_CTIME_SEC] = { .type = NLA_S64 },
	[WXGUARD_EXEMPTION_CTIME_NSEC] = { .type = NLA_U32 },
	[WXGUARD_EXEMPTION_SHA256] = NLA_POLICY_EXACT_LEN(WXGUARD_SHA256_LEN),
};

const struct nla_policy wxg_genl_scope_policy[WXGUARD_SCOPE_MAX + 1] = {
	[WXGUARD_SCOPE_PAD] = WXG_GENL_PAD,
	[WXGUARD_SCOPE_NAME] = TEXT(WXGUARD_EXEMPTION_NAME_MAX),
	[WXGUARD_SCOPE_CGROUP] = TEXT(WXGUARD_GLOB_MAX),
	[WXGUARD_SCOPE_CLASSES] = { .type = NLA_U32 },
	[WXGUARD_SCOPE_ACTION] = { .type = NLA_U32 },
	[WXGUARD_SCOPE_KNOWN] = { .type = NLA_U32 },
	[WXGUARD_SCOPE_HITS] = HITS("a scope", WXGUARD_SCOPE_HITS),
};

const struct nla_policy wxg_genl_budget_policy[WXGUARD_BUDGET_A_MAX + 1] = {
	[WXGUARD_BUDGET_PER_MINUTE] = { .type = NLA_U32 },
	[WXGUARD_BUDGET_PER_EXE] = { .type = NLA_U32 },
};

/* A truth value of class @id; absent, it stays as it is. */
static int class_parse_bool(const struct nlattr *attr, u32 id, const char *what,
			    const char *meaning, bool *value,
			    struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (nla_get_u32(attr) > 1)
		return wxg_genl_refuse(extack, attr, -ERANGE,
				       "class %s: %s %u is neither 1 (%s) nor 0",
				       wxg_class_lookup(id)->name, what,
				       nla_get_u32(attr), meaning);
	*value = nla_get_u32(attr);
	return 0;
}

int wxg_genl_class_parse(const struct nlattr *nest, struct wxg_rules *rules,
			 u32 *given, struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WXGUARD_CLASS_A_MAX + 1];
	struct wxg_class_rule *rule;
	int ret;
	u32 id;

	ret = nla_parse_nested(tb, WXGUARD_CLASS_A_MAX, nest,
			       wxg_genl_class_policy, extack);
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
	if (tb[WXGUARD_CLASS_A_REPEAT])
		rule->repeat = nla_get_u32(tb[WXGUARD_CLASS_A_REPEAT]);
	ret = class_parse_bool(tb[WXGUARD_CLASS_A_KNOWN], id, "known",
			       "known executables are exempt", &rule->known,
			       extack);
	if (!ret)
		ret = class_parse_bool(tb[WXGUARD_CLASS_A_SELF_CLONE], id,
				       "self_clone", "self-clones are exempt",
				       &rule->self_clone, extack);
	if (!ret)
		ret = class_parse_bool(tb[WXGUARD_CLASS_A_INIT], id, "init",
				       "also pid 1 is denied", &rule->init,
				       extack);
	return ret;
}

/*
 * Copy one text; the policy has seen to its length and end. A byte NUL inside
 * would cut it, and with it what the administrator meant.
 */
static int text_parse(const struct nlattr *attr, char *to,
		      struct netlink_ext_ack *extack)
{
	size_t len;

	if (!attr)
		return 0;
	len = nla_len(attr) - 1;
	if (!len) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a text of the rules is empty; leave the attribute out or fill it");
		return -EINVAL;
	}
	if (strnlen(nla_data(attr), len) != len) {
		NL_SET_ERR_MSG_ATTR(extack, attr, "a text of the rules goes on after a NUL byte; give one text that ends in its only NUL");
		return -EINVAL;
	}
	memcpy(to, nla_data(attr), len + 1);
	return 0;
}

/* Which file: told by a descriptor or by its identity, not by both. */
static int key_parse(const struct nlattr *nest, struct nlattr *const *tb,
		     struct wxg_exemption *exemption,
		     struct netlink_ext_ack *extack)
{
	struct wxg_known_key *key = &exemption->key;
	u32 given = !!tb[WXGUARD_EXEMPTION_DEV] + !!tb[WXGUARD_EXEMPTION_INO] +
		    !!tb[WXGUARD_EXEMPTION_GENERATION] +
		    !!tb[WXGUARD_EXEMPTION_CTIME_SEC] +
		    !!tb[WXGUARD_EXEMPTION_CTIME_NSEC];

	if (given && tb[WXGUARD_EXEMPTION_FD]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "an exemption has both a descriptor and an identity; give one of them");
		return -EINVAL;
	}
	exemption->has_key = given || tb[WXGUARD_EXEMPTION_FD];
	if (tb[WXGUARD_EXEMPTION_FD])
		return wxg_genl_key_from_fd(tb[WXGUARD_EXEMPTION_FD], key,
					    extack);
	if (!given)
		return 0;
	if (given != 5) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "the identity of an exemption is incomplete; give DEV, INO, GENERATION, CTIME_SEC and CTIME_NSEC together");
		return -EINVAL;
	}
	key->dev = nla_get_u32(tb[WXGUARD_EXEMPTION_DEV]);
	key->ino = nla_get_u64(tb[WXGUARD_EXEMPTION_INO]);
	key->generation = nla_get_u32(tb[WXGUARD_EXEMPTION_GENERATION]);
	key->ctime_sec = nla_get_s64(tb[WXGUARD_EXEMPTION_CTIME_SEC]);
	key->ctime_nsec = nla_get_u32(tb[WXGUARD_EXEMPTION_CTIME_NSEC]);
	return 0;
}

static void exemption_parse_values(struct nlattr *const *tb,
				   struct wxg_exemption *exemption)
{
	const struct nlattr *sha256 = tb[WXGUARD_EXEMPTION_SHA256];

	if (tb[WXGUARD_EXEMPTION_CLASSES])
		exemption->classes = nla_get_u32(tb[WXGUARD_EXEMPTION_CLASSES]);
	if (tb[WXGUARD_EXEMPTION_UID]) {
		exemption->has_uid = true;
		exemption->uid = nla_get_u32(tb[WXGUARD_EXEMPTION_UID]);
	}
	exemption->unsafe = nla_get_flag(tb[WXGUARD_EXEMPTION_UNSAFE]);
	if (tb[WXGUARD_EXEMPTION_EXPIRES])
		exemption->expires = nla_get_u64(tb[WXGUARD_EXEMPTION_EXPIRES]);
	if (sha256) {
		exemption->has_sha256 = true;
		memcpy(exemption->sha256, nla_data(sha256), WXGUARD_SHA256_LEN);
	}
}

int wxg_genl_exemption_parse(const struct nlattr *nest,
			     struct wxg_exemption *exemption,
			     struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WXGUARD_EXEMPTION_MAX + 1];
	int ret;

	ret = nla_parse_nested(tb, WXGUARD_EXEMPTION_MAX, nest,
			       wxg_genl_exemption_policy, extack);
	if (ret)
		return ret;
	exemption_parse_values(tb, exemption);
	ret = key_parse(nest, tb, exemption, extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_EXEMPTION_NAME], exemption->name,
				 extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_EXEMPTION_EXE], exemption->exe,
				 extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_EXEMPTION_COMM], exemption->comm,
				 extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_EXEMPTION_CGROUP],
				 exemption->cgroup, extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_EXEMPTION_REASON],
				 exemption->reason, extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_EXEMPTION_AUTHOR],
				 exemption->author, extack);
	return ret;
}

int wxg_genl_scope_parse(const struct nlattr *nest, struct wxg_scope *scope,
			 struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WXGUARD_SCOPE_MAX + 1];
	const struct nlattr *known;
	int ret;

	ret = nla_parse_nested(tb, WXGUARD_SCOPE_MAX, nest,
			       wxg_genl_scope_policy, extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_SCOPE_NAME], scope->name, extack);
	if (!ret)
		ret = text_parse(tb[WXGUARD_SCOPE_CGROUP], scope->cgroup,
				 extack);
	if (ret)
		return ret;
	if (tb[WXGUARD_SCOPE_CLASSES])
		scope->classes = nla_get_u32(tb[WXGUARD_SCOPE_CLASSES]);
	/* An action is what a scope is for: none is no "off". */
	if (!tb[WXGUARD_SCOPE_ACTION]) {
		NL_SET_ERR_MSG_ATTR(extack, nest, "what does a scope do? give WXGUARD_SCOPE_ACTION: 0 off, 1 log, 2 deny, 3 kill");
		return -EINVAL;
	}
	scope->action = nla_get_u32(tb[WXGUARD_SCOPE_ACTION]);
	known = tb[WXGUARD_SCOPE_KNOWN];
	if (!known)
		return 0;
	if (nla_get_u32(known) > 1)
		return wxg_genl_refuse(extack, known, -ERANGE,
				       "a scope's known %u is neither 1 (known executables are exempt) nor 0",
				       nla_get_u32(known));
	scope->has_known = true;
	scope->known = nla_get_u32(known);
	return 0;
}

int wxg_genl_budget_parse(const struct nlattr *nest,
			  struct wxg_budget_rule *budget,
			  struct netlink_ext_ack *extack)
{
	struct nlattr *tb[WXGUARD_BUDGET_A_MAX + 1];
	int ret;

	ret = nla_parse_nested(tb, WXGUARD_BUDGET_A_MAX, nest,
			       wxg_genl_budget_policy, extack);
	if (ret)
		return ret;
	if (tb[WXGUARD_BUDGET_PER_MINUTE])
		budget->per_minute = nla_get_u32(tb[WXGUARD_BUDGET_PER_MINUTE]);
	if (tb[WXGUARD_BUDGET_PER_EXE])
		budget->per_exe = nla_get_u32(tb[WXGUARD_BUDGET_PER_EXE]);
	return 0;
}
