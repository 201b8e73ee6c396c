// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints the strictest rules that this version has: every class that it
 * detects and can refuse is refused. Known executables are exempt as by
 * default. exec_unknown is left out: without a known set it refuses all.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../module/core/class.h"

int main(void)
{
	const struct wxg_class *class;
	uint32_t i;

	for (i = 1; i <= WXGUARD_CLASS_MAX; i++) {
		class = wxg_class_lookup(i);
		if (class->deniable && i != WXGUARD_CLASS_EXEC_UNKNOWN)
			printf("class %s {\n\taction = deny\n}\n", class->name);
	}
	return ferror(stdout) ? 1 : 0;
}
