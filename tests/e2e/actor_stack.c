// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts a program that asks for an executable stack, and one that does not.
 * The program leaves a mark with its first instructions; a denial comes too
 * late for an errno, so it must end the program before that mark.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"
#include "starve.h"

#define PAGE 4096L

/* A copy of the marker whose PT_GNU_STACK is @type with @flags. */
static const char *program(const char *directory, Elf64_Word type,
			   Elf64_Word flags)
{
	static char path[4608];
	Elf64_Ehdr elf;
	Elf64_Phdr segment;
	int fd, i, found = 0;

	snprintf(path, sizeof(path), "%s/marker", directory);
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0755);
	if (fd < 0)
		actor_failed("cannot make %s: %s", path, strerror(errno));
	actor_copy(exec_beside("marker"), fd);
	if (pread(fd, &elf, sizeof(elf), 0) != sizeof(elf))
		actor_failed("cannot read %s", path);
	for (i = 0; i < elf.e_phnum; i++) {
		off_t at = elf.e_phoff + i * sizeof(segment);

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			actor_failed("cannot read %s", path);
		if (segment.p_type != PT_GNU_STACK)
			continue;
		found = 1;
		segment.p_type = type;
		segment.p_flags = flags;
		if (pwrite(fd, &segment, sizeof(segment), at) != sizeof(segment))
			actor_failed("cannot change %s", path);
	}
	if (!found)
		actor_failed("%s has no PT_GNU_STACK", path);
	close(fd);
	return path;
}

static _Noreturn void run(Elf64_Word type, Elf64_Word flags)
{
	const char *directory = actor_workspace();
	const char *path = program(directory, type, flags);
	char mark[4352];
	char *argv[] = { "marker", mark, NULL };
	int status, marked;
	pid_t child;

	snprintf(mark, sizeof(mark), "%s/mark", directory);
	child = fork();
	if (child == 0) {
		starve_begin();
		execv(path, argv);
		_exit(125);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		actor_failed("cannot start a child: %s", strerror(errno));
	marked = access(mark, F_OK) == 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status) && marked)
		actor_allowed();
	if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL && !marked)
		actor_denied();
	actor_failed("the program ended with %#x and left %s mark", status,
		     marked ? "its" : "no");
}

static void program_rwe(void)
{
	run(PT_GNU_STACK, PF_R | PF_W | PF_X);
}

/* The stack that this program runs on. */
static void own_stack(void)
{
	char room[3 * PAGE];
	char *memory = (char *)(((unsigned long)room + PAGE - 1) & -PAGE);
	long result;

	memcpy(memory, "stack", 6);
	result = actor_call(SYS_mprotect, (long)memory, PAGE,
			    PROT_READ | PROT_WRITE | PROT_EXEC, 0, 0, 0);
	if (result < 0 && errno != EACCES)
		actor_failed("mprotect: %s", strerror(errno));
	if (!actor_perms_are(memory, result < 0 ? "rw-" : "rwx") ||
	    strcmp(memory, "stack") != 0)
		actor_failed("the stack is not what it should be");
	if (result < 0)
		actor_denied();
	actor_allowed();
}

/* The twins. */

static void program_rw(void)
{
	run(PT_GNU_STACK, PF_R | PF_W);
}

/* Without the header a 64-bit program has a plain stack too. */
static void program_silent(void)
{
	run(PT_NULL, 0);
}

static const struct actor_variant variants[] = {
	{ "program_rwe", program_rwe },
	{ "own_stack", own_stack },
	{ "program_rw", program_rw },
	{ "program_silent", program_silent },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
