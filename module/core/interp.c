// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interpreters and their arguments, as text.
 * Any context; pure. May not follow a path: slow/arguments.c does.
 */
#include "interp.h"

/*
 * Shells, languages, and debuggers, which take scripts. In the order of their
 * first letters, for each program that starts is looked for here.
 */
static const char *const interpreters[] = {
	"R", "Rscript", "ash", "awk", "bash", "bun", "busybox", "csh", "dash",
	"deno", "dotnet", "erl", "escript", "expect", "fish", "gawk", "gdb",
	"gjs", "groovy", "guile", "java", "jimsh", "jshell", "julia", "ksh",
	"lksh", "lldb", "lua", "luajit", "make", "mawk", "mksh", "mono",
	"nawk", "node", "nodejs", "ocaml", "octave", "perl", "php", "posh",
	"pwsh", "pypy", "python", "qjs", "racket", "rbash", "ruby", "sh",
	"swipl", "tcc", "tclsh", "tcsh", "toybox", "wish", "yash", "zsh",
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

/* The first that begins with this letter, or with a later one. */
static unsigned int first_with(char letter)
{
	unsigned int low = 0, high = ARRAY_SIZE(interpreters), middle;

	while (low < high) {
		middle = (low + high) / 2;
		if (*interpreters[middle] < letter)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool wxg_interp_is(const char *name)
{
	const char *known, *at;
	unsigned int i;

	for (i = first_with(*name); i < ARRAY_SIZE(interpreters); i++) {
		known = interpreters[i];
		if (*known != *name)
			break;
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

int wxg_interp_descriptor(const char *path, u32 pid)
{
	u32 number = 0;

	if (!strcmp(path, "/dev/stdin"))
		return 0;
	if (!wxg_interp_is_own(path, pid))
		return -1;
	path = strstr(path, "/fd/");
	if (!path || !path[4])
		return -1;
	for (path += 4; *path >= '0' && *path <= '9' && number < 1000000; path++)
		number = number * 10 + (u32)(*path - '0');
	return *path ? -1 : (int)number;
}
