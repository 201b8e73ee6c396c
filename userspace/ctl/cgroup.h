/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Control groups named on the command line.
 */
#ifndef WXG_CTL_CGROUP_H
#define WXG_CTL_CGROUP_H

#include "ctl.h"

#define CGROUP_ROOT "/sys/fs/cgroup"

/*
 * Is there a control group with this path, below the hierarchy's mount at
 * @root? 1, 0, or -1 when that cannot be told.
 */
int cgroup_find(const char *root, const char *path);

/**
 * cgroup_exists() - is there a control group for this glob?
 * @root: where the default hierarchy is mounted, CGROUP_ROOT
 * @glob: as rules have it
 *
 * Return: false only for a path without wildcards that names no group: a
 * glob may wait for one, and without the hierarchy nothing can be told.
 */
bool cgroup_exists(const char *root, const char *glob);

/* The same for an option; complains unless @force. 0 or the exit code. */
int cgroup_check(const struct verb *verb, const char *glob, bool force);

#endif
