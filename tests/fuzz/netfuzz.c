// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The loop of the netlink fuzzer. Messages that reach something new are kept
 * and varied; three quarters of the run are alone with the module, so that
 * the state before and after a request can be compared, the last quarter is
 * beside a second fuzzer. Leaves rules, mode and known set at their defaults.
 *
 *	netfuzz MESSAGES SEED [CORPUS [KEPT]]
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "net.h"

#define KEPT_MAX	4096

struct kept {
	uint32_t len;
	uint8_t data[];
};

static struct kept *kept[KEPT_MAX];
static unsigned int kept_count, kept_new;
static struct message pool[BATCH_MAX];
static uint64_t sent, refused;
static bool guided;

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void keep(const struct message *message)
{
	struct kept *copy;

	if (kept_count == KEPT_MAX || message->len > 4096)
		return;
	copy = malloc(sizeof(*copy) + message->len);
	if (!copy)
		broken(NULL, "out of memory");
	copy->len = message->len;
	memcpy(copy->data, message->data, message->len);
	kept[kept_count++] = copy;
}

static void take_kept(struct message *message, const struct kept *from)
{
	message->len = from->len;
	memcpy(message->data, from->data, from->len);
	head_of(message)->nlmsg_len = message->len;
}

/* One message per line in hexadecimal, from its flags on; # is a comment. */
static void read_corpus(const char *path)
{
	static char line[2 * MESSAGE_MAX + 2];
	FILE *in = fopen(path, "r");
	struct message *message = &pool[0];

	if (!in)
		broken(NULL, "%s cannot be read: %s", path, strerror(errno));
	while (fgets(line, sizeof(line), in)) {
		unsigned int byte;
		uint32_t len = 0;

		while (sscanf(line + 2 * len, "%2x", &byte) == 1)
			message->data[NLMSG_HDRLEN - 2 + len++] = (uint8_t)byte;
		if (*line == '#' || len < 2 + GENL_HDRLEN)
			continue;
		message->len = NLMSG_HDRLEN - 2 + len;
		memcpy(&head_of(message)->nlmsg_flags,
		       message->data + NLMSG_HDRLEN - 2, 2);
		keep(message);
	}
	fclose(in);
}

static void write_corpus(const char *path)
{
	FILE *out = fopen(path, "w");
	unsigned int i;
	uint32_t at;

	if (!out)
		broken(NULL, "%s cannot be written: %s", path, strerror(errno));
	for (i = 0; i < kept_count; i++) {
		const struct nlmsghdr *head = (const void *)kept[i]->data;

		fprintf(out, "%02x%02x", head->nlmsg_flags & 0xff,
			head->nlmsg_flags >> 8);
		for (at = NLMSG_HDRLEN; at < kept[i]->len; at++)
			fprintf(out, "%02x", kept[i]->data[at]);
		fputc('\n', out);
	}
	fclose(out);
}

static void next_message(struct message *message)
{
	if (kept_count && one_in(2)) {
		take_kept(message, kept[below(kept_count)]);
		mutate_message(message);
	} else {
		make_message(message);
	}
}

static void on_reply(uint8_t cmd, const void *attrs, size_t len, void *arg)
{
	(void)arg;
	judge_reply(cmd, attrs, len);
}

static unsigned int send_batch(struct wire *wire, struct message *const *messages,
			       unsigned int count)
{
	struct answer answers[BATCH_MAX];
	unsigned int i, fresh;

	cover_begin();
	wire->on_reply = on_reply;
	wire_send(wire, messages, count, answers);
	wire->on_reply = NULL;
	fresh = cover_end();
	for (i = 0; i < count; i++) {
		judge_answer(messages[i], &answers[i]);
		refused += !!answers[i].error;
		if (cover_answer(generic_of(messages[i])->cmd, &answers[i])) {
			keep(messages[i]);
			kept_new++;
		}
	}
	sent += count;
	return fresh;
}

/* Which message of the batch was it that reached something new? */
static void attribute(struct wire *wire, struct message *const *messages,
		      unsigned int count)
{
	unsigned int i;

	cover_forget();
	for (i = 0; i < count; i++)
		if (send_batch(wire, &messages[i], 1)) {
			keep(messages[i]);
			kept_new++;
		}
	cover_remember();
}

static void one_batch(struct wire *wire)
{
	struct message *messages[BATCH_MAX];
	unsigned int i, count = one_in(4) ? 1 + below(BATCH_MAX) : BATCH_MAX;

	for (i = 0; i < count; i++) {
		messages[i] = &pool[i];
		next_message(messages[i]);
	}
	if (one_in(8))
		actor_act();
	if (send_batch(wire, messages, count) && count > 1)
		attribute(wire, messages, count);
}

/* Nobody else changes the state meanwhile. */
static void look_closely(struct wire *wire, unsigned int batch)
{
	struct message *messages[BETWEEN_MAX];
	unsigned int i;

	actor_wait();
	for (i = 0; i < BETWEEN_MAX; i++) {
		messages[i] = &pool[i];
		next_message(messages[i]);
	}
	judge_between(wire, messages, BETWEEN_MAX);
	sent += BETWEEN_MAX;
	if (batch % 32)
		return;
	for (i = 0; i < 4; i++) {
		next_message(&pool[0]);
		judge_alone(wire, &pool[0]);
		sent++;
	}
}

static void replay(struct wire *wire)
{
	const unsigned int count = kept_count;
	struct message *message = &pool[0];
	unsigned int i;

	for (i = 0; i < count; i++) {
		take_kept(message, kept[i]);
		send_batch(wire, &message, 1);
	}
}

static void run(struct wire *wire, uint64_t until, bool alone, double began)
{
	uint64_t told = sent / 50000;
	unsigned int batch = 0;

	while (sent < until) {
		one_batch(wire);
		if (alone && ++batch % 2 == 0)
			look_closely(wire, batch);
		if (sent / 50000 == told)
			continue;
		told = sent / 50000;
		printf("     %" PRIu64 " messages, %.0f s, %u edges, %u kept\n", sent,
		       now() - began, cover_edges(), kept_count);
		fflush(stdout);
	}
}

/* The last quarter: half of it by each of two fuzzers. */
static void run_beside(struct wire *wire, uint64_t until, uint64_t seed, double began)
{
	const uint64_t half = (until - sent) / 2;
	struct wire other;
	int status;
	pid_t pid;

	actor_wait();
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		broken(NULL, "no process: %s", strerror(errno));
	if (!pid) {
		chance_seed(seed);
		wire_open(&other);
		actor_start();
		cover_open();
		run(&other, sent + half, false, began);
		actor_wait();
		_exit(0);
	}
	run(wire, sent + half, false, began);
	if (waitpid(pid, &status, 0) != pid || status)
		broken(NULL, "the second fuzzer ended with status %#x", status);
	sent += half;
}

int main(int argc, char **argv)
{
	const double began = now();
	uint64_t messages, seed;
	struct wire wire;

	if (argc < 3) {
		fputs("netfuzz MESSAGES SEED [CORPUS [KEPT]]\n", stderr);
		return 2;
	}
	messages = strtoull(argv[1], NULL, 0);
	seed = strtoull(argv[2], NULL, 0);
	signal(SIGPIPE, SIG_IGN);
	chance_seed(seed);
	make_descriptors();
	wire_open(&wire);
	actor_start();
	guided = cover_open();
	if (argc > 3)
		read_corpus(argv[3]);
	replay(&wire);
	run(&wire, messages * 3 / 4, true, began);
	run_beside(&wire, messages, seed + 1, began);
	actor_wait();
	actor_end();
	make_default(&wire);
	judge_depth();
	if (argc > 4)
		write_corpus(argv[4]);
	printf("ok   netlink: %" PRIu64 " messages, %.0f each second; %s: %u edges; %u new ones kept; %.0f %% refused\n",
	       sent, (double)sent / (now() - began),
	       guided ? "KCOV and answers" : "answers", cover_edges(), kept_new,
	       100.0 * (double)refused / (double)(sent ? sent : 1));
	return 0;
}
