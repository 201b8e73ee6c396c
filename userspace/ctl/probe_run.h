/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting the harmless programs of "wxguard test".
 */
#ifndef WXG_CTL_PROBE_RUN_H
#define WXG_CTL_PROBE_RUN_H

#include <limits.h>
#include <stdint.h>

/* A private copy of this program: an executable that nobody has seen yet. */
struct probe_copy {
	char path[PATH_MAX];
	int fd;			/* of the copy, read-only */
};

struct probe_result {
	uint32_t pid;
	int ended;		/* enum probe_child_exit, or -1: by a signal */
};

/* All return 0, or -errno with *what set to what failed. */
int probe_copy_make(struct probe_copy *copy, const char **what);
void probe_copy_remove(struct probe_copy *copy);
/* Run the copy: it makes one page writable and executable, and ends. */
int probe_run_rwx(const struct probe_copy *copy, struct probe_result *result,
		  const char **what);
/* Start this program from a memfd; it ends at once. */
int probe_run_memfd(struct probe_result *result, const char **what);

#endif
