/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the wire share. Included by genl*.c only.
 */
#ifndef _WXG_GENL_PRIV_H
#define _WXG_GENL_PRIV_H

#include <linux/atomic.h>
#include <linux/build_bug.h>
#include <linux/ktime.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>

#include "core/event.h"
#include "core/rules.h"
#include "genl.h"

extern struct genl_family wxg_genl_family;

/* As main.c passed them to wxg_genl_init(); constant while registered. */
extern const struct wxg_genl_ops *wxg_genl_rooms;

/*
 * Policies have an entry for each attribute that the command takes; strict
 * validation refuses all others. Shapes and lengths are checked there; values
 * by hand, since only then can the answer be a sentence. A u64 may be
 * preceded by its set's PAD, which is empty.
 */
#define WXG_GENL_PAD	{ .type = NLA_FLAG }

extern const struct nla_policy wxg_genl_finding_policy[WXGUARD_A_SEQ + 1];
int wxg_genl_finding_start(struct netlink_callback *cb);
/*
 * 1: the bell has rung and nobody has begun to look since. It is not rung
 * again then, for whoever looks will find all that there is. Exchanged with a
 * full barrier on both sides: what is published meanwhile rings, or is found.
 */
extern atomic_t wxg_genl_rung;
int wxg_genl_finding_dump(struct sk_buff *skb, struct netlink_callback *cb);

/**
 * wxg_genl_finding_put() - encode one finding as a nest of the message
 * @skb: message under construction
 * @finding: what to encode
 * @cap: bytes of any one text at most; what is longer is cut and flagged
 *
 * Return: 0, or -EMSGSIZE with the message half written: cancel it.
 */
int wxg_genl_finding_put(struct sk_buff *skb, const struct wxg_finding *finding,
			 u32 cap);

/*
 * One message of the dump of findings. As large as fits into an allocation of
 * 32 KiB, which the page allocator still makes reliably; a finding with
 * nearly every path at its limit does not fit, and is then sent with its
 * texts cut.
 */
#define WXG_GENL_DUMP_ALLOC	SKB_WITH_OVERHEAD(32768)
/* With every text cut to this, a finding fits into any dump message. */
#define WXG_GENL_CAP_SMALL	1024
/*
 * Texts in a finding: 5 of the process, 1 memory, 3 exec, the ancestors, the
 * target and the writer.
 */
#define WXG_GENL_TEXTS_MAX	(11 + WXGUARD_ANCESTORS_MAX)
/* All other attributes of a finding with their headers, rounded up. */
#define WXG_GENL_FIXED_MAX	3072

extern const struct nla_policy wxg_genl_known_add_policy[WXGUARD_A_KNOWN + 1];
extern const struct nla_policy wxg_genl_known_del_policy[WXGUARD_A_KNOWN + 1];
extern const struct nla_policy wxg_genl_known_pin_policy[WXGUARD_A_KNOWN + 1];
int wxg_genl_known_start(struct netlink_callback *cb);
int wxg_genl_known_dump(struct sk_buff *skb, struct netlink_callback *cb);
int wxg_genl_known_add(struct sk_buff *skb, struct genl_info *info);
int wxg_genl_known_del(struct sk_buff *skb, struct genl_info *info);
int wxg_genl_known_flush(struct sk_buff *skb, struct genl_info *info);
int wxg_genl_known_pin(struct sk_buff *skb, struct genl_info *info);

/**
 * wxg_genl_key_from_fd() - which file is meant by a descriptor of the caller?
 * @fd: the attribute, a u32
 * @key: filled
 * @extack: of the request
 *
 * Return: 0, or negative errno with a sentence in @extack. Process context,
 * in the caller; may sleep.
 */
int wxg_genl_key_from_fd(const struct nlattr *fd, struct wxg_known_key *key,
			 struct netlink_ext_ack *extack);

extern const struct nla_policy
	wxg_genl_rules_policy[WXGUARD_A_FORCE + 1];
extern const struct nla_policy wxg_genl_class_policy[WXGUARD_CLASS_A_MAX + 1];
extern const struct nla_policy
	wxg_genl_exemption_policy[WXGUARD_EXEMPTION_MAX + 1];
extern const struct nla_policy wxg_genl_scope_policy[WXGUARD_SCOPE_MAX + 1];
extern const struct nla_policy wxg_genl_budget_policy[WXGUARD_BUDGET_A_MAX + 1];

/*
 * One part of a new rule set, taken apart and put where it belongs. What the
 * values mean together is for wxg_rules_check(). @given: bits of the classes
 * that the request has described so far. Return: 0, or negative errno with a
 * sentence in @extack. Process context, in the caller; may sleep.
 */
int wxg_genl_class_parse(const struct nlattr *nest, struct wxg_rules *rules,
			 u32 *given, struct netlink_ext_ack *extack);
int wxg_genl_exemption_parse(const struct nlattr *nest,
			     struct wxg_exemption *exemption,
			     struct netlink_ext_ack *extack);
int wxg_genl_scope_parse(const struct nlattr *nest, struct wxg_scope *scope,
			 struct netlink_ext_ack *extack);
int wxg_genl_budget_parse(const struct nlattr *nest,
			  struct wxg_budget_rule *budget,
			  struct netlink_ext_ack *extack);

int wxg_genl_evidence_get(struct sk_buff *skb, struct genl_info *info);
int wxg_genl_evidence_drop(struct sk_buff *skb, struct genl_info *info);

int wxg_genl_rules_dump(struct sk_buff *skb, struct netlink_callback *cb);
int wxg_genl_rules_set(struct sk_buff *skb, struct genl_info *info);
/*
 * Would enforce stop each program under the live rules? Return: 0, or -EINVAL
 * with a sentence in @extack. Process context; may sleep.
 */
int wxg_genl_rules_lockout(struct netlink_ext_ack *extack);

int wxg_genl_status_get(struct sk_buff *skb, struct genl_info *info);

/**
 * wxg_genl_refuse() - refuse a request with a sentence that has values in it
 * @extack: of the request; may be NULL
 * @attr: the attribute at fault, NULL if there is none
 * @error: negative errno
 * @fmt: what was given, why not, what would be right
 *
 * A sentence without values uses NL_SET_ERR_MSG_ATTR() instead.
 * Return: @error. Process context.
 */
__printf(4, 5)
int wxg_genl_refuse(struct netlink_ext_ack *extack, const struct nlattr *attr,
		    int error, const char *fmt, ...);
/* After the family is unregistered: no answer is under way any more. */
void wxg_genl_text_exit(void);

/*
 * When the machine was started, s since 1970: the wire counts from there. The
 * difference of two clocks read one after the other would change with the
 * moment, and a time with it, each time that it is told.
 */
static inline s64 wxg_genl_boot_time(void)
{
	struct timespec64 boot;

	getboottime64(&boot);
	return boot.tv_sec;
}

/* A text of a watched process: binary, no terminator. */
static inline int wxg_genl_put_comm(struct sk_buff *skb, int type, const u8 *comm)
{
	return nla_put(skb, type, strnlen(comm, WXGUARD_COMM_MAX), comm);
}

#endif
