// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The descriptors of a process, from /proc/PID/fd. What they lead to is
 * named, never opened.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "../lib/json_text.h"
#include "moment_impl.h"

#define PATH_SHOWN 1024
/* A look at the clock costs little, but not nothing. */
#define LOOK_EACH 16

struct open_files {
	struct moment *moment;
	json_t *list;
	uint64_t more;
	int error;
};

static void note_socket(struct moment *moment, unsigned int fd, uint64_t inode)
{
	struct moment_socket *socket = &moment->socket[moment->sockets];

	if (moment->sockets == MOMENT_SOCKETS_MAX) {
		moment->more_sockets++;
		return;
	}
	*socket = (struct moment_socket){ .inode = inode, .fd = fd };
	moment->sockets++;
}

static void note_file(struct open_files *files, unsigned int fd, struct bytes path)
{
	json_t *one;

	if (json_array_size(files->list) >= MOMENT_FILES_MAX) {
		files->more++;
		return;
	}
	one = json_pack("{s:i}", "fd", (int)fd);
	files->error |= json_put_text(one, "path", "path_hex", path);
	files->error |= json_array_append_new(files->list, one);
}

static void note(struct open_files *files, int folder, const char *name)
{
	char path[PATH_SHOWN], *rest;
	unsigned int fd = (unsigned int)strtoul(name, &rest, 10);
	uint64_t inode;
	ssize_t len;
	char end;

	if (rest == name)
		return;		/* "." and ".." */
	len = readlinkat(folder, name, path, sizeof(path) - 1);
	if (len < 0)
		return;		/* closed meanwhile */
	path[len] = '\0';
	if (sscanf(path, "socket:[%" SCNu64 "%c", &inode, &end) == 2 && end == ']')
		note_socket(files->moment, fd, inode);
	else
		note_file(files, fd, (struct bytes){ (const uint8_t *)path, (size_t)len });
}

json_t *moment_files(struct moment *moment)
{
	struct open_files files = { .moment = moment };
	int folder = openat(moment->proc, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = folder < 0 ? NULL : fdopendir(folder);
	struct dirent *entry;
	unsigned int count = 0;
	bool over = false;
	json_t *json;

	if (!dir) {
		json = moment_missing(errno == ESRCH || errno == ENOENT ? "the process was gone" :
								strerror(errno));
		if (folder >= 0)
			close(folder);
		return json;
	}
	files.list = json_array();
	while (!over && (entry = readdir(dir))) {
		note(&files, folder, entry->d_name);
		over = ++count % LOOK_EACH == 0 && moment_is_over(moment);
	}
	closedir(dir);
	json = json_object();
	files.error |= json_put(json, "open", files.list);
	files.error |= json_put(json, "more", json_integer((json_int_t)files.more));
	files.error |= json_put(json, "complete", json_boolean(!over));
	return json_finish(json, files.error);
}
