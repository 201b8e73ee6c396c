// SPDX-License-Identifier: GPL-2.0-only
/*
 * A finding on the wire: the largest one always leaves, cut and saying so,
 * and never asks the reader for more room than a dump message has.
 */
#include "genl_priv.h"
#include "message.h"

/* Every text in the finding, so that a test can fill them all. */
static u32 texts_of(struct wxg_finding *finding, struct wxg_text **texts)
{
	u32 count = 0;
	u32 i;

	texts[count++] = &finding->proc.exe;
	texts[count++] = &finding->proc.exe_file.path;
	texts[count++] = &finding->proc.args;
	texts[count++] = &finding->proc.cwd;
	texts[count++] = &finding->proc.cgroup;
	texts[count++] = &finding->memory.file.path;
	texts[count++] = &finding->exec.filename;
	texts[count++] = &finding->exec.file.path;
	texts[count++] = &finding->exec.name;
	texts[count++] = &finding->target.exe;
	texts[count++] = &finding->writer.exe;
	for (i = 0; i < WXGUARD_ANCESTORS_MAX; i++)
		texts[count++] = &finding->ancestor[i].exe;
	return count;
}

/* Everything present, each text as long as @len allows. */
static struct wxg_finding *full_finding(struct kunit *test, u32 len)
{
	struct wxg_text *texts[WXG_GENL_TEXTS_MAX];
	struct wxg_finding *finding;
	u32 count, i;

	finding = kunit_kzalloc(test, sizeof(*finding) + len, GFP_KERNEL);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, finding);
	finding->pool = (u8 *)(finding + 1);
	finding->pool_size = len;
	finding->pool_used = len;
	memset(finding->pool, 'p', len);
	finding->seq = ~0ULL;
	finding->class = WXGUARD_CLASS_EXEC_MEMORY;
	finding->window = WXGUARD_WINDOW_MAX;
	finding->ancestors = WXGUARD_ANCESTORS_MAX;
	finding->has_memory = true;
	finding->has_exec = true;
	finding->proc.exe_file.present = true;
	finding->memory.file.present = true;
	finding->memory.has_before = true;
	finding->exec.file.present = true;
	finding->exec.has_seals = true;
	finding->syscall.present = true;
	finding->target.present = true;
	finding->target.pid = 1;
	finding->writer.present = true;
	finding->writer.pid = 1;
	finding->flags = WXGUARD_FLAG_REPEAT;
	finding->tamper = WXGUARD_TAMPER_EXEC;
	finding->proc.pid = 1;
	memset(finding->proc.comm, 'c', WXGUARD_COMM_MAX);
	memset(finding->scope, 's', WXGUARD_EXEMPTION_NAME_MAX);

	/* All of them share the one pool: as encoded they are still long. */
	count = texts_of(finding, texts);
	KUNIT_EXPECT_EQ(test, count, (u32)WXG_GENL_TEXTS_MAX);
	for (i = 0; i < count; i++)
		texts[i]->len = len;
	return finding;
}

/* A message as a dump gets it, with the headers that come before. */
static struct sk_buff *message(struct kunit *test)
{
	struct sk_buff *skb = message_with_room(test, WXG_GENL_DUMP_ALLOC);

	skb_put_zero(skb, NLMSG_HDRLEN + GENL_HDRLEN);
	return skb;
}

/* Return: the value of FLAGS in the encoded finding. */
static u32 flags_of(struct kunit *test, const struct sk_buff *skb)
{
	const struct nlattr *nest = (const void *)(skb->data + NLMSG_HDRLEN +
						   GENL_HDRLEN);
	const struct nlattr *flags = nla_find_nested(nest, WXGUARD_FINDING_FLAGS);

	KUNIT_EXPECT_EQ(test, nla_type(nest), (int)WXGUARD_A_FINDING);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, flags);
	return nla_get_u32(flags);
}

static void finding_too_large_is_refused_whole(struct kunit *test)
{
	struct wxg_finding *finding = full_finding(test, WXGUARD_PATH_MAX);
	struct sk_buff *skb = message(test);

	KUNIT_EXPECT_NE(test, wxg_genl_finding_put(skb, finding, U32_MAX), 0);
	kfree_skb(skb);
}

static void finding_cut_always_fits(struct kunit *test)
{
	const u32 cut = WXGUARD_FLAG_ARGS_TRUNCATED |
			WXGUARD_FLAG_PATH_TRUNCATED | WXGUARD_FLAG_REPEAT;
	struct wxg_finding *finding = full_finding(test, WXGUARD_PATH_MAX);
	struct sk_buff *skb = message(test);

	KUNIT_ASSERT_EQ(test, 0,
			wxg_genl_finding_put(skb, finding, WXG_GENL_CAP_SMALL));
	KUNIT_EXPECT_EQ(test, flags_of(test, skb), cut);
	KUNIT_EXPECT_LE(test, skb->len, WXG_GENL_FIXED_MAX + WXG_GENL_TEXTS_MAX *
			(u32)(NLA_HDRLEN + WXG_GENL_CAP_SMALL));
	kfree_skb(skb);
}

static void finding_that_fits_is_not_cut(struct kunit *test)
{
	struct wxg_finding *finding = full_finding(test, WXG_GENL_CAP_SMALL);
	struct sk_buff *skb = message(test);

	KUNIT_ASSERT_EQ(test, 0,
			wxg_genl_finding_put(skb, finding, WXG_GENL_CAP_SMALL));
	KUNIT_EXPECT_EQ(test, flags_of(test, skb), WXGUARD_FLAG_REPEAT);
	kfree_skb(skb);
}

/* All that is not text takes less than the bound says. */
static void finding_fixed_part_is_bounded(struct kunit *test)
{
	struct wxg_finding *finding = full_finding(test, 1);
	struct sk_buff *skb = message(test);

	KUNIT_ASSERT_EQ(test, 0, wxg_genl_finding_put(skb, finding, U32_MAX));
	KUNIT_EXPECT_LE(test, skb->len, (u32)WXG_GENL_FIXED_MAX);
	kfree_skb(skb);
}

/* Return: what came of it with room for so many bytes; *@len of them were used. */
static int put_within(struct kunit *test, const struct wxg_finding *finding,
		      u32 room, u32 *len)
{
	struct sk_buff *skb = message_with_room(test, room);
	const int ret = wxg_genl_finding_put(skb, finding, U32_MAX);

	*len = skb->len;
	kfree_skb(skb);
	return ret;
}

/* With room for less than all of it: refused, whatever would come last. */
static void takes_just_its_room(struct kunit *test,
				const struct wxg_finding *finding)
{
	u32 room, whole, len;

	KUNIT_ASSERT_EQ(test, 0,
			put_within(test, finding, WXG_GENL_FIXED_MAX, &whole));
	for (room = 0; room < whole; room += 4)
		KUNIT_ASSERT_EQ_MSG(test, -EMSGSIZE,
				    put_within(test, finding, room, &len),
				    "room %u of %u", room, whole);
	KUNIT_EXPECT_EQ(test, 0, put_within(test, finding, whole, &len));
	KUNIT_EXPECT_EQ(test, len, whole);
}

static void finding_fits_or_is_refused(struct kunit *test)
{
	struct wxg_finding *finding = full_finding(test, 1);

	takes_just_its_room(test, finding);
	finding->proc.brief = true;
	finding->flags = WXGUARD_FLAG_NO_OUTCOME;
	takes_just_its_room(test, finding);
	finding->proc.pid = 0;
	takes_just_its_room(test, finding);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(finding_too_large_is_refused_whole),
	KUNIT_CASE(finding_cut_always_fits),
	KUNIT_CASE(finding_that_fits_is_not_cut),
	KUNIT_CASE(finding_fixed_part_is_bounded),
	KUNIT_CASE(finding_fits_or_is_refused),
	{}
};

struct kunit_suite wxg_kunit_finding = {
	.name = "finding",
	.test_cases = cases,
};
