// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests that read: status, findings, known set, rules, mode. Blocks until
 * the kernel has answered; callbacks run in between and may take their time,
 * the kernel waits with the rest of a dump.
 */
#include "client_priv.h"

#include <errno.h>
#include <string.h>

#include "wire.h"

#define SMALL 256

/* How often a dump that the kernel calls inconsistent is asked for again. */
#define DUMP_TRIES 16

static int ask(struct client *client, uint8_t command, bool dump,
	       const char *what, struct exchange *exchange)
{
	struct request request;
	int error;

	error = client_begin(client, &request, command, dump, SMALL, what);
	if (error)
		return error;
	return client_talk(client, &request, exchange);
}

struct status_answer {
	struct client_status *status;
	bool found;
};

static int on_status(uint8_t command, const void *attrs, size_t len, void *arg)
{
	struct status_answer *answer = arg;

	if (command != WXGUARD_CMD_STATUS_GET)
		return 0;
	answer->found = true;
	return wire_decode_status(attrs, len, answer->status);
}

int client_status(struct client *client, struct client_status *status)
{
	struct status_answer answer = { .status = status };
	struct exchange exchange = { .on_answer = on_status, .arg = &answer };
	int error;

	error = ask(client, WXGUARD_CMD_STATUS_GET, false, "reading the status",
		    &exchange);
	if (!error && !answer.found)
		error = client_fail(client, -ENODATA, "reading the status failed: the module sent none");
	return error;
}

struct findings_answer {
	int (*on_finding)(struct finding *finding, void *arg);
	int (*on_loss)(const struct finding_loss *loss, void *arg);
	void *arg;
};

static int on_finding(uint8_t command, const void *attrs, size_t len, void *arg)
{
	struct findings_answer *answer = arg;
	struct finding_loss loss;
	struct finding *finding;
	int error;

	switch (command) {
	case WXGUARD_CMD_FINDING_GET:
		error = wire_decode_finding(attrs, len, &finding);
		return error ? error : answer->on_finding(finding, answer->arg);
	case WXGUARD_CMD_LOSS:
		error = wire_decode_loss(attrs, len, &loss);
		if (error || !answer->on_loss)
			return error;
		return answer->on_loss(&loss, answer->arg);
	default:
		return 0;
	}
}

int client_findings(struct client *client, uint64_t after,
		    int (*take_finding)(struct finding *finding, void *arg),
		    int (*take_loss)(const struct finding_loss *loss, void *arg),
		    void *arg)
{
	struct findings_answer answer = { take_finding, take_loss, arg };
	struct exchange exchange = { .on_answer = on_finding, .arg = &answer };
	struct request request;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_FINDING_GET, true,
			     SMALL, "reading the findings");
	if (error)
		return error;
	client_put_u64(&request, WXGUARD_A_SEQ, after);
	/* Numbers tell what is missing, so an interrupted dump is no harm. */
	return client_talk(client, &request, &exchange);
}

struct known_answer {
	int (*on_known)(const struct client_known *known, void *arg);
	void *arg;
};

static int on_known(uint8_t command, const void *attrs, size_t len, void *arg)
{
	struct known_answer *answer = arg;
	struct client_known known;
	int error;

	if (command != WXGUARD_CMD_KNOWN_GET)
		return 0;
	error = wire_decode_known(attrs, len, &known);
	return error ? error : answer->on_known(&known, answer->arg);
}

int client_known_list(struct client *client,
		      int (*take)(const struct client_known *known, void *arg),
		      void *arg)
{
	struct known_answer answer = { take, arg };
	struct exchange exchange = { .on_answer = on_known, .arg = &answer };

	/* A set that changes under the dump is its normal state: no retry. */
	return ask(client, WXGUARD_CMD_KNOWN_GET, true,
		   "reading the known set", &exchange);
}

static int on_rules(uint8_t command, const void *attrs, size_t len, void *arg)
{
	if (command != WXGUARD_CMD_RULES_GET)
		return 0;
	return wire_decode_rules(attrs, len, arg);
}

int client_rules_get(struct client *client, struct client_rules *rules)
{
	struct client_rules read = { 0 };
	struct exchange exchange;
	int error, tries;

	for (tries = 0; tries < DUMP_TRIES; tries++) {
		exchange = (struct exchange){ .on_answer = on_rules,
					      .arg = &read };
		error = ask(client, WXGUARD_CMD_RULES_GET, true,
			    "reading the rules", &exchange);
		if (!error && !exchange.interrupted) {
			*rules = read;
			return 0;
		}
		client_rules_free(&read);
		if (error)
			return error;
	}
	return client_fail(client, -EAGAIN, "reading the rules failed: they were changed during each of %d tries",
			   DUMP_TRIES);
}

static int on_mode(uint8_t command, const void *attrs, size_t len, void *arg)
{
	if (command != WXGUARD_CMD_MODE_GET)
		return 0;
	return wire_decode_mode(attrs, len, arg);
}

int client_mode_get(struct client *client, uint32_t *mode)
{
	uint32_t answer = UINT32_MAX;
	struct exchange exchange = { .on_answer = on_mode, .arg = &answer };
	int error;

	error = ask(client, WXGUARD_CMD_MODE_GET, false, "reading the mode",
		    &exchange);
	if (!error && answer == UINT32_MAX)
		error = client_fail(client, -ENODATA, "reading the mode failed: the module sent none");
	if (!error)
		*mode = answer;
	return error;
}
