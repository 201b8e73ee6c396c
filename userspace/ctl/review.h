/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What was learnt, held against the rules: per executable and class, what
 * enforce would make of it. For "baseline review" and "baseline promote".
 */
#ifndef WXG_CTL_REVIEW_H
#define WXG_CTL_REVIEW_H

#include <sys/stat.h>

#include "ctl.h"

enum review_verdict {
	REVIEW_DENY,		/* in this order they are shown */
	REVIEW_KILL,
	REVIEW_REPORT,
	REVIEW_OFF,		/* the class is not looked at any more */
	REVIEW_EXCLUDED,
	REVIEW_KNOWN,
};

/* Is the file at the path the one that was seen? */
enum review_file {
	REVIEW_FILE_SAME,
	REVIEW_FILE_CHANGED,
	REVIEW_FILE_GONE,
	REVIEW_FILE_UNREADABLE,
	REVIEW_FILE_NO_PATH,	/* too long for the module to keep */
};

struct review_row {
	struct client_known known;	/* one class bit */
	uint32_t class;
	enum review_file file;
	bool hashed;			/* sha256 and stat are filled */
	uint8_t sha256[WXGUARD_SHA256_LEN];
	struct stat stat;
	enum review_verdict verdict;
	const struct client_exemption *exemption;	/* of the rules; or NULL */
};

struct review {
	struct review_row *row;
	size_t count;
	struct client_rules rules;
};

/**
 * review_read() - everything learnt, judged
 * @flags: entries with one of these WXGUARD_KNOWN_F_*; LEARNED for a review
 * @as: judge as if each class that is looked at had this action; -1: as it is
 *
 * Opens and digests each file once. Return: 0 or the exit code of the
 * complaint; review_free() it after success.
 */
int review_read(struct client *client, uint32_t flags, int as, struct review *review);
void review_free(struct review *review);
/* As it is read, what would be denied comes first; this puts files together. */
void review_sort_by_file(struct review *review);

/*
 * The judgement of one row, filling verdict and exemption; pure. Scopes are
 * left out: the known set does not say in which cgroup something was seen.
 */
void review_judge(const struct client_rules *rules, int as, uint64_t now,
		  struct review_row *row);

/* Classes for which the rules exempt known executables, as bits. */
uint32_t review_known_classes(const struct client_rules *rules);
/* Rows of one executable, whatever their class and shape. */
bool review_same_file(const struct client_known *a, const struct client_known *b);

/* The value of --as. 0, or the exit code of the complaint. */
int review_parse_as(const struct verb *verb, const char *value, int *as);

/* "would_deny", and for people "would be denied". */
const char *review_verdict_name(enum review_verdict verdict);
const char *review_verdict_text(enum review_verdict verdict);
/* "same", "changed"... */
const char *review_file_name(enum review_file file);

#endif
