/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Programs that run what a file given as an argument says.
 */
#ifndef _WXG_CORE_INTERP_H
#define _WXG_CORE_INTERP_H

#include "port.h"

/**
 * wxg_interp_is() - is this the name of an interpreter?
 * @name: last component of a program's path, NUL terminated
 *
 * The name may be followed by a version: python3.11, perl5.36.0, lua5.4. A
 * renamed interpreter is not told: who can place a program of his own needs
 * no interpreter. Reads no further than the first byte that differs.
 *
 * Any context; pure.
 */
bool wxg_interp_is(const char *name);

/* What one argument means for where an interpreter takes its program from. */
enum wxg_interp_arg {
	WXG_INTERP_OPTION,	/* an option that says nothing about it */
	WXG_INTERP_INLINE,	/* -c, -e, -m…: the program is in the arguments */
	WXG_INTERP_STDIN,	/* "-" or -s: standard input */
	WXG_INTERP_OPERAND,	/* a file, or what the program is given */
};

/* @arg: NUL terminated, not the first. Any context; pure. */
enum wxg_interp_arg wxg_interp_arg(const char *arg);

/**
 * wxg_interp_path() - where in an argument may the path of a descriptor be?
 *
 * Also behind an option: "-f/dev/fd/3", "--file=/proc/self/fd/3".
 * Return: the place, NULL if there is none. Any context; pure.
 */
const char *wxg_interp_path(const char *arg);

/**
 * wxg_interp_is_own() - does this path name a descriptor of the process itself?
 * @pid: as the process sees its own
 */
bool wxg_interp_is_own(const char *path, u32 pid);

/**
 * wxg_interp_descriptor() - which descriptor of the process itself is it?
 * @pid: as the process sees its own
 *
 * Return: its number, -1 if the path names none. Any context; pure.
 */
int wxg_interp_descriptor(const char *path, u32 pid);

#endif
