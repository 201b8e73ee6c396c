// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The filter of system calls: what a logger needs goes through, what it does
 * not need is refused, what only an intruder does ends the process. Each is
 * tried in a process of its own, since the filter stays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <daemon/confine.h>

#define NOT_CONFINED 125

/* Made before, as the daemon does. */
static int listener;

/* What @attempt returns behind the filter, or 1000 + the signal it died of. */
static int behind(int (*attempt)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || confine_calls())
			_exit(NOT_CONFINED);
		_exit(attempt());
	}
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1000 + WTERMSIG(status);
}

static int answer(long result)
{
	return result < 0 ? errno : 0;
}

/* Writes as the outputs do, waits as the loop does. */
static int work(void)
{
	char path[] = "/tmp/wxguard-confine.XXXXXX", moved[64], back[4] = "";
	struct epoll_event event = { .events = EPOLLIN };
	int file = mkstemp(path), loop, timer;
	struct itimerspec soon = { .it_value.tv_nsec = 1 };

	snprintf(moved, sizeof(moved), "%s.1", path);
	if (file < 0 || write(file, "abc", 3) != 3 || fdatasync(file) ||
	    fallocate(file, FALLOC_FL_KEEP_SIZE, 0, 4096) || ftruncate(file, 2) ||
	    pread(file, back, 3, 0) != 2 || rename(path, moved) || unlink(moved))
		return 1;
	loop = epoll_create1(EPOLL_CLOEXEC);
	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (loop < 0 || timer < 0 || timerfd_settime(timer, 0, &soon, NULL) ||
	    epoll_ctl(loop, EPOLL_CTL_ADD, timer, &event) ||
	    epoll_wait(loop, &event, 1, 10000) != 1)
		return 2;
	/* Nobody is there, which is an answer. */
	if (accept4(listener, NULL, NULL, SOCK_CLOEXEC) >= 0 || errno != EAGAIN)
		return 4;
	return socket(AF_UNIX, SOCK_DGRAM, 0) < 0 || socket(AF_NETLINK, SOCK_RAW, 0) < 0 ? 3 : 0;
}

/* As the loader maps a library. */
static int map_library(void)
{
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE, file, 0) == MAP_FAILED ?
		       errno : 0;
}

static int map_both(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static int make_executable(void)
{
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return answer(mprotect(page, 4096, PROT_READ | PROT_EXEC));
}

static int reach_out(void)
{
	return answer(socket(AF_INET, SOCK_STREAM, 0));
}

static int become_somebody(void)
{
	return answer(syscall(__NR_setuid, 0));
}

static int have_a_child(void)
{
	return answer(fork());
}

static int run_program(void)
{
	char *const arguments[] = { (char *)"true", NULL };

	return answer(execv("/bin/true", arguments));
}

static int run_memory(void)
{
	return answer(memfd_create("x", 0));
}

static int look_into_another(void)
{
	return answer(ptrace(PTRACE_ATTACH, getppid(), 0, 0));
}

static int load_code(void)
{
	return answer(syscall(__NR_init_module, NULL, 0, ""));
}

static void what_it_needs_goes_through(void **state)
{
	(void)state;
	listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);
	/* Without a name it gets one of its own. */
	assert_int_equal(bind(listener, &(struct sockaddr){ .sa_family = AF_UNIX },
			      sizeof(sa_family_t)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(behind(work), 0);
	close(listener);
	assert_int_equal(behind(map_library), 0);
}

static void what_it_does_not_need_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(behind(map_both), EPERM);
	assert_int_equal(behind(make_executable), EPERM);
	assert_int_equal(behind(reach_out), EPERM);
	assert_int_equal(behind(become_somebody), EPERM);
	assert_int_equal(behind(have_a_child), EPERM);
}

static void what_an_intruder_does_ends_it(void **state)
{
	(void)state;
	assert_int_equal(behind(run_program), 1000 + SIGSYS);
	assert_int_equal(behind(run_memory), 1000 + SIGSYS);
	assert_int_equal(behind(look_into_another), 1000 + SIGSYS);
	assert_int_equal(behind(load_code), 1000 + SIGSYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_it_needs_goes_through),
		cmocka_unit_test(what_it_does_not_need_is_an_error),
		cmocka_unit_test(what_an_intruder_does_ends_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
