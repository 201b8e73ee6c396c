// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A temporary file beside the old one, synced, renamed over it. Runs in the
 * command line's process only; a file that a signal leaves behind has six
 * letters behind its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_replace.h"

/*
 * Owner and mode of the file that is replaced. A new one is not for everybody:
 * it may tell where nothing is reported.
 */
static int keep_access(const char *path, int fd)
{
	struct stat old;

	if (stat(path, &old))
		return fchmod(fd, 0640) ? -errno : 0;
	if (fchown(fd, old.st_uid, old.st_gid) || fchmod(fd, old.st_mode & 0777))
		return -errno;
	return 0;
}

/* Everything on disk before the name points to it. Closes @fd. */
static int write_whole(int fd, int (*put)(FILE *out, void *arg), void *arg)
{
	FILE *out = fdopen(fd, "w");
	int error;

	if (!out) {
		error = -errno;
		close(fd);
		return error;
	}
	errno = 0;
	error = put(out, arg);
	if (!error && (ferror(out) || fflush(out) || fsync(fd)))
		error = errno ? -errno : -EIO;
	if (fclose(out) && !error)
		error = -errno;
	return error;
}

/* The rename is on disk when its directory is. */
static int sync_directory(const char *path)
{
	char dir[PATH_MAX];
	char *slash;
	int fd, error;

	snprintf(dir, sizeof(dir), "%s", path);
	slash = strrchr(dir, '/');
	if (!slash)
		snprintf(dir, sizeof(dir), ".");
	else
		slash[slash == dir] = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	error = fsync(fd) ? -errno : 0;
	close(fd);
	return error;
}

int file_replace(const char *path, bool keep, int (*put)(FILE *out, void *arg), void *arg)
{
	char fresh[PATH_MAX];
	int fd, error = 0;

	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.XXXXXX", path) >= sizeof(fresh))
		return -ENAMETOOLONG;
	fd = mkostemp(fresh, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (keep)
		error = keep_access(path, fd);
	if (error)
		close(fd);
	else
		error = write_whole(fd, put, arg);
	if (!error && rename(fresh, path))
		error = -errno;
	if (error) {
		unlink(fresh);
		return error;
	}
	return sync_directory(path);
}
