// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a file's bytes live: gathers the traits, core/classify.c judges them.
 * PROCESS context; takes no lock but a dentry's for a name snapshot.
 */
#include <linux/dcache.h>
#include <linux/hugetlb.h>
#include <linux/shmem_fs.h>

#include "core/classify.h"
#include "slow/finding.h"
#include "slow/origin.h"

static const char memfd_prefix[] = "memfd:";

u32 wxg_origin_of_path(const struct path *file, const char *path,
		       size_t path_len)
{
	const struct inode *const inode = d_inode(file->dentry);
	struct name_snapshot name;
	struct wxg_traits traits = {
		.regular = S_ISREG(inode->i_mode),
		.kernel_mount = (inode->i_sb->s_flags & SB_KERNMOUNT) &&
				(file->mnt->mnt_flags & MNT_INTERNAL),
		.nlink = inode->i_nlink,
		.magic = inode->i_sb->s_magic,
		.path = path,
		.path_len = path_len,
	};
	u32 origin;

	take_dentry_name_snapshot(&name, file->dentry);
	traits.name = name.name.name;
	traits.name_len = name.name.len;
	origin = wxg_origin(&traits);
	release_dentry_name_snapshot(&name);
	return origin;
}

u32 wxg_origin_of(const struct file *file, const char *path, size_t path_len)
{
	return wxg_origin_of_path(&file->f_path, path, path_len);
}

bool wxg_origin_seals(const struct inode *inode, u32 *seals)
{
	if (inode->i_sb->s_magic == TMPFS_MAGIC) {
		*seals = READ_ONCE(SHMEM_I((struct inode *)inode)->seals);
		return true;
	}
#ifdef CONFIG_HUGETLBFS
	if (inode->i_sb->s_magic == HUGETLBFS_MAGIC) {
		*seals = READ_ONCE(HUGETLBFS_I((struct inode *)inode)->seals);
		return true;
	}
#endif
	return false;
}

void wxg_origin_describe(struct wxg_finding *finding, const struct path *file,
			 u32 origin)
{
	struct wxg_exec *const exec = &finding->exec;
	const size_t skip = sizeof(memfd_prefix) - 1;
	struct name_snapshot name;

	take_dentry_name_snapshot(&name, file->dentry);
	if ((origin == WXGUARD_ORIGIN_MEMFD ||
	     origin == WXGUARD_ORIGIN_MEMFD_HUGETLB) && name.name.len >= skip) {
		wxg_finding_add(finding, &exec->name, name.name.name + skip,
				name.name.len - skip);
		exec->has_seals = wxg_origin_seals(d_inode(file->dentry),
						   &exec->seals);
	} else {
		wxg_finding_add(finding, &exec->name, name.name.name,
				name.name.len);
	}
	release_dentry_name_snapshot(&name);
}
