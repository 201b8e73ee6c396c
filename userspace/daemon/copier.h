/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A process beside the daemon that copies the memory of others. Reading
 * another process's memory can take as long as that process likes (it may sit
 * on its own lock, or on the page that is read), and only a kill ends it; so
 * the daemon itself never does.
 */
#ifndef WXG_DAEMON_COPIER_H
#define WXG_DAEMON_COPIER_H

#include <stdint.h>
#include <sys/types.h>

struct copier {
	int socket;		/* -1 = there is none */
	pid_t pid;
};

struct copier_request {
	uint32_t pid;
	uint64_t start;		/* of the process, ns since boot */
	uint64_t address, size;
};

struct copier_answer {
	int32_t error;		/* 0 or -errno */
	uint64_t size;		/* copied */
};

/*
 * Before any descriptor is open that it should not have, and before privileges
 * are dropped: it drops its own. -1 in copier->socket when it cannot be made.
 */
void copier_start(struct copier *copier);
void copier_end(struct copier *copier);

/*
 * Ask for a copy into @fd, which stays the caller's. The socket is readable
 * when it was answered; answers come in the order of the requests. -EAGAIN:
 * too many are waiting.
 */
int copier_ask(struct copier *copier, const struct copier_request *request, int fd);
/* 0, -EAGAIN: nothing has come, -EPIPE: it is gone. */
int copier_answer(struct copier *copier, struct copier_answer *answer);

/* Of one request, before it is ended. */
#define COPIER_MS 2000

#endif
