/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Exclusions by content. The kernel knows a file only by its identity, so the
 * daemon reads the file, and pins the exclusion to that identity when the
 * content is the one that the exclusion names. Apart from link.c for its test.
 */
#ifndef WXG_DAEMON_PIN_H
#define WXG_DAEMON_PIN_H

#include <sys/stat.h>

#include "../lib/client.h"
#include "../lib/store.h"
#include "hash.h"

struct pin {
	char name[WXGUARD_EXEMPTION_NAME_MAX + 1];
	uint8_t sha256[WXGUARD_SHA256_LEN];
	uint32_t classes;
	char *exe;		/* the glob of the exclusion, "" = none */
	char *path;		/* the one file it can be, or where it was found */
	bool literal;		/* the exclusion itself names the path */
	bool looked, same;	/* what is at a literal path, */
	bool absent;		/* or that nothing can be read there */
	struct stat seen;	/* when it was looked at last */
	bool searched;		/* by content alone: the store was asked, */
	bool found;		/* or a finding had this identity */
	uint32_t dev, generation, ctime_nsec;
	uint64_t ino;
	int64_t ctime_sec;
};

struct pins {
	struct pin *pin;	/* one per exclusion with a content */
	size_t count;
	uint32_t generation;	/* of the rules that they were made for */
	bool due;		/* a finding, or a file that changed, asks for it */
};

/**
 * pin_fill() - give each exclusion by content its identity, or none
 * @pins: what was found so far; keeps what is still asked for
 * @store: whose findings name files; asked once for each exclusion by content
 *	alone. NULL: not at all
 * @rules: the set that is to be live; descriptors in it: pin_release()
 * @live: the set that is live; what is pinned rightly stays
 *
 * Says once of each file why it is not pinned. 0 or -ENOMEM.
 */
int pin_fill(struct pins *pins, struct hash *hash, struct store *store,
	     struct client_rules *rules, const struct client_rules *live);
void pin_release(struct client_rules *rules);
void pin_free(struct pins *pins);

/*
 * After the set became live: is each file still as it was read? One that is
 * not loses its descriptor, and then the set has to be sent again at once.
 */
bool pin_held(struct pins *pins, struct client_rules *rules);

/* Has a file changed since it was looked at, or a finding found one? */
bool pin_is_due(struct pins *pins);

/* A finding, with the content of its executable if that could be read. */
void pin_finding(struct pins *pins, const struct finding *finding);

#endif
