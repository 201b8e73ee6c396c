// SPDX-License-Identifier: GPL-2.0-only
/*
 * The wire: the generic netlink family, its commands and its doorbell.
 * PROCESS context, in the caller that sent the request (so its descriptors
 * are ours to look up); may sleep. Keeps no state of its own: every answer
 * comes from the stores, every change goes to them whole.
 */
#include <linux/jiffies.h>
#include <linux/module.h>
#include <net/net_namespace.h>

#include "compat.h"
#include "genl_priv.h"
#include "reader.h"
#include "ring.h"
#include "rules_live.h"

const struct wxg_genl_ops *wxg_genl_rooms;

/* Bells may ring before the family is there and after it has gone. */
static bool registered;

/* Commands without attributes. */
static const struct nla_policy none_policy[WXGUARD_A_PAD + 1] = {
	[WXGUARD_A_PAD] = WXG_GENL_PAD,
};

static const struct nla_policy mode_policy[WXGUARD_A_FORCE + 1] = {
	[WXGUARD_A_PAD] = WXG_GENL_PAD,
	[WXGUARD_A_MODE] = { .type = NLA_U32 },
	[WXGUARD_A_CONFIRM] = { .type = NLA_U32 },
	[WXGUARD_A_FORCE] = { .type = NLA_FLAG },
};

static int finding_ack(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[WXGUARD_A_SEQ];
	struct wxg_ring_status ring;
	int ret;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "an ack needs the number of a finding (WXGUARD_A_SEQ)");
		return -EINVAL;
	}
	ret = wxg_ring_ack(nla_get_u64(attr));
	if (!ret) {
		/* Whoever keeps the findings is the daemon. */
		wxg_reader_is_here();
		return 0;
	}
	wxg_ring_status(&ring);
	return wxg_genl_refuse(info->extack, attr, ret,
			       "finding %llu does not exist yet and cannot be acknowledged; the newest is %llu",
			       nla_get_u64(attr), ring.newest);
}

static int mode_get(struct sk_buff *skb, struct genl_info *info)
{
	struct sk_buff *reply = genlmsg_new(nla_total_size(sizeof(u32)),
					    GFP_KERNEL);
	void *hdr;

	if (!reply)
		return -ENOMEM;
	hdr = genlmsg_put_reply(reply, info, &wxg_genl_family, 0,
				WXGUARD_CMD_MODE_GET);
	if (!hdr || nla_put_u32(reply, WXGUARD_A_MODE, READ_ONCE(wxg_live_mode))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

static int mode_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[WXGUARD_A_MODE];
	const struct nlattr *confirm = info->attrs[WXGUARD_A_CONFIRM];
	const u32 seconds = confirm ? nla_get_u32(confirm) : 0;
	int ret;

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "a mode is needed (WXGUARD_A_MODE): 0 off, 1 learn, 2 detect, 3 enforce");
		return -EINVAL;
	}
	if (confirm && (!seconds || seconds > WXGUARD_CONFIRM_MAX))
		return wxg_genl_refuse(info->extack, confirm, -ERANGE,
				       "a mode cannot wait %u s for its confirmation; give 1 to %u, or none to set it for good",
				       seconds, WXGUARD_CONFIRM_MAX);
	if (nla_get_u32(attr) == WXGUARD_MODE_ENFORCE &&
	    !info->attrs[WXGUARD_A_FORCE]) {
		ret = wxg_genl_rules_lockout(info->extack);
		if (ret)
			return ret;
	}
	ret = wxg_mode_try(nla_get_u32(attr), seconds);
	if (ret == -EPERM)
		NL_SET_ERR_MSG_ATTR(info->extack, attr, "the mode is fixed to off by wxguard.mode=off on the kernel command line; it can change after a boot without that");
	else if (ret)
		wxg_genl_refuse(info->extack, attr, ret,
				"mode %u does not exist; use 0 off, 1 learn, 2 detect, 3 enforce",
				nla_get_u32(attr));
	return ret;
}

static int lock(struct sk_buff *skb, struct genl_info *info)
{
	const int ret = wxg_genl_rooms->lock();

	if (ret)
		NL_SET_ERR_MSG(info->extack, "the module is being loaded or unloaded and cannot be locked now; ask again once it is loaded");
	return ret;
}

#define POLICY(table)	.policy = (table), .maxattr = ARRAY_SIZE(table) - 1

static const struct genl_ops ops[] = {
	{
		.cmd = WXGUARD_CMD_STATUS_GET,
		.flags = GENL_ADMIN_PERM,
		POLICY(none_policy),
		.doit = wxg_genl_status_get,
	}, {
		.cmd = WXGUARD_CMD_FINDING_GET,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_finding_policy),
		.start = wxg_genl_finding_start,
		.dumpit = wxg_genl_finding_dump,
	}, {
		.cmd = WXGUARD_CMD_FINDING_ACK,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_finding_policy),
		.doit = finding_ack,
	}, {
		.cmd = WXGUARD_CMD_KNOWN_GET,
		.flags = GENL_ADMIN_PERM,
		POLICY(none_policy),
		.start = wxg_genl_known_start,
		.dumpit = wxg_genl_known_dump,
	}, {
		.cmd = WXGUARD_CMD_KNOWN_ADD,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_known_add_policy),
		.doit = wxg_genl_known_add,
	}, {
		.cmd = WXGUARD_CMD_KNOWN_DEL,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_known_del_policy),
		.doit = wxg_genl_known_del,
	}, {
		.cmd = WXGUARD_CMD_KNOWN_FLUSH,
		.flags = GENL_ADMIN_PERM,
		POLICY(none_policy),
		.doit = wxg_genl_known_flush,
	}, {
		.cmd = WXGUARD_CMD_KNOWN_PIN,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_known_pin_policy),
		.doit = wxg_genl_known_pin,
	}, {
		.cmd = WXGUARD_CMD_RULES_GET,
		.flags = GENL_ADMIN_PERM,
		POLICY(none_policy),
		.dumpit = wxg_genl_rules_dump,
	}, {
		.cmd = WXGUARD_CMD_RULES_SET,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_rules_policy),
		.doit = wxg_genl_rules_set,
	}, {
		.cmd = WXGUARD_CMD_MODE_GET,
		.flags = GENL_ADMIN_PERM,
		POLICY(none_policy),
		.doit = mode_get,
	}, {
		.cmd = WXGUARD_CMD_MODE_SET,
		.flags = GENL_ADMIN_PERM,
		POLICY(mode_policy),
		.doit = mode_set,
	}, {
		.cmd = WXGUARD_CMD_LOCK,
		.flags = GENL_ADMIN_PERM,
		POLICY(none_policy),
		.doit = lock,
	}, {
		.cmd = WXGUARD_CMD_EVIDENCE_GET,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_finding_policy),
		.doit = wxg_genl_evidence_get,
	}, {
		.cmd = WXGUARD_CMD_EVIDENCE_DROP,
		.flags = GENL_ADMIN_PERM,
		POLICY(wxg_genl_finding_policy),
		.doit = wxg_genl_evidence_drop,
	},
};

enum {
	GROUP_FINDINGS,
};

static const struct genl_multicast_group groups[] = {
	[GROUP_FINDINGS] = {
		.name = WXGUARD_GENL_GROUP,
		WXG_GENL_GROUP_ADMIN,
	},
};

/* resv_start_op stays 0: the core then checks every header strictly. */
struct genl_family wxg_genl_family = {
	.name = WXGUARD_GENL_NAME,
	.version = WXGUARD_GENL_VERSION,
	.netnsok = false,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* A bell that nobody has heard by then may have been lost. */
#define RING_AGAIN HZ

static unsigned long rung_at;		/* jiffies */

static struct sk_buff *make_bell(u64 newest)
{
	struct sk_buff *skb;
	void *hdr;

	skb = genlmsg_new(nla_total_size_64bit(sizeof(u64)), GFP_KERNEL);
	if (!skb)
		return NULL;
	hdr = genlmsg_put(skb, 0, 0, &wxg_genl_family, 0, WXGUARD_CMD_DOORBELL);
	if (!hdr || nla_put_u64_64bit(skb, WXGUARD_A_SEQ, newest, WXGUARD_A_PAD)) {
		nlmsg_free(skb);
		return NULL;
	}
	genlmsg_end(skb, hdr);
	return skb;
}

void wxg_genl_ring(u64 newest)
{
	struct sk_buff *skb;

	if (!READ_ONCE(registered) ||
	    !genl_has_listeners(&wxg_genl_family, &init_net, GROUP_FINDINGS))
		return;
	if (atomic_xchg(&wxg_genl_rung, 1) &&
	    time_before(jiffies, READ_ONCE(rung_at) + RING_AGAIN))
		return;
	WRITE_ONCE(rung_at, jiffies);
	skb = make_bell(newest);
	if (!skb) {
		/* A bell that cannot be made is lost: the next one says it all. */
		atomic_set(&wxg_genl_rung, 0);
		return;
	}
	genlmsg_multicast_netns(&wxg_genl_family, &init_net, skb, 0,
				GROUP_FINDINGS, GFP_KERNEL);
}

int wxg_genl_init(const struct wxg_genl_ops *rooms)
{
	int ret;

	wxg_genl_rooms = rooms;
	ret = genl_register_family(&wxg_genl_family);
	if (ret)
		return ret;
	WRITE_ONCE(registered, true);
	return 0;
}

/* Unregistering waits for every request, and its answer, that is under way. */
void wxg_genl_exit(void)
{
	WRITE_ONCE(registered, false);
	genl_unregister_family(&wxg_genl_family);
	wxg_genl_text_exit();
}
