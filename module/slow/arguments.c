// SPDX-License-Identifier: GPL-2.0-only
/*
 * The arguments of a program that is about to start, read from its new memory,
 * and the descriptors that it will inherit.
 * PROCESS context in the calling task, under cred_guard_mutex; may sleep.
 */
#include <linux/binfmts.h>
#include <linux/fdtable.h>
#include <linux/mm.h>
#include <linux/namei.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "compat.h"
#include "core/interp.h"
#include "slow/arguments.h"
#include "slow/origin.h"

/**
 * struct reader - the argument strings, one page of them at a time
 * @bprm: borrowed
 * @at: address of the next byte
 * @left: strings that are left
 * @start: address of the page that @page is a copy of
 * @page: PAGE_SIZE bytes
 * @word: the string read last, NUL terminated; PATH_MAX bytes
 */
struct reader {
	struct linux_binprm *bprm;
	unsigned long at;
	int left;
	unsigned long start;
	char *page;
	char *word;
};

/* Descriptors: which memory files the new program inherits. */
struct inheritance {
	const struct inode *inode;	/* looked for, NULL = any memory file */
	bool held;			/* by some descriptor */
	bool kept;			/* by one that survives the exec */
};

static int fetch(struct reader *reader)
{
	struct mm_struct *const mm = reader->bprm->mm;
	struct page *page;
	long got;

	mmap_read_lock(mm);
	got = wxg_get_page_remote(mm, reader->at, &page);
	mmap_read_unlock(mm);
	if (got != 1)
		return -EFAULT;
	/* There is no high memory on 64 bit. */
	memcpy(reader->page, page_address(page), PAGE_SIZE);
	put_page(page);
	reader->start = reader->at & PAGE_MASK;
	return 0;
}

/* A string that is too long to be a path is read, and shown as empty. */
static int next_word(struct reader *reader)
{
	size_t len = 0;
	char byte;
	int ret;

	if (reader->left <= 0)
		return 0;
	do {
		if ((reader->at & PAGE_MASK) != reader->start) {
			if (fatal_signal_pending(current))
				return -EINTR;
			ret = fetch(reader);
			if (ret)
				return ret;
			cond_resched();
		}
		byte = reader->page[reader->at++ & ~PAGE_MASK];
		if (len < PATH_MAX)
			reader->word[len] = byte;
		len++;
	} while (byte);
	if (len > PATH_MAX)
		reader->word[0] = '\0';
	reader->left--;
	return 1;
}

/*
 * Called under the table's lock. close_on_exec() takes the table or its owner,
 * depending on the kernel; the bits are the same in all.
 */
static bool closes_on_exec(unsigned int fd)
{
	return test_bit(fd, files_fdtable(current->files)->close_on_exec);
}

/* Called under the table's lock. */
static int on_descriptor(const void *arg, struct file *file, unsigned int fd)
{
	struct inheritance *const seen = (struct inheritance *)arg;

	if (seen->inode ? file_inode(file) != seen->inode :
			  !wxg_file_is_memory(file))
		return 0;
	seen->held = true;
	if (!closes_on_exec(fd))
		seen->kept = true;
	return seen->kept;
}

static void look_at_descriptors(struct inheritance *seen,
				const struct inode *inode)
{
	memset(seen, 0, sizeof(*seen));
	seen->inode = inode;
	iterate_fd(current->files, 0, on_descriptor, seen);
}

/* One descriptor, looked for by its number. */
struct wanted {
	unsigned int fd;
	struct path *found;
};

/* Called under the table's lock, for the wanted one or a later one first. */
static int on_wanted(const void *arg, struct file *file, unsigned int fd)
{
	const struct wanted *const wanted = arg;

	if (fd != wanted->fd || !wxg_file_is_memory(file) ||
	    closes_on_exec(fd))
		return -1;
	*wanted->found = file->f_path;
	path_get(wanted->found);
	return 1;
}

/* A memory file that the new program inherits as this descriptor? */
static bool descriptor_memory(unsigned int fd, struct path *found)
{
	const struct wanted wanted = { .fd = fd, .found = found };

	return iterate_fd(current->files, fd, on_wanted, &wanted) == 1;
}

/*
 * Follow one word as the new program would, which may have the memory for it
 * that is missing here. Return: 1 and a reference, 0, or -ENOMEM.
 */
static int word_memory(const char *word, struct path *found)
{
	const u32 pid = task_tgid_vnr(current);
	struct inheritance seen;
	int ret, fd;

	ret = kern_path(word, LOOKUP_FOLLOW, found);
	if (ret) {
		/* procfs has no such file, it says, where it has no memory. */
		fd = wxg_interp_descriptor(word, pid);
		if (fd >= 0)
			return descriptor_memory(fd, found);
		return ret == -ENOMEM ? ret : 0;
	}
	if (wxg_path_is_memory(found)) {
		look_at_descriptors(&seen, d_inode(found->dentry));
		if (seen.kept || !wxg_interp_is_own(word, pid))
			return 1;
	}
	path_put(found);
	return 0;
}

/*
 * The first operand is always followed: it may be a link to another process's
 * descriptor. The rest only where something can be behind it.
 */
static int search(struct reader *reader, struct path *found)
{
	bool operand = false, inlined = false, from_stdin = false;
	struct inheritance any;
	const char *path;
	int ret, there = 0;

	look_at_descriptors(&any, NULL);
	ret = next_word(reader);	/* the program's own name */
	while (ret > 0 && (ret = next_word(reader)) > 0) {
		const enum wxg_interp_arg kind = wxg_interp_arg(reader->word);
		const bool first = kind == WXG_INTERP_OPERAND && !operand &&
				   !inlined;

		inlined |= kind == WXG_INTERP_INLINE;
		from_stdin |= kind == WXG_INTERP_STDIN;
		operand |= kind == WXG_INTERP_OPERAND;
		path = wxg_interp_path(reader->word);
		if (!path && kind == WXG_INTERP_OPERAND && (first || any.kept))
			path = reader->word;
		if (path && *path)
			there = word_memory(path, found);
		if (there)
			return there;
	}
	if (ret < 0)
		return ret;
	if ((from_stdin || (!operand && !inlined)) && descriptor_memory(0, found))
		return 1;
	return 0;
}

int wxg_arguments_memory(struct linux_binprm *bprm, struct path *found)
{
	struct reader reader = {
		.bprm = bprm,
		.at = bprm->p,
		.left = bprm->argc,
		.start = 1,	/* no page begins there */
	};
	int ret = -ENOMEM;

	reader.page = kmalloc(PAGE_SIZE, GFP_KERNEL);
	reader.word = kmalloc(PATH_MAX, GFP_KERNEL);
	if (reader.page && reader.word)
		ret = search(&reader, found);
	kfree(reader.word);
	kfree(reader.page);
	return ret;
}
