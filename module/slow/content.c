// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is a memory file the copy of an executable on disk? Reads both and compares.
 * PROCESS context in the calling task; may sleep, and read for a while: the
 * size is bounded, and a signal that kills ends it.
 */
#include <linux/cred.h>
#include <linux/fcntl.h>
#include <linux/list.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "compat.h"
#include "slow/content.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/origin.h"

#define CLONE_SEALS	(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
/* runc has 10 to 15 MB; what is larger than this is no runtime. */
#define CLONE_SIZE_MAX	(64LL << 20)
#define CLONES_MAX	64
#define CHUNK		(32 * 1024)

/**
 * struct clone - one recognised memory file
 * @node: in clones, most recently used first
 * @key: identity of the memory file; the seals keep its content
 * @original: what it is a copy of
 */
struct clone {
	struct list_head node;
	struct wxg_known_key key;
	struct wxg_original original;
};

/* Innermost, like the known set's: nothing that takes another lock under it. */
static DEFINE_MUTEX(clones_lock);
static LIST_HEAD(clones);
static unsigned int clones_count;

static struct clone *find(const struct wxg_known_key *key)
{
	struct clone *clone;

	lockdep_assert_held(&clones_lock);
	list_for_each_entry(clone, &clones, node) {
		if (!wxg_identity_equal(&clone->key, key))
			continue;
		list_move(&clone->node, &clones);
		return clone;
	}
	return NULL;
}

bool wxg_content_original(struct file *file, struct wxg_original *original)
{
	struct wxg_known_key key;
	struct clone *clone;

	if (!READ_ONCE(clones_count) || wxg_facts_key(file, &key))
		return false;
	mutex_lock(&clones_lock);
	clone = find(&key);
	if (clone)
		*original = clone->original;
	mutex_unlock(&clones_lock);
	return clone;
}

static void remember(struct file *file, struct clone *fresh)
{
	struct clone *old = NULL;

	if (wxg_facts_key(file, &fresh->key)) {
		kvfree(fresh);
		return;
	}
	mutex_lock(&clones_lock);
	if (find(&fresh->key)) {
		old = fresh;
	} else {
		list_add(&fresh->node, &clones);
		if (clones_count == CLONES_MAX) {
			old = list_last_entry(&clones, struct clone, node);
			list_del(&old->node);
		} else {
			WRITE_ONCE(clones_count, clones_count + 1);
		}
	}
	mutex_unlock(&clones_lock);
	kvfree(old);
}

static bool is_sealed(struct file *file)
{
	u32 seals;

	return wxg_file_is_memory(file) &&
	       wxg_origin_seals(file_inode(file), &seals) &&
	       (seals & CLONE_SEALS) == CLONE_SEALS;
}

/* Only root could have put its content there. */
static bool is_trusted(struct file *file)
{
	const struct inode *const inode = d_real_inode(file->f_path.dentry);

	return S_ISREG(inode->i_mode) && inode->i_nlink &&
	       uid_eq(inode->i_uid, GLOBAL_ROOT_UID) &&
	       !(inode->i_mode & 0022) &&
	       !wxg_file_is_memory(file);
}

static bool read_chunk(struct file *file, char *to, size_t len, loff_t at)
{
	return kernel_read(file, to, len, &at) == (ssize_t)len;
}

static bool same_content(struct file *a, struct file *b)
{
	const loff_t size = i_size_read(file_inode(a));
	bool same;
	loff_t at;
	size_t len;
	char *buf;

	if (size <= 0 || size > CLONE_SIZE_MAX ||
	    size != i_size_read(file_inode(b)))
		return false;
	buf = kvmalloc(2 * CHUNK, GFP_KERNEL);
	if (!buf)
		return false;
	for (at = 0, same = true; same && at < size; at += len) {
		len = min_t(loff_t, CHUNK, size - at);
		same = !fatal_signal_pending(current) &&
		       read_chunk(a, buf, len, at) &&
		       read_chunk(b, buf + CHUNK, len, at) &&
		       !memcmp(buf, buf + CHUNK, len);
		cond_resched();
	}
	kvfree(buf);
	return same;
}

/* The caller's executable as an original; false if it cannot be one. */
static bool original_of(struct file *exe, struct wxg_original *original)
{
	const char *name;

	if (wxg_file_is_memory(exe))
		return wxg_content_original(exe, original);
	if (!is_trusted(exe) || wxg_facts_key(exe, &original->key))
		return false;
	wxg_finding_stat(&original->file, &exe->f_path);
	name = d_path(&exe->f_path, original->path, sizeof(original->path));
	if (IS_ERR(name))
		return false;
	original->path_len = strlen(name);
	memmove(original->path, name, original->path_len);
	return true;
}

bool wxg_content_is_clone(struct file *file)
{
	struct wxg_known_key key;
	struct clone *clone;
	struct file *exe;
	bool is = false;

	if (!is_sealed(file) || wxg_facts_key(file, &key))
		return false;
	mutex_lock(&clones_lock);
	is = find(&key);
	mutex_unlock(&clones_lock);
	if (is)
		return true;

	exe = wxg_facts_exe_get();
	if (!exe)
		return false;
	clone = kvzalloc(sizeof(*clone), GFP_KERNEL);
	if (clone && original_of(exe, &clone->original) &&
	    same_content(exe, file)) {
		remember(file, clone);
		clone = NULL;
		is = true;
	}
	kvfree(clone);
	fput(exe);
	return is;
}

void wxg_content_exit(void)
{
	struct clone *clone, *next;

	list_for_each_entry_safe(clone, next, &clones, node)
		kvfree(clone);
	INIT_LIST_HEAD(&clones);
	clones_count = 0;
}
