// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See by.h: a note in the store, which only root may write. The name is that
 * of the login, which su and sudo leave alone. A failure changes nothing of
 * what was asked: the stream then says that nobody said who it was.
 */
#include "by.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/text.h"
#include "fields.h"
#include "notice.h"
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

/* Gives up @what, as it is shown, and @reason; NULL: out of memory. */
static void tell_known(bool in_set, char *what, char *reason, const char *author)
{
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX];
	struct ecs_change change = { .of = "known", .by = *author ? author : NULL };
	json_t *one = what ? json_pack("[s]", what) : NULL;
	struct store *store;

	*(in_set ? &change.after : &change.before) = one;
	if (reason && !records_amend(&store, path, why)) {
		text_inert(reason);
		notice_put(store, ECS_NOTICE_KNOWN_CHANGED, reason, &change);
		store_close(store);
	}
	json_decref(one);
	free(reason);
	free(what);
}

void by_known(const char *did, bool in_set, const char *path)
{
	char *shown = text_quote(text_bytes(path), 0), *reason = NULL;
	char author[WXGUARD_AUTHOR_MAX + 1];

	fields_author(author);
	if (shown && asprintf(&reason, "%s was %s; by %s", shown, did,
			      *author ? author : "somebody") < 0)
		reason = NULL;
	tell_known(in_set, shown, reason, author);
}

void by_known_many(const char *did, bool in_set, uint64_t count, const char *from)
{
	char *shown = text_quote(text_bytes(from), 0), *reason = NULL;
	char author[WXGUARD_AUTHOR_MAX + 1];

	fields_author(author);
	if (count && shown && asprintf(&reason, "%" PRIu64 " executable%s %s (%s); by %s", count,
				       count == 1 ? " was" : "s were", did, shown,
				       *author ? author : "somebody") < 0)
		reason = NULL;
	tell_known(in_set, shown, reason, author);
}
