/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WXG_DAEMON_SINK_JOURNAL_H
#define WXG_DAEMON_SINK_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/* One datagram of the journal's native protocol. */
struct journal_entry {
	char *data;
	size_t len, size;
	bool failed;		/* out of memory */
};

/* @value may hold any byte. */
void journal_add(struct journal_entry *entry, const char *field,
		 const char *value, size_t len);

/* Fill @entry from one ECS document; -EINVAL if it is none. */
int journal_from_json(struct journal_entry *entry, const char *json, size_t len);

#endif
