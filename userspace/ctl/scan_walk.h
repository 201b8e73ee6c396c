/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Programs below a directory: regular files with an x bit, on its file
 * system, reached without following a link. Without an x bit the kernel
 * starts nothing, not even for root, so such files are left out.
 */
#ifndef WXG_CTL_SCAN_WALK_H
#define WXG_CTL_SCAN_WALK_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

struct scan_walk {
	/* Of each program; @fd is open for reading, the path is real. Non-zero ends it. */
	int (*on_program)(int fd, const struct stat *stat, const char *path, void *arg);
	/* Now and then, for progress; may be NULL. */
	void (*on_step)(const struct scan_walk *walk, void *arg);
	void *arg;
	const volatile sig_atomic_t *stop;	/* set by a signal */
	uint64_t files, programs, unreadable;	/* counted over all walks */
};

/**
 * scan_walk() - walk one directory
 * @root: real path (realpath()) of a directory
 *
 * Return: 0, -EINTR when stopped, -errno of the root, or what on_program
 * returned. What cannot be read further down is counted.
 */
int scan_walk(struct scan_walk *walk, const char *root);

#endif
