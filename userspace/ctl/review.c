// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Learnt entries of the known set, their files, and the rules. Reads only.
 * The path is where the executable was first seen: whether the file there is
 * still that one is told by its identity before its digest is believed.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../../module/core/class.h"
#include "../../module/core/rules.h"
#include "../lib/exe_file.h"
#include "known_set.h"
#include "review.h"

const char *review_verdict_name(enum review_verdict verdict)
{
	static const char *const names[] = {
		[REVIEW_DENY] = "would_deny", [REVIEW_KILL] = "would_kill",
		[REVIEW_REPORT] = "would_report", [REVIEW_OFF] = "off",
		[REVIEW_EXCLUDED] = "excluded", [REVIEW_KNOWN] = "known",
	};

	return names[verdict];
}

const char *review_verdict_text(enum review_verdict verdict)
{
	static const char *const texts[] = {
		[REVIEW_DENY] = "would be denied", [REVIEW_KILL] = "would be killed",
		[REVIEW_REPORT] = "would be reported", [REVIEW_OFF] = "class is off",
		[REVIEW_EXCLUDED] = "allowed (excluded)", [REVIEW_KNOWN] = "allowed (known)",
	};

	return texts[verdict];
}

const char *review_file_name(enum review_file file)
{
	static const char *const names[] = {
		[REVIEW_FILE_SAME] = "same", [REVIEW_FILE_CHANGED] = "changed",
		[REVIEW_FILE_GONE] = "gone", [REVIEW_FILE_UNREADABLE] = "unreadable",
		[REVIEW_FILE_NO_PATH] = "no_path",
	};

	return names[file];
}

int review_parse_as(const struct verb *verb, const char *value, int *as)
{
	int action = wxg_action_parse(value, strlen(value));

	if (action != WXGUARD_ACTION_DENY && action != WXGUARD_ACTION_KILL)
		return option_wrong(verb, "--as is deny or kill, not \"%s\"", value);
	*as = action;
	return 0;
}

/* ---- the judgement ---- */

static bool same_identity(const struct client_exemption *row,
			  const struct client_known *known)
{
	return row->dev == known->dev && row->ino == known->ino &&
	       row->generation == known->generation &&
	       row->ctime_sec == known->ctime_sec && row->ctime_nsec == known->ctime_nsec;
}

/* Whoever runs it, wherever: an exclusion by user, group or name is not that. */
static bool covers(const struct client_exemption *row,
		   const struct review_row *review, uint64_t now)
{
	const struct client_known *known = &review->known;

	if (!(row->classes & 1U << review->class) || row->has_uid || *row->comm ||
	    *row->cgroup || (row->expires && row->expires <= now))
		return false;
	if (*row->exe && !wxg_glob_match(row->exe, (const char *)known->path, known->path_len))
		return false;
	/* An identity is pinned for a content, and may lag behind it. */
	if (row->has_sha256)
		return review->hashed && !memcmp(row->sha256, review->sha256, sizeof(row->sha256));
	return !row->has_identity || same_identity(row, known);
}

static const struct client_class *class_of(const struct client_rules *rules, uint32_t class)
{
	unsigned int i;

	for (i = 0; i < rules->classes; i++)
		if (rules->class[i].id == class)
			return &rules->class[i];
	return NULL;
}

uint32_t review_known_classes(const struct client_rules *rules)
{
	uint32_t classes = 0;
	unsigned int i;

	for (i = 0; i < rules->classes; i++)
		if (rules->class[i].known)
			classes |= 1U << rules->class[i].id;
	return classes;
}

void review_judge(const struct client_rules *rules, int as, uint64_t now,
		  struct review_row *row)
{
	const struct client_class *rule = class_of(rules, row->class);
	const struct wxg_class *table = wxg_class_lookup(row->class);
	uint32_t action = rule ? rule->action : WXGUARD_ACTION_OFF;
	unsigned int i;

	row->exemption = NULL;
	row->verdict = REVIEW_OFF;
	if (!table || action == WXGUARD_ACTION_OFF)
		return;
	for (i = 0; i < rules->count; i++) {
		if (!covers(&rules->exemption[i], row, now))
			continue;
		row->exemption = &rules->exemption[i];
		row->verdict = REVIEW_EXCLUDED;
		return;
	}
	if (as >= 0)
		action = (uint32_t)as;
	row->verdict = REVIEW_REPORT;
	if (rule->known)
		row->verdict = REVIEW_KNOWN;
	else if (table->deniable && action == WXGUARD_ACTION_DENY)
		row->verdict = REVIEW_DENY;
	else if (table->deniable && action == WXGUARD_ACTION_KILL)
		row->verdict = REVIEW_KILL;
}

/* ---- the files ---- */

static bool path_is_whole(const struct client_known *known)
{
	return known->path_len && known->path[0] == '/' &&
	       !memchr(known->path, 0, known->path_len);
}

static void look_at_file(struct review_row *row)
{
	char path[WXGUARD_KNOWN_PATH_MAX + 1];
	int fd;

	row->file = REVIEW_FILE_NO_PATH;
	if (!path_is_whole(&row->known))
		return;
	memcpy(path, row->known.path, row->known.path_len);
	path[row->known.path_len] = 0;
	fd = exe_file_open(path);
	if (fd < 0) {
		row->file = fd == -ENOENT || fd == -ENOTDIR ? REVIEW_FILE_GONE :
			    fd == -ELOOP ? REVIEW_FILE_CHANGED : REVIEW_FILE_UNREADABLE;
		return;
	}
	row->file = REVIEW_FILE_CHANGED;
	if (!fstat(fd, &row->stat) && exe_file_is_known(&row->stat, &row->known)) {
		row->hashed = !exe_file_digest(fd, &row->stat, row->sha256);
		row->file = row->hashed ? REVIEW_FILE_SAME : REVIEW_FILE_UNREADABLE;
	}
	close(fd);
}

/* Classes and shapes of one executable have one file. */
bool review_same_file(const struct client_known *a, const struct client_known *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->generation == b->generation &&
	       a->ctime_sec == b->ctime_sec && a->ctime_nsec == b->ctime_nsec &&
	       a->path_len == b->path_len && !memcmp(a->path, b->path, a->path_len);
}

static void look_at_files(struct review *review)
{
	size_t i;

	for (i = 0; i < review->count; i++) {
		struct review_row *row = &review->row[i];

		if (!i || !review_same_file(&row->known, &row[-1].known)) {
			look_at_file(row);
			continue;
		}
		row->file = row[-1].file;
		row->hashed = row[-1].hashed;
		row->stat = row[-1].stat;
		memcpy(row->sha256, row[-1].sha256, sizeof(row->sha256));
	}
}

/* ---- putting it together ---- */

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int by_path(const void *left, const void *right)
{
	const struct review_row *a = left, *b = right;
	size_t both = a->known.path_len < b->known.path_len ? a->known.path_len :
							      b->known.path_len;
	int order = memcmp(a->known.path, b->known.path, both);

	if (!order)
		order = COMPARE(a->known.path_len, b->known.path_len);
	if (!order)
		order = COMPARE(a->known.ino, b->known.ino);
	if (!order)
		order = COMPARE(a->known.ctime_sec, b->known.ctime_sec);
	if (!order)
		order = COMPARE(a->known.ctime_nsec, b->known.ctime_nsec);
	if (!order)
		order = COMPARE(a->known.dev, b->known.dev);
	if (!order)
		order = COMPARE(a->class, b->class);
	return order ? order : COMPARE(a->known.shape, b->known.shape);
}

static int by_verdict(const void *left, const void *right)
{
	const struct review_row *a = left, *b = right;
	int order = COMPARE(a->verdict, b->verdict);

	return order ? order : by_path(left, right);
}

static void sort(struct review *review, int (*compare)(const void *left, const void *right))
{
	if (review->count)
		qsort(review->row, review->count, sizeof(*review->row), compare);
}

static int take(const struct known_set *set, uint32_t flags, struct review *review)
{
	size_t i;

	review->row = calloc(set->count + 1, sizeof(*review->row));
	if (!review->row)
		return -ENOMEM;
	for (i = 0; i < set->count; i++) {
		struct review_row *row = &review->row[review->count];

		if (!(set->entry[i].flags & flags) || !set->entry[i].classes)
			continue;
		row->known = set->entry[i];
		row->class = (uint32_t)__builtin_ctz(row->known.classes);
		if (!wxg_class_lookup(row->class))	/* of a newer module */
			continue;
		review->count++;
	}
	return 0;
}

static int read_set(struct client *client, uint32_t flags, struct review *review)
{
	struct known_set set = { 0 };
	int error = client_known_list(client, known_set_add, &set);

	if (error) {
		known_set_free(&set);
		return ctl_refused(client, error, NULL);
	}
	error = take(&set, flags, review);
	known_set_free(&set);
	return error ? ctl_fail(CTL_FAILED, "out of memory") : 0;
}

int review_read(struct client *client, uint32_t flags, int as, struct review *review)
{
	uint64_t now = (uint64_t)time(NULL);
	int code, error;
	size_t i;

	memset(review, 0, sizeof(*review));
	error = client_rules_get(client, &review->rules);
	if (error)
		return ctl_refused(client, error, NULL);
	code = read_set(client, flags, review);
	if (code) {
		review_free(review);
		return code;
	}
	sort(review, by_path);
	look_at_files(review);
	for (i = 0; i < review->count; i++)
		review_judge(&review->rules, as, now, &review->row[i]);
	sort(review, by_verdict);
	return 0;
}

void review_sort_by_file(struct review *review)
{
	sort(review, by_path);
}

void review_free(struct review *review)
{
	free(review->row);
	client_rules_free(&review->rules);
	memset(review, 0, sizeof(*review));
}
