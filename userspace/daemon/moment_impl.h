/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of moment share; nobody else includes it. */
#ifndef WXG_DAEMON_MOMENT_IMPL_H
#define WXG_DAEMON_MOMENT_IMPL_H

#include <jansson.h>

#include "../lib/finding.h"

#define MOMENT_SOCKETS_MAX 32
#define MOMENT_FILES_MAX 32

struct moment_socket {
	uint64_t inode;
	unsigned int fd;
	bool inet, ambiguous;	/* told by a table in which nobody can write; by two lines */
	json_t *json;		/* owned */
};

struct moment {
	int proc;			/* /proc/PID of the very process */
	uint64_t deadline;		/* ns of CLOCK_MONOTONIC */
	struct moment_socket socket[MOMENT_SOCKETS_MAX];
	unsigned int sockets;
	uint64_t more_sockets;
};

bool moment_is_over(const struct moment *moment);

/* moment_files.c: open files; notes the sockets among them. */
json_t *moment_files(struct moment *moment);
/* moment_net.c: what those sockets are. */
json_t *moment_network(struct moment *moment);

/* An object that says only why there is nothing else. */
json_t *moment_missing(const char *why);

#endif
