/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Self-clones: sealed memory files that are a copy of an executable on disk,
 * as container runtimes make of themselves before they enter a container.
 */
#ifndef _WXG_SLOW_CONTENT_H
#define _WXG_SLOW_CONTENT_H

#include <linux/fs.h>

#include "core/event.h"
#include "core/identity.h"

/**
 * struct wxg_original - what a self-clone is a copy of
 * @key: identity of the file on disk
 * @file: the same and its stat, as values; @file.path is not used
 * @path: as it was seen when the copy was recognised; not terminated. What
 *	has a longer one is not recognised.
 * @path_len: of @path
 */
struct wxg_original {
	struct wxg_known_key key;
	struct wxg_file file;
	u32 path_len;
	char path[WXGUARD_KNOWN_PATH_MAX + 1];
};

/**
 * wxg_content_is_clone() - is this memory file a self-clone of the caller?
 *
 * Told by property, never by name: every seal is set, so that the content
 * cannot change any more, and it equals that of the caller's executable,
 * which is on disk, owned by root and writable by nobody else, or is itself
 * a self-clone. The answer is kept by inode. May sleep; reads both files.
 */
bool wxg_content_is_clone(struct file *file);

/**
 * wxg_content_original() - what is this memory file a copy of?
 * @original: filled on success
 * Return: true if it was recognised as a self-clone before. May sleep.
 */
bool wxg_content_original(struct file *file, struct wxg_original *original);

/* After every slow path has ended. */
void wxg_content_exit(void);

#endif
