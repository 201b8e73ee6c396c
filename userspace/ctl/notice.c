// SPDX-License-Identifier: GPL-2.0-or-later
/* See notice.h. Writes to the store only. */
#include "notice.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../lib/json_out.h"
#include "doc.h"

int notice_put(struct store *store, enum ecs_notice notice, const char *reason,
	       const struct ecs_change *change)
{
	struct store_record record = { .kind = STORE_NOTICE };
	struct ecs_context context;
	struct timespec now;
	json_t *document;
	char *line = NULL;
	int error = -ENOMEM;

	if (ecs_context_load(&context))
		return -EIO;
	snprintf(context.version, sizeof(context.version), "%s", WXGUARD_VERSION);
	clock_gettime(CLOCK_REALTIME, &now);
	context.created = (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
	record.time = context.created;
	document = change ? ecs_change(notice, reason, change, &context) :
			    ecs_notice(notice, reason, &context);
	if (document)
		line = json_line(document, &record.json_len);
	if (line) {
		record.json = line;
		record.id = doc_string(document, "event.id");
		error = store_record_add(store, &record);
	}
	free(line);
	json_decref(document);
	return error;
}
