/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What every actor shares. An actor does one real thing, once, and says how
 * it went: in its exit code, and in one line of JSON on stdout. Byte strings
 * in that line are hex, so that no name can break it.
 */
#ifndef WXG_E2E_ACTOR_H
#define WXG_E2E_ACTOR_H

#include <stdbool.h>
#include <stddef.h>

/* Exit codes; the guest runner reads them. */
enum {
	ACTOR_ALLOWED = 0,	/* it worked, as on a kernel without a guard */
	ACTOR_FAILED = 1,	/* neither: something is wrong, see the note */
	ACTOR_USAGE = 2,
	ACTOR_DENIED = 10,	/* refused with the right errno, and no effect */
	ACTOR_SKIPPED = 77,	/* cannot be tried here, see the note */
};

struct actor_variant {
	const char *name;
	void (*run)(void);	/* ends in one of the four calls below */
};

/* Runs the variant that argv[1] names; the last row has a NULL name. */
int actor_main(int argc, char **argv, const struct actor_variant *variants);

/* End the actor. The note is a sentence for the reader of a failed run. */
_Noreturn void actor_allowed(void);
_Noreturn void actor_denied(void);
_Noreturn void actor_failed(const char *format, ...)
	__attribute__((format(printf, 1, 2)));
_Noreturn void actor_skipped(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/**
 * actor_call() - do a system call and remember it for the report
 *
 * If it fails, the mappings of the process must be as before: actor_denied()
 * fails otherwise.
 * Return: its result, -1 with errno set.
 */
long actor_call(long nr, long a0, long a1, long a2, long a3, long a4, long a5);

/* Append to the environment what actor_call() will do, for the payload. */
void actor_announce(long nr, const long *args);

/* Does the mapping that holds this address have these permissions ("rw-")? */
bool actor_perms_are(const void *address, const char *perms);

/* The directory that this actor lies in, where its payload lies too. */
const char *actor_directory(void);

/* Into a file of the kernel's, for example; false with errno if it does not go. */
bool actor_write(const char *path, const char *text);

/* Copies a file into an open descriptor; ends the actor if it cannot. */
void actor_copy(const char *from, int fd);

/* A new empty directory under the actor's own, another one with each call. */
const char *actor_workspace(void);

#endif
