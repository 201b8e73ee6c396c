// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The payload of a finding, as a descriptor that the module makes in this
 * process. Blocks until the kernel has answered.
 */
#include "client_priv.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

#include "wire.h"

#define SMALL 256

struct answer {
	int fd;		/* -1 = none came */
};

static int on_answer(uint8_t command, const void *attrs, size_t len, void *arg)
{
	struct answer *answer = arg;
	uint32_t fd;
	int error;

	if (command != WXGUARD_CMD_EVIDENCE_GET)
		return 0;
	error = wire_decode_fd(attrs, len, &fd);
	if (error || fd > INT_MAX)
		return -EBADMSG;
	answer->fd = (int)fd;
	return 0;
}

static int ask(struct client *client, uint8_t command, uint64_t seq, const char *what,
	       struct exchange *exchange)
{
	struct request request;
	int error = client_begin(client, &request, command, false, SMALL, what);

	if (error)
		return error;
	client_put_u64(&request, WXGUARD_A_SEQ, seq);
	return client_talk(client, &request, exchange);
}

int client_evidence_get(struct client *client, uint64_t seq, int *fd)
{
	struct answer answer = { .fd = -1 };
	struct exchange exchange = { .on_answer = on_answer, .arg = &answer };
	int error = ask(client, WXGUARD_CMD_EVIDENCE_GET, seq, "asking for the payload",
			&exchange);

	if (!error && answer.fd < 0)
		error = client_fail(client, -ENODATA, "asking for the payload failed: the module sent none");
	if (error && answer.fd >= 0)
		close(answer.fd);
	if (!error)
		*fd = answer.fd;
	return error;
}

int client_evidence_drop(struct client *client, uint64_t seq)
{
	return ask(client, WXGUARD_CMD_EVIDENCE_DROP, seq, "letting a payload go", NULL);
}
