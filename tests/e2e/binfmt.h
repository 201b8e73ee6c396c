/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A kind of file of binfmt_misc whose interpreter is a memfd. It is opened
 * when the rule is registered, so the memfd may be long gone when a file of
 * that kind is started. Needs root.
 */
#ifndef WXG_E2E_BINFMT_H
#define WXG_E2E_BINFMT_H

/**
 * binfmt_run() - register, do it in a child, take the rule away
 * @match: "M::MAGIC:" or "E::EXTENSION:"
 * @fd: of the interpreter; closed before the child runs
 * @flags: of the rule beside F, for example "T"
 * @start: called in the child with @file; reports and ends there
 *
 * The actor ends as the child ends; skipped where the kernel lacks a flag.
 */
_Noreturn void binfmt_run(const char *match, int fd, const char *flags,
			  void (*start)(const char *file), const char *file);

#endif
