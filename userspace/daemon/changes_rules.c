// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules that are other ones than those told last become a record each, with
 * before, after and who did it. The kernel tells only that there is another
 * generation; who made it, the one that did it has put into the store. What was
 * told stands there, too: what changes while nobody looks is told afterwards.
 * Only reads from the module.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/json_out.h"
#include "../lib/rules_words.h"
#include "rules_diff.h"
#include "wxguardd.h"

#define TOLD_MAX 16		/* records at once; the rest is counted */
#define BY_MAX 256		/* of several */
#define MINE "wxguardd"
#define OTHERS " and somebody else"

void changes_rules_mine(struct wxguardd *d, uint32_t generation, const char *why)
{
	char by[STORE_BY_MAX];

	snprintf(by, sizeof(by), MINE " (%s)", why);
	if (store_by_put(d->store, STORE_BY_RULES, generation, by))
		say(CONFIG_DEBUG, "%s", store_error(d->store));
}

void changes_rules_forget(struct wxguardd *d)
{
	json_decref(d->told.words);
	memset(&d->told, 0, sizeof(d->told));
}

/* { "load": ..., "generation": ..., "rules": ... } of the store. */
static void read_told(struct wxguardd *d)
{
	bool same_load;
	json_t *kept = changes_told(d, STORE_META_RULES_TOLD, &same_load);

	changes_rules_forget(d);
	d->told.words = json_incref(json_object_get(kept, "rules"));
	if (d->told.words && same_load)
		d->told.generation = (uint32_t)json_integer_value(json_object_get(kept, "generation"));
	json_decref(kept);
}

/* In the transaction that is open. */
static int write_told(struct wxguardd *d, json_t *words, uint32_t generation)
{
	return changes_told_put(d, STORE_META_RULES_TOLD,
				json_pack("{s:I, s:O}", "generation", (json_int_t)generation,
					  "rules", words));
}

/*
 * Each that made one of the generations since, once. false: of some it is not
 * known; @by then says that too, or is "" when it is known of none.
 */
static bool whose(struct wxguardd *d, uint32_t now, char by[BY_MAX])
{
	uint32_t first = d->told.generation ? d->told.generation + 1 : 2;
	uint32_t left = now >= first ? now - first + 1 : 0;
	bool all = left && left <= STORE_BY_KEPT;
	char one[STORE_BY_MAX];
	uint64_t when;

	by[0] = '\0';
	if (now == 1)	/* that one the module makes itself */
		strcpy(by, "the module (loaded anew)");
	if (left > STORE_BY_KEPT)
		left = STORE_BY_KEPT;
	for (; left; left--) {
		if (store_by_get(d->store, STORE_BY_RULES, now - left + 1, &when, one) ||
		    !rules_diff_add_name(by, BY_MAX - sizeof(OTHERS), one))
			all = false;
	}
	if (!all && *by && now != 1)
		strcat(by, OTHERS);
	return all || now == 1;
}

struct telling {
	struct wxguardd *d;
	const char *by;
	uint32_t generation;
	unsigned int count;
};

static int tell_one(const struct rules_change *found, void *arg)
{
	struct telling *telling = arg;
	char words[RULES_DIFF_WORDS_MAX];
	struct ecs_change change = {
		.of = found->of, .by = telling->by, .generation = telling->generation,
		.generation_before = telling->d->told.generation, .index = telling->count,
	};
	json_t *before, *after;
	int error;

	if (telling->count++ >= TOLD_MAX)
		return 0;
	rules_diff_words(found, telling->by, words);
	change.before = before = rules_diff_clip(found->before);
	change.after = after = rules_diff_clip(found->after);
	error = collect_change(telling->d, ECS_NOTICE_RULES_CHANGED, words, &change);
	json_decref(before);
	json_decref(after);
	return error;
}

static int tell_rest(struct telling *telling)
{
	struct ecs_change change = {
		.by = telling->by, .generation = telling->generation,
		.generation_before = telling->d->told.generation, .index = TOLD_MAX,
	};
	char words[RULES_DIFF_WORDS_MAX];

	if (telling->count <= TOLD_MAX)
		return 0;
	change.more = telling->count - TOLD_MAX;
	snprintf(words, sizeof(words), "%" PRIu32 " more came at once (see: wxguard rules show)",
		 change.more);
	return collect_change(telling->d, ECS_NOTICE_RULES_CHANGED, words, &change);
}

/* All or nothing, so that what fails is told at the next look. */
static int tell_all(struct telling *telling, json_t *words)
{
	struct wxguardd *d = telling->d;
	int error = store_begin(d->store);

	if (error)
		return error;
	if (d->told.words)
		error = rules_diff(d->told.words, words, tell_one, telling);
	if (!error)
		error = tell_rest(telling);
	if (!error)
		error = write_told(d, words, telling->generation);
	if (!error)
		error = store_commit(d->store);
	if (error)
		store_rollback(d->store);
	return error;
}

static bool tell(struct wxguardd *d, const struct client_rules *live, const char *by)
{
	struct telling telling = { .d = d, .by = by, .generation = live->generation };
	json_t *words = rules_words(live);

	if (words && d->told.generation == live->generation && d->told.words &&
	    json_equal(d->told.words, words)) {
		json_decref(words);
		return false;
	}
	if (!words || tell_all(&telling, words)) {
		say(d->store_broken ? CONFIG_DEBUG : CONFIG_WARNING,
		    "what was changed in the rules will be told later: %s",
		    words ? store_error(d->store) : "out of memory");
		json_decref(words);
		return false;
	}
	changes_rules_forget(d);
	d->told.words = words;
	d->told.generation = live->generation;
	return telling.count;
}

bool changes_rules(struct wxguardd *d, bool settled)
{
	struct client_rules live;
	char by[BY_MAX];
	bool told = false;

	if (!settled)
		read_told(d);
	if (client_rules_get(d->control, &live)) {
		if (settled)	/* else the next look says it */
			link_failed(d, d->control);
		return false;
	}
	/* Who did it may be about to say so. */
	if (!whose(d, live.generation, by) && settled && !d->told.waits && !d->stop)
		d->told.waits = true;
	else
		told = tell(d, &live, *by ? by : NULL);
	client_rules_free(&live);
	return told;
}
