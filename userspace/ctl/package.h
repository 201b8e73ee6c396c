/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which package a file came with, and whether it is still as it came.
 */
#ifndef WXG_CTL_PACKAGE_H
#define WXG_CTL_PACKAGE_H

#include <stdbool.h>

enum package_match {
	PACKAGE_UNCHECKED, /* for the reason in why */
	PACKAGE_SAME,
	PACKAGE_CHANGED,
};

struct package {
	char name[256];	  /* "" = of none */
	const char *kind; /* "dpkg", "rpm"; NULL = no such database */
	enum package_match match;
	char why[160];
};

/**
 * package_look() - ask dpkg's files, or rpm, for the owner of @path
 * @root: what the paths are below, "" for this system
 *
 * Reads; dpkg itself is not started, since it may not be there, is slow, and
 * does not know that /bin is /usr/bin. Only where there is no dpkg, rpm is.
 */
void package_look(const char *root, const char *path, struct package *package);

/* package_rpm.c: the same, of the rpm program. */
void package_look_rpm(const char *path, struct package *package);

#endif
