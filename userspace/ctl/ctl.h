/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every verb of wxguard shares: the shape of a verb, its options, the
 * exit codes. A verb lives in its own file and uses this and the library,
 * never another verb.
 */
#ifndef WXG_CTL_CTL_H
#define WXG_CTL_CTL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "../lib/client.h"

/* Exit codes, as wxguard --help prints them. */
enum ctl_exit {
	CTL_OK,
	CTL_FAILED,
	CTL_USAGE,
	CTL_NOT_FOUND,
	CTL_NO_DAEMON,
	CTL_NO_MODULE,
	CTL_PERMISSION,
	CTL_INVALID,
};

/* What the common options say. */
struct ctl {
	bool json;
	bool utc;
	bool color;
};

struct verb_option {
	int key;		/* letter of the short form, above 255: none */
	const char *name;	/* long form */
	/*
	 * Stands for the argument, NULL = takes none. What it says is completed:
	 * FILE, PATH, DIR, CLASS, MODE, SHELL, or words with a bar between.
	 */
	const char *value;
	const char *help;
};

struct verb {
	const char *name;	/* "status", "known add" */
	const char *args;	/* operands for the usage line, "" if none; as value */
	const char *purpose;	/* one line, imperative */
	const struct verb_option *options;	/* ends with key 0; NULL = none */
	const char *notes;	/* more for --help, whole lines; NULL = none */
	bool reads;		/* takes --json */
	int (*run)(struct ctl *ctl, const struct verb *verb, int argc, char **argv);
};

extern const struct verb verb_status, verb_watch, verb_list, verb_show,
	verb_ack, verb_explain, verb_evidence, verb_allow, verb_report,
	verb_ack,
	verb_respond,
	verb_known_list, verb_known_add, verb_known_forget, verb_known_pin,
	verb_known_unpin, verb_exclude_list, verb_exclude_add,
	verb_exclude_remove, verb_exclude_test, verb_exclude_lint, verb_scope_list, verb_scope_add, verb_scope_remove,
	verb_rules_show, verb_rules_load, verb_rules_check, verb_replay, verb_baseline_start,
	verb_baseline_status, verb_baseline_stop, verb_baseline_review,
	verb_baseline_promote, verb_baseline_export, verb_baseline_import,
	verb_baseline_scan, verb_baseline_key, verb_mode, verb_lock, verb_test, verb_check,
	verb_completion;

/* All of them (verbs.c). */
extern const struct verb *const verbs[];
extern const size_t verb_count;

/* A sentence on stderr, after "wxguard: ". Returns @code. */
int ctl_fail(int code, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* What a member of the group is told who wants more. */
#define CTL_NEEDS_ROOT "deciding needs root; members of the group wxguard may read, and change nothing"

/*
 * Connect to read, or say why not and return the exit code; 0 = connected. A
 * member of the group that may read goes through wxguardd.
 */
int ctl_connect(struct client **client);
/* To change something: before anything is done, and never through wxguardd. */
int ctl_connect_to_decide(struct client **client);
/* Say client_error(), after "what: " if given; the exit code is by @error. */
int ctl_refused(const struct client *client, int error, const char *what);

struct config;
/* Read wxguard.conf. 0, or say what is wrong with it and return the exit code. */
int ctl_config(struct config *config);

/* The exit code for what cannot be read because of @error (-errno). */
int ctl_unread(int error);

/* Say that the file @path could not be written; the exit code is by @error (-errno). */
int ctl_unwritten(const char *path, int error);
/* Print @json as one line and give it up; NULL (out of memory) is complained of. */
int ctl_print_json(json_t *json);
/* Write out what stdio holds; a full disk or a closed pipe is a failure. */
int ctl_flush(void);

/*
 * One command line of one verb. The common options and every mistake are
 * handled inside; the verb sees only its own options.
 */
struct option_walk {
	struct ctl *ctl;
	const struct verb *verb;
	int argc;
	char **argv;
	const char *value;	/* of the option that option_next() returned */
	int exit;		/* valid after option_next() returned -1 */
	struct option *longs;
	char shorts[64];
};

void option_start(struct option_walk *walk, struct ctl *ctl,
		  const struct verb *verb, int argc, char **argv);
/* Key of the next option; 0 = no more, argc and argv hold the operands; -1 = stop. */
int option_next(struct option_walk *walk);
/* Leave the walk early, with @code. */
int option_stop(struct option_walk *walk, int code);
/*
 * Options of wxguard itself, in front of the verb. 'h', 'V': that is what was
 * asked; 0: argc and argv begin at the verb; -1: a mistake was complained of.
 */
int option_front(struct ctl *ctl, int *argc, char ***argv, int *exit_code);
/* Complain about this verb's command line; returns CTL_USAGE. */
int option_wrong(const struct verb *verb, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* 0, or the complaint's exit code if there are not @min to @max operands. */
int option_operands(const struct option_walk *walk, int min, int max);
/*
 * All of it, for a verb without options of its own; the second connects as
 * well. false: the verb ends, with walk->exit.
 */
bool option_none(struct option_walk *walk, int min, int max);
bool option_connect(struct option_walk *walk, int min, int max, struct client **client);

void option_usage(const struct verb *verb);
/* What verbs have in common, ended by key 0; is it for this one? */
extern const struct verb_option option_common[];
bool option_is_offered(const struct verb *verb, const struct verb_option *option);

#endif
