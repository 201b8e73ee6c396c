// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See container.h: reading one file of a runtime's. Waits for nothing (a
 * FIFO), takes no more than a bound, follows no link at the file itself, and
 * in a user's places none at all.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "container.h"

/* Some thousand containers in one file, at a thousand bytes each; of a user's, some hundred. */
#define FILE_MAX_BYTES	(8 << 20)
#define OWNED_MAX_BYTES (1 << 20)
/* No runtime takes a longer name; an image's may be. */
#define VALUE_MAX 512

void container_miss(struct container *container, const char *path)
{
	container->error |= json_array_append_new(container->looked, json_bytes(text_bytes(path)));
}

static void refuse(struct container *container, const char *path, const char *why)
{
	if (!*container->why)
		snprintf(container->why, sizeof(container->why), "%s: %s", path, why);
}

/* fd, or -errno. */
static int open_file(const struct container *container, const char *path, bool owned)
{
	char whole[2 * CONTAINER_PATH_MAX];
	int fd;

	snprintf(whole, sizeof(whole), "%s%s", container->root, path);
	if (owned)
		return exe_file_open(whole);
	fd = open(whole, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

/* malloc'ed; NULL with *why set. */
static char *read_all(int fd, off_t max, size_t *len, const char **why)
{
	struct stat stat_buf;
	char *text;
	ssize_t got = 1;

	*len = 0;
	*why = "it is no regular file";
	if (fstat(fd, &stat_buf) || !S_ISREG(stat_buf.st_mode))
		return NULL;
	*why = "it is larger than any such file should be";
	if (stat_buf.st_size > max)
		return NULL;
	*why = "out of memory";
	text = malloc((size_t)stat_buf.st_size + 1);
	while (text && got > 0 && *len < (size_t)stat_buf.st_size) {
		got = read(fd, text + *len, (size_t)stat_buf.st_size - *len);
		if (got > 0)
			*len += (size_t)got;
	}
	if (text)
		text[*len] = '\0';
	return text;
}

char *container_file(struct container *container, const char *path, bool owned, size_t *len)
{
	int fd = open_file(container, path, owned);
	const char *why;
	char *text;

	if (fd == -ENOENT || fd == -ENOTDIR) {
		container_miss(container, path);
		return NULL;
	}
	if (fd < 0) {
		refuse(container, path, fd == -ELOOP ? "it is a link" : strerror(-fd));
		return NULL;
	}
	text = read_all(fd, owned ? OWNED_MAX_BYTES : FILE_MAX_BYTES, len, &why);
	if (!text)
		refuse(container, path, why);
	close(fd);
	return text;
}

/*
 * A limit of a container may be 2^64-1, which is no integer to jansson; so
 * all numbers are taken as real ones. And a label may hold a NUL.
 */
json_t *container_json(struct container *container, const char *path, bool owned)
{
	size_t len;
	char *text = container_file(container, path, owned, &len);
	json_t *json = NULL;

	if (!text)
		return NULL;
	json = json_loadb(text, len, JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
	free(text);
	if (!json)
		refuse(container, path, "it is no JSON that could be read");
	return json;
}

void container_put(struct container *container, const char *to, const json_t *value)
{
	struct bytes text = { (const uint8_t *)json_string_value(value), json_string_length(value) };

	if (!text.data || !text.len)
		return;
	if (text.len > VALUE_MAX)
		text.len = VALUE_MAX;
	container->error |= json_put(container->out, to, json_bytes(text));
}

void container_put_text(struct container *container, const char *to, const char *value)
{
	json_t *json = json_bytes(text_bytes(value));

	container->error |= !json;
	container_put(container, to, json);
	json_decref(json);
}
