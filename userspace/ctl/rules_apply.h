/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One way for a changed rule set into the module and into the file, shared
 * by "exclude", "scope", "baseline promote" and "rules load".
 */
#ifndef WXG_CTL_RULES_APPLY_H
#define WXG_CTL_RULES_APPLY_H

#include "ctl.h"

/* What a verb does to the rules. */
struct rules_change {
	/*
	 * Change a copy of the live set. 0, the exit code of the complaint, or
	 * -1: nothing is to be done. Asked again when somebody (wxguardd pins
	 * contents) changed the live set in between.
	 */
	int (*change)(struct client_rules *rules, void *arg);
	/* Say what was done; may be NULL. */
	void (*done)(const struct client_rules *live, const struct client_rules *rules,
		     uint32_t generation, void *arg);
	void *arg;
	bool force;	/* also a set that can lock the administrator out */
};

/**
 * rules_apply() - change the live set and the persistent one
 *
 * Validates, sets, then writes the rules file (which wxguard.conf may name);
 * if that fails the module gets its set back. Says what holds in each failure.
 * An identity that the module took from a descriptor is filled into the
 * rules; beside a digest it must have the change time that the row says, or
 * all is taken back. Return: exit code.
 */
int rules_apply(struct client *client, const struct rules_change *change);

/* Add @count exemptions at the end. 0, or the exit code of the complaint. */
int rules_append(struct client_rules *rules,
		 const struct client_exemption *exemption, unsigned int count);
/* Add a scope at the end. The same. */
int rules_append_scope(struct client_rules *rules, const struct client_scope *scope);
/* A deep copy. 0, or the exit code of the complaint. */
int rules_copy(const struct client_rules *from, struct client_rules *to);
/* The exemption of that name, NULL if none. */
struct client_exemption *rules_find(const struct client_rules *rules,
				    const char *name);

struct client_scope *rules_find_scope(const struct client_rules *rules,
				      const char *name);

#endif
