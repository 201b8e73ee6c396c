/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One way for a changed rule set into the module and into the file, shared
 * by "exclude" and "rules load".
 */
#ifndef WXG_CTL_RULES_APPLY_H
#define WXG_CTL_RULES_APPLY_H

#include "ctl.h"

/**
 * rules_apply() - make @rules the live set and the persistent one
 * @live: the set that @rules was made from, as client_rules_get() gave it
 *
 * Validates, sets (refused if somebody changed the live set meanwhile), then
 * writes the rules file (which wxguard.conf may name); if that fails the module gets @live back. Says what
 * holds in each failure. Return: exit code; *generation is the new one.
 */
int rules_apply(struct client *client, const struct client_rules *live,
		const struct client_rules *rules, uint32_t *generation);

/* Add @count exemptions at the end. 0, or the exit code of the complaint. */
int rules_append(struct client_rules *rules,
		 const struct client_exemption *exemption, unsigned int count);
/* A deep copy. 0, or the exit code of the complaint. */
int rules_copy(const struct client_rules *from, struct client_rules *to);
/* The exemption of that name, NULL if none. */
struct client_exemption *rules_find(const struct client_rules *rules,
				    const char *name);

#endif
