/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The daemon's memory, in one SQLite file (WAL): every record that it told or
 * has yet to tell, how far each output is, the known executables, and a few
 * named values. The daemon is the only writer; the CLI reads.
 *
 * Functions return 0 or a negative errno, and then store_error() has a
 * sentence. -ENOSPC: the disk is full; -EUCLEAN: the file is no database, or
 * a damaged one; -EBUSY: someone holds it.
 */
#ifndef WXG_LIB_STORE_H
#define WXG_LIB_STORE_H

#include "client.h"

#define STORE_PATH "/var/lib/wxguard/wxguard.db"
#define STORE_WHY_MAX 512
#define STORE_SHA256_MAX 65

struct store;

enum store_access {
	STORE_READ,		/* must exist */
	STORE_WRITE,		/* made when absent, checked when present */
	STORE_AMEND,		/* must exist; for named values */
};

/**
 * store_open() - open the database
 * @why: filled with a sentence on failure
 *
 * STORE_READ, STORE_AMEND: -ENOENT when there is none, -EPROTO when another version wrote
 * it. STORE_WRITE: one of an earlier version is migrated, whole or not at
 * all; -EPROTO when a later one wrote it; -EUCLEAN when the check finds
 * damage: see store_set_aside().
 */
int store_open(const char *path, enum store_access access,
	       struct store **store, char why[STORE_WHY_MAX]);
void store_close(struct store *store);
const char *store_error(const struct store *store);

/* Wait for the disk at each commit (survives a power cut), or not. */
int store_set_fsync(struct store *store, bool fsync);

/*
 * Rename the database and its side files to PATH.corrupt-TIME. Never
 * deletes. @aside gets the new name.
 */
int store_set_aside(const char *path, uint64_t now, char *aside, size_t size,
		    char why[STORE_WHY_MAX]);

/* Give back what is only cached. */
void store_release_memory(struct store *store);

/* One transaction at a time; everything between is kept whole or not at all. */
int store_begin(struct store *store);
int store_commit(struct store *store);
void store_rollback(struct store *store);

/* Named values. -ENOENT when never set. */
#define STORE_META_BOOT_ID	"boot_id"	/* of the numbers below */
#define STORE_META_INSTANCE	"instance"	/* which load of the module */
#define STORE_META_LAST_SEQ	"last_seq"	/* the module's number, committed */
#define STORE_META_SEQ_BASE	"seq_base"	/* numbers of earlier loads, same boot */
#define STORE_META_LEARN_UNTIL	"learn_until"	/* s since 1970 */
#define STORE_META_LEARN_BACK	"learn_back"	/* mode to go back to then */
#define STORE_META_LEARN_BY	"learn_by"	/* who began it; absent after a reset */
#define STORE_META_LEARN_SINCE	"learn_since"	/* s since 1970; the same */
#define STORE_META_RULES_TOLD	"rules_told"	/* the rules as told last, JSON */
#define STORE_META_MODE_TOLD	"mode_told"	/* the mode as told last, JSON */
#define STORE_META_LOST_TOTAL	"lost_total"	/* findings, this boot */
int store_meta_get(struct store *store, const char *key, char *value, size_t size);
int store_meta_set(struct store *store, const char *key, const char *value);
int store_meta_get_u64(struct store *store, const char *key, uint64_t *value);
int store_meta_set_u64(struct store *store, const char *key, uint64_t value);
int store_meta_remove(struct store *store, const char *key);

/*
 * Who made generation @number of the rules live, or set mode @number. The one
 * that did it puts it there; -ENOENT when nobody did since the module was
 * loaded. @when_ms: CLOCK_MONOTONIC.
 */
#define STORE_BY_MAX 160
#define STORE_BY_LOAD_MAX 64
#define STORE_BY_KEPT 16	/* generations; the older ones are written over */
enum store_by_what { STORE_BY_RULES, STORE_BY_MODE };
int store_by_put(struct store *store, enum store_by_what what, uint32_t number,
		 const char *who);
int store_by_get(struct store *store, enum store_by_what what, uint32_t number,
		 uint64_t *when_ms, char who[STORE_BY_MAX]);
int store_by_remove(struct store *store, enum store_by_what what, uint32_t number);
/* Within which load of the module, in which boot, generations are counted. */
void store_by_load(char load[STORE_BY_LOAD_MAX]);

/*
 * Records, in the order in which they were told. Rows only grow, also after
 * pruning; @id is unique.
 */
enum store_kind {
	STORE_FINDING = 1,
	STORE_LOSS,
	STORE_NOTICE,
};

struct store_record {
	int64_t row;		/* set by the store */
	enum store_kind kind;
	const char *id;		/* event.id */
	uint64_t number;	/* of the finding, unique within its boot; 0 = none */
	uint64_t time;		/* ns since 1970 */
	uint32_t class, verdict, mode;
	uint32_t pid, uid;
	struct bytes comm, exe;	/* hostile */
	struct bytes unit;	/* of the control group; hostile, absent if none */
	const char *container;	/* NULL if none */
	const char *json;	/* the ECS document, one line without newline */
	size_t json_len;
	/* Set by the store: further sightings, told by later records. */
	uint64_t repeat_count, repeat_last;	/* last: ns since 1970 */
	/* The same: who has dealt with it. When: s since 1970, 0 = nobody yet. */
	uint64_t acked;
	const char *acked_by, *acked_note;	/* NULL if not said */
};

/* Adding an id that is there already changes nothing and is no error. */
int store_record_add(struct store *store, const struct store_record *record);

/*
 * Of the record with this id, @count further sightings were told so far. A
 * lower count than before, and an id that is not there, change nothing.
 */
int store_record_repeat(struct store *store, const char *id, uint64_t count,
			uint64_t last);

/*
 * Somebody has dealt with the record with this id; or with @when 0 has not.
 * -ENOENT when there is no finding with this id.
 */
int store_record_ack(struct store *store, const char *id, uint64_t when,
		     const char *by, const char *note);

/* "nginx.service" of "/system.slice/nginx.service": the last of its kind. */
struct bytes store_unit(struct bytes cgroup);

typedef int (*store_on_record)(const struct store_record *record, void *arg);

/* What is to be read. All zero = everything, oldest first. */
struct store_query {
	int64_t after_row;	/* rows above this one */
	uint64_t since, until;	/* ns since 1970, 0 = open */
	uint32_t classes;	/* bits 1 << class, 0 = all */
	uint32_t kinds;		/* bits 1 << kind, 0 = all */
	const char *exe;	/* findings of executables like this glob; NULL = all */
	const char *unit;	/* the same of their unit; */
	const char *container;	/* and this is how the container's id begins */
	bool has_uid;		/* findings of this user */
	uint32_t uid;
	bool unacked;		/* only findings that nobody has dealt with */
	uint64_t limit;		/* 0 = all */
	bool newest;		/* with limit: the newest, still oldest first */
};

/*
 * The record and its strings are borrowed until the callback returns. A
 * callback that returns non-zero ends the reading; its value is returned.
 */
int store_query(struct store *store, const struct store_query *query,
		store_on_record on_record, void *arg);
/* By event.id, or by number (the newest boot that has it). -ENOENT. */
int store_find(struct store *store, const char *id_or_number,
	       store_on_record on_record, void *arg);
/*
 * The executables' paths of findings whose document has @text in it, of these
 * classes (bits 1 << class), the newest first, each once; a few at most, and
 * only among the newest findings of these classes.
 */
int store_finding_paths(struct store *store, uint32_t classes, const char *text,
			int (*on_path)(struct bytes path, void *arg), void *arg);
/*
 * What was true when a finding came, as one JSON object: of the record with
 * this id, which is there. A second one changes nothing. It leaves with its record.
 */
int store_moment_put(struct store *store, const char *id, const char *json, size_t len);
/* malloc'ed. -ENOENT. */
int store_moment_get(struct store *store, int64_t row, char **json);

#define STORE_NEAR_TEXTS 3

/* Findings beside the one at @row that have something in common with it. */
struct store_near {
	int64_t row, rows;		/* so many rows before it and after it at most */
	uint64_t since, until;		/* ns since 1970 */
	uint32_t pid;			/* of this process, or */
	const char *text[STORE_NEAR_TEXTS];	/* with one of these in the document; NULL = none */
};

/* Oldest first; as store_query(). */
int store_near(struct store *store, const struct store_near *near,
	       store_on_record on_record, void *arg);
/*
 * The first findings, by their time, of the executable with this very path, at
 * most @limit and none after @until (ns since 1970); as store_query().
 */
int store_first(struct store *store, struct bytes exe, uint64_t until, uint64_t limit,
		store_on_record on_record, void *arg);

/* Findings in groups, the largest first; quarters of an hour by their time. */
enum store_by {
	STORE_BY_ALL,
	STORE_BY_CLASS,
	STORE_BY_UID,
	STORE_BY_EXE,
	STORE_BY_UNIT,
	STORE_BY_CONTAINER,
	STORE_BY_QUARTER,
};

struct store_question {
	uint64_t since, until;	/* ns since 1970, 0 = open */
	uint32_t classes;	/* bits 1 << class, 0 = all */
};

struct store_group {
	struct bytes bytes;	/* what it is named by: hostile, absent if none; */
	int64_t number;		/* or class, uid, s since 1970 */
	uint64_t findings, repeats;
	uint64_t stopped;	/* denied or killed */
	uint64_t open;		/* nobody has dealt with */
	uint64_t first, last;	/* ns since 1970; last: repeats, too */
	uint32_t classes;	/* bits 1 << class */
};

typedef int (*store_on_group)(const struct store_group *group, void *arg);

/* Counted once, asked as often as wanted. */
struct store_tally;

int store_tally(struct store *store, const struct store_question *question,
		struct store_tally **tally);
void store_tally_free(struct store_tally *tally);
/* The group is borrowed until the callback returns, as in store_query(). */
int store_tally_groups(struct store_tally *tally, enum store_by by,
		       store_on_group on_group, void *arg);
/*
 * While it counts or searches, @poll is asked now and then; when it answers
 * non-zero the call ends with -EINTR. NULL = no more.
 */
void store_on_progress(struct store *store, int (*poll)(void *arg), void *arg);

/* How many findings there are. */
int store_findings(struct store *store, uint64_t *count);
/* Row of the newest record, 0 = none. */
int store_newest_row(struct store *store, int64_t *row);
/* Row of the record with this event.id. -ENOENT. */
int store_row_of(struct store *store, const char *id, int64_t *row);
/*
 * Remove the oldest until @keep are left, never one that an output which
 * is listed in the store has yet to deliver. The others: those from before a
 * time (ns since 1970), and the oldest while all takes more than @bytes.
 */
int store_prune_records(struct store *store, uint64_t keep);
int store_prune_before(struct store *store, uint64_t time);
int store_prune_size(struct store *store, uint64_t bytes);

/* How far an output is. */
struct store_sink {
	int64_t row;		/* everything up to here was delivered */
	uint64_t dev, ino;	/* files: which file, */
	uint64_t offset;	/* and its length with that row */
};
int store_sink_get(struct store *store, const char *name, struct store_sink *sink);
int store_sink_set(struct store *store, const char *name, const struct store_sink *sink);
int store_sink_remove(struct store *store, const char *name);

/*
 * The known executables: one entry per executable, class and shape, as the
 * kernel has it, plus what lets a later boot verify the file at its path.
 */
struct store_known {
	struct client_known known;	/* classes: one bit */
	bool verifiable;		/* size, mtime and sha256 are filled */
	uint64_t size;
	int64_t mtime_sec;
	uint32_t mtime_nsec;
	char sha256[STORE_SHA256_MAX];	/* "" = too large to hash, or not local */
};

/* -ENOENT when the store has no entry of this identity, class and shape. */
int store_known_get(struct store *store, const struct client_known *key,
		    struct store_known *entry);
/* Insert, or change what differs. */
int store_known_put(struct store *store, const struct store_known *entry);
int store_known_remove(struct store *store, const struct client_known *key);
/* Ordered by path. The callback may not change the table. */
int store_known_list(struct store *store,
		     int (*on_known)(const struct store_known *entry, void *arg),
		     void *arg);
struct store_seen {
	uint64_t first, last;	/* s since 1970 */
	uint64_t count;
};
/* Of this executable, whatever its shape, for one of key->classes. -ENOENT. */
int store_known_seen(struct store *store, const struct client_known *key,
		     struct store_seen *seen);
int store_known_count(struct store *store, uint64_t *count);

#endif
