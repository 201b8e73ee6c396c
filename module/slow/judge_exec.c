// SPDX-License-Identifier: GPL-2.0-only
/*
 * security_bprm_check: which classes is this program start of?
 * PROCESS context in the calling task, under cred_guard_mutex; may sleep.
 */
#include <linux/binfmts.h>
#include <linux/dcache.h>
#include <linux/gfp.h>
#include <linux/jhash.h>

#include "core/classify.h"
#include "core/interp.h"
#include "rules_live.h"
#include "slow/arguments.h"
#include "slow/content.h"
#include "slow/describe.h"
#include "slow/origin.h"
#include "slow/pending.h"

/*
 * One finding per program start, for the class that names it best; a further
 * class is asked only where it could refuse.
 */
static int ask_about(struct wxg_event *event, u32 class)
{
	if (!(READ_ONCE(wxg_live_classes) & BIT(class)) ||
	    (event->told && !wxg_rules_live_denies(class)))
		return 0;
	event->class = class;
	return wxg_judge_event(event);
}

/* Tells programs apart that have no lasting identity. */
static u64 fingerprint(const struct path *file, const void *head, size_t len)
{
	struct name_snapshot name;
	u32 low, high;

	take_dentry_name_snapshot(&name, file->dentry);
	low = jhash(name.name.name, name.name.len,
		    (u32)i_size_read(d_inode(file->dentry)));
	release_dentry_name_snapshot(&name);
	high = jhash(head, len, low);
	return (u64)high << 32 | low;
}

/* As many names as tell /dev/shm, which may be no mount of its own. */
#define NEAR_ROOT 3

/* Elsewhere a program is on a disk, wherever that disk is mounted. */
static bool may_be_shm(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic == TMPFS_MAGIC &&
	       !wxg_file_is_memory(file);
}

/*
 * A folder above the file, so close to the root of its mount that its path can
 * be said; the file itself if it is as close. One reference.
 */
static struct dentry *near_root(const struct path *file)
{
	struct dentry *kept[NEAR_ROOT + 1] = { dget(file->dentry) };
	struct dentry *near = NULL;
	int i;

	while (kept[0] != file->mnt->mnt_root && !IS_ROOT(kept[0])) {
		dput(kept[NEAR_ROOT]);
		memmove(&kept[1], &kept[0], NEAR_ROOT * sizeof(kept[0]));
		kept[0] = dget_parent(kept[1]);
	}
	for (i = 0; i <= NEAR_ROOT && kept[i]; i++) {
		dput(near);
		near = kept[i];
	}
	return near;
}

/* The path, or how it begins where it is too long for a page. */
static const char *path_of(const struct file *file, char *page)
{
	const char *path = d_path(&file->f_path, page, PAGE_SIZE);
	struct path near;

	if (!IS_ERR(path))
		return path;
	near.mnt = file->f_path.mnt;
	near.dentry = near_root(&file->f_path);
	path = d_path(&near, page, PAGE_SIZE);
	dput(near.dentry);
	return IS_ERR(path) ? "" : path;
}

/* Return: 0, or -ENOMEM: whether it lies in /dev/shm could not be told. */
static int origin_of(struct file *file, u32 *origin)
{
	const char *path;
	char *page;

	*origin = wxg_origin_of(file, NULL, 0);
	if (!may_be_shm(file))
		return 0;
	page = (char *)__get_free_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	path = path_of(file, page);
	*origin = wxg_origin_of(file, path, strlen(path));
	free_page((unsigned long)page);
	return 0;
}

static bool clones_are_exempt(void)
{
	bool exempt;

	rcu_read_lock();
	exempt = wxg_rules_live_get()
			 ->rules.class[WXGUARD_CLASS_EXEC_MEMORY].self_clone;
	rcu_read_unlock();
	return exempt;
}

static bool is_interpreter(const struct file *file)
{
	struct name_snapshot name;
	bool is;

	take_dentry_name_snapshot(&name, file->f_path.dentry);
	is = wxg_interp_is(name.name.name);
	release_dentry_name_snapshot(&name);
	return is;
}

/* An interpreter that will run a memory file. */
static int judge_arguments(struct wxg_event *event)
{
	struct wxg_event asked = *event;
	struct path file;
	int ret;

	if (!(READ_ONCE(wxg_live_classes) & BIT(WXGUARD_CLASS_EXEC_ARG_MEMORY)) ||
	    !is_interpreter(event->bprm->file))
		return 0;
	ret = wxg_arguments_memory(event->bprm, &file);
	if (ret < 0)
		return wxg_judge_blindly(WXGUARD_CLASS_EXEC_ARG_MEMORY, false);
	if (!ret)
		return 0;
	/* The script of this very exec was judged in the round before. */
	if (!wxg_pending_find(WXG_JUDGE_EXEC, d_inode(file.dentry))) {
		asked.path = &file;
		asked.object = d_inode(file.dentry);
		asked.origin = wxg_origin_of_path(&file, NULL, 0);
		asked.detail = fingerprint(&file, "", 0);
		ret = ask_about(&asked, WXGUARD_CLASS_EXEC_ARG_MEMORY);
		event->told = asked.told;
	} else {
		ret = 0;
	}
	path_put(&file);
	return ret;
}

static int judge_unknown(struct wxg_event *event)
{
	int ret;

	event->subject_file = event->file;
	event->detail = 0;
	ret = ask_about(event, WXGUARD_CLASS_EXEC_UNKNOWN);
	event->subject_file = NULL;
	return ret;
}

int wxg_judge_exec_call(enum wxg_judge_id id, struct linux_binprm *bprm)
{
	struct file *const file = bprm->file;
	struct wxg_event event = {
		.id = id,
		.file = file,
		.bprm = bprm,
		.object = file_inode(file),
	};
	int ret = 0;

	if (origin_of(file, &event.origin)) {
		ret = wxg_judge_blindly(WXGUARD_CLASS_EXEC_MEMORY, false);
		if (ret)
			return ret;
		/* Told, as a loss. What it is apart from that is asked about. */
		event.told = true;
	}
	if (wxg_origin_is_memory(event.origin) && clones_are_exempt() &&
	    wxg_content_is_clone(file)) {
		wxg_slow_count_self_clone();
		wxg_judge_pass(&event);
		return 0;
	}
	event.detail = fingerprint(&file->f_path, bprm->buf, sizeof(bprm->buf));
	if (wxg_origin_is_fileless(event.origin))
		ret = ask_about(&event, WXGUARD_CLASS_EXEC_MEMORY);
	if (!ret && !file_inode(file)->i_nlink &&
	    !wxg_origin_is_memory(event.origin))
		ret = ask_about(&event, WXGUARD_CLASS_EXEC_UNLINKED);
	/* Nobody is given arguments by those that only ask. */
	if (!ret && id == WXG_JUDGE_EXEC)
		ret = judge_arguments(&event);
	if (!ret)
		ret = judge_unknown(&event);
	return ret;
}
