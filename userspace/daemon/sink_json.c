// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The findings file: one JSON document per line. Appends, rotates, and takes
 * a record back that the disk had no room for; so the file never holds half
 * a record for longer than one call. May not block on anything but the disk.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sink_json.h"
#include "wxguardd.h"

#define BUFFER_ENOUGH (64 << 10)	/* flush above this */
#define BUFFER_KEEP (32 << 10)		/* give back more than this */

static int failed(struct sink *sink, const char *what, int error)
{
	snprintf(sink->why, sizeof(sink->why), "cannot %s %.200s: %s", what,
		 sink->config->json.path, strerror(-error));
	return error;
}

int json_open_path(struct sink *sink, const char *path, int flags)
{
	struct stat st;
	int fd, error;

	fd = open(path, O_RDWR | O_APPEND | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK |
		  O_NOCTTY | flags, 0640);
	if (fd < 0)
		return failed(sink, "open", -errno);
	if (fstat(fd, &st)) {
		error = failed(sink, "look at", -errno);
	} else if (!S_ISREG(st.st_mode) || (st.st_uid != geteuid() && st.st_uid)) {
		snprintf(sink->why, sizeof(sink->why),
			 "cannot write %.200s: it is no regular file of ours; another path is needed",
			 path);
		error = -EINVAL;
	} else {
		return fd;
	}
	close(fd);
	return error;
}

/* The folder of the default path may not be there yet on a bare system. */
static void make_folder(const char *path)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');

	if (!slash || slash == path)
		return;
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
	mkdir(folder, 0750);
}

static void note_synced(struct sink *sink)
{
	struct json_file *file = sink->state;

	file->synced_row = sink->place.row;
	file->synced_end = sink->place.offset;
	file->unsynced = false;
}

/*
 * Wait for the disk. If that fails, what is on it is not known: what was
 * written since the last time is taken back, and written again later.
 */
static int json_sync(struct sink *sink)
{
	struct json_file *file = sink->state;
	int error;

	if (file->unsynced && sink->config->json.fsync && fdatasync(file->fd)) {
		error = failed(sink, "write", -errno);
		file->torn |= !!ftruncate(file->fd, file->synced_end);
		sink->place.row = file->synced_row;
		sink->place.offset = file->synced_end;
		sink->saved = false;
		file->unsynced = false;
		return error;
	}
	note_synced(sink);
	return 0;
}

static int json_open(struct sink *sink, struct store *store)
{
	struct json_file *file = calloc(1, sizeof(*file));
	int error;

	if (!file)
		return failed(sink, "open", -ENOMEM);
	sink->state = file;
	make_folder(sink->config->json.path);
	file->fd = json_open_path(sink, sink->config->json.path, O_CREAT);
	if (file->fd < 0)
		return file->fd;
	error = json_recover(sink, file, store);
	if (error && !*sink->why)
		failed(sink, "read", error);
	note_synced(sink);
	return error;
}

static void json_close(struct sink *sink)
{
	struct json_file *file = sink->state;

	if (file->fd >= 0)
		close(file->fd);
	free(file->buffer);
	free(file);
}

static int json_put_record(struct sink *sink, const struct store_record *record)
{
	struct json_file *file = sink->state;
	size_t need = file->len + record->json_len + 2;
	char *bigger;

	if (need > file->size) {
		bigger = realloc(file->buffer, need + BUFFER_KEEP / 2);
		if (!bigger)
			return failed(sink, "write", -ENOMEM);
		file->buffer = bigger;
		file->size = need + BUFFER_KEEP / 2;
	}
	/* A torn line before it is ended first; what is left of it is no JSON. */
	if (!file->len && file->torn)
		file->buffer[file->len++] = '\n';
	memcpy(file->buffer + file->len, record->json, record->json_len);
	file->len += record->json_len;
	file->buffer[file->len++] = '\n';
	file->mark[file->marks].row = record->row;
	file->mark[file->marks++].end = file->len;
	return file->marks == JSON_MARKS || file->len > BUFFER_ENOUGH;
}

static void forget_buffer(struct json_file *file)
{
	file->len = 0;
	file->marks = 0;
	if (file->size > 2 * BUFFER_KEEP) {
		free(file->buffer);
		file->buffer = NULL;
		file->size = 0;
	}
}

/* How much of the buffer reached the file; *error why not all. */
static size_t write_out(struct json_file *file, int *error)
{
	size_t done = 0;
	ssize_t wrote;

	*error = 0;
	while (done < file->len) {
		wrote = write(file->fd, file->buffer + done, file->len - done);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0) {
			*error = wrote ? -errno : -EIO;
			break;
		}
		done += wrote;
	}
	return done;
}

/*
 * Rename PATH to PATH.1 and so on. The place is in the store before, so a
 * crash between any two steps finds the old file under one of the two names.
 */
static int rotate(struct sink *sink, struct store *store)
{
	struct json_file *file = sink->state;
	const struct config_json *config = &sink->config->json;
	char from[PATH_MAX + 16], to[PATH_MAX + 16];
	unsigned int i;
	int fd, error = json_sync(sink);

	if (error)
		return error;
	if (!sink->saved)
		sink_save(sink, store);
	if (!sink->saved)
		return 0;	/* later: a restart would not find its place */
	for (i = config->keep; i > 1; i--) {
		snprintf(from, sizeof(from), "%s.%u", config->path, i - 1);
		snprintf(to, sizeof(to), "%s.%u", config->path, i);
		if (rename(from, to) && errno != ENOENT)
			goto cannot;
	}
	snprintf(to, sizeof(to), "%s.1", config->path);
	if (config->keep ? rename(config->path, to) : unlink(config->path))
		goto cannot;
	file->rotation_failed = false;
	fd = json_open_path(sink, config->path, O_CREAT | O_EXCL);
	if (fd < 0)
		return fd;
	close(file->fd);
	file->fd = fd;
	return 1;
cannot:
	if (!file->rotation_failed)
		say(CONFIG_WARNING, "cannot rotate %.200s: %s; it grows past max_size",
		    config->path, strerror(errno));
	file->rotation_failed = true;
	return 0;
}

/* The place is the end of the file that is open now. */
static int settle(struct sink *sink, struct store *store, struct stat *st)
{
	struct json_file *file = sink->state;

	if (fstat(file->fd, st))
		return failed(sink, "look at", -errno);
	sink->place.dev = st->st_dev;
	sink->place.ino = st->st_ino;
	sink->place.offset = st->st_size;
	sink_save(sink, store);
	note_synced(sink);
	return 0;
}

/*
 * Take back what lies behind the last whole record of the @done bytes that
 * were written behind @start, and move the place to it.
 */
static void keep_whole_records(struct sink *sink, uint64_t start, size_t done)
{
	struct json_file *file = sink->state;
	size_t whole = 0;
	unsigned int i;

	for (i = 0; i < file->marks && file->mark[i].end <= done; i++) {
		whole = file->mark[i].end;
		sink->place.row = file->mark[i].row;
	}
	sink->place.offset = start + whole;
	if (done == whole)
		file->torn = file->torn && !whole;
	else	/* an append-only file refuses to be cut */
		file->torn = ftruncate(file->fd, start + whole) || (file->torn && !whole);
}

/*
 * While the disk is full not even the beginning of a record is to be seen in
 * the file, so what failed before asks for room first. Not every file system
 * can tell; then the write does.
 */
static bool no_room(struct json_file *file, uint64_t start)
{
	return fallocate(file->fd, FALLOC_FL_KEEP_SIZE, start, file->mark[0].end) &&
	       (errno == ENOSPC || errno == EDQUOT);
}

static int json_flush(struct sink *sink, struct store *store)
{
	struct json_file *file = sink->state;
	const struct config_json *config = &sink->config->json;
	struct stat st;
	size_t done;
	int error;

	if (!file->marks)
		return 0;
	if (fstat(file->fd, &st)) {
		error = failed(sink, "look at", -errno);
		goto out;
	}
	if (!st.st_nlink) {	/* somebody removed it: begin a new one */
		sink_save(sink, store);
		sink_close(sink);
		return 0;
	}
	if (st.st_size && st.st_size + file->len > config->max_size) {
		error = rotate(sink, store);
		if (error > 0)
			error = settle(sink, store, &st);
		if (error)
			goto out;
	}
	if (sink->degraded && no_room(file, st.st_size)) {
		error = failed(sink, "write", -errno);
		goto out;
	}
	done = write_out(file, &error);
	keep_whole_records(sink, st.st_size, done);
	file->unsynced = true;
	sink->saved = false;
	if (error)
		failed(sink, "write", error);
out:
	forget_buffer(file);
	return error;
}

const struct sink_ops sink_json = {
	.name = "json",
	.open = json_open,
	.put = json_put_record,
	.flush = json_flush,
	.sync = json_sync,
	.close = json_close,
};
