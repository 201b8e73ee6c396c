// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the interface promises, held against the module: each reply can be
 * read, each refusal has an errno that is known and a sentence, a refused
 * request changes nothing, and what was accepted reads back as it is.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <time.h>

#include "net.h"
#include "wire.h"

/* Rules, known set and state of one moment. */
struct picture {
	struct client_rules rules;
	struct client_status status;
	uint64_t known;		/* sum over the entries, in any order */
};

void broken(struct message *message, const char *format, ...)
{
	va_list args;
	uint32_t i;

	fputs("FAIL netlink: ", stdout);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	if (message) {
		printf("     message: ");
		for (i = NLMSG_HDRLEN; i < message->len; i++)
			printf("%02x", message->data[i]);
		printf(" flags %#x\n", head_of(message)->nlmsg_flags);
	}
	fflush(stdout);
	exit(1);
}

void judge_reply(uint8_t cmd, const void *attrs, size_t len)
{
	struct client_rules rules = { 0 };
	struct finding *finding = NULL;
	struct client_status status;
	struct client_known known;
	struct finding_loss loss;
	uint32_t value;
	int error = -EOPNOTSUPP;

	switch (cmd) {
	case WXGUARD_CMD_STATUS_GET:
		error = wire_decode_status(attrs, len, &status);
		break;
	case WXGUARD_CMD_FINDING_GET:
		error = wire_decode_finding(attrs, len, &finding);
		if (!error)
			finding_free(finding);
		break;
	case WXGUARD_CMD_LOSS:
		error = wire_decode_loss(attrs, len, &loss);
		break;
	case WXGUARD_CMD_KNOWN_GET:
		error = wire_decode_known(attrs, len, &known);
		break;
	case WXGUARD_CMD_RULES_GET:
		error = wire_decode_rules(attrs, len, &rules);
		client_rules_free(&rules);
		break;
	case WXGUARD_CMD_RULES_SET:
		error = wire_decode_generation(attrs, len, &value);
		break;
	case WXGUARD_CMD_MODE_GET:
		error = wire_decode_mode(attrs, len, &value);
		break;
	case WXGUARD_CMD_EVIDENCE_GET:
		error = wire_decode_fd(attrs, len, &value);
		if (!error)
			close((int)value);
		break;
	}
	if (error)
		broken(NULL, "a reply to command %u cannot be read: %s", cmd,
		       strerror(-error));
}

/* By command: requests that were done. */
static uint64_t done[256];

void judge_answer(struct message *message, const struct answer *answer)
{
	static const int known[] = {
		EINVAL, ERANGE, ENOENT, EEXIST, ESTALE, EBADF, ENOSPC, E2BIG,
		/* These are also of the core of netlink, which is mute. */
		EOPNOTSUPP, EBUSY,
	};
	const size_t count = sizeof(known) / sizeof(known[0]);
	size_t i;

	if (!answer->error) {
		done[generic_of(message)->cmd] +=
			head_of(message)->nlmsg_flags & NLM_F_REQUEST;
		return;
	}
	for (i = 0; i < count && known[i] != answer->error; i++)
		;
	if (i == count)
		broken(message, "errno %d (%s) is none that the interface knows",
		       answer->error, strerror(answer->error));
	if (i < count - 2 && !answer->said)
		broken(message, "refused without a sentence: %s",
		       strerror(answer->error));
}

void judge_depth(void)
{
	const struct op_spec *ops;
	unsigned int count, i;

	ops = make_ops(&count);
	fputs("     done:", stdout);
	for (i = 0; i < count; i++) {
		printf(" %s %llu", ops[i].name, (unsigned long long)done[ops[i].cmd]);
		/* The lock is tamed; a payload is there for a moment only. */
		if (!done[ops[i].cmd] && ops[i].cmd != WXGUARD_CMD_LOCK &&
		    ops[i].cmd != WXGUARD_CMD_EVIDENCE_GET &&
		    ops[i].cmd != WXGUARD_CMD_EVIDENCE_DROP)
			broken(NULL, "no %s was ever accepted, so nothing behind its first check was tested",
			       ops[i].name);
	}
	putchar('\n');
}

/* ---- pictures ------------------------------------------------------------------ */

static uint64_t mix(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *at = data;

	for (; len; len--)
		sum = (sum ^ *at++) * 0x100000001b3;
	return sum;
}

static uint64_t sum_of_known(const struct client_known *known)
{
	uint64_t sum = 0xcbf29ce484222325;

	sum = mix(sum, &known->dev, sizeof(known->dev));
	sum = mix(sum, &known->ino, sizeof(known->ino));
	sum = mix(sum, &known->generation, sizeof(known->generation));
	sum = mix(sum, &known->ctime_sec, sizeof(known->ctime_sec));
	sum = mix(sum, &known->ctime_nsec, sizeof(known->ctime_nsec));
	sum = mix(sum, &known->classes, sizeof(known->classes));
	sum = mix(sum, &known->flags, sizeof(known->flags));
	sum = mix(sum, &known->shape, sizeof(known->shape));
	return mix(sum, known->path, known->path_len);
}

static void take_picture(uint8_t cmd, const void *attrs, size_t len, void *arg)
{
	struct picture *picture = arg;
	struct client_known known;
	int error = 0;

	if (cmd == WXGUARD_CMD_RULES_GET) {
		error = wire_decode_rules(attrs, len, &picture->rules);
	} else if (cmd == WXGUARD_CMD_STATUS_GET) {
		error = wire_decode_status(attrs, len, &picture->status);
	} else if (cmd == WXGUARD_CMD_KNOWN_GET) {
		error = wire_decode_known(attrs, len, &known);
		if (!error)
			picture->known += sum_of_known(&known);
	}
	if (error)
		broken(NULL, "a reply to command %u cannot be read", cmd);
}

static void ask_simply(struct wire *wire, uint8_t cmd, bool dump)
{
	static struct message message;
	struct answer answer;

	message_begin(&message, cmd, dump);
	if (wire_ask(wire, &message, &answer))
		broken(&message, "a plain request is refused: %s",
		       strerror(answer.error));
}

static void picture_take(struct wire *wire, struct picture *picture)
{
	memset(picture, 0, sizeof(*picture));
	wire->on_reply = take_picture;
	wire->arg = picture;
	ask_simply(wire, WXGUARD_CMD_STATUS_GET, false);
	ask_simply(wire, WXGUARD_CMD_RULES_GET, true);
	ask_simply(wire, WXGUARD_CMD_KNOWN_GET, true);
	wire->on_reply = NULL;
}

/* Zeroed when they were made, so that the padding is too. */
static bool same_rules(struct client_rules *a, struct client_rules *b)
{
	unsigned int i;

	if (a->count != b->count || a->scopes != b->scopes ||
	    a->classes != b->classes || a->budget != b->budget ||
	    a->budget_exe != b->budget_exe ||
	    memcmp(a->class, b->class, a->classes * sizeof(a->class[0])))
		return false;
	for (i = 0; i < a->count; i++) {
		a->exemption[i].hits = b->exemption[i].hits = 0;
		if (memcmp(&a->exemption[i], &b->exemption[i], sizeof(a->exemption[i])))
			return false;
	}
	for (i = 0; i < a->scopes; i++) {
		a->scope[i].hits = b->scope[i].hits = 0;
		if (memcmp(&a->scope[i], &b->scope[i], sizeof(a->scope[i])))
			return false;
	}
	return true;
}

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

/* A mode on trial goes back by itself, but not before its time is over. */
static void judge_mode(struct message *message, const struct client_status *before,
		       const struct client_status *after, time_t since)
{
	const bool over = before->confirm_left && !after->confirm_left;

	if (after->confirm_left > before->confirm_left)
		broken(message, "a refused request put the mode on trial");
	if (over && before->confirm_left > seconds() - since + 1)
		broken(message, "a refused request ended the trial of the mode");
	if (after->mode != (over ? before->confirm_mode : before->mode) ||
	    (after->confirm_left && after->confirm_mode != before->confirm_mode))
		broken(message, "a refused request changed the mode");
}

/* What the status tells. @since: when the first look was taken, or earlier. */
static void judge_refused(struct message *message, const struct client_status *before,
			  const struct client_status *after, time_t since)
{
	judge_mode(message, before, after, since);
	if (before->generation != after->generation)
		broken(message, "a refused request changed the rules");
	if (before->known_count != after->known_count)
		broken(message, "a refused request changed the known set");
	if (before->acked != after->acked)
		broken(message, "a refused request acknowledged findings");
	if (before->locked != after->locked)
		broken(message, "a refused request locked the module");
}

/* ---- between two looks ---------------------------------------------------------- */

struct looks {
	const struct wire *wire;
	struct client_status status[BATCH_MAX];
};

static void take_look(uint8_t cmd, const void *attrs, size_t len, void *arg)
{
	struct looks *looks = arg;

	judge_reply(cmd, attrs, len);
	if (looks->wire->at % 2 == 0 &&
	    wire_decode_status(attrs, len, &looks->status[looks->wire->at]))
		broken(NULL, "the status cannot be read");
}

static void judge_look(struct message *message, const struct answer *answer,
		       const struct client_status *before,
		       const struct client_status *after, time_t since)
{
	const bool set = generic_of(message)->cmd == WXGUARD_CMD_RULES_SET &&
			 answer->replies;

	if (answer->error)
		judge_refused(message, before, after, since);
	else if (set && (answer->generation != after->generation ||
			 answer->generation == before->generation))
		broken(message, "it told another generation than it made");
}

void judge_between(struct wire *wire, struct message *const *messages,
		   unsigned int count)
{
	static struct message asks[BETWEEN_MAX + 1];
	struct message *all[BATCH_MAX];
	struct answer answers[BATCH_MAX];
	static struct looks looks;
	const time_t since = seconds();
	unsigned int i;

	looks.wire = wire;
	for (i = 0; i <= count; i++) {
		message_begin(&asks[i], WXGUARD_CMD_STATUS_GET, false);
		all[2 * i] = &asks[i];
		if (i < count)
			all[2 * i + 1] = messages[i];
	}
	wire->on_reply = take_look;
	wire->arg = &looks;
	wire_send(wire, all, 2 * count + 1, answers);
	wire->on_reply = NULL;
	for (i = 0; i < count; i++) {
		judge_answer(messages[i], &answers[2 * i + 1]);
		judge_look(messages[i], &answers[2 * i + 1],
			   &looks.status[2 * i], &looks.status[2 * i + 2], since);
	}
}

/* ---- there and back ------------------------------------------------------------ */

/* What RULES_GET said, as a request for RULES_SET. */
struct copy {
	struct message message;
	bool full;
};

/* One attribute, and of a nest all but the hits, which only replies have. */
static void copy_attr(struct copy *copy, const struct nlattr *attr)
{
	const uint16_t type = attr->nla_type & NLA_TYPE_MASK;
	const uint16_t hits = type == WXGUARD_A_EXEMPTION ? WXGUARD_EXEMPTION_HITS :
			      type == WXGUARD_A_SCOPE ? WXGUARD_SCOPE_HITS : 0;
	const char *at = (const char *)(attr + 1), *end = (const char *)attr + attr->nla_len;
	struct message *message = &copy->message;
	uint32_t start = message->len;

	if (start + attr->nla_len + 64 > MESSAGE_MAX) {
		copy->full = true;
		return;
	}
	message_put(message, type | NLA_F_NESTED, NULL, 0);
	while (at < end) {
		const struct nlattr *inner = (const void *)at;

		if (!hits || inner->nla_type != hits)
			message_put(message, inner->nla_type, inner + 1,
				    inner->nla_len - NLA_HDRLEN);
		at += NLA_ALIGN(inner->nla_len);
	}
	((struct nlattr *)(message->data + start))->nla_len =
		(uint16_t)(message->len - start);
}

static void take_copy(uint8_t cmd, const void *attrs, size_t len, void *arg)
{
	const char *at = attrs, *end = at + len;

	(void)cmd;
	while (at < end) {
		const struct nlattr *attr = (const void *)at;

		if ((attr->nla_type & NLA_TYPE_MASK) != WXGUARD_A_GENERATION)
			copy_attr(arg, attr);
		at += NLA_ALIGN(attr->nla_len);
	}
}

static void judge_there_and_back(struct wire *wire, struct message *message,
				 struct picture *now)
{
	static struct picture again;
	static struct copy copy;
	struct answer answer;

	copy.full = false;
	message_begin(&copy.message, WXGUARD_CMD_RULES_SET, false);
	wire->on_reply = take_copy;
	wire->arg = &copy;
	ask_simply(wire, WXGUARD_CMD_RULES_GET, true);
	wire->on_reply = NULL;
	if (copy.full)
		return;
	message_put(&copy.message, WXGUARD_A_FORCE, NULL, 0);
	if (wire_ask(wire, &copy.message, &answer))
		broken(message, "its rules, as they were read back, are refused: %s",
		       strerror(answer.error));
	picture_take(wire, &again);
	if (!same_rules(&now->rules, &again.rules))
		broken(message, "its rules, read and set again, are others");
	client_rules_free(&again.rules);
}

void judge_alone(struct wire *wire, struct message *message)
{
	static struct picture before, after;
	const time_t since = seconds();
	struct answer answer;

	picture_take(wire, &before);
	wire_ask(wire, message, &answer);
	picture_take(wire, &after);
	if (answer.error) {
		judge_refused(message, &before.status, &after.status, since);
		if (!same_rules(&before.rules, &after.rules))
			broken(message, "a refused request changed the rules");
		if (before.known != after.known)
			broken(message, "a refused request changed the known set");
	} else if (generic_of(message)->cmd == WXGUARD_CMD_RULES_SET && answer.replies) {
		judge_there_and_back(wire, message, &after);
	}
	client_rules_free(&before.rules);
	client_rules_free(&after.rules);
}

void make_default(struct wire *wire)
{
	const uint32_t mode = WXGUARD_MODE_DETECT;
	static struct message message;
	struct answer answer;

	message_begin(&message, WXGUARD_CMD_MODE_SET, false);
	message_put(&message, WXGUARD_A_MODE, &mode, sizeof(mode));
	if (wire_ask(wire, &message, &answer))
		broken(&message, "mode detect is refused: %s", strerror(answer.error));
	message_begin(&message, WXGUARD_CMD_RULES_SET, false);
	if (wire_ask(wire, &message, &answer))
		broken(&message, "the default rules are refused: %s",
		       strerror(answer.error));
	ask_simply(wire, WXGUARD_CMD_KNOWN_FLUSH, false);
}
