/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The netlink fuzzer: messages made from the specification, sent in batches
 * to the module's family, each answer held to what the interface promises.
 * One process, one thread per fuzzer. Runs in the guest, as root.
 */
#ifndef WXG_TESTS_FUZZ_NET_H
#define WXG_TESTS_FUZZ_NET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include <uapi/linux/wxguard.h>

/* ---- chance ------------------------------------------------------------------ */

uint64_t chance(void);
void chance_seed(uint64_t seed);
/* 0 to @n - 1 */
uint32_t below(uint32_t n);
static inline bool one_in(uint32_t n)
{
	return !below(n);
}

/* ---- the specification, as tests/fuzz/grammar prints it ---------------------- */

enum kind {
	KIND_PAD, KIND_U32, KIND_U64, KIND_BINARY, KIND_STRING, KIND_FLAG,
	KIND_NEST,
};

struct attr_spec {
	const char *name;
	uint16_t type;
	enum kind kind;
	unsigned int set;		/* of a nest */
	uint32_t min, max, bits, len;	/* 0 = any; bits: a set of flags */
	bool exact;			/* of exactly this length */
	bool required, identity, many, replies_only;
};

struct set_spec {
	const struct attr_spec *attr;
	unsigned int attrs;
};

struct op_spec {
	const char *name;
	uint8_t cmd;
	bool dump;
	uint32_t attrs;			/* bits of the attributes it takes */
};

/* ---- messages ---------------------------------------------------------------- */

#define MESSAGE_MAX	(60 << 10)

/* A whole netlink message. Family and number are put in when it is sent. */
struct message {
	uint32_t len;
	_Alignas(8) uint8_t data[MESSAGE_MAX];
};

static inline struct nlmsghdr *head_of(struct message *message)
{
	return (struct nlmsghdr *)message->data;
}

static inline struct genlmsghdr *generic_of(struct message *message)
{
	return (struct genlmsghdr *)(message->data + NLMSG_HDRLEN);
}

/* Start a message without attributes. */
void message_begin(struct message *message, uint8_t cmd, bool dump);
void message_put(struct message *message, uint16_t type, const void *data,
		 size_t len);

/* A new message from the specification: right, wrong, or damaged. */
void make_message(struct message *message);
/* Change @message a little. */
void mutate_message(struct message *message);
/* The operations of the specification. */
const struct op_spec *make_ops(unsigned int *count);
/* Descriptors that KNOWN_ADD and exemptions can name. */
void make_descriptors(void);

/* ---- the wire ---------------------------------------------------------------- */

#define BATCH_MAX	32

struct answer {
	bool ended;			/* acknowledged, or the dump is over */
	int error;			/* errno */
	uint32_t said;			/* hash of the sentence, 0 = none */
	uint32_t generation;
	unsigned int replies;
};

struct wire {
	int fd;
	uint16_t family;
	uint32_t seq;
	unsigned int at;		/* which message of the batch it answers */
	/* Each reply of the family; may be NULL. */
	void (*on_reply)(uint8_t cmd, const void *attrs, size_t len, void *arg);
	void *arg;
};

void wire_open(struct wire *wire);
/* Send @count messages at once; wait until each has its answer. */
void wire_send(struct wire *wire, struct message *const *messages,
	       unsigned int count, struct answer *answers);
int wire_ask(struct wire *wire, struct message *message, struct answer *answer);

/* ---- what is promised -------------------------------------------------------- */

/* Ends the process: a promise is broken. @message is shown if not NULL. */
void broken(struct message *message, const char *format, ...)
	__attribute__((noreturn, format(printf, 2, 3)));

/* Each reply must be one that the library reads. */
void judge_reply(uint8_t cmd, const void *attrs, size_t len);
/* The errno is one that the interface knows, and a refusal has a sentence. */
void judge_answer(struct message *message, const struct answer *answer);
/* Every operation must have been accepted at times, or nothing was tested. */
void judge_depth(void);
/* The same messages, each between two looks at the status: less, but often. */
#define BETWEEN_MAX	((BATCH_MAX - 1) / 2)
void judge_between(struct wire *wire, struct message *const *messages,
		   unsigned int count);
/* A refused @message must leave no trace; what is accepted reads back. */
void judge_alone(struct wire *wire, struct message *message);
/* Rules, mode and known set as the module has them when it is loaded. */
void make_default(struct wire *wire);

/* ---- coverage ---------------------------------------------------------------- */

/* Return: can it be had? */
bool cover_open(void);
void cover_begin(void);
/* How many edges of the module were new since cover_begin(). */
unsigned int cover_end(void);
/* As if cover_end() had seen nothing; and then as if it had. */
void cover_forget(void);
void cover_remember(void);
/* The same for what was answered, where there is no KCOV. */
unsigned int cover_answer(uint8_t cmd, const struct answer *answer);
unsigned int cover_edges(void);

/* ---- a process that the module has something to say about -------------------- */

void actor_start(void);
/* Let it do something, while we go on. */
void actor_act(void);
/* Wait until it has done everything. */
void actor_wait(void);
void actor_end(void);

#endif
