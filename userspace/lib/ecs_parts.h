/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The parts of a document; only ecs*.c see this. Each puts its fields into
 * the root and returns 0, or something else when memory ran out.
 */
#ifndef WXG_LIB_ECS_PARTS_H
#define WXG_LIB_ECS_PARTS_H

#include "ecs.h"
#include "rule_table.h"

/* @timestamp, ecs, data_stream, service, host and what event.* always has. */
int ecs_put_head(json_t *root, const struct ecs_context *context,
		 uint64_t time);
/* log.level and its syslog number: "info", "warning", "error", "critical". */
int ecs_put_level(json_t *root, const char *level);
int ecs_put_rule(json_t *root, const struct rule *rule);
int ecs_put_process(json_t *root, const struct finding *finding,
		    const struct ecs_context *context);
int ecs_put_file(json_t *root, const struct finding *finding);
int ecs_put_auditd(json_t *root, const struct finding *finding);
/* wxguard.finding, memory, exec, history, process. */
int ecs_put_own(json_t *root, const struct finding *finding);

/* wxguard.target, writer, repeat, tamper, scope. */
int ecs_put_other(json_t *root, const struct finding *finding,
		  const struct ecs_context *context);
/* message and event.reason. */
int ecs_put_sentences(json_t *root, const struct finding *finding,
		      const struct rule *rule);

/* When it started, on the wall clock that the finding's own time is from. */
uint64_t ecs_start_time(const struct finding *finding, uint64_t start);
/*
 * One id per process: pids are used again, a pid with its start is not. From
 * values only, so that any reader can make the same one.
 */
int ecs_put_entity(json_t *json, const char *path,
		   const struct finding_process *process,
		   const struct ecs_context *context);

/* An array of strings that are ours, ended by NULL. */
json_t *ecs_strings(const char *first, ...);

/* Hostile text at @path, with its hex at wxguard.raw.@path if needed. */
int ecs_put_text(json_t *root, const char *path, struct bytes in);
/* A string of ours or of NSS; nothing when NULL or "". */
int ecs_put_string(json_t *root, const char *path, const char *text);
int ecs_put_number(json_t *root, const char *path, uint64_t number);
/* An id as a string; nothing when it is ~0. */
int ecs_put_id(json_t *root, const char *path, uint32_t id);
int ecs_put_time(json_t *root, const char *path, uint64_t ns);

/* Did the operation fail, succeed, or is it not known? */
const char *ecs_outcome(const struct finding *finding);
bool ecs_denied(const struct finding *finding);

#endif
