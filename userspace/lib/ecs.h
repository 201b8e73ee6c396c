/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings as Elastic Common Schema 8.17 documents. Everything that ECS has
 * no field for stands under wxguard.*; the raw system call stands under
 * auditd.*, as the audit integration writes it, so that published queries
 * match unchanged.
 *
 * Functions that return json_t give a new reference, NULL when out of
 * memory. Write it with json_line() (json_out.h): that is what makes hostile
 * text inert.
 */
#ifndef WXG_LIB_ECS_H
#define WXG_LIB_ECS_H

#include <jansson.h>

#include "finding.h"

#define ECS_VERSION "8.17.0"
#define ECS_DATASET "wxguard.finding"
#define ECS_EVENT_ID_MAX 80

/* What the document says about this host and daemon. "" = left out. */
struct ecs_context {
	char boot_id[40];	/* with dashes */
	char host_name[256];
	char host_id[40];	/* machine id */
	char architecture[65];	/* uname -m */
	char kernel[65];	/* uname -r */
	char os_id[64], os_family[64], os_version[64], os_name[128];
	char version[32];	/* of wxguard */
	char data_namespace[64]; /* data_stream.namespace; "" = "default" */
	uint64_t created;	/* ns since 1970: when the daemon read it */
	uint64_t lost_total;	/* findings lost since the boot, as known now */
};

/*
 * Fill @context from this host (uname, /proc, /etc/machine-id, os-release).
 * What cannot be read stays "", except the boot id: then -errno.
 */
int ecs_context_load(struct ecs_context *context);

/* "<boot id without dashes>-<16 hex digits>"; the key of a finding everywhere. */
void ecs_event_id(const struct ecs_context *context, uint64_t seq,
		  char id[ECS_EVENT_ID_MAX]);

json_t *ecs_document(const struct finding *finding,
		     const struct ecs_context *context);

/* Numbers that never arrived, as a record in the stream itself. */
json_t *ecs_loss(const struct finding_loss *loss,
		 const struct ecs_context *context);

/* Operational events: of the daemon itself, no finding and no number. */
enum ecs_notice {
	ECS_NOTICE_STARTED,
	ECS_NOTICE_STOPPED,
	ECS_NOTICE_HISTORY_RESET,
	ECS_NOTICE_LEARNING,		/* started, or ended: see the reason */
	ECS_NOTICE_OUTPUT_DEGRADED,
	ECS_NOTICE_OUTPUT_RECOVERED,
	ECS_NOTICE_RULES_CHANGED,
	ECS_NOTICE_MODE_CHANGED,
	ECS_NOTICE_LOCKED,
	ECS_NOTICE_BUDGET_SPENT,
	ECS_NOTICE_HEARTBEAT_LATE,
	ECS_NOTICE_HEARTBEAT_BACK,
	ECS_NOTICE_RESPONDED,		/* by "wxguard respond" */
	ECS_NOTICE_KNOWN_CHANGED,	/* by hand, with wxguard */

	ECS_NOTICE_MAX
};

/* @reason: one sentence, ours; hostile bytes in it must already be quoted. */
json_t *ecs_notice(enum ecs_notice notice, const char *reason,
		   const struct ecs_context *context);

/* One thing that somebody changed; what is NULL or 0 is left out. */
struct ecs_change {
	const char *of;			/* "class exec_memory", "mode" */
	const json_t *before, *after;	/* arrays of strings */
	const char *by;
	uint32_t generation_before, generation;	/* of the rules */
	uint32_t more;			/* so many others are not told one by one */
	uint32_t index;			/* among those that are told together */
};

/* As ecs_notice(), of one that is about a change. */
json_t *ecs_change(enum ecs_notice notice, const char *reason,
		   const struct ecs_change *change, const struct ecs_context *context);

/* "wxguard_output_degraded": event.code of a notice. */
const char *ecs_notice_code(enum ecs_notice notice);

/* ns since 1970 as "2026-01-15T09:41:07.123456789Z" (UTC). */
#define ECS_TIME_MAX 40
void ecs_time(uint64_t ns, char text[ECS_TIME_MAX]);

#endif
