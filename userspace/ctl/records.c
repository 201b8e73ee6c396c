// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way to the daemon's store, and what is said where there is none.
 */
#include <errno.h>
#include <stdio.h>

#include "records.h"

_Static_assert(RECORDS_WHY_MAX >= STORE_WHY_MAX, "a sentence of either fits");

static int open_as(enum store_access access, struct store **store,
		   char path[CONFIG_PATH_MAX], char why[RECORDS_WHY_MAX])
{
	struct config config;
	int error;

	config_init(&config);
	error = config_load(NULL, &config, why);
	snprintf(path, CONFIG_PATH_MAX, "%s", config.store);
	return error ? error : store_open(path, access, store, why);
}

int records_open(struct store **store, char path[CONFIG_PATH_MAX],
		 char why[RECORDS_WHY_MAX])
{
	return open_as(STORE_READ, store, path, why);
}

int records_amend(struct store **store, char path[CONFIG_PATH_MAX],
		  char why[RECORDS_WHY_MAX])
{
	return open_as(STORE_AMEND, store, path, why);
}

int records_refused(int error, const char *why)
{
	switch (error) {
	case -ENOENT:
		return ctl_fail(CTL_NO_DAEMON, "%s; has wxguardd run yet?", why);
	case -EACCES:
	case -EPERM:
		return ctl_fail(CTL_PERMISSION, "%s; members of the group wxguard may read it: as root, usermod -aG wxguard NAME, who then logs in anew",
				why);
	case -EINVAL:
		return ctl_fail(CTL_INVALID, "%s", why);
	default:
		return ctl_fail(CTL_FAILED, "%s", why);
	}
}

int records_need(enum store_access access, struct store **store)
{
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX];
	int error = open_as(access, store, path, why);

	return error ? records_refused(error, why) : 0;
}
