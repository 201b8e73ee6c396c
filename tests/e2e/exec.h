/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Starting a program, for the actors that do so. A start that is refused
 * with EPERM ends the actor as denied, once it is sure that it is unchanged.
 */
#ifndef WXG_E2E_EXEC_H
#define WXG_E2E_EXEC_H

/* execve(path) if dirfd is AT_FDCWD and flags 0, else execveat(). No return. */
_Noreturn void exec_start(int dirfd, const char *path, int flags);

/*
 * Asks with AT_EXECVE_CHECK whether the file could be started, and ends the
 * actor with the answer; skipped where the kernel does not know the question.
 */
_Noreturn void exec_check(int fd);

/* As exec_start(AT_FDCWD, path, 0), with other arguments than the payload's. */
_Noreturn void exec_start_with(const char *path, char *const argv[]);

/* Copies the payload to DIRECTORY/NAME and starts it there. */
_Noreturn void exec_start_copy(const char *directory, const char *name);

/* A memfd that holds the payload. */
int exec_memfd(const char *name, unsigned int flags);

/* The payload on disk, open for reading. */
int exec_open_payload(void);

/* A file beside the actor, as its whole path. Overwritten by the next call. */
const char *exec_beside(const char *name);

/* For sh: report like the payload, and end before what follows is read. */
#define EXEC_SCRIPT_BODY \
	"printf '{\"actor\":\"script\",\"variant\":\"\",\"result\":\"allowed\"'\n" \
	"echo ',\"note\":\"\",\"pid\":'$$',\"tid\":'$$',\"call\":\"'$ACTOR_CALL'\"}'\n" \
	"exit 0\n"

/* "#!INTERPRETER" and a line that reports like the payload. */
void exec_write_script(int fd, const char *interpreter);

/* Goes on in a child; the parent ends as the child ends. */
void exec_in_child(void);

/* Give the payload about 6 KiB of arguments. */
void exec_lengthen_args(void);

#endif
