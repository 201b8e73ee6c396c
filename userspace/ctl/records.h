/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way to the daemon's store, where wxguard.conf says it is.
 */
#ifndef WXG_CTL_RECORDS_H
#define WXG_CTL_RECORDS_H

#include "../lib/config.h"
#include "../lib/store.h"
#include "ctl.h"

#define RECORDS_WHY_MAX CONFIG_WHY_MAX

/**
 * records_open() - open the store for reading
 * @path: filled with its place, also on failure
 * @why: filled with a sentence on failure
 *
 * Return: 0, -EINVAL if wxguard.conf is wrong, or as store_open().
 */
int records_open(struct store **store, char path[CONFIG_PATH_MAX],
		 char why[RECORDS_WHY_MAX]);

/* The same for named values. */
int records_amend(struct store **store, char path[CONFIG_PATH_MAX],
		  char why[RECORDS_WHY_MAX]);

/* Say why neither of them came about; the exit code. */
int records_refused(int error, const char *why);
/* The same for a verb that can do nothing without: 0, or the complaint's exit code. */
int records_need(enum store_access access, struct store **store);

#endif
