// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index over the exe globs finds what a search from the first exemption
 * to the last finds, in whatever order they stand.
 * Any context that may use a shared buffer; pure.
 */
#include "core/prefix.h"
#include "cases.h"

/*
 * Beginnings of one another, equals, neighbours, and such that end in the
 * middle of a name; an exemption that names no executable has none.
 */
static const char *const globs[] = {
	"/usr/bin/python3",  "/usr/bin/*",	 "",
	"/usr/**",	     "/usr/bin/python3", "/",
	"/usr/bin/python3*", "/usr/bin/pyth?n3", "/usr/bin/python3.11",
	"/usr/bin/pythom",   "/usr/bin/pythoo",	 "/opt/a\\*b",
	"/opt/**",	     "/\xff**",		 "",
};

static const char *const paths[] = {
	"",
	"/",
	"/usr",
	"/usr/",
	"/usr/bin",
	"/usr/bin/python3",
	"/usr/bin/python",
	"/usr/bin/python3.11",
	"/usr/bin/python3.12",
	"/usr/bin/pythono",
	"/usr/bin/pythom",
	"/usr/lib/x",
	"/opt/a*b",
	"/opt/aab",
	"/a",
	"/zzz",
	"/\xff",
	"/\xff/\xfe",
};

/* Without a path, the ones that have no exe are told apart by the user. */
#define USERS 3

static struct wxg_exemption exemptions[ARRAY_SIZE(globs)];
static struct wxg_exemption *list[ARRAY_SIZE(globs)];
static struct wxg_prefix prefixes[ARRAY_SIZE(globs)];

/* The globs from @first on, and then those before it. */
static void make(struct wxg_rules *rules, u32 first)
{
	u32 i;

	memset(rules, 0, sizeof(*rules));
	for (i = 0; i < ARRAY_SIZE(globs); i++) {
		list[i] = &exemptions[i];
		memset(list[i], 0, sizeof(*list[i]));
		strcpy(list[i]->exe, globs[(first + i) % ARRAY_SIZE(globs)]);
		list[i]->classes = 1u << WXGUARD_CLASS_RWX_MPROTECT;
		list[i]->has_uid = true;
		list[i]->uid = i % USERS;
	}
	rules->exemption = list;
	rules->count = ARRAY_SIZE(globs);
	wxg_prefix_fill(prefixes, rules);
}

static int match(struct wxg_rules *rules, const char *path, u32 uid,
		 const struct wxg_prefix *prefix)
{
	const struct wxg_subject subject = {
		.exe = path,
		.exe_len = strlen(path),
		.comm = "",
		.cgroup = "",
		.uid = uid,
	};

	rules->prefix = prefix;
	return wxg_rules_match(rules, WXGUARD_CLASS_RWX_MPROTECT, &subject, 0);
}

static const char *prefix_title(u32 i)
{
	if (!paths[i][0])
		return "no path";
	if ((u8)paths[i][1] > 0x7f)
		return paths[i][2] ? "bytes above 127, more" :
				     "a byte above 127";
	return paths[i];
}

static const char *prefix_run(u32 i)
{
	static struct wxg_rules rules;
	u32 first, uid;
	int one_by_one, by_prefix;

	for (first = 0; first < ARRAY_SIZE(globs); first++) {
		make(&rules, first);
		for (uid = 0; uid <= USERS; uid++) {
			one_by_one = match(&rules, paths[i], uid, NULL);
			by_prefix = match(&rules, paths[i], uid, prefixes);
			if (one_by_one != by_prefix)
				return WXG_CASES_WHY(
					"from glob %u on, user %u: %d, not %d",
					first, uid, by_prefix, one_by_one);
		}
	}
	return NULL;
}

const struct wxg_cases wxg_cases_prefix = {
	.name = "prefix",
	.count = ARRAY_SIZE(paths),
	.title = prefix_title,
	.run = prefix_run,
};
