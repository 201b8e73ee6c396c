// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes process 1, or the one whose number is given, change the protection of
 * its own stack, by tracing it: those that must be spared unless a rule names
 * them. It must be asleep in a system call; it goes on as if nothing had
 * happened.
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

static pid_t victim = 1;

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
	if (ptrace(PTRACE_SETREGS, victim, NULL, &regs) < 0 ||
	    ptrace(PTRACE_SINGLESTEP, victim, NULL, NULL) < 0 ||
	    waitpid(victim, &status, __WALL) != victim || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_GETREGS, victim, NULL, &regs) < 0)
		actor_failed("cannot drive process %d: %s", victim, strerror(errno));
	return (long)regs.rax;
}

static void rwx(void)
{
	struct user_regs_struct stopped, again;
	unsigned long address;
	long result, restored;
	int status;

	if (ptrace(PTRACE_ATTACH, victim, NULL, NULL) < 0)
		actor_skipped("cannot trace process %d: %s", victim, strerror(errno));
	if (waitpid(victim, &status, __WALL) != victim ||
	    ptrace(PTRACE_GETREGS, victim, NULL, &stopped) < 0)
		actor_failed("cannot stop process %d: %s", victim, strerror(errno));
	/* The daemon's own filter would answer before the kernel is asked. */
	if (victim != 1 && ptrace(PTRACE_SETOPTIONS, victim, NULL,
				  PTRACE_O_SUSPEND_SECCOMP) < 0)
		actor_failed("cannot suspend the filter of process %d: %s", victim,
			     strerror(errno));
	if ((long)stopped.orig_rax < 0)
		actor_skipped("process %d is not inside a system call", victim);
	address = stopped.rsp & ~(PAGE - 1);
	result = remote_mprotect(&stopped, address,
				 PROT_READ | PROT_WRITE | PROT_EXEC);
	restored = remote_mprotect(&stopped, address, PROT_READ | PROT_WRITE);

	/* Enter the interrupted call once more. */
	again = stopped;
	again.rip -= 2;
	again.rax = stopped.orig_rax;
	again.orig_rax = -1;
	if (ptrace(PTRACE_SETREGS, victim, NULL, &again) < 0 ||
	    ptrace(PTRACE_DETACH, victim, NULL, NULL) < 0)
		actor_failed("cannot let process %d go: %s", victim, strerror(errno));
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
	if (argc > 2)
		victim = atoi(argv[2]);
	return actor_main(argc, argv, variants);
}
