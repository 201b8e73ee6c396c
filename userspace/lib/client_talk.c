// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One request and its answers. Blocks until the kernel has answered. An
 * answer is taken only from the kernel itself and only for our sequence
 * number, so what is left of an earlier request cannot be mistaken.
 */
#include "client_priv.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

int client_begin(struct client *client, struct request *request,
		 uint8_t command, bool dump, size_t room, const char *what)
{
	struct genlmsghdr *generic;

	memset(request, 0, sizeof(*request));
	request->what = what;
	client->why[0] = '\0';
	request->head = calloc(1, room);
	if (!request->head)
		return client_fail(client, -ENOMEM, "%s failed: out of memory",
				   what);
	request->room = room;
	mnl_nlmsg_put_header(request->head);
	request->head->nlmsg_type = client->family;
	request->head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	if (dump)
		request->head->nlmsg_flags |= NLM_F_DUMP;
	request->head->nlmsg_seq = ++client->seq;
	generic = mnl_nlmsg_put_extra_header(request->head, sizeof(*generic));
	generic->cmd = command;
	generic->version = WXGUARD_GENL_VERSION;
	return 0;
}

void client_drop(struct request *request)
{
	free(request->head);
	request->head = NULL;
}

void client_put(struct request *request, uint16_t type, const void *data,
		size_t len)
{
	if (!mnl_attr_put_check(request->head, request->room, type, len, data))
		request->full = true;
}

void client_put_u32(struct request *request, uint16_t type, uint32_t value)
{
	client_put(request, type, &value, sizeof(value));
}

void client_put_u64(struct request *request, uint16_t type, uint64_t value)
{
	client_put(request, type, &value, sizeof(value));
}

void client_put_text(struct request *request, uint16_t type, const char *text)
{
	if (text[0])
		client_put(request, type, text, strlen(text) + 1);
}

struct nlattr *client_nest(struct request *request, uint16_t type)
{
	struct nlattr *nest = mnl_attr_nest_start_check(request->head,
							request->room, type);

	if (!nest)
		request->full = true;
	return nest;
}

void client_nest_end(struct request *request, struct nlattr *nest)
{
	if (nest)
		mnl_attr_nest_end(request->head, nest);
}

/* A large rule set is more than a socket may send by default. */
static void make_room(struct mnl_socket *socket, size_t len)
{
	int size = (int)len + 4096;

	if (len < 64 * 1024)
		return;
	if (setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_SNDBUFFORCE,
		       &size, sizeof(size)))
		setsockopt(mnl_socket_get_fd(socket), SOL_SOCKET, SO_SNDBUF,
			   &size, sizeof(size));
}

/* Length of one datagram of the module's, or -errno. */
static ssize_t receive(struct client *client)
{
	struct sockaddr_nl from = { 0 };
	struct iovec iov = { client->buffer, CLIENT_RECEIVE_SIZE };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1 };
	ssize_t len;

	for (;;) {
		/* wxguardd is who listens there, and its name is longer. */
		message.msg_name = client->relayed ? NULL : &from;
		message.msg_namelen = client->relayed ? 0 : sizeof(from);
		len = recvmsg(client_fd(client), &message, 0);
		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			return -errno;
		if (!len && client->relayed)
			return -ECONNRESET;
		if (from.nl_pid)	/* some process, not the kernel */
			continue;
		if (message.msg_flags & MSG_TRUNC)
			return -EMSGSIZE;
		return len;
	}
}

/* Both an error and the end of a dump begin with a number: 0 or -errno. */
static int status_of(const struct nlmsghdr *head)
{
	int status = 0;

	if (mnl_nlmsg_get_payload_len(head) >= sizeof(status))
		memcpy(&status, mnl_nlmsg_get_payload(head), sizeof(status));
	return status > 0 ? 0 : status;
}

struct progress {
	struct exchange *exchange;
	int stopped;		/* what on_answer returned */
	int status;		/* of the kernel */
	bool done;
};

static void take(struct client *client, const struct request *request,
		 const struct nlmsghdr *head, struct progress *progress)
{
	struct exchange *exchange = progress->exchange;
	const struct genlmsghdr *generic = mnl_nlmsg_get_payload(head);
	size_t len = mnl_nlmsg_get_payload_len(head);

	if (head->nlmsg_seq != request->head->nlmsg_seq)
		return;
	if (head->nlmsg_flags & NLM_F_DUMP_INTR)
		exchange->interrupted = true;
	if (head->nlmsg_type == NLMSG_ERROR || head->nlmsg_type == NLMSG_DONE) {
		progress->done = true;
		progress->status = status_of(head);
		if (progress->status)
			client_refused(client, request->what, progress->status,
				       client_ext_ack(head));
		return;
	}
	if (head->nlmsg_type < NLMSG_MIN_TYPE || len < sizeof(*generic) ||
	    !exchange->on_answer || progress->stopped)
		return;
	progress->stopped = exchange->on_answer(generic->cmd, generic + 1,
						len - sizeof(*generic),
						exchange->arg);
}

static int read_answers(struct client *client, const struct request *request,
			struct progress *progress)
{
	while (!progress->done) {
		ssize_t got = receive(client);
		const struct nlmsghdr *head = (void *)client->buffer;
		int left = (int)got;

		if (got < 0)
			return client_fail(client, (int)got,
					   "%s failed: no answer from %s: %s", request->what,
					   client->relayed ? "wxguardd" : "the kernel",
					   strerror((int)-got));
		for (; mnl_nlmsg_ok(head, left) && !progress->done;
		     head = mnl_nlmsg_next(head, &left))
			take(client, request, head, progress);
	}
	return 0;
}

static int send_request(struct client *client, const struct request *request)
{
	ssize_t sent;

	if (!client->relayed)
		make_room(client->socket, request->head->nlmsg_len);
	do {	/* to the kernel, or to wxguardd */
		sent = send(client_fd(client), request->head, request->head->nlmsg_len,
			    MSG_NOSIGNAL);
	} while (sent < 0 && errno == EINTR);
	if (sent >= 0)
		return 0;
	return client_fail(client, -errno, "%s failed: the request of %u bytes could not be sent: %s",
			   request->what, request->head->nlmsg_len,
			   strerror(errno));
}

int client_talk(struct client *client, struct request *request,
		struct exchange *exchange)
{
	struct exchange nothing = { 0 };
	struct progress progress = {
		.exchange = exchange ? exchange : &nothing,
	};
	int error;

	if (request->full)
		error = client_fail(client, -E2BIG, "%s failed: the request does not fit into a message",
				    request->what);
	else
		error = send_request(client, request);
	if (!error)
		error = read_answers(client, request, &progress);
	if (!error)
		error = progress.status ? progress.status : progress.stopped;
	if (error == -EBADMSG && progress.stopped)
		client_fail(client, error, "%s failed: the module sent something that this program does not understand; are both of the same version?",
			    request->what);
	client_drop(request);
	return error;
}
