// SPDX-License-Identifier: GPL-2.0-only
/*
 * The status, gathered from the stores and the probes. PROCESS context; may
 * sleep. Each number is read on its own: together they are no snapshot.
 */
#include <linux/minmax.h>

#include "budget.h"
#include "core/class.h"
#include "evidence.h"
#include "genl_priv.h"
#include "repeat.h"
#include "ring.h"
#include "rules_live.h"

/* The status, and WXG_HOOKS_MAX hooks with symbol names up to 128 bytes. */
#define REPLY_SIZE	(1024 + WXG_HOOKS_MAX * 256)

static u32 classes_built(void)
{
	u32 bits = 0;
	u32 class;

	for (class = 1; class < __WXGUARD_CLASS_MAX; class++)
		bits |= 1U << class;
	return bits;
}

static u32 rules_generation(void)
{
	u32 generation;

	rcu_read_lock();
	generation = wxg_rules_live_get()->rules.generation;
	rcu_read_unlock();
	return generation;
}

static int put_u64(struct sk_buff *skb, int type, u64 value)
{
	return nla_put_u64_64bit(skb, type, value, WXGUARD_STATUS_PAD);
}

static int put_ring(struct sk_buff *skb)
{
	struct wxg_ring_status ring;

	wxg_ring_status(&ring);
	return put_u64(skb, WXGUARD_STATUS_SEQ, ring.newest) ||
	       put_u64(skb, WXGUARD_STATUS_ACKED, ring.acked) ||
	       put_u64(skb, WXGUARD_STATUS_OLDEST, ring.oldest) ||
	       nla_put_u32(skb, WXGUARD_STATUS_RING_COUNT, ring.count) ||
	       nla_put_u32(skb, WXGUARD_STATUS_RING_MAX, ring.max) ||
	       put_u64(skb, WXGUARD_STATUS_RING_BYTES, ring.bytes) ||
	       put_u64(skb, WXGUARD_STATUS_RING_BYTES_MAX, ring.bytes_max) ||
	       put_u64(skb, WXGUARD_STATUS_LOST_OVERFLOW, ring.lost_overflow) ||
	       put_u64(skb, WXGUARD_STATUS_LOST_NOMEM, ring.lost_nomem);
}

static int put_rules(struct sk_buff *skb)
{
	return nla_put_string(skb, WXGUARD_STATUS_VERSION, WXG_VERSION) ||
	       nla_put_u32(skb, WXGUARD_STATUS_MODE, READ_ONCE(wxg_live_mode)) ||
	       nla_put_u32(skb, WXGUARD_STATUS_MODE_FIXED, wxg_mode_is_fixed()) ||
	       nla_put_u32(skb, WXGUARD_STATUS_GENERATION, rules_generation()) ||
	       nla_put_u32(skb, WXGUARD_STATUS_CLASSES, classes_built());
}

static int put_known(struct sk_buff *skb)
{
	return nla_put_u32(skb, WXGUARD_STATUS_KNOWN_COUNT, wxg_known_count()) ||
	       nla_put_u32(skb, WXGUARD_STATUS_KNOWN_MAX, wxg_known_max()) ||
	       put_u64(skb, WXGUARD_STATUS_KNOWN_EVICTED, wxg_known_evicted());
}

static int put_probes(struct sk_buff *skb, const struct wxg_probe_status *probes)
{
	return nla_put_u32(skb, WXGUARD_STATUS_PENDING, probes->pending) ||
	       nla_put_u32(skb, WXGUARD_STATUS_CANARY, probes->canary) ||
	       nla_put_u32(skb, WXGUARD_STATUS_LOCKED, probes->locked) ||
	       put_u64(skb, WXGUARD_STATUS_DENIED, probes->denied) ||
	       put_u64(skb, WXGUARD_STATUS_SPARED, probes->spared) ||
	       put_u64(skb, WXGUARD_STATUS_SELF_CLONES, probes->self_clones) ||
	       put_u64(skb, WXGUARD_STATUS_UNJUDGED, probes->unjudged) ||
	       put_u64(skb, WXGUARD_STATUS_HEARTBEAT, probes->heartbeat);
}

static int put_evidence(struct sk_buff *skb)
{
	struct wxg_evidence_status evidence;

	wxg_evidence_status(&evidence);
	return nla_put_u32(skb, WXGUARD_STATUS_EVIDENCE_COUNT, evidence.count) ||
	       put_u64(skb, WXGUARD_STATUS_EVIDENCE_BYTES, evidence.bytes) ||
	       put_u64(skb, WXGUARD_STATUS_EVIDENCE_MISSED, evidence.missed);
}

static int put_control(struct sk_buff *skb)
{
	u32 back;
	const u32 left = wxg_mode_confirm_left(&back);

	return nla_put_u32(skb, WXGUARD_STATUS_CONFIRM_LEFT, left) ||
	       (left && nla_put_u32(skb, WXGUARD_STATUS_CONFIRM_MODE, back)) ||
	       put_u64(skb, WXGUARD_STATUS_BUDGET_TRIPS, wxg_budget_trips()) ||
	       put_u64(skb, WXGUARD_STATUS_REPEATS, wxg_repeat_folded());
}

static int put_hook(struct sk_buff *skb, const struct wxg_hook_status *hook)
{
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_HOOK);

	if (!nest ||
	    nla_put_string(skb, WXGUARD_HOOK_A_NAME, hook->name) ||
	    nla_put_u32(skb, WXGUARD_HOOK_A_ROLE, hook->role) ||
	    nla_put_u32(skb, WXGUARD_HOOK_A_ENGINE, hook->engine) ||
	    nla_put_u32(skb, WXGUARD_HOOK_A_STATE, hook->state) ||
	    nla_put_u64_64bit(skb, WXGUARD_HOOK_A_HITS, hook->hits,
			      WXGUARD_HOOK_A_PAD) ||
	    nla_put_u64_64bit(skb, WXGUARD_HOOK_A_SUSPICIOUS, hook->suspicious,
			      WXGUARD_HOOK_A_PAD) ||
	    nla_put_u64_64bit(skb, WXGUARD_HOOK_A_MISSED, hook->missed,
			      WXGUARD_HOOK_A_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_status(struct sk_buff *skb, const struct wxg_probe_status *probes)
{
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_STATUS);
	u32 i;

	if (!nest || put_rules(skb) || put_ring(skb) || put_known(skb) ||
	    put_probes(skb, probes) || put_control(skb) ||
	    put_evidence(skb))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	for (i = 0; i < min_t(u32, probes->hooks, WXG_HOOKS_MAX); i++)
		if (put_hook(skb, &probes->hook[i]))
			return -EMSGSIZE;
	return 0;
}

int wxg_genl_status_get(struct sk_buff *skb, struct genl_info *info)
{
	struct wxg_probe_status probes = {};
	struct sk_buff *reply = genlmsg_new(REPLY_SIZE, GFP_KERNEL);
	void *hdr;

	if (!reply)
		return -ENOMEM;
	wxg_genl_rooms->status(&probes);
	hdr = genlmsg_put_reply(reply, info, &wxg_genl_family, 0,
				WXGUARD_CMD_STATUS_GET);
	if (WARN_ON_ONCE(!hdr || put_status(reply, &probes))) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}
