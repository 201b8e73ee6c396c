/* SPDX-License-Identifier: GPL-2.0-or-later */
/* SHA-256 of executables, of the very file that a finding names or of none. */
#ifndef WXG_DAEMON_HASH_H
#define WXG_DAEMON_HASH_H

#include <sys/stat.h>

#include "../lib/finding.h"

#define HASH_HEX_MAX 65

struct hash;

struct hash *hash_new(uint64_t max_size);
void hash_free(struct hash *hash);
void hash_set_max_size(struct hash *hash, uint64_t max_size);

/*
 * Digest what @fd is open on, at most max_size bytes. @before is its state
 * as the caller checked it; a file that changes meanwhile is refused. 0, or
 * -errno and the reason in @why (a constant).
 */
int hash_fd(struct hash *hash, int fd, const struct stat *before,
	    char hex[HASH_HEX_MAX], const char **why);

/*
 * Fill exe_sha256, or exe_sha256_why, of the finding. Remembers the digests
 * of the last files. Never returns the digest of another file.
 */
void hash_executable(struct hash *hash, struct finding *finding);

/* Is this file system on this machine, so that reading cannot wait for ever? */
bool hash_is_local(uint32_t magic);

#endif
