// SPDX-License-Identifier: GPL-2.0-only
/*
 * Filling a finding: its pool of bytes, paths and file identities.
 * PROCESS context, one filler at a time (the task it is about).
 */
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/mm.h>
#include <linux/uidgid.h>

#include "compat.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/scratch.h"

/* Enough for nearly all; the rest is added when it is needed. */
#define POOL_FIRST (WXG_SCRATCH_SIZE - sizeof(struct wxg_finding))

static u8 *first_pool(struct wxg_finding *finding)
{
	return (u8 *)(finding + 1);
}

struct wxg_finding *wxg_finding_alloc(void)
{
	struct wxg_finding *const finding = wxg_scratch_alloc();

	if (!finding)
		return NULL;
	/* The pool is written before it is read; only the values are cleared. */
	memset(finding, 0, sizeof(*finding));
	finding->pool = first_pool(finding);
	finding->pool_size = POOL_FIRST;
	return finding;
}

void wxg_finding_free(struct wxg_finding *finding)
{
	if (finding->pool != first_pool(finding))
		kvfree(finding->pool);
	wxg_scratch_free(finding);
}

/* To a pool with room for all that a finding may hold. */
static bool grow(struct wxg_finding *finding)
{
	u8 *pool;

	if (finding->pool != first_pool(finding))
		return false;
	pool = kvmalloc(WXG_FINDING_POOL_MAX, GFP_KERNEL);
	if (!pool)
		return false;
	memcpy(pool, finding->pool, finding->pool_used);
	finding->pool = pool;
	finding->pool_size = WXG_FINDING_POOL_MAX;
	return true;
}

u8 *wxg_finding_room(struct wxg_finding *finding, size_t len)
{
	if (len > finding->pool_size - finding->pool_used && !grow(finding))
		return NULL;
	return len <= finding->pool_size - finding->pool_used ?
	       finding->pool + finding->pool_used : NULL;
}

void wxg_finding_add(struct wxg_finding *finding, struct wxg_text *text,
		     const void *data, size_t len)
{
	u8 *const place = wxg_finding_room(finding, len);

	if (!place) {
		len = finding->pool_size - finding->pool_used;
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
	}
	text->off = finding->pool_used;
	text->len = len;
	/* It may be there already, or further on in the room. */
	memmove(finding->pool + text->off, data, len);
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

/*
 * Written by d_path() into the room at the end of the pool, where it stands at
 * the very end. Return: the path, NULL if it is longer than a path can be.
 */
static const char *path_in_room(struct wxg_finding *finding,
				const struct path *path)
{
	u8 *place = finding->pool + finding->pool_used;
	size_t room = finding->pool_size - finding->pool_used;
	const char *name = d_path(path, place, min(room, PAGE_SIZE));

	if (IS_ERR(name) && room < PAGE_SIZE) {
		place = wxg_finding_room(finding, PAGE_SIZE);
		if (place)
			name = d_path(path, place, PAGE_SIZE);
	}
	return IS_ERR(name) ? NULL : name;
}

void wxg_finding_add_path(struct wxg_finding *finding, struct wxg_text *text,
			  const struct path *path, size_t max)
{
	struct name_snapshot last;
	const char *name;
	size_t len;

	/* d_path() asks for the root directory; an exiting task has none. */
	if (!current->fs) {
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
		return;
	}
	name = path_in_room(finding, path);
	if (!name) {
		/* At least its last component. */
		take_dentry_name_snapshot(&last, path->dentry);
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
		wxg_finding_add(finding, text, last.name.name, last.name.len);
		release_dentry_name_snapshot(&last);
		return;
	}
	len = strlen(name);
	if (len > max) {
		len = max;
		finding->flags |= WXGUARD_FLAG_PATH_TRUNCATED;
	}
	wxg_finding_add(finding, text, name, len);
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
