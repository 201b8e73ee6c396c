// SPDX-License-Identifier: GPL-2.0-only
/*
 * "Findings since N": the dump of the ring, with its gaps. PROCESS context;
 * may sleep (the ring does). Holds a finding only while it is being encoded.
 */
#include <linux/minmax.h>

#include "genl_priv.h"
#include "ring.h"

/*
 * Every number in (after, until] is still to be accounted for. The end is
 * fixed at the start, so that a dump ends however fast findings come.
 */
struct cursor {
	u64 after;
	u64 until;
};

atomic_t wxg_genl_rung = ATOMIC_INIT(0);

static struct cursor *cursor_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));
	return (struct cursor *)cb->ctx;
}

const struct nla_policy wxg_genl_finding_policy[WXGUARD_A_SEQ + 1] = {
	[WXGUARD_A_PAD] = WXG_GENL_PAD,
	[WXGUARD_A_SEQ] = { .type = NLA_U64 },
};

int wxg_genl_finding_start(struct netlink_callback *cb)
{
	struct nlattr *tb[WXGUARD_A_SEQ + 1];
	struct cursor *cursor = cursor_of(cb);
	struct wxg_ring_status ring;
	int ret;

	/* Parsed here, since where the core keeps its own copy differs. */
	ret = genlmsg_parse(cb->nlh, &wxg_genl_family, tb, WXGUARD_A_SEQ,
			    wxg_genl_finding_policy, cb->extack);
	if (ret)
		return ret;
	/* Before it is asked what there is. */
	atomic_xchg(&wxg_genl_rung, 0);
	wxg_ring_status(&ring);
	cursor->after = tb[WXGUARD_A_SEQ] ? nla_get_u64(tb[WXGUARD_A_SEQ]) : 0;
	cursor->until = ring.newest;
	cb->min_dump_alloc = WXG_GENL_DUMP_ALLOC;
	return 0;
}

static void *message_begin(struct sk_buff *skb, struct netlink_callback *cb,
			   u8 cmd)
{
	return genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			   &wxg_genl_family, NLM_F_MULTI, cmd);
}

static int send_loss(struct sk_buff *skb, struct netlink_callback *cb,
		     u64 first, u64 last)
{
	void *hdr = message_begin(skb, cb, WXGUARD_CMD_LOSS);
	struct nlattr *nest;

	if (!hdr)
		return -EMSGSIZE;
	nest = nla_nest_start(skb, WXGUARD_A_LOSS);
	if (!nest ||
	    nla_put_u64_64bit(skb, WXGUARD_LOSS_FIRST, first, WXGUARD_LOSS_PAD) ||
	    nla_put_u64_64bit(skb, WXGUARD_LOSS_LAST, last, WXGUARD_LOSS_PAD)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	genlmsg_end(skb, hdr);
	return 0;
}

static int try_finding(struct sk_buff *skb, struct netlink_callback *cb,
		       const struct wxg_finding *finding, u32 cap)
{
	void *hdr = message_begin(skb, cb, WXGUARD_CMD_FINDING_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (wxg_genl_finding_put(skb, finding, cap)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int send_finding(struct sk_buff *skb, struct netlink_callback *cb,
			const struct wxg_finding *finding)
{
	int ret = try_finding(skb, cb, finding, U32_MAX);

	BUILD_BUG_ON(WXG_GENL_TEXTS_MAX *
		     (NLA_HDRLEN + WXG_GENL_CAP_SMALL) + WXG_GENL_FIXED_MAX >
		     WXG_GENL_DUMP_ALLOC);
	/* Alone in a message and still too large: never ask for it again. */
	if (ret && !skb->len)
		ret = try_finding(skb, cb, finding, WXG_GENL_CAP_SMALL);
	return ret;
}

/* Account for the next numbers. Return: 0, -EMSGSIZE if they did not fit. */
static int send_next(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct cursor *cursor = cursor_of(cb);
	const struct wxg_finding *finding;
	u64 missing, last;
	int ret = 0;

	finding = wxg_ring_read(cursor->after, &missing);
	last = finding ? min(finding->seq - 1, cursor->until) : cursor->until;
	if (missing && missing <= last) {
		ret = send_loss(skb, cb, missing, last);
		if (ret)
			goto out;
	}
	cursor->after = last;
	if (!finding || finding->seq > cursor->until)
		goto out;

	ret = send_finding(skb, cb, finding);
	if (!ret)
		cursor->after = finding->seq;
out:
	if (finding)
		wxg_ring_put(finding);
	return ret;
}

int wxg_genl_finding_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct cursor *cursor = cursor_of(cb);

	while (cursor->after < cursor->until)
		if (send_next(skb, cb))
			break;
	return skb->len;
}
