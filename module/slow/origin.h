/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * From kernel objects to the traits that decide a file's origin.
 */
#ifndef _WXG_SLOW_ORIGIN_H
#define _WXG_SLOW_ORIGIN_H

#include <linux/fs.h>
#include <linux/magic.h>
#include <linux/mount.h>

#include "core/event.h"

#ifndef HUGETLBFS_MAGIC
#define HUGETLBFS_MAGIC 0x958458f6
#endif

/**
 * wxg_path_is_memory() - does this file have no name in any file system?
 *
 * By structure: a regular file with no link on a mount that the kernel made
 * for itself, on tmpfs or hugetlbfs. Files cannot be linked into or bound
 * onto such a mount, so none of it can be forged. Any context; a few loads.
 */
static inline bool wxg_path_is_memory(const struct path *path)
{
	const struct inode *const inode = d_inode(path->dentry);
	const struct super_block *const sb = inode->i_sb;

	return (sb->s_flags & SB_KERNMOUNT) &&
	       (path->mnt->mnt_flags & MNT_INTERNAL) &&
	       !inode->i_nlink && S_ISREG(inode->i_mode) &&
	       (sb->s_magic == TMPFS_MAGIC || sb->s_magic == HUGETLBFS_MAGIC);
}

static inline bool wxg_file_is_memory(const struct file *file)
{
	return wxg_path_is_memory(&file->f_path);
}

/**
 * wxg_origin_of() - where do this file's bytes live?
 * @path: as the process sees it, not terminated; NULL if not resolved
 * Return: enum wxguard_origin. May sleep.
 */
u32 wxg_origin_of(const struct file *file, const char *path, size_t path_len);
/* The same of a path; @name: as the process sees it, or NULL. May sleep. */
u32 wxg_origin_of_path(const struct path *file, const char *name,
		       size_t name_len);

/**
 * wxg_origin_describe() - name and seals of a memory file, into a finding
 *
 * Sets exec.name, and exec.seals for a memfd. May sleep.
 */
void wxg_origin_describe(struct wxg_finding *finding, const struct path *file,
			 u32 origin);

/*
 * The seals of a memory file live in its inode; the fcntl that reads them is
 * not exported. Return: false if it is of a kind that has none. Any context.
 */
bool wxg_origin_seals(const struct inode *inode, u32 *seals);

#endif
