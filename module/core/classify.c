// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where the bytes of a file live, told by the structure of the file, and
 * which classes a mapping is of.
 * Any context; pure. May not believe a name before the structure is known.
 */
#include "classify.h"

static bool starts_with(const char *text, size_t len, const char *prefix)
{
	size_t want = strlen(prefix);

	return text && len >= want && !memcmp(text, prefix, want);
}

static bool equals(const char *text, size_t len, const char *other)
{
	return len == strlen(other) && starts_with(text, len, other);
}

/* Has no directory anywhere ever held this regular file? */
static bool is_memory_file(const struct wxg_traits *traits)
{
	return traits->kernel_mount && traits->nlink == 0 &&
	       (traits->magic == WXG_MAGIC_TMPFS ||
		traits->magic == WXG_MAGIC_HUGETLBFS);
}

/* Only the kernel gives these names: nothing can be linked onto its mount. */
static u32 memory_origin(const struct wxg_traits *traits)
{
	const char *name = traits->name;
	size_t len = traits->name_len;

	if (starts_with(name, len, "memfd:"))
		return traits->magic == WXG_MAGIC_HUGETLBFS ?
		       WXGUARD_ORIGIN_MEMFD_HUGETLB : WXGUARD_ORIGIN_MEMFD;
	if (starts_with(name, len, "SYSV"))
		return WXGUARD_ORIGIN_SYSV_SHM;
	if (equals(name, len, "dev/zero") || equals(name, len, "anon_hugepage"))
		return WXGUARD_ORIGIN_SHARED_ANON;
	return WXGUARD_ORIGIN_MEMORY_OTHER;
}

u32 wxg_origin(const struct wxg_traits *traits)
{
	if (!traits->regular)
		return WXGUARD_ORIGIN_FILE;
	if (is_memory_file(traits))
		return memory_origin(traits);
	/* With the closing "/": /dev/shmX is somewhere else. */
	if (starts_with(traits->path, traits->path_len, "/dev/shm/"))
		return WXGUARD_ORIGIN_DEV_SHM;
	if (starts_with(traits->path, traits->path_len, "/run/shm/"))
		return WXGUARD_ORIGIN_RUN_SHM;
	return WXGUARD_ORIGIN_FILE;
}

/* As code, not as memory that is written and executed in one place. */
static bool maps_memory_file(const struct wxg_change *change)
{
	if (!wxg_origin_is_memory(change->origin) || change->was_exec)
		return false;
	if (!wxg_origin_is_segment(change->origin))
		return true;
	return change->fresh && !wxg_prot_is_wx(change->effective);
}

u32 wxg_classes_of(const struct wxg_change *change, u32 class[WXG_CLASSES_MAX])
{
	u32 count = 0;

	if (!(change->effective & WXG_PROT_EXEC))
		return 0;
	if (change->stack && !change->was_exec)
		class[count++] = WXGUARD_CLASS_EXEC_STACK;
	if (maps_memory_file(change))
		class[count++] = WXGUARD_CLASS_MAP_MEMORY_EXEC;
	if (wxg_prot_is_wx(change->effective))
		class[count++] = change->fresh ? WXGUARD_CLASS_RWX_MMAP :
						 WXGUARD_CLASS_RWX_MPROTECT;
	else if (!change->was_exec && change->written &&
		 !maps_memory_file(change))
		class[count++] = WXGUARD_CLASS_WX_TRANSITION;
	return count;
}
