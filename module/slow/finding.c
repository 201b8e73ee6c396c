// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling a finding: its pool of bytes, paths and file identities.
 * PROCESS context, one filler at a time (the task it is about).
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/uidgid.h>

#include "compat.h"
#include "slow/facts.h"
#include "slow/finding.h"

struct wxg_finding *wxg_finding_alloc(void)
{
	struct wxg_finding *finding;

	finding = kvmalloc(sizeof(*finding) + WXG_FINDING_POOL_MAX, GFP_KERNEL);
	if (!finding)
		return NULL;
	/* The pool is written before it is read; only the values are cleared. */
	memset(finding, 0, sizeof(*finding));
	finding->pool_size = WXG_FINDING_POOL_MAX;
	return finding;
}

void wxg_finding_free(struct wxg_finding *finding)
{
	kvfree(finding);
}

void wxg_finding_add(struct wxg_finding *finding, struct wxg_text *text,
		     const void *data, size_t len)
{
	const u32 room = finding->pool_size - finding->pool_used;

	if (len > room) {
		len = room;
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
	}
	text->off = finding->pool_used;
	text->len = len;
	memcpy(finding->pool + text->off, data, len);
	finding->pool_used += len;
}

void wxg_finding_repeat(struct wxg_finding *finding, enum wxg_repeat answer,
			const struct wxg_repeat_info *info)
{
	finding->repeat_slot = info->slot;
	if (info->aggregate)
		finding->flags |= WXGUARD_FLAG_AGGREGATE;
	if (answer != WXG_REPEAT_ANNOUNCE)
		return;
	finding->flags |= WXGUARD_FLAG_REPEAT;
	finding->repeat_of = info->first;
	finding->repeat_count = info->count;
	finding->repeat_last = ktime_get_real_ns();
}

void wxg_finding_add_path(struct wxg_finding *finding, struct wxg_text *text,
			  const struct path *path, size_t max)
{
	char *const page = (char *)__get_free_page(GFP_KERNEL);
	const char *name;
	size_t len;

	/* d_path() asks for the root directory; an exiting task has none. */
	if (!page || !current->fs) {
		free_page((unsigned long)page);
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
		return;
	}
	name = d_path(path, page, PAGE_SIZE);
	if (IS_ERR(name)) {
		/* Longer than PATH_MAX: at least its last component. */
		struct name_snapshot last;

		take_dentry_name_snapshot(&last, path->dentry);
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
		wxg_finding_add(finding, text, last.name.name, last.name.len);
		release_dentry_name_snapshot(&last);
	} else {
		len = strlen(name);
		if (len > max) {
			len = max;
			finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
		}
		wxg_finding_add(finding, text, name, len);
	}
	free_page((unsigned long)page);
}

void wxg_finding_stat(struct wxg_file *to, const struct path *file)
{
	struct inode *const inode = d_real_inode(file->dentry);
	struct timespec64 time;
	struct wxg_known_key key;

	to->present = true;
	if (!wxg_facts_key_of_path(file, &key)) {
		to->dev = key.dev;
		to->ino = key.ino;
		to->generation = key.generation;
		to->ctime_sec = key.ctime_sec;
		to->ctime_nsec = key.ctime_nsec;
	}
	time = inode_get_mtime(inode);
	to->mtime_sec = time.tv_sec;
	to->mtime_nsec = time.tv_nsec;
	to->size = i_size_read(inode);
	to->mode = inode->i_mode;
	to->uid = from_kuid(&init_user_ns, inode->i_uid);
	to->gid = from_kgid(&init_user_ns, inode->i_gid);
	to->nlink = inode->i_nlink;
	to->magic = inode->i_sb->s_magic;
}

void wxg_finding_add_file(struct wxg_finding *finding, struct wxg_file *to,
			  const struct path *file, bool with_path)
{
	wxg_finding_stat(to, file);
	if (with_path)
		wxg_finding_add_path(finding, &to->path, file,
				     WXGUARD_PATH_MAX);
}
