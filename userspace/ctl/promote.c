// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * From a review to pins and exclusions. An exclusion is as narrow as it can
 * be: this path with this content, and the identity that the module saw.
 * Touches no file and no module.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../../module/core/class.h"
#include "../lib/exe_file.h"
#include "promote.h"

bool promotion_glob(const struct client_known *known, char glob[WXGUARD_GLOB_MAX + 1])
{
	size_t i, used = 0;

	if (!known->path_len || known->path[0] != '/')
		return false;
	for (i = 0; i < known->path_len; i++) {
		char c = (char)known->path[i];

		if (!c || used + 2 > WXGUARD_GLOB_MAX)
			return false;
		if (c == '*' || c == '?' || c == '\\')
			glob[used++] = '\\';
		glob[used++] = c;
	}
	glob[used] = 0;
	return true;
}

/* The last component of the path, of bytes that a name may have. */
static void put_base(const struct client_known *known, char *out, size_t size)
{
	size_t at = known->path_len, used = 0;

	while (at && known->path[at - 1] != '/')
		at--;
	for (; at < known->path_len && used + 1 < size; at++) {
		char c = (char)known->path[at];

		out[used++] = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			      (c >= '0' && c <= '9') || c == '.' || c == '-' ? c : '_';
	}
	out[used] = 0;
}

static bool is_taken(const struct promotion *promotion, const struct review *review,
		     const char *name)
{
	size_t i;

	for (i = 0; i < review->rules.count; i++)
		if (!strcmp(review->rules.exemption[i].name, name))
			return true;
	for (i = 0; i < promotion->adds; i++)
		if (!strcmp(promotion->add[i].name, name))
			return true;
	return false;
}

/* baseline-node-exec_memory-1a2b3c4d, and -2 where that is taken. */
static void put_name(const struct promotion *promotion, const struct review *review,
		     const struct review_row *row, char name[WXGUARD_EXEMPTION_NAME_MAX + 1])
{
	char base[21], hex[EXE_FILE_HEX_MAX];
	unsigned int number;

	put_base(&row->known, base, sizeof(base));
	exe_file_hex(row->sha256, hex);
	snprintf(name, WXGUARD_EXEMPTION_NAME_MAX + 1, "baseline-%s-%s-%.8s", base,
		 wxg_class_lookup(row->class)->name, hex);
	for (number = 2; is_taken(promotion, review, name); number++)
		snprintf(name, WXGUARD_EXEMPTION_NAME_MAX + 1, "baseline-%s-%s-%.8s-%u", base,
			 wxg_class_lookup(row->class)->name, hex, number);
}

static void put_reason(const struct review_row *row, uint64_t now,
		       char reason[WXGUARD_REASON_MAX + 1])
{
	time_t first = (time_t)row->known.first_seen, when = (time_t)now;
	char from[16], to[16];
	struct tm parts;

	strftime(from, sizeof(from), "%Y-%m-%d", gmtime_r(&first, &parts));
	strftime(to, sizeof(to), "%Y-%m-%d", gmtime_r(&when, &parts));
	snprintf(reason, WXGUARD_REASON_MAX + 1, "baseline of %s, first seen %s", to, from);
}

static bool make_exclusion(struct promotion *promotion, const struct review *review,
			   const struct review_row *row, const struct promotion_note *note)
{
	struct client_exemption *add = &promotion->add[promotion->adds];

	memset(add, 0, sizeof(*add));
	if (!row->hashed || !promotion_glob(&row->known, add->exe))
		return false;
	put_name(promotion, review, row, add->name);
	add->classes = 1U << row->class;
	add->has_sha256 = true;
	memcpy(add->sha256, row->sha256, sizeof(add->sha256));
	add->has_identity = true;
	add->dev = row->known.dev;
	add->ino = row->known.ino;
	add->generation = row->known.generation;
	add->ctime_sec = row->known.ctime_sec;
	add->ctime_nsec = row->known.ctime_nsec;
	put_reason(row, note->now, add->reason);
	snprintf(add->author, sizeof(add->author), "%s", note->author);
	add->expires = note->expires;
	promotion->adds++;
	return true;
}

/* Another shape of a class that just got its exclusion needs no second one. */
static bool repeats(const struct review_row *row, const struct review_row *before)
{
	return before && row->class == before->class &&
	       review_same_file(&row->known, &before->known);
}

/* A pin is of the entry; its classes come as rows of their own. */
static void make_pin(struct promotion *promotion, const struct review_row *row)
{
	const struct client_known *last;

	if (row->known.flags & WXGUARD_KNOWN_F_PINNED)
		return;
	/* A file that is gone or replaced would only take room for good. */
	if (row->file != REVIEW_FILE_SAME && row->file != REVIEW_FILE_NO_PATH)
		return;
	if (promotion->pins) {
		last = &promotion->pin[promotion->pins - 1]->known;
		if (review_same_file(last, &row->known) && last->shape == row->known.shape)
			return;
	}
	promotion->pin[promotion->pins++] = row;
}

int promotion_make(struct promotion *promotion, const struct review *review,
		   bool only_known, const struct promotion_note *note)
{
	const struct review_row *row, *before = NULL;
	size_t i;

	memset(promotion, 0, sizeof(*promotion));
	promotion->pin = calloc(review->count + 1, sizeof(*promotion->pin));
	promotion->add = calloc(review->count + 1, sizeof(*promotion->add));
	promotion->left = calloc(review->count + 1, sizeof(*promotion->left));
	if (!promotion->pin || !promotion->add || !promotion->left)
		return -ENOMEM;
	for (i = 0; i < review->count; i++) {
		row = &review->row[i];
		if (row->verdict == REVIEW_KNOWN)
			make_pin(promotion, row);
		if (row->verdict != REVIEW_DENY && row->verdict != REVIEW_KILL)
			continue;
		if (!repeats(row, before) &&
		    (only_known || !make_exclusion(promotion, review, row, note)))
			promotion->left[promotion->lefts++] = row;
		before = row;
	}
	return 0;
}

void promotion_free(struct promotion *promotion)
{
	free(promotion->pin);
	free(promotion->add);
	free(promotion->left);
	memset(promotion, 0, sizeof(*promotion));
}
