// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process beside the netlink fuzzer that does what the module looks for, so
 * that the ring, the known set and the hits are not empty, and change while
 * messages come. The rules of the moment may kill it: then there is another.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net.h"

static struct {
	pid_t pid;
	int order, report;	/* our ends of its pipes */
	unsigned int asked, done;
} actor = { .order = -1, .report = -1 };

/* An exec of a memory file that holds no program: judged, then refused. */
static void exec_memory(void)
{
	char *const argv[] = { (char *)"netfuzz", NULL };
	int fd = memfd_create("netfuzz", MFD_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, "no program\n", 11) == 11)
		syscall(SYS_execveat, fd, "", argv, argv + 1, AT_EMPTY_PATH);
	close(fd);
}

static void act(unsigned int turn)
{
	const size_t size = 4096;
	char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		return;
	*at = 1;
	switch (turn % 4) {
	case 0:
		mprotect(at, size, PROT_READ | PROT_WRITE | PROT_EXEC);
		break;
	case 1:
		mprotect(at, size, PROT_READ | PROT_EXEC);
		break;
	case 2:
		exec_memory();
		break;
	case 3:
		munmap(at, size);
		at = mmap(NULL, size, PROT_READ | PROT_WRITE | PROT_EXEC,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		break;
	}
	if (at != MAP_FAILED)
		munmap(at, size);
}

static void live(int orders, int reports)
{
	unsigned int turn = 0;
	char order;

	while (read(orders, &order, 1) == 1) {
		act(turn++);
		if (write(reports, &order, 1) != 1)
			break;
	}
	_exit(0);
}

void actor_start(void)
{
	int orders[2], reports[2];

	if (pipe2(orders, O_CLOEXEC) || pipe2(reports, O_CLOEXEC))
		broken(NULL, "no pipes: %s", strerror(errno));
	actor.pid = fork();
	if (actor.pid < 0)
		broken(NULL, "no process: %s", strerror(errno));
	if (!actor.pid) {
		close(orders[1]);
		close(reports[0]);
		live(orders[0], reports[1]);
	}
	close(orders[0]);
	close(reports[1]);
	actor.order = orders[1];
	actor.report = reports[0];
	actor.asked = actor.done = 0;
}

void actor_end(void)
{
	close(actor.order);
	close(actor.report);
	if (waitpid(actor.pid, NULL, 0) != actor.pid)
		broken(NULL, "the actor was lost: %s", strerror(errno));
}

/* Read its reports. Return: false when it was killed. */
static bool hear(int timeout)
{
	struct pollfd poll_for = { .fd = actor.report, .events = POLLIN };
	char reports[64];
	ssize_t got;

	if (poll(&poll_for, 1, timeout) < 1)
		return timeout == 0;
	got = read(actor.report, reports, sizeof(reports));
	if (got < 1)
		return false;
	actor.done += (unsigned int)got;
	return true;
}

void actor_act(void)
{
	if (!hear(0)) {
		actor_end();
		actor_start();
	}
	if (actor.asked - actor.done > 16)
		return;
	if (write(actor.order, "x", 1) == 1)
		actor.asked++;
}

void actor_wait(void)
{
	while (actor.asked != actor.done)
		if (!hear(60000)) {
			actor_end();
			actor_start();
		}
}
