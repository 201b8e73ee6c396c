// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interpreters and their arguments, as text.
 * Any context; pure. May not follow a path: slow/arguments.c does.
 */
#include "interp.h"

static const char *const interpreters[] = {
	/* shells */
	"sh", "ash", "bash", "busybox", "csh", "dash", "fish", "ksh", "lksh",
	"mksh", "posh", "rbash", "tcsh", "toybox", "yash", "zsh",
	/* languages */
	"awk", "bun", "deno", "dotnet", "erl", "escript", "expect", "gawk",
	"gjs", "groovy", "guile", "java", "jimsh", "jshell", "julia", "lua",
	"luajit", "make", "mawk", "mono", "nawk", "node", "nodejs", "ocaml",
	"octave", "perl", "php", "pwsh", "pypy", "python", "qjs", "racket",
	"R", "Rscript", "ruby", "swipl", "tcc", "tclsh", "wish",
	/* debuggers take scripts */
	"gdb", "lldb",
};

/* Emulators: qemu-x86_64, qemu-aarch64-static. */
static const char emulator[] = "qemu-";

/* "3.11", "5.36.0", "-8": what distributions put behind a name. */
static bool is_version(const char *rest)
{
	for (; *rest; rest++) {
		if (!(*rest >= '0' && *rest <= '9') && *rest != '.' &&
		    *rest != '-')
			return false;
	}
	return true;
}

bool wxg_interp_is(const char *name)
{
	const char *known, *at;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(interpreters); i++) {
		known = interpreters[i];
		if (*known != *name)
			continue;
		for (at = name; *known && *known == *at; known++)
			at++;
		if (!*known && is_version(at))
			return true;
	}
	return !strncmp(name, emulator, sizeof(emulator) - 1);
}

enum wxg_interp_arg wxg_interp_arg(const char *arg)
{
	if (arg[0] != '-')
		return WXG_INTERP_OPERAND;
	if (!arg[1])
		return WXG_INTERP_STDIN;
	switch (arg[1]) {
	case 's':
		return arg[2] ? WXG_INTERP_OPTION : WXG_INTERP_STDIN;
	case 'c':
	case 'e':
	case 'E':
	case 'm':
	case 'r':
		return WXG_INTERP_INLINE;
	default:
		return WXG_INTERP_OPTION;
	}
}

const char *wxg_interp_path(const char *arg)
{
	const char *at;

	for (at = strchr(arg, '/'); at; at = strchr(at + 1, '/')) {
		if (!strncmp(at, "/proc/", 6) || !strncmp(at, "/dev/fd/", 8) ||
		    !strncmp(at, "/dev/std", 8))
			return at;
	}
	return NULL;
}

bool wxg_interp_is_own(const char *path, u32 pid)
{
	u32 number = 0;

	if (!strncmp(path, "/dev/", 5) || !strncmp(path, "/proc/self/", 11) ||
	    !strncmp(path, "/proc/thread-self/", 18))
		return true;
	if (strncmp(path, "/proc/", 6))
		return false;
	for (path += 6; *path >= '0' && *path <= '9'; path++)
		number = number * 10 + (u32)(*path - '0');
	return *path == '/' && number == pid;
}
