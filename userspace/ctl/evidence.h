/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the parts of "wxguard evidence" share: where the bytes come from, and
 * one JSON object that says what they are.
 */
#ifndef WXG_CTL_EVIDENCE_H
#define WXG_CTL_EVIDENCE_H

#include <stdio.h>

#include "../lib/evidence_file.h"
#include "../lib/payload.h"
#include "ctl.h"

#define EVIDENCE_WHY_MAX 640

/* The bytes of one finding. */
struct evidence {
	const json_t *doc;	/* borrowed; the finding */
	int64_t row;		/* in the store, 0 = not there */
	enum evidence_kind kind;
	int fd;			/* -1 = not found; of memory: /proc/PID/mem */
	const char *source;	/* "kept", "kernel" or "process" */
	uint64_t address, size;	/* of memory */
	json_t *seen;		/* owned; what the daemon saw of it, or NULL */
	char why[EVIDENCE_WHY_MAX];	/* there is none */
};

/* evidence_find.c: has this finding a file, or memory, to show? */
bool evidence_has(const json_t *doc, enum evidence_kind kind);
/* 0, or an exit code, with why. Looks in the store, the module, the process. */
int evidence_find(struct evidence *evidence);

/* evidence_save.c: a new file of mode 0600, or the exit code of the complaint. */
int evidence_create(const char *path, int *fd);
/* It is on the disk, or the exit code. */
int evidence_settle(const char *path, int fd);

/* evidence_facts.c: all of it as an object; @bytes: a descriptor of the copy. */
json_t *evidence_json(const struct evidence *evidence, const struct payload *payload,
		      int bytes);
/* evidence_print.c: the same as text. */
void evidence_print(FILE *out, const struct ctl *ctl, const json_t *facts);

#endif
