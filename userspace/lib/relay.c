// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What passes the control socket: a list of what reads, and all else does not.
 * Pure; tests/lint/relay holds the list against the interface of the module.
 */
#include "relay.h"

#include <errno.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <string.h>

#include <uapi/linux/wxguard.h>

#define ASKS (NLM_F_REQUEST | NLM_F_ACK)

_Static_assert(sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr) == RELAY_REQUEST_LEN,
	       "no attribute");

static const struct {
	uint8_t command;
	bool dump;
} reading[] = {
	{ WXGUARD_CMD_STATUS_GET, false },
	{ WXGUARD_CMD_KNOWN_GET, true },
	{ WXGUARD_CMD_RULES_GET, true },
	{ WXGUARD_CMD_MODE_GET, false },
};

static bool reads(const struct relay_request *request)
{
	unsigned int i;

	for (i = 0; i < sizeof(reading) / sizeof(reading[0]); i++)
		if (reading[i].command == request->command)
			return reading[i].dump == request->dump;
	return false;
}

/* Two that read as well, and are not for members. */
static const char *refusal(uint8_t command)
{
	switch (command) {
	case WXGUARD_CMD_FINDING_GET:
		/* Straight from the module nothing is hidden that redact names. */
		return "only root reads findings from the module itself; those of the store are in \"wxguard list\" and \"wxguard watch\"";
	case WXGUARD_CMD_EVIDENCE_GET:
		return "only root gets the payload of a finding";
	default:
		return "deciding needs root; members of the group may read";
	}
}

int relay_judge(const void *message, size_t len, struct relay_request *request,
		const char **why)
{
	struct genlmsghdr generic;
	struct nlmsghdr head;

	memset(request, 0, sizeof(*request));
	*why = "this is no request that wxguardd understands; is wxguard of the same version?";
	if (len < sizeof(head))
		return -EBADMSG;
	memcpy(&head, message, sizeof(head));
	request->family = head.nlmsg_type;
	request->seq = head.nlmsg_seq;
	if (len < RELAY_REQUEST_LEN)
		return -EBADMSG;
	memcpy(&generic, (const uint8_t *)message + NLMSG_HDRLEN, sizeof(generic));
	request->command = generic.cmd;
	request->dump = (head.nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP;
	if (!reads(request)) {
		*why = refusal(request->command);
		return -EPERM;
	}
	if (len != RELAY_REQUEST_LEN || head.nlmsg_len != len ||
	    head.nlmsg_flags != (request->dump ? ASKS | NLM_F_DUMP : ASKS))
		return -EBADMSG;
	return 0;
}

void relay_build(const struct relay_request *request, uint8_t message[RELAY_REQUEST_LEN])
{
	const struct nlmsghdr head = {
		.nlmsg_len = RELAY_REQUEST_LEN,
		.nlmsg_type = request->family,
		.nlmsg_flags = request->dump ? ASKS | NLM_F_DUMP : ASKS,
		.nlmsg_seq = request->seq,
	};
	const struct genlmsghdr generic = {
		.cmd = request->command,
		.version = WXGUARD_GENL_VERSION,
	};

	memcpy(message, &head, sizeof(head));
	memcpy(message + NLMSG_HDRLEN, &generic, sizeof(generic));
}

bool relay_is_last(const void *datagram, size_t len, uint32_t seq)
{
	const uint8_t *at = datagram;
	struct nlmsghdr head;
	size_t step;

	while (len >= sizeof(head)) {
		memcpy(&head, at, sizeof(head));
		if (head.nlmsg_len < sizeof(head) || head.nlmsg_len > len)
			return false;
		if (head.nlmsg_seq == seq && (head.nlmsg_type == NLMSG_ERROR ||
					      head.nlmsg_type == NLMSG_DONE))
			return true;
		step = NLMSG_ALIGN((size_t)head.nlmsg_len);
		if (step >= len)
			return false;
		at += step;
		len -= step;
	}
	return false;
}

size_t relay_refusal(uint8_t room[RELAY_REFUSAL_MAX], uint32_t seq, int error, const char *why)
{
	struct nlmsghdr head = { .nlmsg_type = NLMSG_ERROR, .nlmsg_flags = NLM_F_CAPPED,
				 .nlmsg_seq = seq };
	const struct nlmsgerr answer = { .error = error };
	struct nlattr attr = { .nla_type = NLMSGERR_ATTR_MSG };
	size_t at = NLMSG_HDRLEN + sizeof(answer), text = strlen(why);

	memset(room, 0, RELAY_REFUSAL_MAX);
	memcpy(room + NLMSG_HDRLEN, &answer, sizeof(answer));
	if (text) {
		if (text > RELAY_REFUSAL_MAX - at - NLA_HDRLEN - NLA_ALIGNTO)
			text = RELAY_REFUSAL_MAX - at - NLA_HDRLEN - NLA_ALIGNTO;
		attr.nla_len = (uint16_t)(NLA_HDRLEN + text + 1);
		memcpy(room + at, &attr, sizeof(attr));
		memcpy(room + at + NLA_HDRLEN, why, text);
		at += NLA_ALIGN(attr.nla_len);
		head.nlmsg_flags |= NLM_F_ACK_TLVS;
	}
	head.nlmsg_len = (uint32_t)at;
	memcpy(room, &head, sizeof(head));
	return at;
}
