// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The walk of "baseline scan". Others may change the tree meanwhile, so each
 * file is opened below the descriptor of the root, where the kernel refuses
 * every link on the way, and is looked at again through its own descriptor.
 */
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scan_walk.h"

#define STEP 256	/* files between two looks at the progress */

static int open_below(int root, const char *path)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_XDEV | RESOLVE_NO_SYMLINKS |
			   RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, root, path, &how, sizeof(how));

	return fd < 0 ? -errno : (int)fd;
}

static bool is_program(const struct stat *stat)
{
	return S_ISREG(stat->st_mode) && stat->st_mode & 0111;
}

/*
 * fts looked by path; this looks at what was opened. A mount point of the same
 * device is passed by as well; the device number of a file would not tell,
 * since overlayfs gives its files others than its directories.
 */
static int visit(struct scan_walk *walk, int root, const char *below, const char *path)
{
	int fd = open_below(root, below), result = 0;
	struct stat stat_buf;

	if (fd == -EXDEV)
		return 0;
	if (fd < 0 || fstat(fd, &stat_buf)) {
		walk->unreadable++;
	} else if (is_program(&stat_buf)) {
		walk->programs++;
		result = walk->on_program(fd, &stat_buf, path, walk->arg);
	}
	if (fd >= 0)
		close(fd);
	return result;
}

static int step(struct scan_walk *walk, const FTSENT *entry, int root, size_t skip)
{
	const char *below = entry->fts_path + skip;

	switch (entry->fts_info) {
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		walk->unreadable++;
		return 0;
	case FTS_F:
		if (++walk->files % STEP == 0 && walk->on_step)
			walk->on_step(walk, walk->arg);
		if (!is_program(entry->fts_statp))
			return 0;
		return visit(walk, root, below + (*below == '/'), entry->fts_path);
	}
	return 0;
}

int scan_walk(struct scan_walk *walk, const char *root)
{
	char *const roots[] = { (char *)root, NULL };
	int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	FTSENT *entry;
	int error = 0;
	FTS *fts;

	if (fd < 0)
		return -errno;
	/* Without changing directory: a long walk must not hold others back. */
	fts = fts_open(roots, FTS_PHYSICAL | FTS_XDEV | FTS_NOCHDIR, NULL);
	if (!fts)
		error = errno ? -errno : -EIO;
	while (!error && (errno = 0, entry = fts_read(fts)) != NULL) {
		if (walk->stop && *walk->stop)
			error = -EINTR;
		else
			error = step(walk, entry, fd, strlen(root));
	}
	if (!error && errno)
		error = -errno;
	if (fts)
		fts_close(fts);
	close(fd);
	return error;
}
