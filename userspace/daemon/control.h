/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The control socket: members of a group read the module's state through the
 * daemon, and change nothing. One exchange with the module at a time, a
 * datagram of its answer at a time; whoever does not read, waits too long, or
 * asks for more is let go. Nothing here waits, and each turn is short:
 * findings come first.
 */
#ifndef WXG_DAEMON_CONTROL_H
#define WXG_DAEMON_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../lib/config.h"
#include "../lib/relay.h"

#define CONTROL_READERS_MAX 8
/* So many of one user, that others have a place as well. */
#define CONTROL_READERS_EACH 4
/* The kernel makes no larger ones. */
#define CONTROL_DATAGRAM_MAX 32768
/* No reader takes a datagram of its answer for so long: it is let go. */
#define CONTROL_STALL_MS 2000
/* So long may one answer take while somebody else waits. */
#define CONTROL_ANSWER_MS 10000
/* So long a reader may ask nothing; and when there is no other place. */
#define CONTROL_IDLE_MS 60000
#define CONTROL_EVICT_MS 5000
/* After a refusal nobody is heard for so long: strangers cost little. */
#define CONTROL_DEAF_MS 20

/* Who may read besides root. */
struct control_groups {
	char name[CONFIG_GROUP_MAX];	/* of read_group, for a sentence */
	gid_t gid[2];
	unsigned int count;
};

struct control_reader {
	int fd;				/* -1 = a free place */
	uid_t uid;
	uint32_t events;		/* that are waited for */
	uint64_t moved_ms;		/* it asked, or took something */
	bool waits;			/* request is to be answered */
	struct relay_request request;
};

/* The module's side. */
struct control_module {
	/* A socket that answers at once, and the family on it. 0 or -errno. */
	int (*get)(void *arg, int *fd, uint16_t *family);
	/* Nobody reads any more, or what came was wrong: it is asked for anew. */
	void (*release)(void *arg);
	void *arg;
};

struct control {
	int epoll, listener;		/* -1 = there is none */
	char path[108];
	struct control_module module;
	struct control_groups groups;
	struct control_reader reader[CONTROL_READERS_MAX];
	unsigned int last;		/* whose turn it was */
	uint64_t deaf_until_ms;		/* 0 = listening */

	/* The exchange. */
	bool busy;
	int owner;			/* a place, -1 = it has gone */
	struct relay_request request;
	int fd;				/* of the module */
	uint64_t begun_ms, moved_ms;
	uint64_t again_ms;		/* the module is late; 0 = it is not */
	uint8_t *answer;		/* NULL while nobody reads */
	size_t len;			/* of what the owner has yet to take */
	bool over;			/* that is the end of it */

	uint64_t served, refused;	/* requests, since the start */
};

/*
 * control_peer.c. Which groups are meant; a read_group that does not exist is
 * an error if it was given, and nobody if it is the default.
 */
int control_groups(const struct config *config, struct control_groups *groups,
		   char why[CONFIG_WHY_MAX]);
/* May the other end of @fd read? Its user in any case. */
bool control_peer_may_read(int fd, const struct control_groups *groups, uid_t *uid);
/* What somebody is told who may not. */
void control_peer_refusal(const struct control_groups *groups, char *text, size_t size);

/* Listen at @path, open to everybody: the peer is looked at. 0 or -errno. */
int control_open(struct control *control, const char *path,
		 const struct control_module *module);
void control_close(struct control *control);
/* Others may read from now on: who is there begins anew. */
void control_set_groups(struct control *control, const struct control_groups *groups);
/* What is due; when control->epoll polls readable, and at control_due_ms(). */
void control_turn(struct control *control, uint64_t now_ms);
/* 0 = nothing is due by itself. */
uint64_t control_due_ms(const struct control *control);
/* The module was unloaded: its answers do not come any more. */
void control_module_gone(struct control *control);

/*
 * control_answer.c: the exchange with the module. One step of it; false: there
 * is nothing to do now. It ends for @why; nothing of it comes any more.
 */
bool control_answer_step(struct control *control, uint64_t now_ms);
void control_answer_fail(struct control *control, int error, const char *why);

/* control.c, for control_answer.c: to a reader, who is let go if it takes nothing. */
void control_tell(struct control *control, int place, uint32_t seq, int error,
		  const char *why);
void control_drop(struct control *control, int place);
void control_watch(struct control *control, int place, uint32_t events);

#endif
