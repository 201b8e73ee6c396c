// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Would the module take these rules? Asked of the same core that the module
 * has. Pure but for memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules_core.h"
#include "rules_text.h"

void rules_core_free(struct rules_core *core)
{
	free(core->rules.exemption);
	free(core->rules.scope);
	free(core->exemption);
	free(core->scope);
}

void rules_core_exemption(const struct client_exemption *from, struct wxg_exemption *to)
{
	memcpy(to->name, from->name, sizeof(to->name));
	memcpy(to->exe, from->exe, sizeof(to->exe));
	memcpy(to->comm, from->comm, sizeof(to->comm));
	memcpy(to->cgroup, from->cgroup, sizeof(to->cgroup));
	memcpy(to->reason, from->reason, sizeof(to->reason));
	memcpy(to->author, from->author, sizeof(to->author));
	to->classes = from->classes;
	to->has_uid = from->has_uid;
	to->uid = from->uid;
	to->has_key = from->has_identity || from->has_fd;
	to->key.dev = from->dev;
	to->key.ino = from->ino;
	to->key.generation = from->generation;
	to->key.ctime_sec = from->ctime_sec;
	to->key.ctime_nsec = from->ctime_nsec;
	to->has_sha256 = from->has_sha256;
	memcpy(to->sha256, from->sha256, sizeof(to->sha256));
	to->unsafe = from->unsafe;
	to->expires = from->expires;
}

static void copy_scope(const struct client_scope *from, struct wxg_scope *to)
{
	memcpy(to->name, from->name, sizeof(to->name));
	memcpy(to->cgroup, from->cgroup, sizeof(to->cgroup));
	to->classes = from->classes;
	to->action = from->action;
	to->has_known = from->has_known;
	to->known = from->known;
}

static int copy_classes(const struct client_rules *rules,
			struct wxg_rules *core, char *why)
{
	unsigned int i;

	for (i = 0; i < rules->classes; i++) {
		const struct client_class *class = &rules->class[i];

		if (!class->id || class->id > WXGUARD_CLASS_MAX) {
			snprintf(why, RULES_TEXT_WHY_MAX, "class number %u does not exist; use 1 to %u",
				 class->id, WXGUARD_CLASS_MAX);
			return -EINVAL;
		}
		core->class[class->id] = (struct wxg_class_rule){
			.action = class->action,
			.known = class->known,
			.window = class->window,
			.repeat = class->repeat,
			.self_clone = class->self_clone,
			.init = class->init,
		};
	}
	return 0;
}

/* The arrays of pointers that the core wants. */
static int copy_lists(const struct client_rules *rules, struct rules_core *core)
{
	unsigned int i;

	core->exemption = calloc(rules->count + 1, sizeof(*core->exemption));
	core->scope = calloc(rules->scopes + 1, sizeof(*core->scope));
	core->rules.exemption = calloc(rules->count + 1,
				       sizeof(*core->rules.exemption));
	core->rules.scope = calloc(rules->scopes + 1,
				   sizeof(*core->rules.scope));
	if (!core->exemption || !core->scope || !core->rules.exemption ||
	    !core->rules.scope)
		return -ENOMEM;
	core->rules.count = rules->count;
	core->rules.scopes = rules->scopes;
	for (i = 0; i < rules->count; i++) {
		rules_core_exemption(&rules->exemption[i], &core->exemption[i]);
		core->rules.exemption[i] = &core->exemption[i];
	}
	for (i = 0; i < rules->scopes; i++) {
		copy_scope(&rules->scope[i], &core->scope[i]);
		core->rules.scope[i] = &core->scope[i];
	}
	return 0;
}

int rules_core_make(const struct client_rules *rules, struct rules_core *core, char *why)
{
	int error;

	memset(core, 0, sizeof(*core));
	wxg_rules_init(&core->rules);
	if (rules->budget_exe) {
		core->rules.budget.per_minute = rules->budget;
		core->rules.budget.per_exe = rules->budget_exe;
	}
	error = copy_classes(rules, &core->rules, why);
	if (error)
		return error;
	error = copy_lists(rules, core);
	if (error)
		snprintf(why, RULES_TEXT_WHY_MAX, "out of memory");
	return error;
}

int rules_text_check(const struct client_rules *rules, uint64_t now,
		     char why[RULES_TEXT_WHY_MAX])
{
	struct wxg_rules_error said;
	struct rules_core core;
	int error = rules_core_make(rules, &core, why);

	if (!error) {
		error = wxg_rules_check(&core.rules, now, &said);
		if (error)
			snprintf(why, RULES_TEXT_WHY_MAX, "%s", said.text);
	}
	rules_core_free(&core);
	return error;
}

int rules_text_dangers(const struct client_rules *rules,
		       char why[RULES_TEXT_WHY_MAX])
{
	struct wxg_rules_error said;
	struct rules_core core;
	int error = rules_core_make(rules, &core, why);

	if (!error) {
		error = wxg_rules_dangers(&core.rules, UINT32_MAX, &said);
		if (error)
			snprintf(why, RULES_TEXT_WHY_MAX, "%s", said.text);
	}
	rules_core_free(&core);
	return error;
}
