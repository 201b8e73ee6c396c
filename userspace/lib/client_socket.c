// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Netlink sockets: new ones, or those that the process was given because it
 * has no network of its own. A given one is used again and again, so what an
 * earlier use has left in it is thrown away first.
 */
#include "client_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENT_MAX 4
#define GROUPS_MAX 64	/* words of 32 groups; the kernel gives what it has */

static struct {
	int fd;
	int copy;	/* in use as this one, -1 = free */
} lent[LENT_MAX];
static unsigned int lent_count;

int client_lend(int fd)
{
	int domain = 0, protocol = -1;
	socklen_t size = sizeof(int);

	if (getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &domain, &size) ||
	    getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) ||
	    domain != AF_NETLINK || protocol != NETLINK_GENERIC)
		return -EINVAL;
	if (lent_count == LENT_MAX)
		return -ENOSPC;
	lent[lent_count].fd = fd;
	lent[lent_count++].copy = -1;
	return 0;
}

/* Leave every group, then read what is there. */
static void forget(int fd)
{
	uint32_t groups[GROUPS_MAX] = { 0 };
	socklen_t size = sizeof(groups);
	uint8_t byte;
	int bit;

	if (getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, groups, &size))
		size = 0;
	for (bit = 0; size && bit < GROUPS_MAX * 32; bit++) {
		int group = bit + 1;

		if (groups[bit / 32] >> bit % 32 & 1)
			setsockopt(fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &group,
				   sizeof(group));
	}
	while (recv(fd, &byte, 1, MSG_DONTWAIT) >= 0 || errno == ENOBUFS || errno == EINTR)
		;
}

static struct mnl_socket *take_lent(int flags)
{
	struct mnl_socket *taken;
	unsigned int i;
	int fd;

	for (i = 0; i < lent_count && lent[i].copy >= 0; i++)
		;
	if (i == lent_count) {
		errno = EMFILE;
		return NULL;
	}
	fd = fcntl(lent[i].fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return NULL;
	forget(fd);
	taken = fcntl(fd, F_SETFL, flags & SOCK_NONBLOCK ? O_NONBLOCK : 0) ?
			NULL : mnl_socket_fdopen(fd);
	if (taken)
		lent[i].copy = fd;
	else
		close(fd);
	return taken;
}

struct mnl_socket *client_socket_open(int flags)
{
	struct mnl_socket *made;
	int error;

	if (lent_count)
		return take_lent(flags);
	made = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC | flags);
	if (made && mnl_socket_bind(made, 0, MNL_SOCKET_AUTOPID)) {
		error = errno;
		mnl_socket_close(made);
		errno = error;
		return NULL;
	}
	return made;
}

void client_socket_close(struct mnl_socket *socket)
{
	unsigned int i;

	if (!socket)
		return;
	for (i = 0; i < lent_count; i++) {
		if (lent[i].copy != mnl_socket_get_fd(socket))
			continue;
		forget(lent[i].copy);
		lent[i].copy = -1;
	}
	mnl_socket_close(socket);
}
