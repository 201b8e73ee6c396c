/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: how a member of a group reads from the module through
 * wxguardd. A connection begins with a greeting of the daemon, which is the
 * answer of netlink to request 0: an error of 0, or a refusal and the end.
 * Then each request that would go to the module is a datagram, and each
 * datagram of the module's answer, too. Pure: bytes in, a judgement out.
 */
#ifndef WXG_LIB_RELAY_H
#define WXG_LIB_RELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RELAY_PATH "/run/wxguard/control.sock"

/* Of what may be asked, each request has this length. */
#define RELAY_REQUEST_LEN 20
/* Room for a refusal with its sentence, which is cut where it is longer. */
#define RELAY_REFUSAL_MAX 512

struct relay_request {
	uint16_t family;
	uint32_t seq;
	uint8_t command;
	bool dump;
};

/**
 * relay_judge() - may this be asked of the module?
 * @message: what came, hostile; @len bytes of it
 * @request: filled as far as it can be read
 * @why: for a refusal, a sentence
 *
 * Return: 0; -EPERM if it is more than reading, -EBADMSG if it is no request
 * as client.h makes them.
 */
int relay_judge(const void *message, size_t len, struct relay_request *request,
		const char **why);

/* The one message that may go to the module: made anew, nothing is copied. */
void relay_build(const struct relay_request *request, uint8_t message[RELAY_REQUEST_LEN]);

/* Does this datagram of the module end its answer to @seq? */
bool relay_is_last(const void *datagram, size_t len, uint32_t seq);

/* An answer with @error (0 or -errno) and a sentence, "" for none; its length. */
size_t relay_refusal(uint8_t room[RELAY_REFUSAL_MAX], uint32_t seq, int error,
		     const char *why);

#endif
