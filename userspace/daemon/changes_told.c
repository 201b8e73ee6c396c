// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What was told last stands in the store, with the load of the module that it
 * was true of: so what changes while nobody looks is told afterwards.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "wxguardd.h"

#define TOLD_MAX (16 << 20)	/* more than the largest set of rules takes */

json_t *changes_told(struct wxguardd *d, const char *key, bool *same_load)
{
	char load[STORE_BY_LOAD_MAX], *text = malloc(TOLD_MAX);
	const char *then;
	json_t *told = NULL;

	if (text && !store_meta_get(d->store, key, text, TOLD_MAX))
		told = json_loads(text, 0, NULL);
	free(text);
	store_by_load(load);
	then = json_string_value(json_object_get(told, "load"));
	*same_load = then && !strcmp(then, load);
	return told;
}

int changes_told_put(struct wxguardd *d, const char *key, json_t *told)
{
	char load[STORE_BY_LOAD_MAX], *text = NULL;
	int error = -ENOMEM;

	store_by_load(load);
	if (told && !json_object_set_new(told, "load", json_string(load)))
		text = json_line(told, NULL);
	if (text)
		error = store_meta_set(d->store, key, text);
	free(text);
	json_decref(told);
	return error;
}
