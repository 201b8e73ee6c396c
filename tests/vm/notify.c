// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vm-notify: starts a Type=notify daemon where there is no systemd, and without
 * the call that systemd takes from it. Returns 0 when the daemon has said
 * READY=1 and 1 when it ended or took too long before that; a child stays
 * behind, holds STATE/daemon.lock while the daemon lives, and leaves its end in
 * STATE/daemon.status.
 *
 *	vm-notify SECONDS STATE COMMAND...
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *state;

__attribute__((format(printf, 1, 2), noreturn))
static void fail(const char *format, ...)
{
	va_list args;

	fputs("vm-notify: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputs(".\n", stderr);
	exit(1);
}

static int open_socket(char *path, size_t size)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(path, size, "%s/notify", state);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof(address)))
		fail("the socket %s cannot be made: %s", path, strerror(errno));
	return fd;
}

static void write_state(const char *name, const char *format, ...)
{
	char path[128], temporary[128];
	va_list args;
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", state, name);
	snprintf(temporary, sizeof(temporary), "%s/.%s", state, name);
	file = fopen(temporary, "w");
	if (!file)
		fail("%s cannot be written: %s", temporary, strerror(errno));
	va_start(args, format);
	vfprintf(file, format, args);
	va_end(args);
	fclose(file);
	rename(temporary, path);
}

/* The daemon ended: kept for whoever asks, and told if nobody was ready yet. */
static void record_end(int status)
{
	if (WIFSIGNALED(status))
		write_state("daemon.status", "signal %d\n", WTERMSIG(status));
	else
		write_state("daemon.status", "exit %d\n", WEXITSTATUS(status));
}

static void take_lock(void)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/daemon.lock", state);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB))
		fail("another daemon is under watch in %s", state);
}

/* True when a datagram has a line READY=1. */
static int says_ready(int fd)
{
	char text[4096];
	ssize_t got = recv(fd, text, sizeof(text) - 1, MSG_DONTWAIT);

	if (got <= 0)
		return 0;
	text[got] = 0;
	return !strncmp(text, "READY=1", 7) || strstr(text, "\nREADY=1");
}

/*
 * systemd's RestrictSUIDSGID=, which the unit has, makes openat2() answer
 * ENOSYS: so it does here, or a daemon that needs it would pass every test
 * and know no executable where it is installed. prctl() needs no
 * no_new_privs from root.
 */
static void take_openat2_away(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
		.len = sizeof(code) / sizeof(code[0]), .filter = code,
	};

	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program))
		fail("openat2() cannot be taken away: %s", strerror(errno));
}

static pid_t start(char **argv, const char *path)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	setenv("NOTIFY_SOCKET", path, 1);
	signal(SIGCHLD, SIG_DFL);
	take_openat2_away();
	execvp(argv[0], argv);
	fail("%s cannot be run: %s", argv[0], strerror(errno));
}

/* The child that stays: one byte to ready_fd when the daemon is ready. */
static int watch(char **argv, int seconds, int ready_fd)
{
	char path[108];
	struct pollfd wait[2];
	int fd, status, ready = 0;
	pid_t pid;

	take_lock();
	fd = open_socket(path, sizeof(path));
	pid = start(argv, path);
	if (pid < 0)
		fail("no process could be made: %s", strerror(errno));
	write_state("daemon.pid", "%d\n", pid);
	wait[0] = (struct pollfd){ .fd = fd, .events = POLLIN };
	wait[1] = (struct pollfd){ .fd = syscall(SYS_pidfd_open, pid, 0), .events = POLLIN };
	while (waitpid(pid, &status, WNOHANG) == 0) {
		/* Read after READY=1 too, so that the socket does not fill. */
		if (poll(wait, 2, ready ? -1 : seconds * 1000) == 0) {
			fprintf(stderr, "vm-notify: %s did not say READY=1 within %d s.\n",
				argv[0], seconds);
			kill(pid, SIGKILL);
		}
		if (wait[0].revents && says_ready(fd) && !ready)
			ready = write(ready_fd, "", 1) == 1;
	}
	record_end(status);
	if (!ready)
		fail("%s ended with %s %d before it was ready", argv[0],
		     WIFSIGNALED(status) ? "signal" : "status",
		     WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}

int main(int argc, char **argv)
{
	int pipe_fd[2];
	char byte;

	if (argc < 4)
		fail("usage: vm-notify SECONDS STATE COMMAND...");
	state = argv[2];
	if (pipe2(pipe_fd, O_CLOEXEC))
		fail("no pipe: %s", strerror(errno));
	switch (fork()) {
	case -1:
		fail("no process could be made: %s", strerror(errno));
	case 0:
		close(pipe_fd[0]);
		setsid();
		return watch(argv + 3, atoi(argv[1]), pipe_fd[1]);
	}
	close(pipe_fd[1]);
	return read(pipe_fd[0], &byte, 1) == 1 ? 0 : 1;
}
