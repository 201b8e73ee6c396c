// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set on the wire: the dump. PROCESS context; may sleep. One
 * message per executable and class, those of one executable together.
 */
#include <linux/minmax.h>
#include <linux/skbuff.h>

#include "genl_priv.h"

/* Headers and all attributes of one message, rounded up. */
#define MESSAGE_MAX	(WXGUARD_KNOWN_PATH_MAX + 256)
#define DUMP_ALLOC	SKB_WITH_OVERHEAD(8192)

struct cursor {
	u64 at;			/* belongs to wxg_known_walk() */
};

static struct cursor *cursor_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct cursor) > sizeof(cb->ctx));
	return (struct cursor *)cb->ctx;
}

int wxg_genl_known_start(struct netlink_callback *cb)
{
	cursor_of(cb)->at = 0;
	cb->min_dump_alloc = DUMP_ALLOC;
	return 0;
}

/* A clock that was set back may put a sighting before 1970. */
static u64 since_1970(s64 since_boot)
{
	return max_t(s64, since_boot + wxg_genl_boot_time(), 0);
}

static int put_known(struct sk_buff *skb, const struct wxg_known_info *info,
		     u32 class)
{
	const struct wxg_known_key *key = &info->key;
	struct nlattr *nest = nla_nest_start(skb, WXGUARD_A_KNOWN);
	u32 flags = info->flags;

	/* Each class is pinned on its own. */
	if (!(info->pinned >> class & 1))
		flags &= ~WXGUARD_KNOWN_F_PINNED;

	if (!nest ||
	    nla_put_u32(skb, WXGUARD_KNOWN_DEV, key->dev) ||
	    nla_put_u64_64bit(skb, WXGUARD_KNOWN_INO, key->ino,
			      WXGUARD_KNOWN_PAD) ||
	    nla_put_u32(skb, WXGUARD_KNOWN_GENERATION, key->generation) ||
	    nla_put_s64(skb, WXGUARD_KNOWN_CTIME_SEC, key->ctime_sec,
			WXGUARD_KNOWN_PAD) ||
	    nla_put_u32(skb, WXGUARD_KNOWN_CTIME_NSEC, key->ctime_nsec) ||
	    nla_put_u64_64bit(skb, WXGUARD_KNOWN_FIRST_SEEN,
			      since_1970(info->first_seen), WXGUARD_KNOWN_PAD) ||
	    nla_put_u64_64bit(skb, WXGUARD_KNOWN_LAST_SEEN,
			      since_1970(info->seen[class]), WXGUARD_KNOWN_PAD) ||
	    nla_put_u64_64bit(skb, WXGUARD_KNOWN_COUNT, info->count,
			      WXGUARD_KNOWN_PAD) ||
	    nla_put_u32(skb, WXGUARD_KNOWN_CLASSES, 1U << class) ||
	    nla_put_u32(skb, WXGUARD_KNOWN_FLAGS, flags))
		return -EMSGSIZE;
	if (key->shape && nla_put_u32(skb, WXGUARD_KNOWN_SHAPE, key->shape))
		return -EMSGSIZE;
	if (info->path_len &&
	    nla_put(skb, WXGUARD_KNOWN_PATH, info->path_len, info->path))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int send_known(struct sk_buff *skb, struct netlink_callback *cb,
		      const struct wxg_known_info *info, u32 class)
{
	void *hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid,
				cb->nlh->nlmsg_seq, &wxg_genl_family,
				NLM_F_MULTI, WXGUARD_CMD_KNOWN_GET);

	if (!hdr)
		return -EMSGSIZE;
	if (put_known(skb, info, class)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

struct dump {
	struct sk_buff *skb;
	struct netlink_callback *cb;
};

/* All messages of one executable, or none: the walk resumes at an executable. */
static int send_entry(const struct wxg_known_info *info, void *arg)
{
	const struct dump *dump = arg;
	unsigned int before = dump->skb->len;
	u32 class;

	BUILD_BUG_ON(WXGUARD_CLASS_MAX * MESSAGE_MAX > DUMP_ALLOC);
	for (class = 1; class < __WXGUARD_CLASS_MAX; class++) {
		if (info->seen[class] == S64_MIN)
			continue;
		if (send_known(dump->skb, dump->cb, info, class)) {
			skb_trim(dump->skb, before);
			return -EMSGSIZE;
		}
	}
	return 0;
}

int wxg_genl_known_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct dump dump = { .skb = skb, .cb = cb };

	wxg_known_walk(&cursor_of(cb)->at, send_entry, &dump);
	return skb->len;
}
