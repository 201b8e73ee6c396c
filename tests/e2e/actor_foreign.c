// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writes into the memory of another process, or into its own behind the back
 * of the page protection, in each way there is; and what debuggers and
 * monitors do all day. The victim itself says what became of its memory.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

#define PAGE 4096L
#define CODE (3 * PAGE)
#define WORD sizeof(long)

static const long news = 0x7365746972772021;	/* what is written */

/* Another process with some pages of code, one of both, and one of data. */
static struct {
	pid_t pid;
	char *code, *both, *data;
	long was;		/* at the beginning of the code */
	int ask, answer;	/* pipes */
} victim;

static char *map(long size, int prot, int flags, int fd)
{
	char *memory = mmap(NULL, size, prot, flags, fd, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	return memory;
}

static void make_pages(bool both)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	victim.code = map(CODE, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd);
	victim.data = map(PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd);
	if (both)
		victim.both = map(PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
				  MAP_PRIVATE, fd);
	victim.was = *(long *)victim.code;
	close(fd);
}

/* Answers each question "what stands there?" with the word at that place. */
static _Noreturn void be_victim(int ask, int answer)
{
	char *place;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (read(ask, &place, sizeof(place)) == sizeof(place)) {
		if (write(answer, place, WORD) != WORD)
			break;
	}
	_exit(0);
}

/* The process that is written to; the writer is its parent. */
static void start_victim(bool both)
{
	int ask[2], answer[2];

	make_pages(both);
	if (pipe(ask) < 0 || pipe(answer) < 0)
		actor_failed("no pipe: %s", strerror(errno));
	victim.pid = fork();
	if (victim.pid < 0)
		actor_failed("cannot fork: %s", strerror(errno));
	if (victim.pid == 0) {
		close(ask[1]);
		be_victim(ask[0], answer[1]);
	}
	close(ask[0]);
	victim.ask = ask[1];
	victim.answer = answer[0];
}

static long stands_at(const char *place)
{
	long word;

	if (write(victim.ask, &place, sizeof(place)) != sizeof(place) ||
	    read(victim.answer, &word, WORD) != WORD)
		actor_failed("the victim does not answer");
	return word;
}

/*
 * What is refused is the pages to write to: the caller makes EIO of it for
 * /proc/PID/mem and ptrace, EFAULT for process_vm_writev.
 */
static bool is_refusal(int error)
{
	return error == EIO || error == EFAULT;
}

/* Ends the actor: @result and errno of the write, @wanted when it is done. */
static _Noreturn void judge(long result, long wanted, const char *place)
{
	int error = result < 0 ? errno : 0;
	long word = stands_at(place);

	if (is_refusal(error)) {
		if (word != victim.was)
			actor_failed("denied, but it was written");
		actor_denied();
	}
	if (result != wanted)
		actor_failed("the write gave %ld: %s", result, strerror(error));
	if (word != news)
		actor_failed("written, but %#lx stands there", word);
	actor_allowed();
}

static int open_mem(pid_t pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		actor_failed("cannot open %s: %s", path, strerror(errno));
	return fd;
}

/*
 * Since Linux 6.12 a kernel may be built so that these files heed the pages'
 * protection (Debian's 7.3 does, but for a tracer's): then they are no way to
 * change code. Told by data that may only be read, which nobody watches.
 */
static void need_forcing_mem(void)
{
	char *page = mmap(NULL, CODE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	if (page == MAP_FAILED || fd < 0)
		actor_failed("cannot look what the kernel allows: %s", strerror(errno));
	if (pwrite(fd, "", 1, (off_t)(uintptr_t)page) < 0)
		actor_skipped("this kernel lets /proc/PID/mem write only what may be written");
	close(fd);
	munmap(page, CODE);
}

static long write_mem(int fd, const char *place)
{
	return actor_call(SYS_pwrite64, fd, (long)&news, WORD, (long)place, 0, 0);
}

static long write_vm(const char *place)
{
	static struct iovec from, to;

	from = (struct iovec){ (void *)&news, WORD };
	to = (struct iovec){ (void *)place, WORD };
	return actor_call(SYS_process_vm_writev, victim.pid, (long)&from, 1,
			  (long)&to, 1, 0);
}

/* The attackers. */

static void mem_code(void)
{
	need_forcing_mem();
	start_victim(false);
	judge(write_mem(open_mem(victim.pid), victim.code), WORD, victim.code);
}

/* The kernel asks for the pages one by one. */
static void mem_pages(void)
{
	static long pages[CODE / WORD];
	size_t i;

	need_forcing_mem();
	for (i = 0; i < CODE / WORD; i++)
		pages[i] = news;
	start_victim(false);
	judge(actor_call(SYS_pwrite64, open_mem(victim.pid), (long)pages,
			 sizeof(pages), (long)victim.code, 0, 0),
	      sizeof(pages), victim.code);
}

static void mem_writev_code(void)
{
	struct iovec from = { (void *)&news, WORD };

	need_forcing_mem();
	start_victim(false);
	judge(actor_call(SYS_pwritev, open_mem(victim.pid), (long)&from, 1,
			 (long)victim.code, 0, 0), WORD, victim.code);
}

/* Only where it may write anyhow, it may write: a page of a JIT. */
static void vm_both(void)
{
	start_victim(true);
	judge(write_vm(victim.both), WORD, victim.both);
}

/*
 * The tracer is no parent of what it traces: both are children of the actor.
 * A stopped victim cannot answer, so it goes on before it is asked.
 */
static void attach(void)
{
	int status;

	start_victim(false);
	exec_in_child();
	if (ptrace(PTRACE_ATTACH, victim.pid, 0, 0) < 0 ||
	    waitpid(victim.pid, &status, __WALL) != victim.pid)
		actor_failed("cannot attach: %s", strerror(errno));
}

static _Noreturn void poke_and_judge(const char *place)
{
	long result = actor_call(SYS_ptrace, PTRACE_POKETEXT, victim.pid,
				 (long)place, news, 0, 0);
	int error = errno;

	ptrace(PTRACE_DETACH, victim.pid, 0, 0);
	errno = error;
	judge(result, 0, place);
}

static void poke_code(void)
{
	attach();
	poke_and_judge(victim.code);
}

/*
 * DDexec: the shell opens its own memory, its child (dd) inherits that and
 * writes the shell's code.
 */
static void inherited_mem(void)
{
	int fd, status;

	need_forcing_mem();
	make_pages(false);
	fd = open("/proc/self/mem", O_RDWR);
	if (fd < 0)
		actor_failed("cannot open it: %s", strerror(errno));
	victim.pid = fork();
	if (victim.pid == 0) {
		long result = write_mem(fd, victim.code);

		_exit(result == (long)WORD ? 0 : errno);
	}
	if (victim.pid < 0 || waitpid(victim.pid, &status, 0) != victim.pid ||
	    !WIFEXITED(status))
		actor_failed("the child did not end");
	if (is_refusal(WEXITSTATUS(status))) {
		if (*(volatile long *)victim.code != victim.was)
			actor_failed("denied, but it was written");
		actor_denied();
	}
	if (*(volatile long *)victim.code != news)
		actor_failed("it was not written");
	actor_allowed();
}

/* Its own code, through the file that ignores the page protection. */
static _Noreturn void write_self(int fd)
{
	long result, word;
	int error;

	if (fd < 0)
		actor_failed("cannot open it: %s", strerror(errno));
	make_pages(false);
	result = write_mem(fd, victim.code);
	error = errno;
	word = *(volatile long *)victim.code;
	if (!actor_perms_are(victim.code, "r-x"))
		actor_failed("the page is no longer r-x");
	if (result < 0 && is_refusal(error)) {
		if (word != victim.was)
			actor_failed("denied, but it was written");
		actor_denied();
	}
	if (result != (long)WORD || word != news)
		actor_failed("the write gave %ld: %s", result, strerror(error));
	actor_allowed();
}

static void self_mem(void)
{
	need_forcing_mem();
	write_self(open("/proc/self/mem", O_RDWR | O_CLOEXEC));
}

/* The twins. */

/* A tracer and its own child, twice: one finding at most, never a denial. */
static void debugger(void)
{
	int status, i;

	make_pages(false);
	victim.pid = fork();
	if (victim.pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(*(volatile long *)victim.code == news ? 0 : 1);
	}
	if (victim.pid < 0 || waitpid(victim.pid, &status, 0) != victim.pid)
		actor_failed("cannot trace a child: %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		if (actor_call(SYS_ptrace, PTRACE_POKETEXT, victim.pid,
			       (long)victim.code, news, 0, 0) < 0)
			actor_failed("the debugger was refused: %s",
				     strerror(errno));
	}
	if (ptrace(PTRACE_CONT, victim.pid, 0, 0) < 0 ||
	    waitpid(victim.pid, &status, 0) != victim.pid)
		actor_failed("cannot go on: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status))
		actor_failed("the child did not see what was written");
	actor_allowed();
}

static void mem_data(void)
{
	start_victim(false);
	judge(write_mem(open_mem(victim.pid), victim.data), WORD, victim.data);
}

static void vm_data(void)
{
	start_victim(false);
	judge(write_vm(victim.data), WORD, victim.data);
}

/* The range ends behind the last address: nothing there is anybody's. */
static void vm_wraps(void)
{
	static char bytes[2 * PAGE];
	struct iovec from = { bytes, sizeof(bytes) };
	struct iovec to = { (void *)-PAGE, sizeof(bytes) };
	long result;

	start_victim(false);
	result = actor_call(SYS_process_vm_writev, victim.pid, (long)&from, 1,
			    (long)&to, 1, 0);
	if (result >= 0 || errno != EFAULT)
		actor_failed("the write gave %ld: %s", result, strerror(errno));
	actor_allowed();
}

static void poke_data(void)
{
	attach();
	poke_and_judge(victim.data);
}

static void self_data(void)
{
	int fd = open("/proc/self/mem", O_RDWR | O_CLOEXEC);

	make_pages(false);
	if (write_mem(fd, victim.data) != (long)WORD ||
	    *(volatile long *)victim.data != news)
		actor_failed("cannot write: %s", strerror(errno));
	actor_allowed();
}

static _Noreturn void judge_read(long result, long wanted, long word)
{
	if (result != wanted || word != victim.was)
		actor_failed("the read gave %ld: %s", result, strerror(errno));
	actor_allowed();
}

static void read_mem(void)
{
	long word = 0, result;

	start_victim(false);
	result = pread(open_mem(victim.pid), &word, WORD,
		       (off_t)(uintptr_t)victim.code);
	judge_read(result, WORD, word);
}

static void read_vm(void)
{
	long word = 0, result;
	struct iovec to = { &word, WORD }, from;

	start_victim(false);
	from = (struct iovec){ victim.code, WORD };
	result = process_vm_readv(victim.pid, &to, 1, &from, 1, 0);
	judge_read(result, WORD, word);
}

static void peek_code(void)
{
	long word;

	attach();
	errno = 0;
	word = ptrace(PTRACE_PEEKTEXT, victim.pid, victim.code, 0);
	ptrace(PTRACE_DETACH, victim.pid, 0, 0);
	judge_read(errno, 0, word);
}

static const struct actor_variant variants[] = {
	{ "mem_code", mem_code },
	{ "mem_pages", mem_pages },
	{ "mem_writev_code", mem_writev_code },
	{ "vm_both", vm_both },
	{ "poke_code", poke_code },
	{ "inherited_mem", inherited_mem },
	{ "self_mem", self_mem },
	{ "debugger", debugger },
	{ "mem_data", mem_data },
	{ "vm_data", vm_data },
	{ "vm_wraps", vm_wraps },
	{ "poke_data", poke_data },
	{ "self_data", self_data },
	{ "read_mem", read_mem },
	{ "read_vm", read_vm },
	{ "peek_code", peek_code },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
