/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of pin share; nobody else includes it. */
#ifndef WXG_DAEMON_PIN_IMPL_H
#define WXG_DAEMON_PIN_IMPL_H

#include "pin.h"

/* ---- pin_file.c: what is at a path ---- */

/* The one path that the glob can match, malloc'ed; NULL if there are more. */
char *pin_literal_path(const char *glob);
bool pin_same_state(const struct stat *a, const struct stat *b);
/* The regular file at @path, where reading cannot wait for ever; or -1. */
int pin_open_file(const char *path, struct stat *st, const char **why);
/* By path: the file there, or nothing; says once why it is nothing. */
void pin_fill_literal(struct pin *pin, struct hash *hash,
		      struct client_exemption *exemption,
		      const struct client_exemption *live);
/* Take the file at pin->path if it has the content. Says nothing if not. */
bool pin_take_file(struct pin *pin, struct hash *hash, struct client_exemption *exemption);
void pin_take_identity(struct client_exemption *to, const struct client_exemption *from);

/* ---- pin_found.c: by content alone ---- */

/* What a finding had, else what is pinned already, else what the store tells. */
void pin_fill_found(struct pin *pin, struct hash *hash, struct store *store,
		    struct client_exemption *exemption,
		    const struct client_exemption *live);

#endif
