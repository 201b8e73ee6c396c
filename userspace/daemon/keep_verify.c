// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is the file at the path still the executable that was learnt? Opens files
 * by real path only, and only those that were on a local file system when
 * they were learnt. The kernel takes the identity from the descriptor, so
 * nothing can be swapped between this check and the upload.
 */
#include <errno.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "keep.h"

static int open_entry(const struct client_known *known, struct stat *st)
{
	char path[WXGUARD_KNOWN_PATH_MAX + 1];
	struct statfs fs;
	int fd;

	if (!known->path_len || known->path_len > WXGUARD_KNOWN_PATH_MAX ||
	    known->path[0] != '/' || memchr(known->path, 0, known->path_len))
		return -EINVAL;
	memcpy(path, known->path, known->path_len);
	path[known->path_len] = '\0';
	fd = exe_file_open(path);
	if (fd < 0)
		return fd;
	if (!fstat(fd, st) && S_ISREG(st->st_mode) && !fstatfs(fd, &fs) &&
	    hash_is_local(fs.f_type))
		return fd;
	close(fd);
	return -EINVAL;
}

static uint32_t kernel_dev(dev_t dev)
{
	return major(dev) << 20 | minor(dev);
}

static bool same_ctime(const struct client_known *known, const struct stat *st)
{
	return st->st_ctim.tv_sec == known->ctime_sec &&
	       st->st_ctim.tv_nsec == known->ctime_nsec;
}

/* Inode, size and modification time; device and change time come after. */
static bool same_file(const struct store_known *entry, const struct stat *st)
{
	return st->st_ino == entry->known.ino && (uint64_t)st->st_size == entry->size &&
	       st->st_mtim.tv_sec == entry->mtime_sec &&
	       st->st_mtim.tv_nsec == entry->mtime_nsec;
}

/*
 * Devices are numbered anew at boot, and chmod or link changes the change
 * time; both leave the content, so then the content decides.
 */
static bool same_content(struct hash *hash, const struct store_known *entry,
			 int fd, const struct stat *st)
{
	char hex[HASH_HEX_MAX];
	const char *why;

	if (kernel_dev(st->st_dev) == entry->known.dev && same_ctime(&entry->known, st))
		return true;
	return *entry->sha256 && !hash_fd(hash, fd, st, hex, &why) &&
	       !strcmp(hex, entry->sha256);
}

enum keep_verdict keep_verify(struct hash *hash, const struct store_known *entry, int *fd)
{
	struct stat st;

	*fd = -1;
	if (!entry->verifiable)
		return KEEP_UNVERIFIABLE;
	*fd = open_entry(&entry->known, &st);
	if (*fd < 0) {
		*fd = -1;
		return KEEP_GONE;
	}
	if (same_file(entry, &st) && same_content(hash, entry, *fd, &st))
		return KEEP_SAME;
	close(*fd);
	*fd = -1;
	return KEEP_CHANGED;
}

void keep_describe(struct hash *hash, struct store_known *entry)
{
	const char *why;
	struct stat st;
	int fd = open_entry(&entry->known, &st);

	entry->verifiable = false;
	if (fd < 0)
		return;
	/* The path may lead elsewhere here: other mount namespace, or replaced. */
	if (st.st_ino == entry->known.ino && same_ctime(&entry->known, &st)) {
		entry->verifiable = true;
		entry->size = st.st_size;
		entry->mtime_sec = st.st_mtim.tv_sec;
		entry->mtime_nsec = st.st_mtim.tv_nsec;
		if (hash_fd(hash, fd, &st, entry->sha256, &why))
			entry->sha256[0] = '\0';
	}
	close(fd);
}
