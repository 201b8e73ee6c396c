// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who changed something in the module, from the program that did it to the one
 * that tells it: the kernel does not say. A few named values that are written
 * over, so that they stay few also when nobody reads them.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "store_impl.h"
#include "text.h"

/* This boot, and this load of the module: numbers mean something within it. */
void store_by_load(char load[STORE_BY_LOAD_MAX])
{
	FILE *in = fopen("/proc/sys/kernel/random/boot_id", "re");
	struct stat st = { 0 };
	char boot[40] = "";

	if (in && fscanf(in, "%39s", boot) != 1)
		boot[0] = '\0';
	if (in)
		fclose(in);
	if (stat("/sys/module/wxguard", &st))
		st.st_ino = 0;
	snprintf(load, STORE_BY_LOAD_MAX, "%s-%" PRIu64, *boot ? boot : "-",
		 (uint64_t)st.st_ino);
}

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void key_of(enum store_by_what what, uint32_t number, char key[32])
{
	if (what == STORE_BY_MODE)
		snprintf(key, 32, "mode_by");
	else
		snprintf(key, 32, "rules_by_%u", number % STORE_BY_KEPT);
}

int store_by_put(struct store *store, enum store_by_what what, uint32_t number,
		 const char *who)
{
	char key[32], load[STORE_BY_LOAD_MAX], value[STORE_BY_LOAD_MAX + STORE_BY_MAX + 48];

	key_of(what, number, key);
	store_by_load(load);
	snprintf(value, sizeof(value), "%s %" PRIu32 " %" PRIu64 " %.*s", load, number,
		 now_ms(), STORE_BY_MAX - 1, who);
	text_inert(value);
	return store_meta_set(store, key, value);
}

int store_by_get(struct store *store, enum store_by_what what, uint32_t number,
		 uint64_t *when_ms, char who[STORE_BY_MAX])
{
	char key[32], load[STORE_BY_LOAD_MAX], value[STORE_BY_LOAD_MAX + STORE_BY_MAX + 48];
	char then[STORE_BY_LOAD_MAX];
	uint32_t of;
	int error, at = 0;

	key_of(what, number, key);
	error = store_meta_get(store, key, value, sizeof(value));
	if (error)
		return error;
	_Static_assert(STORE_BY_LOAD_MAX == 64, "the width below");
	if (sscanf(value, "%63s %" SCNu32 " %" SCNu64 " %n", then, &of, when_ms, &at) != 3 ||
	    !at || of != number)
		return -ENOENT;
	store_by_load(load);
	if (strcmp(load, then))
		return -ENOENT;
	snprintf(who, STORE_BY_MAX, "%.*s", STORE_BY_MAX - 1, value + at);
	text_inert(who);
	return 0;
}

int store_by_remove(struct store *store, enum store_by_what what, uint32_t number)
{
	char key[32];

	key_of(what, number, key);
	return store_meta_remove(store, key);
}
