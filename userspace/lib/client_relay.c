// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The way to the module for somebody who may read and no more: through the
 * control socket of wxguardd, which judges who that is and what is asked.
 * Blocks for a bounded time.
 */
#include "client_priv.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "relay.h"

/* Others may be in front of us, and each of them has its time. */
#define PATIENCE_S 30

static int connect_to_daemon(const char *path, int *relay)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0), error;

	if (fd < 0)
		return -errno;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address))) {
		error = -errno;
		close(fd);
		return error;
	}
	*relay = fd;
	return 0;
}

/* Welcome, or why not: before anything is asked, so that it cannot be missed. */
static int greeting(struct client *client)
{
	const struct nlmsghdr *head = (const void *)client->buffer;
	const struct nlmsgerr *answer = mnl_nlmsg_get_payload(head);
	const char *words;
	ssize_t got;

	do {
		got = recv(client->relay, client->buffer, CLIENT_RECEIVE_SIZE, 0);
	} while (got < 0 && errno == EINTR);
	if (got < 0)
		return client_fail(client, -errno, "wxguardd does not answer: %s",
				   strerror(errno));
	if (!mnl_nlmsg_ok(head, (int)got) || head->nlmsg_type != NLMSG_ERROR ||
	    mnl_nlmsg_get_payload_len(head) < sizeof(*answer) || answer->error > 0)
		return client_fail(client, -EPROTO, "wxguardd has another version than this program");
	words = client_ext_ack(head);
	return answer->error ? client_fail(client, answer->error, "%s", words ? words :
					   strerror(-answer->error)) : 0;
}

int client_relay_open(struct client *client, const char *path)
{
	int error = connect_to_daemon(path, &client->relay);

	if (error == -ENOENT || error == -ECONNREFUSED || error == -EACCES)
		return client_fail(client, -EPERM, "reading needs root; members of the group wxguard may read, too, but only while wxguardd runs, and it does not");
	if (error)
		return client_fail(client, error, "wxguardd cannot be asked at %s: %s", path,
				   strerror(-error));
	client->relayed = true;
	return greeting(client);
}
