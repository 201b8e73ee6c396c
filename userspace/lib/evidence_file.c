// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See evidence_file.h.
 */
#include "evidence_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ID_BYTES "0123456789abcdef-"

static const char *const endings[] = {
	[EVIDENCE_PAYLOAD] = ".payload",
	[EVIDENCE_REGION] = ".region",
};

int evidence_folder(const char *store, char *path, size_t size)
{
	const char *slash = strrchr(store, '/');
	int len = slash ? (int)(slash - store + 1) : 0;

	return (size_t)snprintf(path, size, "%.*sevidence", len, store) < size ? 0 :
									 -ENAMETOOLONG;
}

int evidence_name(const char *id, enum evidence_kind kind, char name[EVIDENCE_NAME_MAX])
{
	if (!*id || id[strspn(id, ID_BYTES)] || strlen(id) > EVIDENCE_NAME_MAX - 16)
		return -EINVAL;
	snprintf(name, EVIDENCE_NAME_MAX, "%s%s", id, endings[kind]);
	return 0;
}

bool evidence_is_name(const char *name)
{
	const char *ending = name + strspn(name, ID_BYTES);

	return ending != name && (!strcmp(ending, endings[EVIDENCE_PAYLOAD]) ||
				  !strcmp(ending, endings[EVIDENCE_REGION]));
}

int evidence_open(const char *store, const char *id, enum evidence_kind kind)
{
	char folder[PATH_MAX], path[PATH_MAX], name[EVIDENCE_NAME_MAX];
	struct stat st;
	int fd, error = evidence_folder(store, folder, sizeof(folder));

	if (!error)
		error = evidence_name(id, kind, name);
	if (!error && (size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
		error = -ENAMETOOLONG;
	if (error)
		return error;
	fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		return fd;
	close(fd);
	return -EINVAL;
}
