/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A netlink client without manners: messages as data, sent as they are, and
 * the kernel's answer. Included by badwire.c only. Runs in the guest.
 */
#ifndef BADWIRE_H
#define BADWIRE_H

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <uapi/linux/wxguard.h>

/* One attribute of a message, well formed or not. A list ends with type 0. */
struct attr {
	uint16_t type;
	uint16_t len;
	const void *data;
	const struct attr *nest;
	bool bare;		/* a nest without NLA_F_NESTED */
	int lie;		/* added to the length that the header tells */
	int times;		/* 0 = once */
};

#define ATTRS(...)	(const struct attr[]){ __VA_ARGS__, { 0 } }
#define NONE		(const struct attr[]){ { 0 } }
#define U32(t, v)	{ .type = (t), .len = 4, .data = &(uint32_t){ v } }
#define U64(t, v)	{ .type = (t), .len = 8, .data = &(uint64_t){ v } }
#define TEXT(t, s)	{ .type = (t), .len = sizeof(s), .data = (s) }
#define RAW(t, l, d)	{ .type = (t), .len = (l), .data = (d) }
#define NEST(t, ...)	{ .type = (t), .nest = ATTRS(__VA_ARGS__) }

/* What one request came to. */
struct answer {
	int error;		/* errno, 0 = done */
	char text[512];		/* extended ack */
	uint32_t values[WXGUARD_STATUS_MAX + 1];	/* u32 of a status */
	uint64_t acked;
	uint32_t generation;
	uint32_t mode;
	unsigned int messages;
};

struct wire {
	struct mnl_socket *socket;
	uint16_t family;
	uint32_t group;
	uint32_t seq;
	unsigned int stray;	/* answers to a request before the last one */
};

static _Alignas(8) char request_buffer[8 << 20];
static _Alignas(8) char answer_buffer[128 << 10];

static void die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("Bail out! ", stdout);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	exit(1);
}

static void put_attr(struct nlmsghdr *head, const struct attr *attr);

static void put_attrs(struct nlmsghdr *head, const struct attr *attrs)
{
	for (; attrs->type; attrs++) {
		int left = attrs->times ? attrs->times : 1;

		while (left--)
			put_attr(head, attrs);
	}
}

static void put_attr(struct nlmsghdr *head, const struct attr *attr)
{
	struct nlattr *start = mnl_nlmsg_get_payload_tail(head);

	if (head->nlmsg_len + attr->len > sizeof(request_buffer) / 2)
		die("a test message outgrew its buffer");
	if (attr->nest) {
		mnl_attr_nest_start(head, attr->type);
		put_attrs(head, attr->nest);
		mnl_attr_nest_end(head, start);
		if (attr->bare)
			start->nla_type &= ~NLA_F_NESTED;
	} else {
		mnl_attr_put(head, attr->type, attr->len, attr->data);
	}
	start->nla_len += attr->lie;
}

static struct genlmsghdr *begin(struct wire *wire, uint16_t type, uint8_t command)
{
	struct nlmsghdr *head = mnl_nlmsg_put_header(request_buffer);
	struct genlmsghdr *generic;

	head->nlmsg_type = type;
	head->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	head->nlmsg_seq = ++wire->seq;
	generic = mnl_nlmsg_put_extra_header(head, sizeof(*generic));
	memset(generic, 0, sizeof(*generic));
	generic->cmd = command;
	generic->version = WXGUARD_GENL_VERSION;
	return generic;
}

static struct nlmsghdr *request_head(void)
{
	return (struct nlmsghdr *)request_buffer;
}

static void read_status(const struct nlattr *nest, struct answer *answer)
{
	const struct nlattr *attr;

	mnl_attr_for_each_nested(attr, nest) {
		uint16_t type = mnl_attr_get_type(attr);

		if (type == WXGUARD_STATUS_ACKED)
			answer->acked = mnl_attr_get_u64(attr);
		else if (type <= WXGUARD_STATUS_MAX &&
			 mnl_attr_get_payload_len(attr) == 4)
			answer->values[type] = mnl_attr_get_u32(attr);
	}
}

static void read_reply(const struct nlmsghdr *head, struct answer *answer)
{
	const struct nlattr *attr;

	answer->messages++;
	mnl_attr_for_each(attr, head, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == WXGUARD_A_STATUS)
			read_status(attr, answer);
		if (mnl_attr_get_type(attr) == WXGUARD_A_GENERATION)
			answer->generation = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == WXGUARD_A_MODE)
			answer->mode = mnl_attr_get_u32(attr);
	}
}

static void read_ack(const struct nlmsghdr *head, struct answer *answer)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(head);
	const struct nlattr *attr;
	unsigned int skip = sizeof(*error);

	answer->error = -error->error;
	if (!(head->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(head->nlmsg_flags & NLM_F_CAPPED))
		skip += error->msg.nlmsg_len - sizeof(error->msg);
	mnl_attr_for_each(attr, head, skip)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
			snprintf(answer->text, sizeof(answer->text), "%s",
				 mnl_attr_get_str(attr));
}

/* Reads up to the acknowledgement. */
static void receive(struct wire *wire, struct answer *answer,
		    void (*on_reply)(const struct nlmsghdr *, struct answer *))
{
	for (;;) {
		const struct nlmsghdr *head = (void *)answer_buffer;
		ssize_t got = mnl_socket_recvfrom(wire->socket, answer_buffer,
						  sizeof(answer_buffer));
		int left = got;

		if (got < 0)
			die("no answer from the kernel: %s", strerror(errno));
		for (; mnl_nlmsg_ok(head, left); head = mnl_nlmsg_next(head, &left)) {
			if (head->nlmsg_seq != wire->seq) {
				wire->stray++;
				continue;
			}
			if (head->nlmsg_type == NLMSG_ERROR) {
				read_ack(head, answer);
				return;
			}
			if (head->nlmsg_type == NLMSG_DONE)
				return;
			on_reply(head, answer);
		}
	}
}

/* Send what stands in request_buffer and wait for the answer. */
static void exchange(struct wire *wire, struct answer *answer,
		     void (*on_reply)(const struct nlmsghdr *, struct answer *))
{
	memset(answer, 0, sizeof(*answer));
	if (mnl_socket_sendto(wire->socket, request_buffer,
			      request_head()->nlmsg_len) < 0) {
		answer->error = errno;
		return;
	}
	receive(wire, answer, on_reply);
}

/* A request of the family, ended by its acknowledgement. */
static void ask(struct wire *wire, uint8_t command, bool dump,
		const struct attr *attrs, struct answer *answer)
{
	begin(wire, wire->family, command);
	if (dump)
		request_head()->nlmsg_flags |= NLM_F_DUMP;
	put_attrs(request_head(), attrs);
	exchange(wire, answer, read_reply);
}

static void read_groups(const struct nlattr *groups, struct wire *wire)
{
	const struct nlattr *group, *attr;

	mnl_attr_for_each_nested(group, groups)
		mnl_attr_for_each_nested(attr, group)
			if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
				wire->group = mnl_attr_get_u32(attr);
}

static struct wire *resolving;

static void read_family(const struct nlmsghdr *head, struct answer *answer)
{
	const struct nlattr *attr;

	answer->messages++;
	mnl_attr_for_each(attr, head, GENL_HDRLEN) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			resolving->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			read_groups(attr, resolving);
	}
}

/* Open a socket and find the family. Return: 0 or errno. */
static int wire_open(struct wire *wire)
{
	/* Only a broken kernel lets us wait: then the run ends, and says so. */
	struct timeval patience = { .tv_sec = 60 };
	int size = sizeof(request_buffer), on = 1;
	struct answer answer;
	int fd;

	memset(wire, 0, sizeof(*wire));
	wire->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!wire->socket || mnl_socket_bind(wire->socket, 0, MNL_SOCKET_AUTOPID))
		die("no netlink socket: %s", strerror(errno));
	fd = mnl_socket_get_fd(wire->socket);
	setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	mnl_socket_setsockopt(wire->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	/* Or an acknowledgement carries the whole request with it. */
	mnl_socket_setsockopt(wire->socket, NETLINK_CAP_ACK, &on, sizeof(on));

	begin(wire, GENL_ID_CTRL, CTRL_CMD_GETFAMILY)->version = 1;
	mnl_attr_put_strz(request_head(), CTRL_ATTR_FAMILY_NAME,
			  WXGUARD_GENL_NAME);
	resolving = wire;
	exchange(wire, &answer, read_family);
	return answer.error;
}

#endif
