/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A baseline as a file: one JSON object per line. The first is the header, in
 * which the number of the others stands, so that a file that was cut is seen:
 *
 *	{"wxguard_baseline":1,"host":"web1","created":"2026-01-15T09:41:07Z","entries":1}
 *	{"path":"/usr/bin/node","sha256":"9f86...","size":93784,
 *	 "classes":["rwx_mprotect","wx_transition"],"shapes":["anon"]}
 *
 * "shapes" belongs to wx_transition and is absent without it. A path that is
 * no UTF-8 has its bytes in hex under "raw":{"path":...}; those count.
 */
#ifndef WXG_CTL_BASELINE_FILE_H
#define WXG_CTL_BASELINE_FILE_H

#include <jansson.h>
#include <stdio.h>

#include "../lib/client.h"

#define BASELINE_VERSION 1
#define BASELINE_ENTRIES_MAX (1U << 22)	/* as many as a module can be told to hold */
#define BASELINE_WHY_MAX 512

struct baseline_entry {
	char path[WXGUARD_KNOWN_PATH_MAX + 1];	/* absolute; hostile bytes */
	uint8_t sha256[WXGUARD_SHA256_LEN];
	uint64_t size;
	uint32_t classes;	/* bits 1 << class */
	uint32_t shapes;	/* bits 1 << region, of wx_transition */
};

struct baseline {
	struct baseline_entry *entry;
	size_t count;
	/* As the header has them, cut; hostile bytes, "" = absent. */
	char host[256], created[32];
};

/* New references; NULL when out of memory. */
json_t *baseline_header_json(const char *host, uint64_t created, size_t entries);
json_t *baseline_entry_json(const struct baseline_entry *entry);

/**
 * baseline_read() - read and check a whole file
 * @name: stands for it in sentences
 * @baseline: filled on success; baseline_free() it
 * @why: on failure "NAME:LINE: what was read, and what would be right"
 *
 * Return: 0, -EINVAL with @why, -ENOMEM, or -EIO.
 */
int baseline_read(FILE *in, const char *name, struct baseline *baseline,
		  char why[BASELINE_WHY_MAX]);
void baseline_free(struct baseline *baseline);

#endif
