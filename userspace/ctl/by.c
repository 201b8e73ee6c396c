// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See by.h: a note in the store, which only root may write. The name is that
 * of the login, which su and sudo leave alone. A failure changes nothing of
 * what was asked: the stream then says that nobody said who it was.
 */
#include "by.h"

#include <stdio.h>

#include "fields.h"
#include "records.h"

static void note(enum store_by_what what, uint32_t number, bool there)
{
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX];
	char author[WXGUARD_AUTHOR_MAX + 1];
	struct store *store;

	if (records_amend(&store, path, why))
		return;
	fields_author(author);
	if (!there || !*author)
		store_by_remove(store, what, number);
	else
		store_by_put(store, what, number, author);
	store_close(store);
}

void by_rules(uint32_t generation)
{
	note(STORE_BY_RULES, generation, true);
}

/* Before it is done: a mode has no number by which it could be told later. */
int by_mode_set(struct client *client, uint32_t mode, uint32_t confirm, bool force)
{
	int error;

	note(STORE_BY_MODE, mode, true);
	error = (force ? client_mode_force : client_mode_set)(client, mode, confirm);
	if (error)
		note(STORE_BY_MODE, mode, false);
	return error;
}
