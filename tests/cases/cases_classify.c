// SPDX-License-Identifier: GPL-2.0-only
/*
 * Protections, origins and mappings, by their tables.
 * Any context that may use a shared buffer; pure.
 */
#include "core/class.h"
#include "core/classify.h"
#include "cases.h"

#define MAGIC_TMPFS	WXG_MAGIC_TMPFS
#define MAGIC_HUGETLBFS	WXG_MAGIC_HUGETLBFS
#define MAGIC_EXT4	0xef53u

static const struct {
	const char *title;
	u32 asked;
	bool implies;
	bool noexec;
	u32 effective;
	bool wx;
} prots[] = {
#define PROT(title, asked, implies, noexec, effective, wx) \
	{ title, asked, implies, noexec, effective, wx },
#include "prot.cases"
};

static const char *prot_title(u32 i)
{
	return prots[i].title;
}

static const char *prot_run(u32 i)
{
	u32 effective = wxg_prot_effective(prots[i].asked, prots[i].implies,
					   prots[i].noexec);
	bool wx = wxg_prot_is_wx(effective);

	if (effective != prots[i].effective)
		return WXG_CASES_WHY("the effective protection is 0x%x, not 0x%x",
				     effective, prots[i].effective);
	if (wx != prots[i].wx)
		return WXG_CASES_WHY("it is%s writable and executable",
				     wx ? "" : " not");
	return NULL;
}

const struct wxg_cases wxg_cases_prot = {
	.name = "prot",
	.count = ARRAY_SIZE(prots),
	.title = prot_title,
	.run = prot_run,
};

static const struct {
	const char *title;
	bool regular;
	bool kernel_mount;
	u32 nlink;
	u32 magic;
	const char *name;
	const char *path;
	u32 origin;
} origins[] = {
#define ORIGIN(title, regular, kernel_mount, nlink, magic, name, path, origin) \
	{ title, regular, kernel_mount, nlink, MAGIC_##magic, name, path, \
	  WXGUARD_ORIGIN_##origin },
#include "origin.cases"
};

static const char *origin_title(u32 i)
{
	return origins[i].title;
}

static const char *origin_run(u32 i)
{
	struct wxg_traits traits = {
		.regular = origins[i].regular,
		.kernel_mount = origins[i].kernel_mount,
		.nlink = origins[i].nlink,
		.magic = origins[i].magic,
		.name = origins[i].name,
		.name_len = strlen(origins[i].name),
		.path = origins[i].path,
		.path_len = origins[i].path ? strlen(origins[i].path) : 0,
	};
	u32 want = origins[i].origin;
	u32 origin = wxg_origin(&traits);

	if (origin != want)
		return WXG_CASES_WHY("the origin is %s, not %s",
				     wxg_origin_name(origin),
				     wxg_origin_name(want));
	if (wxg_origin_is_memory(origin) !=
	    (want != WXGUARD_ORIGIN_FILE && want != WXGUARD_ORIGIN_DEV_SHM &&
	     want != WXGUARD_ORIGIN_RUN_SHM))
		return WXG_CASES_WHY("%s is wrong about being memory",
				     wxg_origin_name(origin));
	if (wxg_origin_is_fileless(origin) != (want != WXGUARD_ORIGIN_FILE))
		return WXG_CASES_WHY("%s is wrong about being fileless",
				     wxg_origin_name(origin));
	return NULL;
}

const struct wxg_cases wxg_cases_origin = {
	.name = "origin",
	.count = ARRAY_SIZE(origins),
	.title = origin_title,
	.run = origin_run,
};

/* The classes of a row, in their order. */
struct wanted {
	u32 count;
	u32 class[WXG_CLASSES_MAX];
};

#define NONE { .count = 0 }
#define ONE(a) { .count = 1, .class = { WXGUARD_CLASS_##a } }
#define TWO(a, b) \
	{ .count = 2, .class = { WXGUARD_CLASS_##a, WXGUARD_CLASS_##b } }

static const char *check_classes(const struct wxg_change *change,
				 const struct wanted *want)
{
	u32 class[WXG_CLASSES_MAX];
	u32 count = wxg_classes_of(change, class);
	u32 i;

	if (count != want->count)
		return WXG_CASES_WHY("it is of %u classes, not of %u", count,
				     want->count);
	for (i = 0; i < count; i++)
		if (class[i] != want->class[i])
			return WXG_CASES_WHY("class %u is number %u, not %u",
					     i, class[i], want->class[i]);
	return NULL;
}

static const struct {
	const char *title;
	u32 effective;
	u32 origin;
	struct wanted want;
} mappings[] = {
#define MMAP(title, effective, origin, ...) \
	{ title, effective, WXGUARD_ORIGIN_##origin, __VA_ARGS__ },
#include "mmap.cases"
};

static const char *mmap_title(u32 i)
{
	return mappings[i].title;
}

static const char *mmap_run(u32 i)
{
	struct wxg_change change = {
		.effective = mappings[i].effective,
		.origin = mappings[i].origin,
		.fresh = true,
	};

	return check_classes(&change, &mappings[i].want);
}

const struct wxg_cases wxg_cases_mmap = {
	.name = "mmap",
	.count = ARRAY_SIZE(mappings),
	.title = mmap_title,
	.run = mmap_run,
};

static const struct {
	const char *title;
	u32 effective;
	u32 origin;
	bool was_exec;
	bool written;
	bool stack;
	struct wanted want;
} changes[] = {
#define MPROTECT(title, effective, origin, was_exec, written, stack, ...) \
	{ title, effective, WXGUARD_ORIGIN_##origin, was_exec, written, stack, \
	  __VA_ARGS__ },
#include "mprotect.cases"
};

static const char *mprotect_title(u32 i)
{
	return changes[i].title;
}

static const char *mprotect_run(u32 i)
{
	struct wxg_change change = {
		.effective = changes[i].effective,
		.origin = changes[i].origin,
		.was_exec = changes[i].was_exec,
		.written = changes[i].written,
		.stack = changes[i].stack,
	};

	return check_classes(&change, &changes[i].want);
}

const struct wxg_cases wxg_cases_mprotect = {
	.name = "mprotect",
	.count = ARRAY_SIZE(changes),
	.title = mprotect_title,
	.run = mprotect_run,
};
