/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the daemon keeps payloads, one file for each: in a folder beside its
 * store, named by the event.id of the finding. Nobody but the daemon and root
 * may look in, and nothing in it can be executed by its mode.
 */
#ifndef WXG_LIB_EVIDENCE_FILE_H
#define WXG_LIB_EVIDENCE_FILE_H

#include <stdbool.h>
#include <stddef.h>

enum evidence_kind {
	EVIDENCE_PAYLOAD,	/* the file that was executed or mapped */
	EVIDENCE_REGION,	/* the memory that became executable */
};

#define EVIDENCE_NAME_MAX 128

/* The folder of this store; -ENAMETOOLONG. */
int evidence_folder(const char *store, char *path, size_t size);
/* "ID.payload", "ID.region"; -EINVAL if @id is none. */
int evidence_name(const char *id, enum evidence_kind kind, char name[EVIDENCE_NAME_MAX]);
/* Is it such a name? */
bool evidence_is_name(const char *name);
/* A kept one, for reading; -errno. Follows no link. */
int evidence_open(const char *store, const char *id, enum evidence_kind kind);

#endif
