/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A netlink message under construction, with exactly so much room.
 */
#ifndef WXG_KUNIT_MESSAGE_H
#define WXG_KUNIT_MESSAGE_H

#include <linux/skbuff.h>
#include <net/genetlink.h>

#include "suites.h"

/* The allocator gives more than was asked for: the rest stands in front. */
static inline struct sk_buff *message_with_room(struct kunit *test, u32 room)
{
	struct sk_buff *skb = alloc_skb(room, GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, skb);
	skb_reserve(skb, skb_tailroom(skb) - room);
	return skb;
}

#endif
