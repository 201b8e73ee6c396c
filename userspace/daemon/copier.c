// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See copier.h. The copier itself only starts one child for each request and
 * ends it when its time is over; the child opens, checks, confines itself and
 * reads. Both die with the daemon.
 */
#include "copier.h"

#include <cap-ng.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../lib/payload.h"
#include "../lib/proc_same.h"
#include "confine.h"

/* A child that cannot even be killed is left; so many of them are enough. */
#define LEFT_MAX 4

/* ---- the child: one copy ------------------------------------------------------- */

/* The descriptor first, then the check: it stays with the memory it is of. */
static int copy(const struct copier_request *request, int to)
{
	struct payload payload;
	char path[32];
	int mem, error;

	snprintf(path, sizeof(path), "/proc/%" PRIu32 "/mem", request->pid);
	mem = open(path, O_RDONLY | O_CLOEXEC);
	if (mem < 0)
		return -errno;
	error = proc_same(request->pid, request->start);
	/* A kernel without filters is no reason to go without. */
	if (!error)
		confine_calls();
	return error ? error : payload_copy_region(mem, request->address, request->size, to,
						   &payload, 0);
}

/* Its exit status is the errno. */
static _Noreturn void child(const struct copier_request *request, int to)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	_exit(-copy(request, to) & 0xff);
}

/* ---- the copier ---------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void reap_left(unsigned int *left)
{
	while (*left && waitpid(-1, NULL, WNOHANG) > 0)
		(*left)--;
}

/* false: its time is over. SIGCHLD is blocked, so that it waits here. */
static bool wait_for(pid_t pid, int *status)
{
	const int64_t until = now_ms() + COPIER_MS;
	struct timespec time;
	sigset_t set;
	int64_t rest;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	while (waitpid(pid, status, WNOHANG) != pid) {
		rest = until - now_ms();
		if (rest <= 0)
			return false;
		time = (struct timespec){ rest / 1000, rest % 1000 * 1000000 };
		sigtimedwait(&set, NULL, &time);
	}
	return true;
}

static int supervise(pid_t pid, unsigned int *left)
{
	int status;

	if (wait_for(pid, &status))
		return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
	kill(pid, SIGKILL);
	(*left)++;
	return -ETIMEDOUT;
}

/* One request with the descriptor to write to; false: the daemon has gone. */
static bool next(int socket, struct copier_request *request, int *to)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { request, sizeof(*request) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	const struct cmsghdr *with;
	ssize_t got;

	do {
		got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
	} while (got < 0 && errno == EINTR);
	if (got <= 0)
		return false;
	with = CMSG_FIRSTHDR(&message);
	if (got != sizeof(*request) || !with || with->cmsg_type != SCM_RIGHTS)
		return false;
	memcpy(to, CMSG_DATA(with), sizeof(*to));
	return true;
}

static void serve(int socket, const struct copier_request *request, int to, unsigned int *left)
{
	struct copier_answer answer = { .error = -EAGAIN };
	struct stat st;
	pid_t pid;

	reap_left(left);
	pid = *left < LEFT_MAX ? fork() : -1;
	if (!pid)
		child(request, to);
	if (pid > 0)
		answer.error = supervise(pid, left);
	if (!answer.error && !fstat(to, &st))
		answer.size = (uint64_t)st.st_size;
	send(socket, &answer, sizeof(answer), MSG_NOSIGNAL);
}

/* To open /proc/PID/mem of any user, and to look into it. */
static int keep_rights(void)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	capng_clear(CAPNG_SELECT_BOTH);
	if (capng_updatev(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED | CAPNG_BOUNDING_SET,
			  CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE, -1))
		return -EPERM;
	return capng_apply(CAPNG_SELECT_BOTH) && capng_apply(CAPNG_SELECT_CAPS) ? -EPERM : 0;
}

static _Noreturn void run(int socket, pid_t daemon)
{
	struct copier_request request;
	unsigned int left = 0;
	sigset_t set;
	int to;

	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	prctl(PR_SET_NAME, "wxguardd-copier", 0, 0, 0);
	if (getppid() != daemon || dup2(socket, 3) != 3 || close_range(4, ~0U, 0) ||
	    keep_rights())
		_exit(1);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	/* What ends the daemon ends this, but not before it has said so. */
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	while (next(3, &request, &to)) {
		serve(3, &request, to, &left);
		close(to);
	}
	_exit(0);
}

/* ---- the daemon's side --------------------------------------------------------- */

void copier_start(struct copier *copier)
{
	const pid_t daemon = getpid();
	int pair[2];

	copier->socket = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair))
		return;
	copier->pid = fork();
	if (!copier->pid)
		run(pair[1], daemon);
	close(pair[1]);
	if (copier->pid < 0)
		close(pair[0]);
	else
		copier->socket = pair[0];
}

void copier_end(struct copier *copier)
{
	if (copier->socket >= 0)
		close(copier->socket);
	copier->socket = -1;
}

int copier_ask(struct copier *copier, const struct copier_request *request, int fd)
{
	union {
		char room[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec part = { (void *)request, sizeof(*request) };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = &control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *with = CMSG_FIRSTHDR(&message);

	if (copier->socket < 0)
		return -EPIPE;
	with->cmsg_level = SOL_SOCKET;
	with->cmsg_type = SCM_RIGHTS;
	with->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(with), &fd, sizeof(fd));
	if (sendmsg(copier->socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return errno == EAGAIN ? -EAGAIN : -errno;
	return 0;
}

int copier_answer(struct copier *copier, struct copier_answer *answer)
{
	ssize_t got = copier->socket < 0 ? 0 :
		      recv(copier->socket, answer, sizeof(*answer), MSG_DONTWAIT);

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return -EAGAIN;
	return got == sizeof(*answer) ? 0 : -EPIPE;
}
