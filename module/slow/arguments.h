/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an interpreter that is being started will run.
 */
#ifndef _WXG_SLOW_ARGUMENTS_H
#define _WXG_SLOW_ARGUMENTS_H

#include <linux/path.h>

struct linux_binprm;

/**
 * wxg_arguments_memory() - does a program start take its code from a memory
 * file, by an argument or by standard input?
 * @found: filled with a reference to the file's path, path_put() it
 *
 * A descriptor that exec will close counts only if another process holds the
 * file. Arguments are followed as the process would: through symbolic links,
 * in its own root and working directory.
 *
 * Return: 1 if so, 0 if not, negative errno if it cannot be told.
 * May sleep; takes mmap_lock of the new program's memory.
 */
int wxg_arguments_memory(struct linux_binprm *bprm, struct path *found);

#endif
