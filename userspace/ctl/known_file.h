/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Executables named on the command line, for the "known" verbs.
 */
#ifndef WXG_CTL_KNOWN_FILE_H
#define WXG_CTL_KNOWN_FILE_H

#include "ctl.h"

/* Open a regular file for reading. 0, or the exit code of the complaint. */
int known_file_open(const char *path, int *fd);
/* All of them can be opened: nothing is half done. 0, or the exit code. */
int known_file_check(int count, char **paths);
/* Say what the module has against it; returns the exit code. */
int known_file_refused(const struct client *client, int error, const char *path);

#endif
