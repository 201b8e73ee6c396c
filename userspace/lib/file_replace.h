/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A file that is written beside the old one and takes its name when it is
 * whole and on disk: nobody ever reads half of it, and a full disk costs
 * nothing but the attempt.
 */
#ifndef WXG_LIB_FILE_REPLACE_H
#define WXG_LIB_FILE_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

/**
 * file_replace() - write a file as a whole, or leave everything as it was
 * @path: what it is called in the end
 * @keep: take over owner and mode of the file that is there, 0640 if there is
 *	none; otherwise it is for its owner only (0600)
 * @put: writes the content. 0, -errno, or a positive value of its own; what it
 *	printed in vain is noticed without it
 *
 * Return: 0; -errno; or what is not 0 from @put. A failure to sync the folder
 * is one too, though the new file stands there then.
 */
int file_replace(const char *path, bool keep, int (*put)(FILE *out, void *arg), void *arg);

#endif
