// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * SHA-256 of executables. Runs in the daemon's only thread, so it may not
 * read from a file system that could keep it waiting (network, FUSE), nor
 * more than a bounded number of bytes; and it may not mistake one file for
 * another: the identity is compared before and after.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "hash.h"

#define REMEMBERED 64

/* Magic numbers that linux/magic.h of Debian 12 does not have. */
#define MAGIC_ZFS 0x2fc12fc1
#define MAGIC_BCACHEFS 0xca451a4e
#define MAGIC_JFS 0x3153464a

struct remembered {
	uint64_t used;		/* 0 = free; else when last asked for */
	uint32_t dev, generation;
	uint64_t ino, size;
	int64_t ctime_sec;
	uint32_t ctime_nsec;
	char hex[HASH_HEX_MAX];
};

struct hash {
	uint64_t max_size, clock;
	struct remembered remembered[REMEMBERED];
};

struct hash *hash_new(uint64_t max_size)
{
	struct hash *hash = calloc(1, sizeof(*hash));

	if (!hash)
		return NULL;
	hash->max_size = max_size;
	return hash;
}

void hash_free(struct hash *hash)
{
	free(hash);
}

void hash_set_max_size(struct hash *hash, uint64_t max_size)
{
	hash->max_size = max_size;
}

bool hash_is_local(uint32_t magic)
{
	switch (magic) {
	case EXT4_SUPER_MAGIC:	/* ext2 and ext3 too */
	case XFS_SUPER_MAGIC:
	case BTRFS_SUPER_MAGIC:
	case F2FS_SUPER_MAGIC:
	case EROFS_SUPER_MAGIC_V1:
	case SQUASHFS_MAGIC:
	case TMPFS_MAGIC:
	case RAMFS_MAGIC:
	case HUGETLBFS_MAGIC:
	case OVERLAYFS_SUPER_MAGIC:
	case ISOFS_SUPER_MAGIC:
	case MSDOS_SUPER_MAGIC:
	case NILFS_SUPER_MAGIC:
	case REISERFS_SUPER_MAGIC:
	case MAGIC_ZFS:
	case MAGIC_BCACHEFS:
	case MAGIC_JFS:
		return true;
	}
	return false;
}

int hash_fd(struct hash *hash, int fd, const struct stat *before,
	    char hex[HASH_HEX_MAX], const char **why)
{
	uint8_t digest[WXGUARD_SHA256_LEN];
	int error;

	if (!S_ISREG(before->st_mode)) {
		*why = "not a regular file";
		return -EINVAL;
	}
	if ((uint64_t)before->st_size > hash->max_size) {
		*why = "larger than hash_max_size";
		return -EFBIG;
	}
	error = exe_file_digest(fd, before, digest);
	if (error)
		*why = error == -ESTALE ? "the file changed while it was read" :
					  "the file cannot be read";
	else
		exe_file_hex(digest, hex);
	return error;
}

static struct remembered *recall(struct hash *hash, const struct finding_file *file)
{
	int i;

	for (i = 0; i < REMEMBERED; i++) {
		struct remembered *entry = &hash->remembered[i];

		if (entry->used && entry->ino == file->ino && entry->dev == file->dev &&
		    entry->generation == file->generation &&
		    entry->size == file->size && entry->ctime_sec == file->ctime_sec &&
		    entry->ctime_nsec == file->ctime_nsec) {
			entry->used = ++hash->clock;
			return entry;
		}
	}
	return NULL;
}

static void remember(struct hash *hash, const struct finding_file *file, const char *hex)
{
	struct remembered *oldest = hash->remembered;
	int i;

	for (i = 1; i < REMEMBERED; i++)
		if (hash->remembered[i].used < oldest->used)
			oldest = &hash->remembered[i];
	oldest->used = ++hash->clock;
	oldest->dev = file->dev;
	oldest->generation = file->generation;
	oldest->ino = file->ino;
	oldest->size = file->size;
	oldest->ctime_sec = file->ctime_sec;
	oldest->ctime_nsec = file->ctime_nsec;
	memcpy(oldest->hex, hex, HASH_HEX_MAX);
}

/*
 * The device is not compared: btrfs and overlayfs show user space another one
 * than the kernel's inode has. Inode number, size and a change time in
 * nanoseconds, which nobody can set, are.
 */
static bool is_file_of(const struct stat *st, const struct finding_file *file)
{
	return st->st_ino == file->ino && (uint64_t)st->st_size == file->size &&
	       st->st_ctim.tv_sec == file->ctime_sec &&
	       st->st_ctim.tv_nsec == file->ctime_nsec;
}

static bool same_mount_namespace(uint64_t mntns)
{
	struct stat st;

	if (!stat("/proc/1/ns/mnt", &st) && st.st_ino == mntns)
		return true;
	return !stat("/proc/self/ns/mnt", &st) && st.st_ino == mntns;
}

static int open_path_of(const struct finding *finding, const char **why)
{
	struct bytes path = finding->process.exe_file.path.data ?
			    finding->process.exe_file.path : finding->process.exe;
	char text[WXGUARD_PATH_MAX + 1];
	int fd;

	if (!same_mount_namespace(finding->process.mntns)) {
		*why = "the process is gone, and its path belongs to another mount namespace";
		return -ESRCH;
	}
	if (!path.data || !path.len || path.len > WXGUARD_PATH_MAX ||
	    path.data[0] != '/' || memchr(path.data, 0, path.len)) {
		*why = "the process is gone, and its executable has no path";
		return -ENOENT;
	}
	memcpy(text, path.data, path.len);
	text[path.len] = '\0';
	fd = exe_file_open(text);
	if (fd < 0)
		*why = "the process is gone, and its path cannot be opened";
	return fd;
}

/* The executable of the finding, and nothing else; -errno and why. */
static int open_executable(const struct finding *finding, struct stat *st,
			   const char **why)
{
	char link[32];
	int fd;

	snprintf(link, sizeof(link), "/proc/%u/exe", finding->process.pid);
	fd = open(link, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd >= 0) {
		if (!fstat(fd, st) && is_file_of(st, &finding->process.exe_file))
			return fd;
		close(fd);	/* another program, or another process by now */
	}
	fd = open_path_of(finding, why);
	if (fd < 0)
		return fd;
	if (!fstat(fd, st) && is_file_of(st, &finding->process.exe_file))
		return fd;
	close(fd);
	*why = "the process is gone, and its path is another file now";
	return -ESTALE;
}

void hash_executable(struct hash *hash, struct finding *finding)
{
	const struct finding_file *file = &finding->process.exe_file;
	struct remembered *entry;
	char hex[HASH_HEX_MAX] = "";
	const char *why = NULL;
	struct stat st;
	int fd;

	if (!file->present) {
		finding->extra.exe_sha256_why = strdup("the executable is not known");
		return;
	}
	entry = recall(hash, file);
	if (entry) {
		finding->extra.exe_sha256 = strdup(entry->hex);
		return;
	}
	if (!hash_is_local(file->magic)) {
		why = "the executable is not on a local file system";
	} else {
		fd = open_executable(finding, &st, &why);
		if (fd >= 0) {
			hash_fd(hash, fd, &st, hex, &why);
			close(fd);
		}
	}
	if (*hex) {
		remember(hash, file, hex);
		finding->extra.exe_sha256 = strdup(hex);
	} else {
		finding->extra.exe_sha256_why = strdup(why);
	}
}
