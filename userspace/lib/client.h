/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The wall between user space and netlink: only client*.c behind it know
 * libmnl. All calls block until the kernel has answered. Return 0 or a
 * negative errno; client_error() then has one sentence for a person (the
 * kernel's extended ack when it sent one).
 */
#ifndef WXG_LIB_CLIENT_H
#define WXG_LIB_CLIENT_H

#include "finding.h"

struct client;

#define CLIENT_HOOKS_MAX 48

struct client_hook {
	char name[64];
	uint32_t role, engine, state;
	uint64_t hits, suspicious, missed;
};

struct client_status {
	char version[32];
	uint32_t mode, generation, ring_count, ring_max;
	uint64_t seq, acked, oldest, ring_bytes, ring_bytes_max;
	uint64_t lost_overflow, lost_nomem;
	uint32_t known_count, known_max;
	uint64_t known_evicted;
	uint32_t pending, canary, mode_fixed, classes;
	uint64_t spared, unjudged;
	uint32_t confirm_left;		/* s, 0 = the mode stays */
	uint32_t confirm_mode;		/* where it goes back to, then */
	uint32_t locked;
	uint64_t denied, budget_trips, self_clones, repeats;
	uint64_t heartbeat;		/* ns since boot */
	uint32_t evidence_count;	/* payloads that the module holds */
	uint64_t evidence_bytes, evidence_missed;
	unsigned int hooks;
	struct client_hook hook[CLIENT_HOOKS_MAX];
};

struct client_known {
	uint32_t dev, generation, ctime_nsec, classes, flags;
	uint64_t ino, count;
	int64_t ctime_sec;
	uint64_t first_seen, last_seen;	/* s since 1970 */
	size_t path_len;
	uint8_t path[WXGUARD_KNOWN_PATH_MAX + 1];
	uint32_t shape;			/* part of the identity; wx_transition only */
};

struct client_class {
	uint32_t id, action, known, window;
	uint32_t repeat;		/* s, 0 = tell each */
	uint32_t self_clone, init;
};

/* NULL or has_* false: matcher not used. Strings NUL terminated. */
struct client_exemption {
	char name[WXGUARD_EXEMPTION_NAME_MAX + 1];
	uint32_t classes;
	char exe[WXGUARD_GLOB_MAX + 1];
	char comm[WXGUARD_COMM_MAX + 1];
	bool has_uid;
	uint32_t uid;
	char cgroup[WXGUARD_GLOB_MAX + 1];
	/*
	 * The identity of one file; has_fd (requests only): taken from that
	 * descriptor instead.
	 */
	bool has_fd;
	int fd;
	bool has_identity;
	uint32_t dev, generation, ctime_nsec;
	uint64_t ino;
	int64_t ctime_sec;
	bool has_sha256;
	uint8_t sha256[WXGUARD_SHA256_LEN];
	bool unsafe;
	char reason[WXGUARD_REASON_MAX + 1];
	char author[WXGUARD_AUTHOR_MAX + 1];
	uint64_t expires;	/* 0 = never */
	uint64_t hits;
};

/* Another rule for a subtree of cgroups. */
struct client_scope {
	char name[WXGUARD_EXEMPTION_NAME_MAX + 1];
	char cgroup[WXGUARD_GLOB_MAX + 1];
	uint32_t classes, action;
	bool has_known;
	uint32_t known;
	uint64_t hits;
};

struct client_rules {
	uint32_t generation;
	unsigned int classes;
	struct client_class class[WXGUARD_CLASS_MAX + 1];
	unsigned int count;
	struct client_exemption *exemption;	/* count of them, malloc'ed */
	unsigned int scopes;
	struct client_scope *scope;		/* the same */
	/*
	 * Denials per minute, 0 = no limit; budget_exe 0: no budget is given,
	 * the default holds.
	 */
	uint32_t budget, budget_exe;
};

/*
 * Use this socket of generic netlink, too, and from then on make no others:
 * for a process without the network that the module serves. A connection
 * takes one, with a doorbell two. -EINVAL if it is no such socket, -ENOSPC.
 */
int client_lend(int fd);

/**
 * client_open() - connect to the module
 * Fails with -ENOENT when the module is not loaded, -EPERM without
 * CAP_NET_ADMIN; the reason is printed into why (a sentence).
 */
int client_open(struct client **client, char *why, size_t why_size);
/*
 * To read only: as client_open(), or where this process may not, through
 * wxguardd, which passes on for members of a group what reads. -EPERM, and in
 * @why what would be needed.
 */
int client_reach(struct client **client, char *why, size_t why_size);
/* Is wxguardd between? It has neither findings nor bells then. */
bool client_is_relayed(const struct client *client);
void client_close(struct client *client);
/* For whoever passes on messages: the socket, and the family's number on it. */
int client_fd(const struct client *client);
uint16_t client_family(const struct client *client);
const char *client_error(const struct client *client);

int client_status(struct client *client, struct client_status *status);

/**
 * client_findings() - every number above @after, as findings and losses
 *
 * @on_finding owns the finding it is given (finding_free()). A callback that
 * returns non-zero stops delivery; the rest is read and thrown away, and its
 * value is returned.
 */
int client_findings(struct client *client, uint64_t after,
		    int (*on_finding)(struct finding *finding, void *arg),
		    int (*on_loss)(const struct finding_loss *loss, void *arg),
		    void *arg);
int client_ack(struct client *client, uint64_t seq);

/* Join the doorbell group; the descriptor polls readable when a bell rang. */
int client_bell_open(struct client *client, int *fd);
/* Empty it. Overruns (ENOBUFS) are no error: a bell says only "dump". */
int client_bell_drain(struct client *client);

int client_known_list(struct client *client,
		      int (*on_known)(const struct client_known *known, void *arg),
		      void *arg);
int client_known_add(struct client *client, int fd, const struct client_known *known);
int client_known_remove_fd(struct client *client, int fd);
int client_known_remove(struct client *client, const struct client_known *known);
int client_known_pin_fd(struct client *client, int fd, bool pinned);
int client_known_pin(struct client *client, const struct client_known *known,
		     bool pinned);
int client_known_flush(struct client *client);

int client_rules_get(struct client *client, struct client_rules *rules);
/* base: generation the change was made from, 0 = do not care. */
/* force: as WXGUARD_A_FORCE says. */
int client_rules_set(struct client *client, const struct client_rules *rules,
		     uint32_t base, bool force, uint32_t *generation);
void client_rules_free(struct client_rules *rules);

int client_mode_get(struct client *client, uint32_t *mode);
/* confirm: s after which the mode goes back by itself, 0 = it stays. */
int client_mode_set(struct client *client, uint32_t mode, uint32_t confirm);
/* The same, also where enforce would stop each program. */
int client_mode_force(struct client *client, uint32_t mode, uint32_t confirm);
/* Until the next boot. */
int client_lock(struct client *client);

/*
 * The payload of the finding with this number, in the module's numbering:
 * @fd becomes a descriptor for reading, close-on-exec. -ENOENT when the module
 * does not hold it (any more).
 */
int client_evidence_get(struct client *client, uint64_t seq, int *fd);
/* It is kept elsewhere now. */
int client_evidence_drop(struct client *client, uint64_t seq);

#endif
