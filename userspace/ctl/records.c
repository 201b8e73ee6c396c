// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way to the daemon's store. Only reads.
 */
#include <stdio.h>

#include "records.h"

_Static_assert(RECORDS_WHY_MAX >= STORE_WHY_MAX, "a sentence of either fits");

int records_open(struct store **store, char path[CONFIG_PATH_MAX],
		 char why[RECORDS_WHY_MAX])
{
	struct config config;
	int error;

	config_init(&config);
	error = config_load(NULL, &config, why);
	snprintf(path, CONFIG_PATH_MAX, "%s", config.store);
	return error ? error : store_open(path, STORE_READ, store, why);
}
