// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See arena.h: pieces are taken from the front and given back all at once.
 * One thread. What does not fit comes from malloc() as ever.
 */
#include "arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#define ROOM (48 << 10)		/* most documents fit */
#define ALIGNMENT 16

static _Alignas(ALIGNMENT) uint8_t room[ROOM];
static size_t used;
static bool on, overflown;

static void *take(size_t size)
{
	void *piece = room + used;

	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (size > ROOM - used) {
		overflown = true;
		return malloc(size);
	}
	used += size;
	return piece;
}

static void give(void *piece)
{
	if ((uintptr_t)piece - (uintptr_t)room >= ROOM)
		free(piece);
}

void arena_begin(void)
{
	on = true;
	overflown = false;
	used = 0;
	json_set_alloc_funcs(take, give);
}

void arena_end(void)
{
	on = false;
	json_set_alloc_funcs(malloc, free);
}

void arena_drop(json_t *json)
{
	if (!on || overflown)
		json_decref(json);
}
