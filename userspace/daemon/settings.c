// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What else has to be right before a configuration is taken, and what follows
 * from it. Process context; changes nothing in the module.
 */
#include <stdio.h>
#include <string.h>
#include <errno.h>

#include "../lib/rules_text.h"
#include "wxguardd.h"

bool settings_rules_valid(const struct config *config, bool check)
{
	char why[RULES_TEXT_WHY_MAX];
	struct client_rules rules;
	unsigned int expired = 0;
	int error;

	error = rules_text_parse(config->rules, clock_real_s(), &expired, &rules, why);
	if (error == -ENOENT)
		return true;
	if (error) {
		say(CONFIG_ERROR, "%s", why);
		return false;
	}
	/* Of what is loaded the module says it, which knows more. */
	if (check && rules_text_dangers(&rules, why))
		say(CONFIG_WARNING, "DANGER in %.200s: %.700s", config->rules, why);
	client_rules_free(&rules);
	return true;
}

int settings_groups(const struct config *config, struct control_groups *groups)
{
	char why[CONFIG_WHY_MAX];
	int error = control_groups(config, groups, why);

	if (error)
		say(CONFIG_ERROR, "%s", why);
	else if (!groups->count)
		say(CONFIG_INFO, "there is no group %s: nobody but root reads through wxguardd",
		    groups->name);
	return error;
}

int settings_load_host(struct wxguardd *d)
{
	int error = ecs_context_load(&d->context);

	if (d->config.host_id == CONFIG_HOST_NONE)
		d->context.host_id[0] = '\0';
	return error;
}
