/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The narrowest exclusion that would have covered a finding.
 */
#ifndef WXG_CTL_ALLOW_H
#define WXG_CTL_ALLOW_H

#include "ctl.h"
#include "explain_case.h"

/* How the executable is recognised. */
enum allow_by {
	ALLOW_BY_CONTENT,	/* path and SHA-256, as it is now */
	ALLOW_BY_PATH,		/* path alone: after an upgrade, too */
	ALLOW_BY_INODE,		/* this very file */
};

#define ALLOW_WHY_MAX 512

/**
 * allow_make() - the exclusion for a finding
 * @doc: the finding
 * @found: what the rules saw of it, explain_case()
 * @by: how the executable is recognised
 * @force: also one that is broad
 * @row: all zero before; matchers and class are filled, never a name or reason
 * @fd: the file that @row->fd names, -1 if none; the caller closes it
 * @why: on failure what was found, why that is refused, what would be right
 *
 * Return: 0 or an exit code with @why. Reads files; changes nothing.
 */
int allow_make(const json_t *doc, const struct explain_case *found, enum allow_by by,
	       bool force, struct client_exemption *row, int *fd,
	       char why[ALLOW_WHY_MAX]);

/* May nobody but root and @uid put another program at this path? */
bool allow_is_guarded(const char *path, uint32_t uid);

#endif
