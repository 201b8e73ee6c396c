/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rooms of the daemon share. One thread; every struct here belongs
 * to it. Each room's file says what it may not do.
 */
#ifndef WXG_DAEMON_WXGUARDD_H
#define WXG_DAEMON_WXGUARDD_H

#include "../lib/client.h"
#include "../lib/config.h"
#include "../lib/ecs.h"
#include "../lib/names.h"
#include "../lib/store.h"
#include "changes.h"
#include "control.h"
#include "evidence.h"
#include "hash.h"
#include "metrics.h"
#include "moment.h"
#include "pin.h"
#include "sink.h"

#define LOCK_PATH "/run/wxguard/wxguardd.lock"
#define NUMBERS_PATH "/run/wxguard/wxguardd.numbers"

/* What failed is tried again so often. */
#define RETRY_MS 2000

/* Where a damaged database went, until that was told: see learn_begin(). */
#define META_RESET_ASIDE "reset_aside"

/* As the CLI's. */
enum wxguardd_exit {
	EXIT_OK = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_MODULE = 5,
	EXIT_PERMISSION = 6,
	EXIT_INVALID = 7,
};

/* The rules as they were told last. */
struct rules_told {
	json_t *words;			/* rules_words(); NULL = none yet */
	uint32_t generation;		/* 0 = that of another load of the module */
	bool waits;			/* a look later, somebody may say who it was */
};

struct wxguardd {
	const char *config_path;	/* NULL = the default */
	struct config config;
	struct store *store;
	struct ecs_context context;
	struct names *names;
	struct hash *hash;
	struct time_share moments;
	struct evidence_store evidence;
	struct sink sinks[SINK_COUNT];

	/* The module. dump reads findings; control does all else meanwhile. */
	struct client *dump, *control;
	int bell;			/* -1 = the module is not there */
	struct control readers;		/* members of a group, at the control socket, */
	struct client *relay;		/* and their way to the module; NULL = nobody reads */
	uint64_t instance;		/* which load of the module */
	uint64_t seq_base;		/* numbers of earlier loads in this boot */
	uint64_t last_seq;		/* committed, in the module's numbering */
	uint64_t lost_total;

	struct changes_seen seen;	/* as told last */
	struct rules_told told;
	struct pins pins;
	struct metrics metrics;

	uint64_t learn_until;		/* s since 1970, 0 = not learning */
	bool store_broken;		/* said so; until a commit succeeds */
	bool output_waits;		/* an output has to be tried again, */
	uint32_t output_wait_ms;	/* in so long */
	bool known_dirty;		/* a finding of a class with a window came */
	bool stop;
};

/* say.c: sentences for the log. */
void say_level(enum config_level level);
void say(enum config_level level, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* clock.c */
uint64_t clock_real_ns(void);
uint64_t clock_real_s(void);
uint64_t clock_mono_ms(void);
uint64_t clock_boot_ns(void);

/*
 * settings.c. Valid: parsed, or absent; what is wrong was said. @check: they are
 * not loaded afterwards, so that what is dangerous is said here.
 */
bool settings_rules_valid(const struct config *config, bool check);
/* Who may read through the daemon. 0, or what is wrong was said. */
int settings_groups(const struct config *config, struct control_groups *groups);
/* What the documents say about this host. -errno without a boot id. */
int settings_load_host(struct wxguardd *d);

/* start.c: process start-up; a wxguardd_exit code, said already. */
void start_sockets(void);
int start_lock(const char *path);
int start_store(struct wxguardd *d);
/* The control socket; without it nobody but root reads, which ends nothing. */
void start_control(struct wxguardd *d, const struct control_groups *groups);
int start_confine(void);

/*
 * link.c: the connection to the module. link_up() returns 0 or a
 * wxguardd_exit code after having said why. At start rules that are invalid
 * end it; later the module's own rules stay instead.
 */
int link_up(struct wxguardd *d, bool at_start);
void link_down(struct wxguardd *d);
/* Was the module unloaded, or another one loaded, since link_up()? */
bool link_is_stale(const struct wxguardd *d);
bool link_module_present(void);
/* Compare the rules file with the live rules, and set them if they differ. */
int link_push_rules(struct wxguardd *d);
int link_apply_mode(struct wxguardd *d);
/* Let the exclusions by content follow their files. 0 or -errno of the module. */
int link_pins(struct wxguardd *d);
/* Say what went wrong with this client; takes the link down if the module is gone. */
void link_failed(struct wxguardd *d, const struct client *client);

/* For whoever reads: a struct control_module, whose arg is the daemon. */
extern const struct control_module link_for_readers;

/* numbers.c: which findings of this module are committed already? */
int numbers_settle(struct wxguardd *d, const struct client_status *status,
		   bool *module_is_new);

/* collect.c: everything the module has above last_seq, into the store. */
int collect(struct wxguardd *d);
/* One operational record, to the store and so to the outputs. */
void collect_notice(struct wxguardd *d, enum ecs_notice notice, const char *reason);
/* The same for something that somebody changed. 0 or -errno, which was said. */
int collect_change(struct wxguardd *d, enum ecs_notice notice, const char *reason,
		   const struct ecs_change *change);
/* Into the outputs what the store has; sets output_waits, output_wait_ms. */
void collect_deliver(struct wxguardd *d);

/*
 * evidence.c: digest the payload of a finding, and keep it and the memory of a
 * finding where the configuration says so. NULL: it has no payload.
 */
json_t *evidence_take(struct wxguardd *d, const struct finding *finding, const char *id);
/* The copier has answered. */
void evidence_copied(struct wxguardd *d);
/* The oldest go until all of it is within the bound. */
void evidence_prune(struct wxguardd *d);
void evidence_end(struct wxguardd *d);

/* keep.c: the known executables over a reboot. */
void keep_restore(struct wxguardd *d);
void keep_save(struct wxguardd *d);

/* learn.c: learning for a time, after the history was lost or because asked. */
void learn_begin(struct wxguardd *d);
void learn_resume(struct wxguardd *d, bool module_is_new);
void learn_tick(struct wxguardd *d);
/* Somebody changed the mode from learn to @mode. */
void learn_broken_off(struct wxguardd *d, uint32_t mode);

/* changes.c: what somebody changed in the module becomes a record. */
void changes_note(struct wxguardd *d);
void changes_tell(struct wxguardd *d);

/*
 * changes_mode.c: the mode, a lock and a spent budget. At each look; before
 * this daemon changes anything at a new connection; and when it has.
 * The number of records.
 */
unsigned int changes_mode_look(struct wxguardd *d, const struct client_status *status);
void changes_mode_away(struct wxguardd *d, const struct client_status *status);
void changes_mode_settled(struct wxguardd *d, const struct client_status *status);

/*
 * changes_rules.c: which rules are other ones than those told last, and who
 * did it. As far as they can be told now: true if something was. Later ones
 * of this connection when @settled, all since the last one when not.
 */
bool changes_rules(struct wxguardd *d, bool settled);
/* This daemon made @generation live, because of @why. */
void changes_rules_mine(struct wxguardd *d, uint32_t generation, const char *why);
void changes_rules_forget(struct wxguardd *d);
/*
 * changes_told.c: what was told last, under its key in the store; NULL = never.
 * @same_load: of the module as it is loaded now. Owned by the caller.
 */
json_t *changes_told(struct wxguardd *d, const char *key, bool *same_load);
/* The same, to be kept: gives up @told, which may be NULL. 0 or -errno. */
int changes_told_put(struct wxguardd *d, const char *key, json_t *told);

/* metrics.c: into the file, when there is to be one. */
void metrics_write(struct wxguardd *d);

/* loop.c */
int loop_run(struct wxguardd *d);

#endif
