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

static char *sentence(const char *did, const char *shown, uint64_t count, const char *by)
{
	char *text;
	int len;

	if (count == 1)
		len = asprintf(&text, "%s was %s; by %s", shown, did, by);
	else
		len = asprintf(&text, "%" PRIu64 " were %s (%s); by %s", count, did, shown, by);
	return len < 0 ? NULL : text;
}

void by_known(const char *did, bool in_set, const char *what, uint64_t count)
{
	char path[CONFIG_PATH_MAX], why[RECORDS_WHY_MAX], author[WXGUARD_AUTHOR_MAX + 1];
	struct ecs_change change = { .of = "known", .by = author };
	char *shown, *reason = NULL;
	struct store *store;
	json_t *one;

	if (!count || records_amend(&store, path, why))
		return;
	fields_author(author);
	if (!*author)
		change.by = NULL;
	shown = text_quote(text_bytes(what), 0);
	one = shown ? json_pack("[s]", shown) : NULL;
	*(in_set ? &change.after : &change.before) = one;
	if (shown)
		reason = sentence(did, shown, count, *author ? author : "somebody");
	if (reason) {
		text_inert(reason);
		notice_put(store, ECS_NOTICE_KNOWN_CHANGED, reason, &change);
	}
	json_decref(one);
	free(reason);
	free(shown);
	store_close(store);
}
