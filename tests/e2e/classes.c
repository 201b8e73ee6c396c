// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints the classes as the module and the outputs know them, one JSON object
 * per line, for the table of what was seen of each way in.
 */
#include <stdio.h>

#include "../../module/core/class.h"
#include "../../userspace/lib/rule_table.h"

/* Our own words: nothing in them needs quoting. */
static void print_class(unsigned int id, const struct wxg_class *class)
{
	const struct rule *rule = rule_lookup(id);
	int i;

	printf("{\"class\":\"%s\",\"rule\":\"%s\",\"severity\":\"%s\",\"attack\":\"",
	       class->name, rule->id, rule->severity);
	for (i = 0; i < RULE_TECHNIQUES_MAX && rule->technique[i].id; i++)
		printf("%s%s", i ? ", " : "",
		       rule->technique[i].sub_id ? rule->technique[i].sub_id :
						   rule->technique[i].id);
	printf("\",\"default\":\"%s\",\"known\":%s,\"deniable\":%s,\"denial\":\"%s\"}\n",
	       wxg_action_name(class->action), class->known ? "true" : "false",
	       class->deniable ? "true" : "false", class->denial);
}

int main(void)
{
	unsigned int id;

	for (id = 1; id <= WXGUARD_CLASS_MAX; id++)
		print_class(id, wxg_class_lookup(id));
	return 0;
}
