// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See slim.h. Most of what is resident in a small daemon is code that the
 * dynamic loader, the parsers and the set-up of libraries ran once, and what
 * lay around it. It stays in the page cache, so that it comes back without a
 * disk. Only for an idle moment.
 */
#include "slim.h"

#include <inttypes.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

struct mapping {
	uintptr_t first, end;
	bool of_file;		/* private, of a file, and not writable */
};

/* The first line of a mapping in smaps; @mapping stays at the others. */
static bool parse_head(const char *line, struct mapping *mapping)
{
	unsigned long long inode;
	uintptr_t first, end;
	char access[8];

	if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %7s %*s %*s %llu", &first, &end,
		   access, &inode) != 4)
		return false;
	mapping->first = first;
	mapping->end = end;
	mapping->of_file = inode && access[1] == '-' && access[3] == 'p';
	return true;
}

/*
 * A mapping with pages of its own is left alone: they hold relocations, or
 * the break points of a debugger, and are nowhere else.
 */
static void drop_clean_pages(void)
{
	FILE *in = fopen("/proc/self/smaps", "re");
	struct mapping mapping = { 0 };
	unsigned long own;
	char line[512];

	while (in && fgets(line, sizeof(line), in)) {
		if (parse_head(line, &mapping))
			continue;
		if (mapping.of_file && sscanf(line, "Anonymous: %lu", &own) == 1 && !own)
			madvise((void *)mapping.first, mapping.end - mapping.first,
				MADV_DONTNEED);
	}
	if (in)
		fclose(in);
}

void slim_down(void)
{
	malloc_trim(0);
	drop_clean_pages();
}
