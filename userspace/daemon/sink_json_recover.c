// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Where did the findings file end? The store keeps its place, but a daemon
 * that was killed may have written more than the store knows, and a power cut
 * may have left less. The store holds every record word for word, so the two
 * are compared. Runs once per open; may not remove anything but a torn line.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "sink_json.h"
#include "wxguardd.h"

/* No record is longer; a line that is longer is none of ours. */
#define LINE_MAX_BYTES (1 << 20)

static bool same_file(const struct stat *st, const struct store_sink *place)
{
	return st->st_dev == place->dev && st->st_ino == place->ino;
}

/* Read @len bytes at @at; how many there were, or -errno. */
static ssize_t read_at(int fd, char *to, size_t len, uint64_t at)
{
	size_t done = 0;
	ssize_t got;

	while (done < len) {
		got = pread(fd, to + done, len - done, at + done);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		if (!got)
			break;
		done += got;
	}
	return done;
}

struct compare {
	int fd;
	struct store_sink *place;
};

/* Is the next line of the file this record? Then it was delivered. */
static int on_record(const struct store_record *record, void *arg)
{
	struct compare *compare = arg;
	size_t len = record->json_len + 1;
	char *line = malloc(len);
	ssize_t got;
	int result = 1;

	if (!line)
		return -ENOMEM;
	got = read_at(compare->fd, line, len, compare->place->offset);
	if (got == (ssize_t)len && !memcmp(line, record->json, len - 1) &&
	    line[len - 1] == '\n') {
		compare->place->offset += len;
		compare->place->row = record->row;
		result = 0;
	}
	free(line);
	return result;
}

/* Just behind the next newline from @at on, 0 if there is none. */
static uint64_t next_line(int fd, uint64_t at)
{
	char chunk[4096];
	const char *newline;
	ssize_t got;

	while ((got = read_at(fd, chunk, sizeof(chunk), at)) > 0) {
		newline = memchr(chunk, '\n', got);
		if (newline)
			return at + (newline - chunk) + 1;
		at += got;
	}
	return 0;
}

/*
 * Walk from the place over the records that were written after it, and cut
 * off a torn one: what has no newline is no record. Whole lines that are not
 * ours stay. The place ends at the end of the file.
 */
static int walk(struct sink *sink, int fd, struct store *store, bool *torn)
{
	struct compare compare = { fd, &sink->place };
	struct store_query query = { 0 };
	struct stat st;
	uint64_t next;
	char last;
	int error;

	do {
		query.after_row = sink->place.row;
		error = store_query(store, &query, on_record, &compare);
		if (error < 0)
			return error;
		next = next_line(fd, sink->place.offset);
		if (next)
			sink->place.offset = next;
	} while (next);
	if (fstat(fd, &st))
		return -errno;
	if ((uint64_t)st.st_size > sink->place.offset &&
	    !ftruncate(fd, sink->place.offset)) {
		say(CONFIG_WARNING, "cut a torn record of %llu bytes off the end of %.200s",
		    (unsigned long long)(st.st_size - sink->place.offset),
		    sink->config->json.path);
		st.st_size = sink->place.offset;
	}
	*torn = st.st_size && read_at(fd, &last, 1, st.st_size - 1) == 1 && last != '\n';
	sink->place.offset = st.st_size;
	return 0;
}

/* The event.id of the last whole line; "" if there is none. Its end too. */
static int last_id(int fd, uint64_t size, char *id, size_t id_size, uint64_t *end)
{
	size_t len = size < LINE_MAX_BYTES ? size : LINE_MAX_BYTES;
	char *text = malloc(len + 1), *line, *newline;
	const char *found;
	json_t *json;
	ssize_t got;

	*id = '\0';
	*end = 0;
	if (!text)
		return -ENOMEM;
	got = read_at(fd, text, len, size - len);
	newline = got > 0 ? memrchr(text, '\n', got) : NULL;
	if (newline) {
		*end = size - len + (newline - text) + 1;
		line = memrchr(text, '\n', newline - text);
		line = line ? line + 1 : text;
		json = json_loadb(line, newline - line, JSON_ALLOW_NUL, NULL);
		found = json_string_value(json_object_get(json_object_get(json, "event"), "id"));
		snprintf(id, id_size, "%s", found ? found : "");
		json_decref(json);
	}
	free(text);
	return got < 0 ? got : 0;
}

/*
 * The store has no place in this file, or one behind its end: go by the last
 * record that is in it. A file without one starts where the store says.
 */
static int by_last_line(struct sink *sink, int fd, uint64_t size, struct store *store)
{
	char id[128];
	uint64_t end;
	int64_t row;
	int error = last_id(fd, size, id, sizeof(id), &end);

	if (error)
		return error;
	sink->place.offset = end;
	error = *id ? store_row_of(store, id, &row) : -ENOENT;
	if (!error)
		sink->place.row = row;
	return error == -ENOENT ? 0 : error;
}

/* It was renamed, by us or by logrotate, before the daemon ended. */
static int finish_renamed(struct sink *sink, struct store *store)
{
	char path[PATH_MAX + 16];
	struct stat st;
	bool torn;
	int fd, error = 0;

	snprintf(path, sizeof(path), "%s.1", sink->config->json.path);
	if (stat(path, &st) || !same_file(&st, &sink->place) ||
	    (uint64_t)st.st_size < sink->place.offset)
		return 0;
	fd = json_open_path(sink, path, 0);
	if (fd < 0) {
		*sink->why = '\0';
		return 0;	/* a link, or not ours: not the one we wrote */
	}
	error = walk(sink, fd, store, &torn);
	close(fd);
	return error;
}

int json_recover(struct sink *sink, struct json_file *file, struct store *store)
{
	struct stat st;
	int error = 0;

	*sink->why = '\0';
	if (fstat(file->fd, &st))
		return -errno;
	if (sink->has_place && same_file(&st, &sink->place)) {
		/* Shorter than it was: cut by logrotate, or lost in a power cut. */
		if ((uint64_t)st.st_size < sink->place.offset)
			error = by_last_line(sink, file->fd, st.st_size, store);
	} else if (sink->has_place) {
		error = finish_renamed(sink, store);
		sink->place.offset = st.st_size;
	} else {
		error = by_last_line(sink, file->fd, st.st_size, store);
	}
	if (error)
		return error;
	sink->place.dev = st.st_dev;
	sink->place.ino = st.st_ino;
	return walk(sink, file->fd, store, &file->torn);
}
