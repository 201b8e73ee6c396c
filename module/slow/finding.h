/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A finding while it is being filled.
 */
#ifndef _WXG_SLOW_FINDING_H
#define _WXG_SLOW_FINDING_H

#include <linux/fs.h>

#include "core/event.h"
#include "repeat.h"

/* Return: an empty finding with an empty pool, NULL without memory. May sleep. */
struct wxg_finding *wxg_finding_alloc(void);
void wxg_finding_free(struct wxg_finding *finding);

/**
 * wxg_finding_add() - put bytes into the pool
 * Cuts, and flags WXGUARD_FLAG_PATH_TRUNCATED, what does not fit.
 */
void wxg_finding_add(struct wxg_finding *finding, struct wxg_text *text,
		     const void *data, size_t len);

/**
 * wxg_finding_room() - a place at the end of the pool, to write to
 * @len: bytes that are needed
 *
 * wxg_finding_add() of what was written there moves nothing. Valid until
 * something else is added.
 * Return: NULL if there is no room, and no memory for more. May sleep.
 */
u8 *wxg_finding_room(struct wxg_finding *finding, size_t len);

/* What repeat.c said about it: the first of its kind, or another one. */
void wxg_finding_repeat(struct wxg_finding *finding, enum wxg_repeat answer,
			const struct wxg_repeat_info *info);

/* A whole path as d_path() shows it to the current task. May sleep. */
void wxg_finding_add_path(struct wxg_finding *finding, struct wxg_text *text,
			  const struct path *path, size_t max);

/* Identity and stat of a file, without its path. May sleep. */
void wxg_finding_stat(struct wxg_file *to, const struct path *file);

/* Identity and stat of a file; its path too if @with_path. May sleep. */
void wxg_finding_add_file(struct wxg_finding *finding, struct wxg_file *to,
			  const struct path *file, bool with_path);

#endif
