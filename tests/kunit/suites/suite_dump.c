// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dumps of the wire, into messages of every size: what does not fit comes
 * whole with the next one, and nothing is lost, doubled or left half written.
 */
#include <linux/sizes.h>
#include <linux/slab.h>

#include "genl_priv.h"
#include "known_keys.h"
#include "message.h"
#include "ring.h"
#include "rules_live.h"

#define ROOM_MAX	4096
#define ALL_MAX		SZ_64K

/* The wire itself is not built here: no request ever arrives. */
struct genl_family wxg_genl_family = {
	.name = "wxguard_kunit",
	.version = WXGUARD_GENL_VERSION,
};

struct dump {
	int (*start)(struct netlink_callback *cb);
	int (*next)(struct sk_buff *skb, struct netlink_callback *cb);
};

static const struct dump findings = {
	wxg_genl_finding_start, wxg_genl_finding_dump
};
static const struct dump known = {
	wxg_genl_known_start, wxg_genl_known_dump
};
static const struct dump rules = { NULL, wxg_genl_rules_dump };

/* What came of one dump: all its messages behind each other. */
struct told {
	u32 len;
	u32 messages;
	u8 *bytes;		/* ALL_MAX of them */
};

static struct told *told_alloc(struct kunit *test)
{
	struct told *told = kunit_kzalloc(test, sizeof(*told), GFP_KERNEL);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, told);
	told->bytes = kunit_kzalloc(test, ALL_MAX, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, told->bytes);
	return told;
}

static u32 count_messages(struct kunit *test, const struct sk_buff *skb)
{
	const struct nlmsghdr *nlh = (const void *)skb->data;
	int left = skb->len;
	u32 count = 0;

	for (; nlmsg_ok(nlh, left); nlh = nlmsg_next(nlh, &left))
		count++;
	KUNIT_EXPECT_EQ(test, left, 0);
	return count;
}

/* Until nothing comes any more: that is the end, or the room is too small. */
static void tell(struct kunit *test, const struct dump *dump, u32 room,
		 struct told *told)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
	} request = { .nlh.nlmsg_len = NLMSG_LENGTH(GENL_HDRLEN) };
	struct netlink_callback cb = {
		.skb = message_with_room(test, 64),
		.nlh = &request.nlh,
	};
	struct sk_buff *skb;
	u32 len;

	told->len = 0;
	told->messages = 0;
	if (dump->start)
		KUNIT_EXPECT_EQ(test, dump->start(&cb), 0);
	do {
		skb = message_with_room(test, room);
		len = dump->next(skb, &cb);
		KUNIT_EXPECT_EQ(test, len, skb->len);
		told->messages += count_messages(test, skb);
		if (told->len + len <= ALL_MAX)
			memcpy(told->bytes + told->len, skb->data, len);
		told->len += len;
		kfree_skb(skb);
	} while (len);
	kfree_skb(cb.skb);
}

/* @messages: how many the whole dump has. */
static void tell_in_every_size(struct kunit *test, const struct dump *dump,
			       u32 messages)
{
	struct told *all = told_alloc(test), *part = told_alloc(test);
	bool whole = false;
	u32 room;

	tell(test, dump, ROOM_MAX, all);
	KUNIT_ASSERT_EQ(test, all->messages, messages);
	KUNIT_ASSERT_LE(test, all->len, (u32)ALL_MAX);
	for (room = 0; room < ROOM_MAX; room += 4) {
		tell(test, dump, room, part);
		KUNIT_ASSERT_LE(test, part->len, all->len);
		/* A prefix, as far as it went; and with more room not less. */
		KUNIT_ASSERT_EQ_MSG(test, 0, memcmp(part->bytes, all->bytes,
						    part->len),
				    "room %u", room);
		KUNIT_ASSERT_TRUE_MSG(test, !whole || part->len == all->len,
				      "room %u", room);
		whole = part->len == all->len;
	}
	KUNIT_EXPECT_TRUE(test, whole);
}

static void publish(struct kunit *test, u32 text)
{
	struct wxg_finding *finding;

	finding = kunit_kzalloc(test, sizeof(*finding) + text, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, finding);
	finding->class = WXGUARD_CLASS_RWX_MPROTECT;
	finding->proc.pid = 1;
	finding->proc.exe.len = text;
	finding->pool = (u8 *)(finding + 1);
	finding->pool_size = text;
	finding->pool_used = text;
	memset(finding->pool, 'p', text);
	wxg_ring_publish(finding);
}

static void findings_and_losses(struct kunit *test)
{
	KUNIT_ASSERT_EQ(test, wxg_ring_init(8, SZ_1M, NULL), 0);
	publish(test, 10);
	wxg_ring_lose();
	wxg_ring_lose();
	publish(test, 1000);
	publish(test, 0);
	wxg_ring_lose();
	/* Two gaps, one of them at the end. */
	tell_in_every_size(test, &findings, 5);
	wxg_ring_exit();
}

static void known_executables(struct kunit *test)
{
	struct wxg_known_info info = info_of(1, MPROTECT, -1000);

	KUNIT_ASSERT_EQ(test, wxg_known_init(16), 0);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	info = info_of(2, WXGUARD_CLASS_WX_TRANSITION, -1000);
	info.key.shape = WXGUARD_REGION_STACK;
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	info = info_of(3, MPROTECT, -1000);
	info.seen[MMAP] = -1000;
	info.seen[WXGUARD_CLASS_EXEC_UNKNOWN] = -1000;
	info.flags |= WXGUARD_KNOWN_F_PINNED;
	info.path_len = WXGUARD_KNOWN_PATH_MAX;
	memset(info.path, 'p', info.path_len);
	KUNIT_EXPECT_EQ(test, wxg_known_restore(&info), 0);
	tell_in_every_size(test, &known, 5);
	wxg_known_exit();
}

/* A list of one part, as the wire would hand it over. */
static void *list_of_one(struct kunit *test, size_t size, void ***list)
{
	*list = kzalloc(sizeof(**list), GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, *list);
	**list = kzalloc(size, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, **list);
	return **list;
}

static void fill_scope(struct wxg_scope *scope)
{
	strcpy(scope->name, "scope");
	strcpy(scope->cgroup, "/x");
	scope->classes = 1u << MPROTECT;
	scope->action = WXGUARD_ACTION_LOG;
	scope->has_known = true;
}

/* With all that an exemption can have. */
static void fill_exemption(struct wxg_exemption *exemption)
{
	strcpy(exemption->name, "exemption");
	strcpy(exemption->exe, "/x");
	strcpy(exemption->comm, "x");
	strcpy(exemption->cgroup, "/");
	strcpy(exemption->reason, "test");
	strcpy(exemption->author, "kunit");
	exemption->classes = 1u << MPROTECT;
	exemption->has_uid = true;
	exemption->unsafe = true;
	exemption->expires = ~0ull;
	exemption->has_key = true;
	exemption->has_sha256 = true;
}

static void rules_of_all_kinds(struct kunit *test)
{
	struct wxg_rules set;

	KUNIT_ASSERT_EQ(test, wxg_rules_live_init(WXGUARD_MODE_DETECT, false, 60),
			0);
	wxg_rules_init(&set);
	fill_scope(list_of_one(test, sizeof(struct wxg_scope),
			       (void ***)&set.scope));
	set.scopes = 1;
	fill_exemption(list_of_one(test, sizeof(struct wxg_exemption),
				   (void ***)&set.exemption));
	set.count = 1;
	KUNIT_ASSERT_EQ(test, wxg_rules_live_publish(&set, 0), 2ll);
	tell_in_every_size(test, &rules, 3);
	wxg_rules_live_exit();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(findings_and_losses),
	KUNIT_CASE(known_executables),
	KUNIT_CASE(rules_of_all_kinds),
	{}
};

struct kunit_suite wxg_kunit_dump = {
	.name = "dump",
	.test_cases = cases,
};
