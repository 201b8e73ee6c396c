// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The socket of the netlink fuzzer: a batch of messages in one send, since a
 * system call costs more than what the module does with most of them, and one
 * answer for each. Judges only that there is an answer.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <unistd.h>

#include "net.h"

#ifndef SOL_NETLINK
#define SOL_NETLINK 270
#endif

static _Alignas(8) char room[1 << 20];

static uint32_t hash(const char *text, size_t len)
{
	uint32_t sum = 2166136261;

	/* Numbers in a sentence are not news. */
	for (; len && *text; text++, len--)
		if (*text < '0' || *text > '9')
			sum = (sum ^ (uint8_t)*text) * 16777619;
	return sum | 1;
}

/* The attribute of @type between @at and @end, or NULL. */
static const struct nlattr *find(const char *at, const char *end, uint16_t type)
{
	while (at + NLA_HDRLEN <= end) {
		const struct nlattr *attr = (const void *)at;

		if (attr->nla_len < NLA_HDRLEN || at + attr->nla_len > end)
			return NULL;
		if ((attr->nla_type & NLA_TYPE_MASK) == type)
			return attr;
		at += NLA_ALIGN(attr->nla_len);
	}
	return NULL;
}

static void take_end(const struct nlmsghdr *head, struct answer *answer)
{
	const char *end = (const char *)head + head->nlmsg_len;
	const char *tlvs = NLMSG_DATA(head);
	const struct nlattr *text;
	int error;

	memcpy(&error, tlvs, sizeof(error));
	answer->ended = true;
	answer->error = -error;
	tlvs += head->nlmsg_type == NLMSG_DONE ? sizeof(error) :
						 sizeof(struct nlmsgerr);
	text = head->nlmsg_flags & NLM_F_ACK_TLVS ?
		       find(tlvs, end, NLMSGERR_ATTR_MSG) : NULL;
	if (text)
		answer->said = hash((const char *)(text + 1),
				    text->nla_len - NLA_HDRLEN);
}

static void take_reply(struct wire *wire, const struct nlmsghdr *head,
		       struct answer *answer)
{
	const struct genlmsghdr *generic = NLMSG_DATA(head);
	const char *attrs = (const char *)generic + GENL_HDRLEN;
	const char *end = (const char *)head + head->nlmsg_len;
	const struct nlattr *generation;

	answer->replies++;
	if (head->nlmsg_type != wire->family)
		return;
	generation = find(attrs, end, WXGUARD_A_GENERATION);
	if (generation && generation->nla_len == NLA_HDRLEN + 4)
		memcpy(&answer->generation, generation + 1, 4);
	if (wire->on_reply)
		wire->on_reply(generic->cmd, attrs, (size_t)(end - attrs),
			       wire->arg);
}

/* Return: how many requests came to their end. */
static unsigned int take(struct wire *wire, ssize_t got, uint32_t first,
			 unsigned int count, struct answer *answers)
{
	const struct nlmsghdr *head = (const void *)room;
	unsigned int ended = 0;

	for (; NLMSG_OK(head, got); head = NLMSG_NEXT(head, got)) {
		struct answer *answer;

		if (head->nlmsg_seq - first >= count)
			continue;	/* to one that asked for no answer */
		wire->at = head->nlmsg_seq - first;
		answer = &answers[wire->at];
		if (head->nlmsg_type != NLMSG_ERROR &&
		    head->nlmsg_type != NLMSG_DONE) {
			take_reply(wire, head, answer);
			continue;
		}
		if (answer->ended)
			broken(NULL, "two answers to one request");
		take_end(head, answer);
		ended++;
	}
	return ended;
}

void wire_send(struct wire *wire, struct message *const *messages,
	       unsigned int count, struct answer *answers)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct iovec parts[BATCH_MAX];
	struct msghdr whole = { .msg_name = &kernel, .msg_namelen = sizeof(kernel),
				.msg_iov = parts, .msg_iovlen = count };
	const uint32_t first = wire->seq;
	unsigned int i, left = count;
	ssize_t got;

	memset(answers, 0, count * sizeof(*answers));
	for (i = 0; i < count; i++) {
		struct nlmsghdr *head = head_of(messages[i]);

		head->nlmsg_type = wire->family;
		head->nlmsg_seq = wire->seq++;
		head->nlmsg_pid = 0;
		parts[i] = (struct iovec){ head, messages[i]->len };
	}
	if (sendmsg(wire->fd, &whole, 0) < 0)
		broken(messages[0], "the kernel does not take %u messages: %s",
		       count, strerror(errno));
	while (left) {
		got = recv(wire->fd, room, sizeof(room), 0);
		if (got < 0) {
			for (i = 0; i + 1 < count && answers[i].ended; i++)
				;
			broken(messages[i], "no answer: %s", strerror(errno));
		}
		left -= take(wire, got, first, count, answers);
	}
}

int wire_ask(struct wire *wire, struct message *message, struct answer *answer)
{
	wire_send(wire, &message, 1, answer);
	return answer->error;
}

static void take_family(uint8_t cmd, const void *attrs, size_t len, void *arg)
{
	struct wire *wire = arg;
	const struct nlattr *attr = find(attrs, (const char *)attrs + len,
					 CTRL_ATTR_FAMILY_ID);

	(void)cmd;
	if (attr)
		memcpy(&wire->family, attr + 1, sizeof(wire->family));
}

void wire_open(struct wire *wire)
{
	/* Only a broken kernel lets us wait: then the run ends, and says so. */
	const struct timeval patience = { .tv_sec = 120 };
	const int size = 8 << 20, on = 1;
	static struct message message;
	struct answer answer;

	memset(wire, 0, sizeof(*wire));
	wire->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (wire->fd < 0 ||
	    setsockopt(wire->fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(wire->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) ||
	    setsockopt(wire->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ||
	    setsockopt(wire->fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on)) ||
	    setsockopt(wire->fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on)))
		broken(NULL, "no netlink socket: %s", strerror(errno));
	wire->seq = 1;
	wire->family = GENL_ID_CTRL;
	wire->on_reply = take_family;
	wire->arg = wire;
	message_begin(&message, CTRL_CMD_GETFAMILY, false);
	message_put(&message, CTRL_ATTR_FAMILY_NAME, WXGUARD_GENL_NAME,
		    sizeof(WXGUARD_GENL_NAME));
	if (wire_ask(wire, &message, &answer) || wire->family == GENL_ID_CTRL)
		broken(NULL, "the module is not loaded");
	wire->on_reply = NULL;
}
