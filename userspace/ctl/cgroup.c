// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does a control group exist? Looks at directories and nothing else.
 */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/text.h"
#include "cgroup.h"

/* Without its backslashes; false if a wildcard is in it. */
static bool unquote(const char *glob, char *out)
{
	for (; *glob; glob++) {
		if (*glob == '*' || *glob == '?')
			return false;
		if (*glob == '\\' && glob[1])
			glob++;
		*out++ = *glob;
	}
	*out = 0;
	return true;
}

/* The hierarchy that the kernel tells paths of; beside older ones it is deeper. */
static bool find_hierarchy(const char *root, char *out, size_t size)
{
	char probe[PATH_MAX + 32];
	const char *const below[] = { "", "/unified" };
	size_t i;

	for (i = 0; i < 2; i++) {
		snprintf(out, size, "%s%s", root, below[i]);
		snprintf(probe, sizeof(probe), "%s/cgroup.controllers", out);
		if (!access(probe, F_OK))
			return true;
	}
	return false;
}

int cgroup_find(const char *root, const char *path)
{
	char hierarchy[PATH_MAX], whole[2 * PATH_MAX];
	struct stat stat_buf;

	if (*path != '/' || strlen(path) >= PATH_MAX ||
	    !find_hierarchy(root, hierarchy, sizeof(hierarchy)))
		return -1;
	snprintf(whole, sizeof(whole), "%s%s", hierarchy, path);
	return !stat(whole, &stat_buf) && S_ISDIR(stat_buf.st_mode);
}

bool cgroup_exists(const char *root, const char *glob)
{
	char literal[WXGUARD_GLOB_MAX + 1];

	return strlen(glob) > WXGUARD_GLOB_MAX || !unquote(glob, literal) ||
	       cgroup_find(root, literal);
}

int cgroup_check(const struct verb *verb, const char *glob, bool force)
{
	char *shown;

	if (force || !*glob || cgroup_exists(CGROUP_ROOT, glob))
		return 0;
	shown = text_quote(text_bytes(glob), 0);
	option_wrong(verb, "there is no control group %s below " CGROUP_ROOT "; correct it, or add --force if it comes later",
		     shown ? shown : "?");
	free(shown);
	return CTL_INVALID;
}
