// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Changing the rules: module first, since it refuses what it cannot take,
 * then the file; the file failing undoes the module.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/config.h"
#include "../lib/rules_text.h"
#include "by.h"
#include "rules_apply.h"

#define TRIES 5

struct client_exemption *rules_find(const struct client_rules *rules,
				    const char *name)
{
	unsigned int i;

	for (i = 0; i < rules->count; i++)
		if (!strcmp(rules->exemption[i].name, name))
			return &rules->exemption[i];
	return NULL;
}

struct client_scope *rules_find_scope(const struct client_rules *rules,
				      const char *name)
{
	unsigned int i;

	for (i = 0; i < rules->scopes; i++)
		if (!strcmp(rules->scope[i].name, name))
			return &rules->scope[i];
	return NULL;
}

int rules_append(struct client_rules *rules,
		 const struct client_exemption *exemption, unsigned int count)
{
	struct client_exemption *grown;

	if (count > WXGUARD_EXEMPTIONS_MAX - rules->count)
		return ctl_fail(CTL_INVALID, "there is room for %u exclusions, %u would be needed",
				WXGUARD_EXEMPTIONS_MAX, rules->count + count);
	if (!count)
		return 0;
	grown = realloc(rules->exemption, (rules->count + count) * sizeof(*grown));
	if (!grown)
		return ctl_fail(CTL_FAILED, "out of memory");
	memcpy(grown + rules->count, exemption, count * sizeof(*grown));
	rules->exemption = grown;
	rules->count += count;
	return 0;
}

int rules_append_scope(struct client_rules *rules, const struct client_scope *scope)
{
	struct client_scope *grown;

	if (rules->scopes >= WXGUARD_SCOPES_MAX)
		return ctl_fail(CTL_INVALID, "there is room for %u scopes, all are taken",
				WXGUARD_SCOPES_MAX);
	grown = realloc(rules->scope, (rules->scopes + 1) * sizeof(*grown));
	if (!grown)
		return ctl_fail(CTL_FAILED, "out of memory");
	grown[rules->scopes++] = *scope;
	rules->scope = grown;
	return 0;
}

int rules_copy(const struct client_rules *from, struct client_rules *to)
{
	unsigned int i;
	int code;

	*to = *from;
	to->count = 0;
	to->exemption = NULL;
	to->scopes = 0;
	to->scope = NULL;
	code = rules_append(to, from->exemption, from->count);
	for (i = 0; i < from->scopes && !code; i++)
		code = rules_append_scope(to, &from->scope[i]);
	if (code)
		client_rules_free(to);
	return code;
}

/* What will not last, or not mean what was meant, the module must not keep. */
static int take_back(struct client *client, const struct client_rules *live,
		     uint32_t generation, int code, const char *why)
{
	uint32_t restored;

	if (!client_rules_set(client, live, generation, true, &restored)) {
		by_rules(restored);
		return ctl_fail(code, "%s; the change was taken back, the rules are as before", why);
	}
	return ctl_fail(CTL_FAILED,
			"%s, and taking the change back failed (%s): the module has the new rules until it is unloaded, the file has the old ones",
			why, client_error(client));
}

static int not_written(struct client *client, const struct client_rules *live,
		       uint32_t generation, const char *path, int error)
{
	char why[CONFIG_PATH_MAX + 128];
	bool may_not = error == -EACCES || error == -EPERM || error == -EROFS;

	snprintf(why, sizeof(why), "%s could not be written (%s)", path, strerror(-error));
	return take_back(client, live, generation, may_not ? CTL_PERMISSION : CTL_FAILED, why);
}

/* rules_text_check() asked the same of the rules, so this is rare. */
static int refused(const struct client *client, int error)
{
	static const char held[] = "the rules stay as they were";

	if (error == -EINVAL || error == -ERANGE || error == -EEXIST || error == -EOPNOTSUPP)
		return ctl_fail(CTL_INVALID, "%s: %s", held, client_error(client));
	return ctl_refused(client, error, held);
}

static void take_identity(struct client_exemption *to, const struct client_exemption *from)
{
	to->has_fd = false;
	to->has_identity = true;
	to->dev = from->dev;
	to->ino = from->ino;
	to->generation = from->generation;
	to->ctime_sec = from->ctime_sec;
	to->ctime_nsec = from->ctime_nsec;
}

/*
 * A descriptor means nothing in a file: what the module read from it does. A
 * file that was written into between its digest and now has another content
 * than the one that was meant: -ESTALE.
 */
static int settle_descriptors(struct client *client, struct client_rules *rules)
{
	const struct client_exemption *taken;
	struct client_rules live = { 0 };
	struct client_exemption *row;
	unsigned int i;
	int error = 0;

	for (i = 0; !error && i < rules->count; i++) {
		row = &rules->exemption[i];
		if (!row->has_fd)
			continue;
		if (!live.generation)
			error = client_rules_get(client, &live);
		taken = error ? NULL : rules_find(&live, row->name);
		if (!taken || !taken->has_identity ||
		    (row->has_sha256 && (taken->ctime_sec != row->ctime_sec ||
					 taken->ctime_nsec != row->ctime_nsec)))
			error = error ? error : -ESTALE;
		else
			take_identity(row, taken);
	}
	client_rules_free(&live);
	return error;
}

/* The content decides again at each start, so its identity is not kept. */
static int save(const char *path, const struct client_rules *rules)
{
	struct client_rules kept;
	unsigned int i;
	int error;

	if (rules_copy(rules, &kept))
		return -ENOMEM;
	for (i = 0; i < kept.count; i++)
		if (kept.exemption[i].has_sha256)
			kept.exemption[i].has_identity = false;
	error = rules_text_save(path, &kept);
	client_rules_free(&kept);
	return error;
}

/* Nobody must wait for wxguardd to find again what is pinned already. */
static void keep_pins(const struct client_rules *live, struct client_rules *rules)
{
	const struct client_exemption *pinned;
	struct client_exemption *row;
	unsigned int i;

	for (i = 0; i < rules->count; i++) {
		row = &rules->exemption[i];
		if (!row->has_sha256 || row->has_identity || row->has_fd)
			continue;
		pinned = rules_find(live, row->name);
		if (pinned && pinned->has_identity && pinned->has_sha256 &&
		    !strcmp(pinned->exe, row->exe) &&
		    !memcmp(pinned->sha256, row->sha256, sizeof(row->sha256)))
			take_identity(row, pinned);
	}
}

/* 0, an exit code, or -ESTALE if the live set is another one by now. */
static int make_live(struct client *client, const struct client_rules *live,
		     struct client_rules *rules, bool force, uint32_t *generation)
{
	char why[RULES_TEXT_WHY_MAX];
	struct config config;
	int code, error;

	code = ctl_config(&config);
	if (code)
		return code;
	if (rules_text_check(rules, (uint64_t)time(NULL), why))
		return ctl_fail(CTL_INVALID, "the rules stay as they were: %s", why);
	keep_pins(live, rules);
	error = client_rules_set(client, rules, live->generation, force, generation);
	if (error)
		return error == -ESTALE ? error : refused(client, error);
	by_rules(*generation);
	error = settle_descriptors(client, rules);
	if (error)
		return take_back(client, live, *generation, CTL_FAILED, error == -ESTALE ?
				 "the file was changed while it was read" : client_error(client));
	error = save(config.rules, rules);
	return error ? not_written(client, live, *generation, config.rules, error) : CTL_OK;
}

static int try_once(struct client *client, const struct rules_change *change)
{
	struct client_rules live, rules;
	uint32_t generation;
	int code, error;

	error = client_rules_get(client, &live);
	if (error)
		return ctl_refused(client, error, NULL);
	code = rules_copy(&live, &rules);
	if (!code) {
		code = change->change(&rules, change->arg);
		if (!code)
			code = make_live(client, &live, &rules, change->force, &generation);
		if (!code && change->done)
			change->done(&live, &rules, generation, change->arg);
		client_rules_free(&rules);
	}
	client_rules_free(&live);
	return code;
}

int rules_apply(struct client *client, const struct rules_change *change)
{
	int tries, code = -ESTALE;

	for (tries = 0; tries < TRIES && code == -ESTALE; tries++)
		code = try_once(client, change);
	if (code == -ESTALE)
		return ctl_fail(CTL_FAILED, "the rules stay as they were: somebody changed them in the meantime, %d times in a row; try again",
				TRIES);
	return code < 0 ? CTL_OK : code;
}
