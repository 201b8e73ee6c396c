/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of evidence share; nobody else includes it. */
#ifndef WXG_DAEMON_EVIDENCE_IMPL_H
#define WXG_DAEMON_EVIDENCE_IMPL_H

#include "evidence.h"

/*
 * evidence_folder.c: the bounded folder. Files come in under another name and
 * are there when they are whole. Nothing here follows a link.
 */
/* The folder, made when it is not there; -errno. */
int evidence_open_folder(const char *store);
/* A new file for @name, mode 0600, in progress; -errno. */
int evidence_begin(int folder, const char *name);
/* It is whole: give it its name. Or it is not: it goes. 0 or -errno. */
int evidence_commit(int folder, const char *name);
void evidence_abandon(int folder, const char *name);
/* Let the oldest go until no more than @bytes are there. */
void evidence_bound(int folder, struct evidence_store *kept, uint64_t bytes);
/* One more of this size. */
void evidence_count(struct evidence_store *kept, uint64_t size);

/* Files however small, since looking at each takes time. */
#define EVIDENCE_FILES_MAX 4096

#endif
