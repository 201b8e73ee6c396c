/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory for one document. jansson takes some hundred pieces for each, and a
 * third of what a finding cost was finding room for them and taking it back.
 */
#ifndef WXG_DAEMON_ARENA_H
#define WXG_DAEMON_ARENA_H

#include <jansson.h>

/*
 * Between the two every value that is made lies in the arena as far as it has
 * room, and none may outlive arena_end(). Values from before stay what they are.
 */
void arena_begin(void);
void arena_end(void);

/* json_decref() of a whole document, with less work where arena_end() does it. */
void arena_drop(json_t *json);

#endif
