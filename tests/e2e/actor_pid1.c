// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes process 1 change the protection of its own stack, by tracing it: the
 * one process that must be spared whatever the rules say. Process 1 must be
 * asleep in a system call; it goes on as if nothing had happened.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

#define PAGE 4096UL
#define VICTIM 1

#ifdef __x86_64__

/* The victim stands behind its own "syscall" instruction: use that one. */
static long remote_mprotect(const struct user_regs_struct *stopped,
			    unsigned long address, long prot)
{
	struct user_regs_struct regs = *stopped;
	int status;

	regs.rip -= 2;
	regs.rax = SYS_mprotect;
	regs.orig_rax = -1;
	regs.rdi = address;
	regs.rsi = PAGE;
	regs.rdx = prot;
	if (ptrace(PTRACE_SETREGS, VICTIM, NULL, &regs) < 0 ||
	    ptrace(PTRACE_SINGLESTEP, VICTIM, NULL, NULL) < 0 ||
	    waitpid(VICTIM, &status, __WALL) != VICTIM || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_GETREGS, VICTIM, NULL, &regs) < 0)
		actor_failed("cannot drive process 1: %s", strerror(errno));
	return (long)regs.rax;
}

static void rwx(void)
{
	struct user_regs_struct stopped, again;
	unsigned long address;
	long result, restored;
	int status;

	if (ptrace(PTRACE_ATTACH, VICTIM, NULL, NULL) < 0)
		actor_skipped("cannot trace process 1: %s", strerror(errno));
	if (waitpid(VICTIM, &status, __WALL) != VICTIM ||
	    ptrace(PTRACE_GETREGS, VICTIM, NULL, &stopped) < 0)
		actor_failed("cannot stop process 1: %s", strerror(errno));
	if ((long)stopped.orig_rax < 0)
		actor_skipped("process 1 is not inside a system call");
	address = stopped.rsp & ~(PAGE - 1);
	result = remote_mprotect(&stopped, address,
				 PROT_READ | PROT_WRITE | PROT_EXEC);
	restored = remote_mprotect(&stopped, address, PROT_READ | PROT_WRITE);

	/* Enter the interrupted call once more. */
	again = stopped;
	again.rip -= 2;
	again.rax = stopped.orig_rax;
	again.orig_rax = -1;
	if (ptrace(PTRACE_SETREGS, VICTIM, NULL, &again) < 0 ||
	    ptrace(PTRACE_DETACH, VICTIM, NULL, NULL) < 0)
		actor_failed("cannot let process 1 go: %s", strerror(errno));
	if (restored)
		actor_failed("cannot restore the stack: %ld", restored);
	if (result == -EACCES)
		actor_denied();
	if (result)
		actor_failed("mprotect: %s", strerror(-result));
	actor_allowed();
}

#else

static void rwx(void)
{
	actor_skipped("written for x86_64 only");
}

#endif

static const struct actor_variant variants[] = {
	{ "rwx", rwx },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
