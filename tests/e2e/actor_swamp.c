// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Has hundreds of calls under way at once: each thread writes to memory of its
 * own process that is code, through process_vm_writev, and a userfaultfd holds
 * the page back. What the kernel keeps per call under way runs out. Lasts
 * until the end of standard input; then the page is there and all of them end.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <pthread.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "actor.h"

#define PAGE 4096UL
#define THREADS 400
#define STACK (64 * 1024)

static char *code;

static void *write_code(void *unused)
{
	char byte = 0;
	struct iovec from = { &byte, 1 }, to = { code, 1 };

	(void)unused;
	return (void *)process_vm_writev(getpid(), &from, 1, &to, 1, 0);
}

/* A page that nobody has, until the descriptor is closed. */
static int hold_back(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register where = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = (int)syscall(SYS_userfaultfd, O_CLOEXEC);

	code = mmap(NULL, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	where.range.start = (unsigned long)code;
	where.range.len = PAGE;
	if (fd < 0 || code == MAP_FAILED || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &where))
		actor_failed("cannot hold a page back: %s", strerror(errno));
	return fd;
}

static void writes(void)
{
	pthread_t thread[THREADS];
	pthread_attr_t small;
	int fd = hold_back(), i;
	void *result;
	char byte;

	pthread_attr_init(&small);
	pthread_attr_setstacksize(&small, STACK);
	for (i = 0; i < THREADS; i++) {
		errno = pthread_create(&thread[i], &small, write_code, NULL);
		if (errno)
			actor_failed("cannot start thread %d: %s", i, strerror(errno));
	}
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	close(fd);
	for (i = 0; i < THREADS; i++) {
		pthread_join(thread[i], &result);
		if (result != (void *)1)
			actor_failed("thread %d wrote %ld bytes", i, (long)result);
	}
	actor_allowed();
}

static const struct actor_variant variants[] = {
	{ "writes", writes },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
