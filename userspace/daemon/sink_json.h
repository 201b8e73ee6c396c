/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two files of the NDJSON output share. */
#ifndef WXG_DAEMON_SINK_JSON_H
#define WXG_DAEMON_SINK_JSON_H

#include "sink.h"

#define JSON_MARKS 64

struct json_file {
	int fd;
	/* The file ends inside a line that could not be cut off. */
	bool torn;
	bool rotation_failed;	/* said so */
	char *buffer;		/* lines to write, each with its newline */
	size_t len, size;
	struct {
		int64_t row;
		size_t end;	/* in the buffer */
	} mark[JSON_MARKS];
	unsigned int marks;
	/* What is on the disk for sure: everything up to here. */
	int64_t synced_row;
	uint64_t synced_end;
	bool unsynced;		/* there is more in the file */
};

/* Open a findings file; never through a link, only a regular file of ours. */
int json_open_path(struct sink *sink, const char *path, int flags);

/*
 * Find out what was delivered before the last end of the daemon, however it
 * ended: sets sink->place and file->torn for the file that is open.
 */
int json_recover(struct sink *sink, struct json_file *file, struct store *store);

#endif
