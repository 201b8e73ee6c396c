// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The files of exclusions by content, see pin.h. Reads files of paths that an
 * administrator wrote, or that a finding named; a path is never believed,
 * only what was read from the descriptor.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "pin_impl.h"
#include "wxguardd.h"

#define WHY_MAX 160

char *pin_literal_path(const char *glob)
{
	char *path = malloc(strlen(glob) + 1), *to = path;

	if (!path || *glob != '/') {
		free(path);
		return NULL;
	}
	for (; *glob; glob++) {
		if (*glob == '*' || *glob == '?') {
			free(path);
			return NULL;
		}
		if (*glob == '\\' && glob[1])
			glob++;
		*to++ = *glob;
	}
	*to = '\0';
	return path;
}

bool pin_same_state(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_ctim.tv_sec == b->st_ctim.tv_sec &&
	       a->st_ctim.tv_nsec == b->st_ctim.tv_nsec;
}

int pin_open_file(const char *path, struct stat *st, const char **why)
{
	struct statfs fs;
	int fd = exe_file_open(path);

	if (fd < 0) {
		*why = fd == -ELOOP ? "a part of the path is a symbolic link; give the real path" :
				      strerrordesc_np(-fd);
		return -1;
	}
	if (fstat(fd, st) || !S_ISREG(st->st_mode))
		*why = "it is no regular file";
	else if (fstatfs(fd, &fs) || !hash_is_local((uint32_t)fs.f_type))
		*why = "it is not on a local file system";
	else
		return fd;
	close(fd);
	return -1;
}

static void say_unpinned(const struct pin *pin, const char *why)
{
	char *quoted = text_quote(text_bytes(pin->path), 300);

	say(CONFIG_WARNING, "exclusion %s: %s: %s; it excludes nothing until that changes",
	    pin->name, quoted ? quoted : "?", why);
	free(quoted);
}

/*
 * Read the file, unless it is as it was when that was done last. @why: filled
 * if it was read now, and has not the content.
 */
static bool has_content(struct pin *pin, struct hash *hash, int fd, const struct stat *st,
			char why[WHY_MAX])
{
	char hex[HASH_HEX_MAX], wanted[EXE_FILE_HEX_MAX];
	const char *unread = NULL;

	*why = '\0';
	if (pin->looked && pin_same_state(&pin->seen, st))
		return pin->same;
	exe_file_hex(pin->sha256, wanted);
	pin->same = !hash_fd(hash, fd, st, hex, &unread) && !strcmp(hex, wanted);
	pin->looked = true;
	pin->seen = *st;
	if (!pin->same)
		snprintf(why, WHY_MAX, unread ? "%s" : "the content is another, sha256 %s",
			 unread ? unread : hex);
	return pin->same;
}

static bool is_identity(const struct client_exemption *exemption, const struct stat *st)
{
	return exemption->has_identity && exemption->ino == st->st_ino &&
	       exemption->ctime_sec == st->st_ctim.tv_sec &&
	       exemption->ctime_nsec == (uint32_t)st->st_ctim.tv_nsec;
}

void pin_take_identity(struct client_exemption *to, const struct client_exemption *from)
{
	to->has_identity = true;
	to->dev = from->dev;
	to->ino = from->ino;
	to->generation = from->generation;
	to->ctime_sec = from->ctime_sec;
	to->ctime_nsec = from->ctime_nsec;
}

void pin_fill_literal(struct pin *pin, struct hash *hash,
		      struct client_exemption *exemption,
		      const struct client_exemption *live)
{
	char said[WHY_MAX];
	const char *why = NULL;
	struct stat st;
	int fd = pin_open_file(pin->path, &st, &why);

	exemption->has_identity = false;
	if (fd < 0) {
		if (!pin->absent)
			say_unpinned(pin, why);
		pin->absent = true;
		pin->looked = false;
		return;
	}
	pin->absent = false;
	if (!has_content(pin, hash, fd, &st, said)) {
		if (*said)
			say_unpinned(pin, said);
		close(fd);
	} else if (live && is_identity(live, &st)) {
		pin_take_identity(exemption, live);
		close(fd);
	} else {
		exemption->has_fd = true;
		exemption->fd = fd;
	}
}

bool pin_take_file(struct pin *pin, struct hash *hash, struct client_exemption *exemption)
{
	const char *why;
	char unused[WHY_MAX];
	struct stat st;
	int fd = pin_open_file(pin->path, &st, &why);

	if (fd < 0)
		return false;
	if (!has_content(pin, hash, fd, &st, unused)) {
		close(fd);
		return false;
	}
	pin->ino = st.st_ino;
	pin->ctime_sec = st.st_ctim.tv_sec;
	pin->ctime_nsec = (uint32_t)st.st_ctim.tv_nsec;
	exemption->has_identity = false;
	exemption->has_fd = true;
	exemption->fd = fd;
	return true;
}
