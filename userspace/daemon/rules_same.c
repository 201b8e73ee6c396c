// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules file against the live rules: setting what is there already would
 * make a new generation, and a record of a change that was none. Pure.
 */
#include "rules_same.h"

#include <string.h>

static bool same_class(const struct client_class *a, const struct client_class *b)
{
	return a->action == b->action && a->known == b->known && a->window == b->window &&
	       a->repeat == b->repeat && a->self_clone == b->self_clone && a->init == b->init;
}

static bool same_classes(const struct client_rules *a, const struct client_rules *b)
{
	unsigned int i, j;

	if (a->classes != b->classes)
		return false;
	for (i = 0; i < a->classes; i++) {
		for (j = 0; j < b->classes; j++)
			if (a->class[i].id == b->class[j].id)
				break;
		if (j == b->classes || !same_class(&a->class[i], &b->class[j]))
			return false;
	}
	return true;
}

static bool same_identity(const struct client_exemption *a,
			  const struct client_exemption *b)
{
	if (a->has_fd || b->has_fd || a->has_identity != b->has_identity ||
	    a->has_sha256 != b->has_sha256)
		return false;
	if (a->has_sha256 && memcmp(a->sha256, b->sha256, sizeof(a->sha256)))
		return false;
	return !a->has_identity ||
	       (a->dev == b->dev && a->ino == b->ino && a->generation == b->generation &&
		a->ctime_sec == b->ctime_sec && a->ctime_nsec == b->ctime_nsec);
}

static bool same_exemption(const struct client_exemption *a,
			   const struct client_exemption *b)
{
	return !strcmp(a->name, b->name) && a->classes == b->classes &&
	       !strcmp(a->exe, b->exe) && !strcmp(a->comm, b->comm) &&
	       a->has_uid == b->has_uid && (!a->has_uid || a->uid == b->uid) &&
	       !strcmp(a->cgroup, b->cgroup) && a->unsafe == b->unsafe &&
	       !strcmp(a->reason, b->reason) && !strcmp(a->author, b->author) &&
	       a->expires == b->expires && same_identity(a, b);
}

/* Of scopes and exemptions the order counts too: the first scope decides. */
static bool same_scope(const struct client_scope *a, const struct client_scope *b)
{
	return !strcmp(a->name, b->name) && !strcmp(a->cgroup, b->cgroup) &&
	       a->classes == b->classes && a->action == b->action &&
	       a->has_known == b->has_known && (!a->has_known || a->known == b->known);
}

bool rules_same(const struct client_rules *a, const struct client_rules *b)
{
	unsigned int i;

	if (!same_classes(a, b) || a->count != b->count || a->scopes != b->scopes ||
	    a->budget != b->budget || a->budget_exe != b->budget_exe)
		return false;
	for (i = 0; i < a->count; i++)
		if (!same_exemption(&a->exemption[i], &b->exemption[i]))
			return false;
	for (i = 0; i < a->scopes; i++)
		if (!same_scope(&a->scope[i], &b->scope[i]))
			return false;
	return true;
}
