// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes process 1, or the one whose number is given, change the protection of
 * its own stack, by tracing it: those that must be spared unless a rule names
 * them. It must be asleep in a system call; it goes on as if nothing had
 * happened.
 */
#include <elf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"

#define PAGE 4096UL

static pid_t victim = 1;

#if defined(__x86_64__)

#define STACK(at) ((at)->rsp)
#define RESULT(at) ((long)(at)->rax)

/* The victim stands behind its own "syscall" instruction: use that one. */
static bool aim(struct user_regs_struct *regs, long nr)
{
	if ((long)regs->orig_rax < 0)
		return false;
	regs->rip -= 2;
	regs->rax = nr;
	regs->orig_rax = -1;
	return true;
}

static void pass(struct user_regs_struct *regs, unsigned long address, long prot)
{
	regs->rdi = address;
	regs->rsi = PAGE;
	regs->rdx = prot;
}

/* Enter the interrupted call once more. */
static void resume(struct user_regs_struct *regs)
{
	aim(regs, regs->orig_rax);
}

#elif defined(__aarch64__)

#define STACK(at) ((at)->sp)
#define RESULT(at) ((long)(at)->regs[0])
#define SVC 0xd4000001U

static bool is_svc(unsigned long address)
{
	return (uint32_t)ptrace(PTRACE_PEEKTEXT, victim, address, NULL) == SVC;
}

/* A call that will be entered again has been stepped back to its "svc" already. */
static bool aim(struct user_regs_struct *regs, long nr)
{
	if (!is_svc(regs->pc))
		regs->pc -= 4;
	regs->regs[8] = nr;
	return is_svc(regs->pc);
}

static void pass(struct user_regs_struct *regs, unsigned long address, long prot)
{
	regs->regs[0] = address;
	regs->regs[1] = PAGE;
	regs->regs[2] = prot;
}

/* The kernel enters it again by itself, or it ends with EINTR, as after any signal. */
static void resume(struct user_regs_struct *regs)
{
	(void)regs;
}

#else
#error "how does a tracer make a system call on this architecture?"
#endif

static bool registers(int request, struct user_regs_struct *regs)
{
	struct iovec all = { regs, sizeof(*regs) };

	return !ptrace(request, victim, NT_PRSTATUS, &all);
}

static long remote_mprotect(const struct user_regs_struct *stopped,
			    unsigned long address, long prot)
{
	struct user_regs_struct regs = *stopped;
	int status;

	aim(&regs, SYS_mprotect);
	pass(&regs, address, prot);
	if (!registers(PTRACE_SETREGSET, &regs) ||
	    ptrace(PTRACE_SINGLESTEP, victim, NULL, NULL) < 0 ||
	    waitpid(victim, &status, __WALL) != victim || !WIFSTOPPED(status) ||
	    !registers(PTRACE_GETREGSET, &regs))
		actor_failed("cannot drive process %d: %s", victim, strerror(errno));
	return RESULT(&regs);
}

static void rwx(void)
{
	struct user_regs_struct stopped, tried;
	unsigned long address;
	long result, restored;
	int status;

	if (ptrace(PTRACE_ATTACH, victim, NULL, NULL) < 0)
		actor_skipped("cannot trace process %d: %s", victim, strerror(errno));
	if (waitpid(victim, &status, __WALL) != victim ||
	    !registers(PTRACE_GETREGSET, &stopped))
		actor_failed("cannot stop process %d: %s", victim, strerror(errno));
	/* The daemon's own filter would answer before the kernel is asked. */
	if (victim != 1 && ptrace(PTRACE_SETOPTIONS, victim, NULL,
				  PTRACE_O_SUSPEND_SECCOMP) < 0)
		actor_failed("cannot suspend the filter of process %d: %s", victim,
			     strerror(errno));
	tried = stopped;
	if (!aim(&tried, SYS_mprotect))
		actor_skipped("process %d is not inside a system call", victim);
	address = STACK(&stopped) & ~(PAGE - 1);
	result = remote_mprotect(&stopped, address,
				 PROT_READ | PROT_WRITE | PROT_EXEC);
	restored = remote_mprotect(&stopped, address, PROT_READ | PROT_WRITE);

	resume(&stopped);
	if (!registers(PTRACE_SETREGSET, &stopped) ||
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
