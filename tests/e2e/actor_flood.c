// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Does one thing very often, to hide something else behind it:
 *   actor_flood memfd COUNT      programs started from memory, all different
 *   actor_flood same COUNT       the same program from memory
 *   actor_flood mprotect COUNT   a page made RWX, and back
 * Says how often it was let through and how often refused.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

#define PAGE 4096L

static long done, refused;

/* The marker, with an end of its own unless @number is 0. */
static int program(long number)
{
	char name[32], mark[32];
	int fd, len;

	snprintf(name, sizeof(name), "flood-%ld", number);
	fd = memfd_create(name, MFD_CLOEXEC);
	if (fd < 0)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	actor_copy(exec_beside("marker"), fd);
	len = snprintf(mark, sizeof(mark), "%ld", number);
	if (number && write(fd, mark, len) != len)
		actor_failed("cannot write: %s", strerror(errno));
	return fd;
}

static void start(long number)
{
	char *argv[] = { "flood", "/dev/null", NULL };
	int fd = program(number), status;
	pid_t child = vfork();

	if (child == 0) {
		fexecve(fd, argv, environ);
		_exit(errno == EPERM ? 10 : 1);
	}
	close(fd);
	if (child < 0 || waitpid(child, &status, 0) != child)
		actor_failed("cannot start %ld: %s", number, strerror(errno));
	if (status == 0)
		done++;
	else if (WIFEXITED(status) && WEXITSTATUS(status) == 10)
		refused++;
	else
		actor_failed("program %ld ended with %#x", number, status);
}

static void change(char *page)
{
	if (mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) == 0) {
		done++;
		mprotect(page, PAGE, PROT_READ | PROT_WRITE);
	} else if (errno == EACCES) {
		refused++;
	} else {
		actor_failed("mprotect: %s", strerror(errno));
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[1] : "";
	long count = argc > 2 ? atol(argv[2]) : 0, i;
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (count <= 0 || page == MAP_FAILED) {
		fputs("actor_flood: needs memfd, same or mprotect, and how often\n",
		      stderr);
		return ACTOR_USAGE;
	}
	for (i = 1; i <= count; i++) {
		if (strcmp(what, "mprotect") == 0)
			change(page);
		else
			start(strcmp(what, "same") == 0 ? 0 : i);
	}
	printf("{\"done\":%ld,\"refused\":%ld,\"pid\":%d}\n", done, refused, getpid());
	return 0;
}
