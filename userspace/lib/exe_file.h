/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * An executable as a file: opened by its real path, and its content as a
 * SHA-256. A path may come from a watched process or from another host, so
 * nothing here follows a link or trusts that the file stays as it was.
 */
#ifndef WXG_LIB_EXE_FILE_H
#define WXG_LIB_EXE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "client.h"

#define EXE_FILE_HEX_MAX (2 * WXGUARD_SHA256_LEN + 1)

/*
 * Open for reading, following no symbolic link in any part of the path, and
 * waiting for nothing (a FIFO). fd or -errno.
 */
int exe_file_open(const char *path);

/*
 * Digest what @fd is open on. @before is its state as the caller checked it.
 * 0; -EINVAL: no regular file; -ESTALE: it changed meanwhile; -errno.
 */
int exe_file_digest(int fd, const struct stat *before,
		    uint8_t digest[WXGUARD_SHA256_LEN]);

/*
 * Is this the file of that entry? The device is not compared: btrfs and
 * overlayfs show user space another one than the kernel's inode has. The
 * inode number and a change time in nanoseconds, which nobody can set, are.
 */
bool exe_file_is_known(const struct stat *stat, const struct client_known *known);

/* 64 lower-case digits and a NUL, and back (either case): 0 or -EINVAL. */
void exe_file_hex(const uint8_t digest[WXGUARD_SHA256_LEN],
		  char hex[EXE_FILE_HEX_MAX]);
int exe_file_unhex(const char *hex, uint8_t digest[WXGUARD_SHA256_LEN]);

#endif
