/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rule set as values, its validation, and the matching of exemptions.
 * A set is immutable once checked; rules_live.c publishes it whole.
 */
#ifndef _WXG_CORE_RULES_H
#define _WXG_CORE_RULES_H

#include "identity.h"

struct wxg_class_rule {
	u32 action;		/* enum wxguard_action */
	bool known;		/* known executables are exempt */
	u32 window;		/* s */
	u32 repeat;		/* s, 0 = tell each */
	bool self_clone;	/* self-clones are exempt */
	bool init;		/* deny also pid 1, execs by the kernel, the daemon */
};

/* Another rule for a subtree of cgroups. Strings are NUL terminated. */
struct wxg_scope {
	char name[WXGUARD_EXEMPTION_NAME_MAX + 1];
	char cgroup[WXGUARD_GLOB_MAX + 1];
	u32 classes;		/* bits 1 << class */
	u32 action;		/* enum wxguard_action */
	bool has_known;
	bool known;
};

/* See enum wxguard_attr_budget. */
struct wxg_budget_rule {
	u32 per_minute;		/* 0 = no limit */
	u32 per_exe;
};

/* Strings are NUL terminated, "" = this matcher is not used. */
struct wxg_exemption {
	char name[WXGUARD_EXEMPTION_NAME_MAX + 1];
	u32 classes;		/* bits 1 << class */
	char exe[WXGUARD_GLOB_MAX + 1];
	char comm[WXGUARD_COMM_MAX + 1];
	bool has_uid;
	u32 uid;
	char cgroup[WXGUARD_GLOB_MAX + 1];
	bool has_key;
	struct wxg_known_key key;	/* shape 0 */
	bool has_sha256;
	u8 sha256[WXGUARD_SHA256_LEN];
	bool unsafe;
	char reason[WXGUARD_REASON_MAX + 1];
	char author[WXGUARD_AUTHOR_MAX + 1];
	u64 expires;		/* s since 1970, 0 = never */
};

struct wxg_prefix;

struct wxg_rules {
	u32 generation;
	struct wxg_class_rule class[__WXGUARD_CLASS_MAX];
	u32 count;
	/*
	 * An array of pointers, each element allocated on its own: 1,024
	 * exemptions are too much for one allocation. Owned by whoever owns
	 * the set.
	 */
	struct wxg_exemption **exemption;
	/*
	 * One each exemption, see prefix.h. NULL while the set is not published:
	 * it is then searched from its first to its last.
	 */
	const struct wxg_prefix *prefix;
	u32 scopes;
	struct wxg_scope **scope;	/* as exemption */
	struct wxg_budget_rule budget;
};

/* Who is judged, as the rules see it. Pointers are borrowed for the call. */
struct wxg_subject {
	const char *exe;	/* not terminated */
	size_t exe_len;
	const char *comm;
	size_t comm_len;
	const char *cgroup;
	size_t cgroup_len;
	u32 uid;
	bool has_key;
	struct wxg_known_key key;	/* of exe */
	bool is_init;		/* pid 1 of the initial namespace */
	bool is_daemon;		/* the one that reads the findings */
	bool kernel_spawned;	/* usermode helper */
};

/* Why a set was refused: a sentence for a person. */
struct wxg_rules_error {
	char text[200];
};

/* Fill every class with its default, no exemptions. */
void wxg_rules_init(struct wxg_rules *rules);

/**
 * wxg_rules_check() - may this set be published?
 * @rules: the set
 * @now: s since 1970, to refuse an expiry in the past
 * @error: filled with what was given, why not, what would be right
 *
 * Return: 0, -EINVAL, -ERANGE, -EOPNOTSUPP (class not built), -EEXIST
 * (name twice). Any context; pure.
 */
int wxg_rules_check(const struct wxg_rules *rules, u64 now,
		    struct wxg_rules_error *error);

/**
 * wxg_rules_lockout() - would enforce stop each program?
 * @rules: one that wxg_rules_check() lets pass
 * @known: how many executables are known for exec_unknown
 * @error: filled with what was given, why not, what would be right
 *
 * Return: 0, -EINVAL. Any context; pure.
 */
int wxg_rules_lockout(const struct wxg_rules *rules, u32 known,
		      struct wxg_rules_error *error);

/**
 * wxg_rules_dangers() - could this set lock its administrator out?
 * @rules: one that wxg_rules_check() lets pass
 * @known: how many executables are known for exec_unknown
 * @error: filled with what was given, why not, what would be right
 *
 * wxg_rules_lockout(), and exemptions that cover everything. What is found
 * here is legal, and published only by someone who insists.
 *
 * Return: 0, -EINVAL. Any context; pure.
 */
int wxg_rules_dangers(const struct wxg_rules *rules, u32 known,
		      struct wxg_rules_error *error);

/**
 * wxg_rules_match() - which exemption covers this event?
 * Return: its index, -1 if none; of several the first. Any context; pure.
 */
int wxg_rules_match(const struct wxg_rules *rules, u32 class,
		    const struct wxg_subject *subject, u64 now);

/**
 * wxg_rules_rule() - the rule of a class for this subject
 * @class: one that exists
 * @scope: filled with the index of the scope that decided, -1 if none
 * Return: the class's rule, with what the scope changes. Any context; pure.
 */
struct wxg_class_rule wxg_rules_rule(const struct wxg_rules *rules, u32 class,
				     const struct wxg_subject *subject,
				     int *scope);

/**
 * wxg_rules_by_exe_only() - does each exemption depend on the executable alone?
 *
 * If so, and for as long as the generation is the same, an executable that
 * was not exempt once is not exempt the next time, so a probe may decide on
 * "known" alone. False as soon as there is a scope.
 */
bool wxg_rules_by_exe_only(const struct wxg_rules *rules);

/* Glob as the UAPI header defines it, over bytes. Linear in practice, bounded. */
bool wxg_glob_match(const char *pattern, const char *text, size_t len);

#endif
