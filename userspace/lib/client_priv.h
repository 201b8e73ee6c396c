/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Behind the wall: shared by client*.c only.
 */
#ifndef WXG_LIB_CLIENT_PRIV_H
#define WXG_LIB_CLIENT_PRIV_H

#include <libmnl/libmnl.h>
#include <linux/genetlink.h>

#include "client.h"

#define CLIENT_WHY_MAX 512

/*
 * The kernel fills messages of up to 32 KiB into a dump when the reader's
 * buffer is that large, and cuts nothing that fits; one finding is less.
 */
#define CLIENT_RECEIVE_SIZE (64 * 1024)

struct client {
	struct mnl_socket *socket;	/* requests and their answers */
	struct mnl_socket *bell;	/* doorbell group, NULL until joined */
	bool relayed;			/* requests go to wxguardd instead, */
	int relay;			/* here */
	uint16_t family;
	uint32_t group;			/* 0: the family has no such group */
	uint32_t seq;			/* of the last request */
	char why[CLIENT_WHY_MAX];
	uint8_t *buffer;		/* CLIENT_RECEIVE_SIZE */
};

/* A bound socket of generic netlink; NULL and errno. @flags: SOCK_NONBLOCK or 0. */
struct mnl_socket *client_socket_open(int flags);
void client_socket_close(struct mnl_socket *socket);

/* Go through the daemon that listens at @path from now on. 0 or -errno, said. */
int client_relay_open(struct client *client, const char *path);

/* A request under construction; room is fixed when it is begun. */
struct request {
	const char *what;		/* "reading the status" */
	struct nlmsghdr *head;
	size_t room;
	bool full;			/* an attribute did not fit */
};

/* Payload of one answer: command, and the attributes after the header. */
typedef int (*client_answer_fn)(uint8_t command, const void *attrs, size_t len,
				void *arg);

struct exchange {
	client_answer_fn on_answer;	/* NULL: only the ack matters */
	void *arg;
	bool interrupted;		/* out: NLM_F_DUMP_INTR was seen */
};

/* Begin a request of at most @room bytes. -ENOMEM. End it with talk or drop. */
int client_begin(struct client *client, struct request *request,
		 uint8_t command, bool dump, size_t room, const char *what);
void client_drop(struct request *request);

void client_put(struct request *request, uint16_t type, const void *data,
		size_t len);
void client_put_u32(struct request *request, uint16_t type, uint32_t value);
void client_put_u64(struct request *request, uint16_t type, uint64_t value);
/* Nothing is put for "". */
void client_put_text(struct request *request, uint16_t type, const char *text);
struct nlattr *client_nest(struct request *request, uint16_t type);
void client_nest_end(struct request *request, struct nlattr *nest);

/*
 * Send the request, read to its ack or the end of its dump, free it. Return:
 * 0, the negative errno of the kernel or the socket, or the first non-zero
 * value of on_answer; then the rest is read and thrown away.
 */
int client_talk(struct client *client, struct request *request,
		struct exchange *exchange);

/* Say why in a sentence; returns @error. */
int client_fail(struct client *client, int error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The sentence for a failed call: the kernel's words, or ours with a hint. */
int client_refused(struct client *client, const char *what, int error,
		   const char *kernel_text);

/* The kernel's words in an error or the end of a dump; NULL if it has none. */
const char *client_ext_ack(const struct nlmsghdr *head);

#endif
