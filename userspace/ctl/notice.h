/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A record in the stream of findings about what somebody did with this
 * command. The daemon delivers it, at once or when it runs again.
 */
#ifndef WXG_CTL_NOTICE_H
#define WXG_CTL_NOTICE_H

#include "../lib/ecs.h"
#include "../lib/store.h"

/* @reason: see ecs_notice(). @change: NULL = none. 0 or -errno, see store_error(). */
int notice_put(struct store *store, enum ecs_notice notice, const char *reason,
	       const struct ecs_change *change);

#endif
