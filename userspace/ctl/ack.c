// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard ack: somebody has dealt with findings. All of them are looked up
 * before one is written; the store takes all or none.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../lib/text.h"
#include "doc.h"
#include "fields.h"
#include "pick.h"
#include "records.h"

#define NOTE_MAX 255

enum { KEY_NOTE = 256, KEY_UNDO };

static const struct verb_option options[] = {
	{ KEY_NOTE, "note", "TEXT", "what came of it" },
	{ KEY_UNDO, "undo", NULL, "nobody has dealt with them after all" },
	{ 0 }
};

struct ack {
	char by[WXGUARD_AUTHOR_MAX + 1], note[NOTE_MAX + 1];
	bool undo;
	uint64_t when;
	int count;
	json_t **doc;		/* count of them */
};

static int look_up(struct ack *ack, const struct ctl *ctl, const struct verb *verb,
		   const struct option_walk *walk)
{
	int64_t row = 0;
	int code = 0;

	ack->doc = calloc((size_t)walk->argc + 1, sizeof(json_t *));
	if (!ack->doc)
		return ctl_fail(CTL_FAILED, "out of memory");
	while (!code && ack->count < walk->argc) {
		const char *word = walk->argv[ack->count];

		code = pick_finding(ctl, verb, word, &ack->doc[ack->count], &row);
		if (!code)
			ack->count++;
		if (!code && !row)
			code = ctl_fail(CTL_NO_DAEMON, "finding %s is not in the store, where this is kept; is wxguardd running?",
					word);
	}
	return code;
}

static int write_all(const struct ack *ack)
{
	struct store *store;
	int i, error, code = records_need(STORE_AMEND, &store);

	if (code)
		return code;
	error = store_begin(store);
	for (i = 0; i < ack->count && !error; i++)
		error = store_record_ack(store, doc_string(ack->doc[i], "event.id"),
					 ack->undo ? 0 : ack->when, ack->undo ? NULL : ack->by,
					 ack->undo || !*ack->note ? NULL : ack->note);
	if (!error)
		error = store_commit(store);
	if (error) {
		code = error == -ENOENT ?
			ctl_fail(CTL_NOT_FOUND, "a finding has left the store meanwhile; nothing was written") :
			error == -EACCES || error == -EROFS ?
			ctl_fail(CTL_PERMISSION, "nothing was written: " CTL_NEEDS_ROOT) :
			ctl_fail(CTL_FAILED, "nothing was written: %s", store_error(store));
		store_rollback(store);
	}
	store_close(store);
	return code;
}

static void print_all(const struct ack *ack)
{
	uint64_t number;
	int i;

	for (i = 0; i < ack->count; i++) {
		char *message = doc_plain(ack->doc[i], "message");

		number = 0;
		doc_number(ack->doc[i], "wxguard.finding.number", &number);
		printf("%s: #%llu  %s\n", ack->undo ? "open again" : "acked",
		       (unsigned long long)number, message ? message : "?");
		free(message);
	}
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct ack ack = { .when = (uint64_t)time(NULL) };
	struct option_walk walk;
	int key, code = 0;

	option_start(&walk, ctl, verb, argc, argv);
	while ((key = option_next(&walk)) > 0) {
		if (key == KEY_UNDO)
			ack.undo = true;
		else
			code = fields_text(verb, "note", walk.value, ack.note, sizeof(ack.note));
		if (code)
			return option_stop(&walk, code);
	}
	if (key < 0)
		return walk.exit;
	if (ack.undo && *ack.note)
		return option_wrong(verb, "--note is what came of it, so not with --undo");
	code = option_operands(&walk, 1, walk.argc > 1 ? walk.argc : 1);
	if (code)
		return code;
	fields_author(ack.by);
	code = look_up(&ack, ctl, verb, &walk);
	if (!code)
		code = write_all(&ack);
	if (!code)
		print_all(&ack);
	while (ack.count)
		json_decref(ack.doc[--ack.count]);
	free(ack.doc);
	return code ? code : ctl_flush();
}

const struct verb verb_ack = {
	.name = "ack",
	.args = "ID...",
	.purpose = "Note that findings are dealt with, by whom and when",
	.options = options,
	.notes = "\"wxguard list --unacked\" has what is left; \"wxguard show ID\" says who and when.\n",
	.run = run,
};
