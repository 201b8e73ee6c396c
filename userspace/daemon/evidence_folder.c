// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The folder of payloads. Only the daemon writes there; its bound is in bytes
 * and in files, and the oldest go. Never opens what it removes.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evidence_impl.h"

#define IN_PROGRESS ".new"
#define TEMPORARY_MAX (EVIDENCE_NAME_MAX + sizeof(IN_PROGRESS))

int evidence_open_folder(const char *store)
{
	char path[PATH_MAX];
	int fd, error = evidence_folder(store, path, sizeof(path));

	if (error)
		return error;
	if (mkdir(path, 0700) && errno != EEXIST)
		return -errno;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (!fchmod(fd, 0700))
		return fd;
	error = -errno;
	close(fd);
	return error;
}

static void temporary(const char *name, char path[TEMPORARY_MAX])
{
	snprintf(path, TEMPORARY_MAX, "%s" IN_PROGRESS, name);
}

int evidence_begin(int folder, const char *name)
{
	char path[TEMPORARY_MAX];
	int fd;

	temporary(name, path);
	unlinkat(folder, path, 0);	/* of a daemon that was killed */
	fd = openat(folder, path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return fd < 0 ? -errno : fd;
}

int evidence_commit(int folder, const char *name)
{
	char path[TEMPORARY_MAX];

	temporary(name, path);
	return renameat(folder, path, folder, name) ? -errno : 0;
}

void evidence_abandon(int folder, const char *name)
{
	char path[TEMPORARY_MAX];

	temporary(name, path);
	unlinkat(folder, path, 0);
}

struct entry {
	struct timespec time;
	uint64_t size;
	char name[EVIDENCE_NAME_MAX];
};

struct listing {
	struct entry *entry;
	size_t count, room;
};

static int add_entry(struct listing *list, const char *name, const struct stat *st)
{
	struct entry *bigger;

	if (list->count == list->room) {
		list->room = list->room ? 2 * list->room : 64;
		bigger = realloc(list->entry, list->room * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		list->entry = bigger;
	}
	bigger = &list->entry[list->count++];
	bigger->time = st->st_mtim;
	bigger->size = (uint64_t)st->st_size;
	memcpy(bigger->name, name, strlen(name) + 1);
	return 0;
}

static int read_folder(int folder, struct listing *list)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), error = 0;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *one;
	struct stat st;

	if (!dir) {
		error = -errno;
		if (fd >= 0)
			close(fd);
		return error;
	}
	while (!error && (one = readdir(dir)))
		if (evidence_is_name(one->d_name) && strlen(one->d_name) < EVIDENCE_NAME_MAX &&
		    !fstatat(folder, one->d_name, &st, AT_SYMLINK_NOFOLLOW))
			error = add_entry(list, one->d_name, &st);
	closedir(dir);
	return error;
}

static int by_age(const void *a, const void *b)
{
	const struct timespec *x = &((const struct entry *)a)->time;
	const struct timespec *y = &((const struct entry *)b)->time;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

void evidence_count(struct evidence_store *kept, uint64_t size)
{
	kept->bytes += size;
	kept->files++;
}

/* A tenth more than needed goes, so that it is not looked at for each file. */
static void remove_oldest(int folder, const struct listing *list, struct evidence_store *kept,
			  uint64_t bytes)
{
	size_t i;

	for (i = 0; i < list->count && (kept->bytes > bytes - bytes / 10 ||
					kept->files > EVIDENCE_FILES_MAX * 9 / 10); i++)
		if (!unlinkat(folder, list->entry[i].name, 0)) {
			kept->bytes -= list->entry[i].size;
			kept->files--;
		}
}

void evidence_bound(int folder, struct evidence_store *kept, uint64_t bytes)
{
	struct listing list = { 0 };
	size_t i;

	if (kept->counted && kept->bytes <= bytes && kept->files <= EVIDENCE_FILES_MAX)
		return;
	if (!read_folder(folder, &list)) {
		kept->bytes = kept->files = 0;
		for (i = 0; i < list.count; i++)
			evidence_count(kept, list.entry[i].size);
		kept->counted = true;
		if (list.count)
			qsort(list.entry, list.count, sizeof(*list.entry), by_age);
		if (kept->bytes > bytes || kept->files > EVIDENCE_FILES_MAX)
			remove_oldest(folder, &list, kept, bytes);
	}
	free(list.entry);
}
