// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The known executables, from the module into the store at intervals, and
 * back after a reboot or a reload. While the module runs its set is the
 * truth: what it no longer has (forgotten, evicted) leaves the store too.
 */
#include "keep.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/rules_text.h"
#include "wxguardd.h"

/* Keys that are to leave the table after a walk through it. */
struct keys {
	struct client_known *key;
	size_t count, size;
};

static int keys_add(struct keys *keys, const struct client_known *known)
{
	struct client_known *bigger;

	if (keys->count == keys->size) {
		keys->size = keys->size ? 2 * keys->size : 64;
		bigger = realloc(keys->key, keys->size * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		keys->key = bigger;
	}
	keys->key[keys->count++] = *known;
	return 0;
}

/* Remove them and free the list; in the transaction that is open. */
static int keys_remove(struct keys *keys, struct store *store)
{
	size_t i;
	int error = 0;

	for (i = 0; i < keys->count && !error; i++)
		error = store_known_remove(store, &keys->key[i]);
	free(keys->key);
	memset(keys, 0, sizeof(*keys));
	return error;
}

static uint32_t window_of(const struct client_rules *rules, uint32_t classes)
{
	unsigned int i;

	for (i = 0; i < rules->classes; i++)
		if (classes & 1U << rules->class[i].id)
			return rules->class[i].window;
	return WXGUARD_WINDOW_DEFAULT;
}

/* Not seen for its window: new again, and not worth keeping. */
static bool expired(const struct client_known *known,
		    const struct client_rules *rules, uint64_t now)
{
	return !(known->flags & WXGUARD_KNOWN_F_PINNED) &&
	       known->last_seen + window_of(rules, known->classes) < now;
}

struct restore {
	struct wxguardd *d;
	struct client_rules rules;
	struct keys gone;
	uint64_t now;
	unsigned int restored, dropped, expired;
	bool full;
};

static int restore_one(const struct store_known *entry, void *arg)
{
	struct restore *restore = arg;
	const struct client_known *known = &entry->known;
	struct client_known sent = *known;
	int fd, error;

	if (expired(known, &restore->rules, restore->now)) {
		restore->expired++;
		return keys_add(&restore->gone, known);
	}
	if (keep_verify(restore->d->hash, entry, &fd) != KEEP_SAME) {
		restore->dropped++;
		return keys_add(&restore->gone, known);
	}
	sent.flags |= WXGUARD_KNOWN_F_RESTORED;
	error = client_known_add(restore->d->control, fd, &sent);
	close(fd);
	if (!error) {
		restore->restored++;
		return 0;
	}
	if (error == -ENOSPC) {	/* the rest stays out, like what is evicted */
		restore->full = true;
		return 1;
	}
	say(CONFIG_DEBUG, "restoring a known executable: %.300s",
	    client_error(restore->d->control));
	restore->dropped++;
	return keys_add(&restore->gone, known);
}

static int forget(struct wxguardd *d, struct keys *keys)
{
	int error = store_begin(d->store);

	if (error) {
		free(keys->key);
		return error;
	}
	error = keys_remove(keys, d->store);
	if (!error)
		error = store_commit(d->store);
	if (error)
		store_rollback(d->store);
	return error;
}

/* The windows that are about to hold: the rules come after this. */
static int coming_rules(struct wxguardd *d, struct client_rules *rules)
{
	char why[RULES_TEXT_WHY_MAX];
	unsigned int expired = 0;

	if (!rules_text_parse(d->config.rules, clock_real_s(), &expired, rules, why))
		return 0;
	return client_rules_get(d->control, rules);
}

void keep_restore(struct wxguardd *d)
{
	struct restore restore = { .d = d, .now = clock_real_s() };
	int error = coming_rules(d, &restore.rules);

	if (error) {
		say(CONFIG_ERROR, "the known executables are not restored: %.400s",
		    client_error(d->control));
		return;
	}
	error = store_known_list(d->store, restore_one, &restore);
	client_rules_free(&restore.rules);
	if (error >= 0)
		error = forget(d, &restore.gone);
	else
		free(restore.gone.key);
	if (error)
		say(CONFIG_ERROR, "%s", store_error(d->store));
	if (restore.restored || restore.dropped || restore.expired)
		say(CONFIG_INFO, "known executables: %u restored, %u no longer match their file, %u past their window%s",
		    restore.restored, restore.dropped, restore.expired,
		    restore.full ? "; the module's set is full" : "");
}

/* The keys that are to stay, as short digests: enough to find the others. */
struct save {
	struct wxguardd *d;
	struct client_rules rules;
	uint64_t now;
	uint64_t *digest;
	size_t count, size;
	struct keys gone;
	int store_error;
};

static uint64_t digest_of(const struct client_known *known)
{
	const uint64_t part[] = {
		known->dev, known->ino, known->generation,
		(uint64_t)known->ctime_sec, known->ctime_nsec, known->classes,
		known->shape,
	};
	uint64_t digest = 0xcbf29ce484222325ULL;
	unsigned int i, shift;

	for (i = 0; i < sizeof(part) / sizeof(*part); i++)
		for (shift = 0; shift < 64; shift += 8)
			digest = (digest ^ (part[i] >> shift & 0xff)) * 0x100000001b3ULL;
	return digest;
}

static int save_one(const struct client_known *known, void *arg)
{
	struct save *save = arg;
	struct store_known entry;
	uint64_t *bigger;
	int error;

	if (expired(known, &save->rules, save->now))
		return 0;
	if (save->count == save->size) {
		save->size = save->size ? 2 * save->size : 256;
		bigger = realloc(save->digest, save->size * sizeof(*bigger));
		if (!bigger)
			return -ENOMEM;
		save->digest = bigger;
	}
	save->digest[save->count++] = digest_of(known);
	error = store_known_get(save->d->store, known, &entry);
	if (error == -ENOENT) {
		memset(&entry, 0, sizeof(entry));
		entry.known = *known;
		keep_describe(save->d->hash, &entry);
		error = 0;
	}
	entry.known = *known;
	if (!error)
		error = store_known_put(save->d->store, &entry);
	save->store_error = error;
	return error;
}

static int by_number(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int note_absent(const struct store_known *entry, void *arg)
{
	struct save *save = arg;
	uint64_t digest = digest_of(&entry->known);

	if (bsearch(&digest, save->digest, save->count, sizeof(digest), by_number))
		return 0;
	return keys_add(&save->gone, &entry->known);
}

static int save_all(struct save *save)
{
	struct store *store = save->d->store;
	int error = client_rules_get(save->d->control, &save->rules);

	if (error)
		return error;
	error = client_known_list(save->d->control, save_one, save);
	client_rules_free(&save->rules);
	if (error)
		return error;
	if (save->count)
		qsort(save->digest, save->count, sizeof(*save->digest), by_number);
	save->store_error = store_known_list(store, note_absent, save);
	if (!save->store_error)
		save->store_error = keys_remove(&save->gone, store);
	if (!save->store_error)
		save->store_error = store_commit(store);
	return save->store_error;
}

void keep_save(struct wxguardd *d)
{
	struct save save = { .d = d, .now = clock_real_s() };
	int error;

	if (!d->control || link_is_stale(d))
		return;
	save.store_error = error = store_begin(d->store);
	if (!error)
		error = save_all(&save);
	if (error)
		store_rollback(d->store);
	free(save.gone.key);
	free(save.digest);
	if (save.store_error)
		say(d->store_broken ? CONFIG_DEBUG : CONFIG_ERROR,
		    "the known executables are not saved: %s", store_error(d->store));
	else if (error)
		link_failed(d, d->control);
	else
		d->known_dirty = false;
}
