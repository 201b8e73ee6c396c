// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Scopes and the budget in the rules file: their values, and their sections
 * at the end. Pure but for memory.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "rules_draft.h"

const char *const rules_scope_keys[] = { "cgroup", "classes", "action", "known",
					 NULL };
const char *const rules_budget_keys[] = { "per-minute", "per-executable",
					  NULL };

int rules_set_scope(struct rules_draft *draft, const char *key,
		    const char *value, int line)
{
	struct client_scope *scope = &draft->scope;

	if (!strcmp(key, "cgroup"))
		return rules_set_glob(draft, scope->cgroup, key, value, line);
	if (!strcmp(key, "classes"))
		return rules_add_class(draft, &scope->classes, value, line);
	if (!strcmp(key, "action"))
		return rules_set_action(draft, &scope->action, value, line);
	scope->has_known = true;
	return rules_set_known(draft, &scope->known, value, line);
}

int rules_set_budget(struct rules_draft *draft, const char *key,
		     const char *value, int line)
{
	bool each = !strcmp(key, "per-executable");
	unsigned long number = 0;
	char *end = NULL;

	errno = 0;
	if (*value >= '0' && *value <= '9')
		number = strtoul(value, &end, 10);
	if (!end || *end || errno || number > WXGUARD_BUDGET_MAX ||
	    (each && !number))
		return rules_refuse(
			draft, line, "%s is %s; a number from %s to %u is needed",
			key, rules_shown(value), each ? "1" : "0 (no limit)",
			WXGUARD_BUDGET_MAX);
	if (each)
		draft->rules.budget_exe = (uint32_t)number;
	else
		draft->rules.budget = (uint32_t)number;
	return 0;
}

/* What a person forgets first, in the words of the file. */
static int check_complete(struct rules_draft *draft, int line)
{
	const struct client_scope *scope = &draft->scope;

	if (!scope->cgroup[0])
		return rules_refuse(draft, line, "scope \"%s\" names no cgroup; give one, as in cgroup = \"/machine.slice/**\"",
				    scope->name);
	if (!scope->classes)
		return rules_refuse(draft, line, "scope \"%s\" names no class; give one, as in classes = {exec_memory}; known are: %s",
				    scope->name, rules_class_names());
	if (!(draft->keys_given & 4))
		return rules_refuse(draft, line, "scope \"%s\" says not what to do; give off, log, deny or kill, as in action = deny",
				    scope->name);
	return 0;
}

/* The rest is the core's to judge: it will be the module's judgement too. */
static int check_core(struct rules_draft *draft, int line)
{
	struct client_rules one = { .scopes = 1, .scope = &draft->scope };
	char said[RULES_TEXT_WHY_MAX];

	if (!rules_text_check(&one, draft->now, said))
		return 0;
	return rules_refuse(draft, line, "%.300s", said);
}

static int append(struct rules_draft *draft, int line)
{
	struct client_rules *rules = &draft->rules;
	struct client_scope *grown;

	if (rules->scopes == WXGUARD_SCOPES_MAX)
		return rules_refuse(draft, line, "more than %u scopes; the module takes no more",
				    WXGUARD_SCOPES_MAX);
	grown = realloc(rules->scope, (rules->scopes + 1) * sizeof(*grown));
	if (!grown) {
		draft->error = -ENOMEM;
		return rules_refuse(draft, line, "out of memory");
	}
	rules->scope = grown;
	rules->scope[rules->scopes++] = draft->scope;
	return 0;
}

int rules_end_scope(struct rules_draft *draft, const char *name, int line)
{
	int begin = rules_begin_of(draft, "scope", line);
	int error = rules_set_name(draft, draft->scope.name, name, begin);

	if (!error)
		error = check_complete(draft, begin);
	if (!error)
		error = check_core(draft, begin);
	if (!error)
		error = append(draft, begin);
	rules_close_section(draft, line);
	return error;
}

int rules_end_budget(struct rules_draft *draft, int line)
{
	int begin = rules_begin_of(draft, "budget", line);

	rules_close_section(draft, line);
	if (draft->budget_given)
		return rules_refuse(draft, begin, "budget is there twice; put its keys into one section");
	draft->budget_given = true;
	return 0;
}
