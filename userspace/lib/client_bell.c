// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The doorbell: a second socket in the multicast group, for poll. What it
 * says is never read as truth; it only means "dump". Never blocks.
 */
#include "client_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

static int join(struct client *client, struct mnl_socket *bell)
{
	int group = (int)client->group;

	if (mnl_socket_setsockopt(bell, NETLINK_ADD_MEMBERSHIP, &group,
				  sizeof(group)))
		return client_refused(client, "joining the group of the findings",
				      -errno, NULL);
	return 0;
}

int client_bell_open(struct client *client, int *fd)
{
	struct mnl_socket *bell;
	int error;

	if (client->bell) {
		*fd = mnl_socket_get_fd(client->bell);
		return 0;
	}
	if (client->relayed)
		return client_fail(client, -EPERM, "wxguardd passes on no bells");
	if (!client->group)
		return client_fail(client, -ENOENT, "the module has no group \"%s\"; is it of the same version as this program?",
				   WXGUARD_GENL_GROUP);
	bell = client_socket_open(SOCK_NONBLOCK);
	if (!bell)
		return client_fail(client, -errno, "no netlink socket: %s",
				   strerror(errno));
	error = join(client, bell);
	if (error) {
		client_socket_close(bell);
		return error;
	}
	client->bell = bell;
	*fd = mnl_socket_get_fd(bell);
	return 0;
}

int client_bell_drain(struct client *client)
{
	uint8_t bell[1024];

	if (!client->bell)
		return 0;
	for (;;) {
		ssize_t got = recv(mnl_socket_get_fd(client->bell), bell,
				   sizeof(bell), 0);

		if (got >= 0 || errno == EINTR || errno == ENOBUFS)
			continue;
		if (errno == EAGAIN || errno == EWOULDBLOCK)
			return 0;
		return client_fail(client, -errno, "listening to the doorbell failed: %s",
				   strerror(errno));
	}
}
