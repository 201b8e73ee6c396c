// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Executables named on the command line. A script may hand us a hostile
 * name, so it is quoted in each sentence.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/text.h"
#include "known_file.h"

static int complain(int code, const char *path, const char *what)
{
	char *quoted = text_quote(text_bytes(path), 0);

	code = ctl_fail(code, "%s: %s", quoted ? quoted : "?", what);
	free(quoted);
	return code;
}

int known_file_open(const char *path, int *fd)
{
	struct stat stat;

	/* O_NONBLOCK: a FIFO must not hold us. */
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return complain(errno == ENOENT || errno == ENOTDIR ? CTL_NOT_FOUND :
				errno == EACCES || errno == EPERM ? CTL_PERMISSION :
				CTL_FAILED, path, strerror(errno));
	if (!fstat(*fd, &stat) && S_ISREG(stat.st_mode))
		return 0;
	close(*fd);
	return complain(CTL_USAGE, path, "not a regular file; only those can be executables");
}

int known_file_check(int count, char **paths)
{
	int i, fd, code = 0;

	for (i = 0; i < count && !code; i++) {
		code = known_file_open(paths[i], &fd);
		if (!code)
			close(fd);
	}
	return code;
}

int known_file_refused(const struct client *client, int error, const char *path)
{
	if (error == -ENOENT)
		return complain(CTL_NOT_FOUND, path, "is not in the known set");
	return complain(error == -EPERM || error == -EACCES ? CTL_PERMISSION : CTL_FAILED,
			path, client_error(client));
}
