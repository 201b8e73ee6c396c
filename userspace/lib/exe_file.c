// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening and digesting executables. Reads files and nothing else; keeps no
 * state between calls.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "exe_file.h"

#define CHUNK 65536

#define LOOK (O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
#define READ (O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)

/* The folder @name below @at, which is closed; fd or -errno. */
static int step(int at, const char *name, size_t len)
{
	char part[NAME_MAX + 1];
	int fd = -ENAMETOOLONG;

	if (len <= NAME_MAX) {
		memcpy(part, name, len);
		part[len] = '\0';
		fd = openat(at, part, LOOK);
		fd = fd < 0 ? -errno : fd;
	}
	close(at);
	return fd;
}

/* As openat2() below does, part by part. */
static int open_by_parts(const char *path)
{
	int at = open(*path == '/' ? "/" : ".", LOOK), fd;
	const char *end;

	if (at < 0)
		return -errno;
	path += strspn(path, "/");
	while (at >= 0 && *(end = path + strcspn(path, "/"))) {
		at = step(at, path, (size_t)(end - path));
		path = end + strspn(end, "/");
	}
	if (at < 0)
		return at;
	fd = openat(at, path, READ | O_NOFOLLOW);
	fd = fd < 0 ? -errno : fd;
	close(at);
	return fd;
}

int exe_file_open(const char *path)
{
	struct open_how how = {
		.flags = READ,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));

	if (fd >= 0)
		return (int)fd;
	/* Under systemd's RestrictSUIDSGID= there is no such call. */
	return errno == ENOSYS ? open_by_parts(path) : -errno;
}

static bool same_state(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static int digest_bytes(int fd, uint64_t size, uint8_t *out)
{
	struct sha256_ctx context;
	uint8_t chunk[CHUNK];
	uint64_t at = 0;
	ssize_t got;

	sha256_init(&context);
	while (at < size) {
		got = pread(fd, chunk, sizeof(chunk), (off_t)at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got ? -errno : -ESTALE;
		sha256_update(&context, (size_t)got, chunk);
		at += (uint64_t)got;
	}
	sha256_digest(&context, WXGUARD_SHA256_LEN, out);
	return 0;
}

int exe_file_digest(int fd, const struct stat *before,
		    uint8_t digest[WXGUARD_SHA256_LEN])
{
	uint8_t whole[WXGUARD_SHA256_LEN];
	struct stat after;
	int error;

	if (!S_ISREG(before->st_mode))
		return -EINVAL;
	error = digest_bytes(fd, (uint64_t)before->st_size, whole);
	if (!error && (fstat(fd, &after) || !same_state(before, &after)))
		error = -ESTALE;
	if (!error)
		memcpy(digest, whole, WXGUARD_SHA256_LEN);
	return error;
}

bool exe_file_is_known(const struct stat *stat, const struct client_known *known)
{
	return stat->st_ino == known->ino &&
	       stat->st_ctim.tv_sec == known->ctime_sec &&
	       stat->st_ctim.tv_nsec == known->ctime_nsec;
}

void exe_file_hex(const uint8_t digest[WXGUARD_SHA256_LEN],
		  char hex[EXE_FILE_HEX_MAX])
{
	int i;

	for (i = 0; i < WXGUARD_SHA256_LEN; i++)
		sprintf(hex + 2 * i, "%02x", digest[i]);
}

static int digit(char c)
{
	if (!isxdigit((unsigned char)c))
		return -1;
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

int exe_file_unhex(const char *hex, uint8_t digest[WXGUARD_SHA256_LEN])
{
	uint8_t value[WXGUARD_SHA256_LEN];
	int i, high, low;

	if (strlen(hex) != 2 * WXGUARD_SHA256_LEN)
		return -EINVAL;
	for (i = 0; i < WXGUARD_SHA256_LEN; i++) {
		high = digit(hex[2 * i]);
		low = digit(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return -EINVAL;
		value[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(digest, value, sizeof(value));
	return 0;
}
