// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file for bytes that are dangerous: new, for its owner only, never
 * executable, and never through a link that somebody put at its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/text.h"
#include "evidence.h"

static int complain(const char *path, int error)
{
	char *shown = text_quote(text_bytes(path), 0);
	int code;

	if (error == EEXIST)
		code = ctl_fail(CTL_FAILED, "%s is there already, and nothing is overwritten; give another name",
				shown ? shown : "?");
	else
		code = ctl_fail(error == EACCES || error == EPERM || error == EROFS ?
				CTL_PERMISSION : CTL_FAILED, "%s could not be written: %s",
				shown ? shown : "?", strerror(error));
	free(shown);
	return code;
}

int evidence_create(const char *path, int *fd)
{
	/* With O_EXCL the last part of the path is not followed. */
	*fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (*fd < 0)
		return complain(path, errno);
	/* Whatever a default ACL of the folder adds. */
	if (!fchmod(*fd, 0600))
		return 0;
	close(*fd);
	unlink(path);
	return complain(path, errno);
}

int evidence_settle(const char *path, int fd)
{
	return fsync(fd) ? complain(path, errno) : 0;
}
