// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Class names on the command line and in tables, from core's one table.
 */
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "classes.h"

const char *classes_print(char *out, size_t size, uint32_t bits)
{
	const struct wxg_class *row;
	size_t used = 0;
	uint32_t class;

	snprintf(out, size, "-");
	for (class = 1; class < 32 && used < size; class++) {
		if (!(bits & (1U << class)))
			continue;
		row = wxg_class_lookup(class);
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 used ? "," : "",
					 row && row->name ? row->name : "?");
	}
	return out;
}

int classes_add(const struct verb *verb, const char *name, uint32_t *bits)
{
	char names[256];
	uint32_t class, all = 0;

	class = wxg_class_parse(name, strlen(name));
	if (class != WXGUARD_CLASS_UNSPEC) {
		*bits |= 1U << class;
		return 0;
	}
	for (class = 1; class <= WXGUARD_CLASS_MAX; class++)
		all |= 1U << class;
	return option_wrong(verb, "\"%s\" is not a class of this version, which has %s",
			    name, classes_print(names, sizeof(names), all));
}
