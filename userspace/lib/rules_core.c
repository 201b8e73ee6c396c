// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Would the module take these rules? Asked of the same core that the module
 * has. Pure but for memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules_text.h"
#include "../../module/core/rules.h"

static void to_core(const struct client_exemption *from,
		    struct wxg_exemption *to)
{
	memset(to, 0, sizeof(*to));
	memcpy(to->name, from->name, sizeof(to->name));
	memcpy(to->exe, from->exe, sizeof(to->exe));
	memcpy(to->comm, from->comm, sizeof(to->comm));
	memcpy(to->cgroup, from->cgroup, sizeof(to->cgroup));
	memcpy(to->reason, from->reason, sizeof(to->reason));
	memcpy(to->author, from->author, sizeof(to->author));
	to->classes = from->classes;
	to->has_uid = from->has_uid;
	to->uid = from->uid;
	to->unsafe = from->unsafe;
	to->expires = from->expires;
}

/* Sets the array of pointers that the core wants; free both. */
static int core_exemptions(const struct client_rules *rules,
			   struct wxg_rules *core, struct wxg_exemption **store)
{
	unsigned int i;

	core->count = rules->count;
	*store = calloc(rules->count + 1, sizeof(**store));
	core->exemption = calloc(rules->count + 1, sizeof(*core->exemption));
	if (!*store || !core->exemption)
		return -ENOMEM;
	for (i = 0; i < rules->count; i++) {
		to_core(&rules->exemption[i], &(*store)[i]);
		core->exemption[i] = &(*store)[i];
	}
	return 0;
}

int rules_text_check(const struct client_rules *rules, uint64_t now,
		     char why[RULES_TEXT_WHY_MAX])
{
	struct wxg_rules_error said = { "out of memory" };
	struct wxg_exemption *store = NULL;
	struct wxg_rules core;
	unsigned int i;
	int error;

	wxg_rules_init(&core);
	for (i = 0; i < rules->classes; i++) {
		const struct client_class *class = &rules->class[i];

		if (!class->id || class->id > WXGUARD_CLASS_MAX) {
			snprintf(why, RULES_TEXT_WHY_MAX, "class number %u does not exist; use 1 to %u",
				 class->id, WXGUARD_CLASS_MAX);
			return -EINVAL;
		}
		core.class[class->id] = (struct wxg_class_rule){
			class->action, class->known, class->window
		};
	}
	error = core_exemptions(rules, &core, &store);
	if (!error)
		error = wxg_rules_check(&core, now, &said);
	if (error)
		snprintf(why, RULES_TEXT_WHY_MAX, "%s", said.text);
	free(core.exemption);
	free(store);
	return error;
}
