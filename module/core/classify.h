/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From facts to classes: protections and the structure of files.
 */
#ifndef _WXG_CORE_CLASSIFY_H
#define _WXG_CORE_CLASSIFY_H

#include "port.h"

/* PROT_* as the generic ABI numbers them, so that core needs no mman.h. */
#define WXG_PROT_READ	0x1u
#define WXG_PROT_WRITE	0x2u
#define WXG_PROT_EXEC	0x4u

/* Is this protection writable and executable? Bits beyond R, W, X are ignored. */
static inline bool wxg_prot_is_wx(u64 prot)
{
	return (prot & (WXG_PROT_WRITE | WXG_PROT_EXEC)) ==
	       (WXG_PROT_WRITE | WXG_PROT_EXEC);
}

/**
 * wxg_prot_effective() - what mmap will really set
 * @prot: as asked
 * @implies: personality has READ_IMPLIES_EXEC
 * @noexec: backed by a file that may not be executed
 */
static inline u32 wxg_prot_effective(u32 prot, bool implies, bool noexec)
{
	if (implies && (prot & WXG_PROT_READ) && !noexec)
		prot |= WXG_PROT_EXEC;
	return prot;
}

/* What decides the origin of a file. All of it structure but name and path. */
struct wxg_traits {
	bool regular;		/* S_ISREG */
	bool kernel_mount;	/* SB_KERNMOUNT and MNT_INTERNAL */
	u32 nlink;
	u32 magic;		/* of the superblock */
	const char *name;	/* last component, not terminated */
	size_t name_len;
	const char *path;	/* as the process sees it; NULL if not resolved */
	size_t path_len;
};

#define WXG_MAGIC_TMPFS		0x01021994u
#define WXG_MAGIC_HUGETLBFS	0x958458f6u

/**
 * wxg_origin() - where do these bytes live?
 *
 * The name is looked at only after the structure has said "memory file": a
 * name on the kernel-internal mount cannot be forged, any other can.
 *
 * Return: enum wxguard_origin. Any context; pure.
 */
u32 wxg_origin(const struct wxg_traits *traits);

/* Is this origin a file with no name in any file system? */
static inline bool wxg_origin_is_memory(u32 origin)
{
	return origin >= WXGUARD_ORIGIN_MEMFD &&
	       origin <= WXGUARD_ORIGIN_MEMORY_OTHER;
}

/* Is it something that exec_memory is about (memory file, /dev/shm, /run/shm)? */
static inline bool wxg_origin_is_fileless(u32 origin)
{
	return origin != WXGUARD_ORIGIN_FILE;
}

/**
 * wxg_class_of_mmap() - which class is this new mapping?
 * @effective: protection that the kernel would set
 * @origin: of the backing file; WXGUARD_ORIGIN_FILE if there is none
 *
 * An executable mapping of a memfd is map_memory_exec whatever else it is.
 * Shared segments exist to be mapped: W and X together there is rwx_mmap, as
 * for anonymous memory.
 *
 * Return: enum wxguard_class, WXGUARD_CLASS_UNSPEC for innocent.
 */
static inline u32 wxg_class_of_mmap(u32 effective, u32 origin)
{
	if (!(effective & WXG_PROT_EXEC))
		return WXGUARD_CLASS_UNSPEC;
	if (wxg_origin_is_memory(origin) &&
	    !(wxg_prot_is_wx(effective) && (origin == WXGUARD_ORIGIN_SYSV_SHM ||
					    origin == WXGUARD_ORIGIN_SHARED_ANON)))
		return WXGUARD_CLASS_MAP_MEMORY_EXEC;
	if (wxg_prot_is_wx(effective))
		return WXGUARD_CLASS_RWX_MMAP;
	return WXGUARD_CLASS_UNSPEC;
}

#endif
