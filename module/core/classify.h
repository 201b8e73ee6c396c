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

/* Shared segments exist to be mapped: as executable memory they are no files. */
static inline bool wxg_origin_is_segment(u32 origin)
{
	return origin == WXGUARD_ORIGIN_SYSV_SHM ||
	       origin == WXGUARD_ORIGIN_SHARED_ANON;
}

/* One call can be of so many classes at once. */
#define WXG_CLASSES_MAX 3

/**
 * struct wxg_change - a mapping, as it would become
 * @effective: protection that the kernel would set
 * @origin: of the backing file; WXGUARD_ORIGIN_FILE if there is none
 * @fresh: a new mapping; the following are of one that exists
 * @was_exec: it is executable already
 * @written: its process may have written what it holds
 * @stack: it is the main stack, asked for by PROT_GROWSDOWN, which the C
 *	library uses for a library that wants an executable stack
 */
struct wxg_change {
	u32 effective;
	u32 origin;
	bool fresh;
	bool was_exec;
	bool written;
	bool stack;
};

/**
 * wxg_classes_of() - which classes is this mapping, or change of one?
 * @class: filled, the most specific first
 *
 * W and X together is rwx_mmap or rwx_mprotect whatever else it is. An
 * executable mapping of a memfd is map_memory_exec from when it becomes
 * executable. What was written and becomes executable is wx_transition, but
 * for a memfd, where it does not matter who wrote it.
 *
 * Return: how many, 0 for innocent. Any context; pure.
 */
u32 wxg_classes_of(const struct wxg_change *change, u32 class[WXG_CLASSES_MAX]);

#endif
