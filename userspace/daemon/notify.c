// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The protocol of sd_notify(3), which is one datagram: libsystemd would bring
 * five more libraries into a process that stays. Never waits.
 */
#include "notify.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void notify(const char *lines)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len = path ? strlen(path) : 0;
	ssize_t sent;
	int fd;

	if (len < 2 || len >= sizeof(address.sun_path) || (*path != '/' && *path != '@'))
		return;
	memcpy(address.sun_path, path, len);
	if (*path == '@')	/* the abstract name space */
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return;
	do {
		sent = sendto(fd, lines, strlen(lines), MSG_NOSIGNAL,
			      (struct sockaddr *)&address,
			      offsetof(struct sockaddr_un, sun_path) + len);
	} while (sent < 0 && errno == EINTR);
	close(fd);
}

uint64_t notify_watchdog_ms(void)
{
	const char *limit = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");

	if (!limit || (pid && strtol(pid, NULL, 10) != (long)getpid()))
		return 0;
	return strtoull(limit, NULL, 10) / 1000;
}
