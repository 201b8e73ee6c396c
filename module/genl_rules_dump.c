// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules on the wire: the dump. PROCESS context; encodes under the RCU
 * read lock and so may not sleep there. A set that is replaced between two
 * parts of the dump marks it as interrupted; the reader asks again.
 */
#include <linux/minmax.h>

#include "core/class.h"
#include "genl_priv.h"
#include "rules_live.h"

struct cursor {
	/* 0: classes and budget; then the scopes, then the exemptions. */
	u32 next;
};

static struct cursor *cursor_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));
	return (struct cursor *)cb->ctx;
}

static int put_class(struct sk_buff *skb, u32 id, const struct wxg_class_rule *rule)
{
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_CLASS);

	if (!nest ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_ID, id) ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_ACTION, rule->action) ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_KNOWN, rule->known) ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_WINDOW, rule->window) ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_REPEAT, rule->repeat) ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_SELF_CLONE, rule->self_clone) ||
	    nla_put_u32(skb, WXGUARD_CLASS_A_INIT, rule->init))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_classes(struct sk_buff *skb, const struct wxg_rules *rules)
{
	u32 id;

	for (id = 1; id < __WXGUARD_CLASS_MAX; id++) {
		if (put_class(skb, id, &rules->class[id]))
			return -EMSGSIZE;
	}
	return 0;
}

static int put_budget(struct sk_buff *skb, const struct wxg_budget_rule *budget)
{
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_BUDGET);

	if (!nest ||
	    nla_put_u32(skb, WXGUARD_BUDGET_PER_MINUTE, budget->per_minute) ||
	    nla_put_u32(skb, WXGUARD_BUDGET_PER_EXE, budget->per_exe))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_text(struct sk_buff *skb, int type, const char *text)
{
	return text[0] ? nla_put_string(skb, type, text) : 0;
}

static int put_scope(struct sk_buff *skb, const struct wxg_scope *scope,
		     u64 hits)
{
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_SCOPE);

	if (!nest ||
	    put_text(skb, WXGUARD_SCOPE_NAME, scope->name) ||
	    put_text(skb, WXGUARD_SCOPE_CGROUP, scope->cgroup) ||
	    nla_put_u32(skb, WXGUARD_SCOPE_CLASSES, scope->classes) ||
	    nla_put_u32(skb, WXGUARD_SCOPE_ACTION, scope->action) ||
	    nla_put_u64_64bit(skb, WXGUARD_SCOPE_HITS, hits, WXGUARD_SCOPE_PAD))
		return -EMSGSIZE;
	if (scope->has_known &&
	    nla_put_u32(skb, WXGUARD_SCOPE_KNOWN, scope->known))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* Which file, and for which content it was pinned. */
static int put_file(struct sk_buff *skb, const struct wxg_exemption *exemption)
{
	const struct wxg_known_key *key = &exemption->key;

	if (exemption->has_key &&
	    (nla_put_u32(skb, WXGUARD_EXEMPTION_DEV, key->dev) ||
	     nla_put_u64_64bit(skb, WXGUARD_EXEMPTION_INO, key->ino,
			       WXGUARD_EXEMPTION_PAD) ||
	     nla_put_u32(skb, WXGUARD_EXEMPTION_GENERATION, key->generation) ||
	     nla_put_s64(skb, WXGUARD_EXEMPTION_CTIME_SEC, key->ctime_sec,
			 WXGUARD_EXEMPTION_PAD) ||
	     nla_put_u32(skb, WXGUARD_EXEMPTION_CTIME_NSEC, key->ctime_nsec)))
		return -EMSGSIZE;
	if (exemption->has_sha256 &&
	    nla_put(skb, WXGUARD_EXEMPTION_SHA256, WXGUARD_SHA256_LEN,
		    exemption->sha256))
		return -EMSGSIZE;
	return 0;
}

static int put_exemption(struct sk_buff *skb,
			 const struct wxg_exemption *exemption, u64 hits)
{
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_EXEMPTION);

	if (!nest ||
	    put_text(skb, WXGUARD_EXEMPTION_NAME, exemption->name) ||
	    nla_put_u32(skb, WXGUARD_EXEMPTION_CLASSES, exemption->classes) ||
	    put_text(skb, WXGUARD_EXEMPTION_EXE, exemption->exe) ||
	    put_text(skb, WXGUARD_EXEMPTION_COMM, exemption->comm) ||
	    put_text(skb, WXGUARD_EXEMPTION_CGROUP, exemption->cgroup) ||
	    put_text(skb, WXGUARD_EXEMPTION_REASON, exemption->reason) ||
	    put_text(skb, WXGUARD_EXEMPTION_AUTHOR, exemption->author) ||
	    nla_put_u64_64bit(skb, WXGUARD_EXEMPTION_HITS, hits,
			      WXGUARD_EXEMPTION_PAD))
		return -EMSGSIZE;
	if (exemption->has_uid &&
	    nla_put_u32(skb, WXGUARD_EXEMPTION_UID, exemption->uid))
		return -EMSGSIZE;
	if (exemption->unsafe && nla_put_flag(skb, WXGUARD_EXEMPTION_UNSAFE))
		return -EMSGSIZE;
	if (exemption->expires &&
	    nla_put_u64_64bit(skb, WXGUARD_EXEMPTION_EXPIRES,
			      exemption->expires, WXGUARD_EXEMPTION_PAD))
		return -EMSGSIZE;
	if (put_file(skb, exemption))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_part(struct sk_buff *skb, const struct wxg_rules_live *live,
		    u32 part)
{
	const struct wxg_rules *rules = &live->rules;

	if (nla_put_u32(skb, WXGUARD_A_GENERATION, rules->generation))
		return -EMSGSIZE;
	if (!part)
		return put_classes(skb, rules) ?: put_budget(skb, &rules->budget);
	if (part-- <= rules->scopes)
		return put_scope(skb, rules->scope[part],
				 atomic64_read(wxg_rules_live_scope_hits(live, part)));
	part -= rules->scopes;
	return put_exemption(skb, rules->exemption[part],
			     atomic64_read(&live->hits[part]));
}

static int send_part(struct sk_buff *skb, struct netlink_callback *cb,
		     const struct wxg_rules_live *live, u32 part)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &wxg_genl_family,
				NLM_F_MULTI, WXGUARD_CMD_RULES_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (put_part(skb, live, part)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genl_dump_check_consistent(cb, hdr);
	genlmsg_end(skb, hdr);
	return 0;
}

/* The largest part fits into the smallest message that a dump is given. */
static_assert(WXGUARD_EXEMPTION_NAME_MAX + 2 * WXGUARD_GLOB_MAX +
	      WXGUARD_COMM_MAX + WXGUARD_REASON_MAX + WXGUARD_AUTHOR_MAX +
	      WXGUARD_SHA256_LEN + 384 <
	      NLMSG_GOODSIZE);
static_assert(WXGUARD_CLASS_MAX * 80 + 256 < NLMSG_GOODSIZE);

int wxg_genl_rules_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = cursor_of(cb);
	const struct wxg_rules_live *live;
	u32 parts;

	rcu_read_lock();
	live = wxg_rules_live_get();
	cb->seq = live->rules.generation;
	parts = 1 + live->rules.scopes + live->rules.count;
	for (; cursor->next < parts; cursor->next++)
		if (send_part(skb, cb, live, cursor->next))
			break;
	rcu_read_unlock();
	return skb->len;
}
