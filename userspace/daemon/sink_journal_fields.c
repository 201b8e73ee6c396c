// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Which parts of a document become which fields of a journal entry. Pure but
 * for memory. MESSAGE is made inert; fields hold the bytes as they are, which
 * the protocol allows, but bounded.
 */
#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "../lib/json_out.h"
#include "../lib/text.h"
#include "arena.h"
#include "sink_journal.h"

#define FIELD_MAX 8192

static const struct {
	const char *field, *path;
} fields[] = {
	{ "WXGUARD_EVENT_ID", "event.id" },
	{ "WXGUARD_SEQ", "event.sequence" },
	{ "WXGUARD_CODE", "event.code" },
	{ "WXGUARD_RULE_ID", "rule.id" },
	{ "WXGUARD_RULE_NAME", "rule.name" },
	{ "WXGUARD_SEVERITY", "event.severity" },
	{ "WXGUARD_RISK_SCORE", "event.risk_score" },
	{ "WXGUARD_EXE", "process.executable" },
	{ "WXGUARD_COMM", "process.name" },
	{ "WXGUARD_PID", "process.pid" },
	{ "WXGUARD_PPID", "process.parent.pid" },
	{ "WXGUARD_PEXE", "process.parent.executable" },
	{ "WXGUARD_UID", "user.id" },
	{ "WXGUARD_AUID", "auditd.user.audit.id" },
	{ "WXGUARD_SHA256", "process.hash.sha256" },
	{ "WXGUARD_CONTAINER_ID", "container.id" },
	{ "WXGUARD_SYSCALL", "auditd.data.syscall" },
	{ "WXGUARD_PROT", "wxguard.memory.prot_after" },
	{ "WXGUARD_SIZE", "wxguard.memory.size" },
	{ "WXGUARD_TECHNIQUE", "threat.technique.id.0" },
	{ "WXGUARD_CLASS", "wxguard.finding.class" },
	{ "WXGUARD_VERDICT", "wxguard.finding.verdict" },
	{ "WXGUARD_MODE", "wxguard.finding.mode" },
	{ "WXGUARD_SCOPE", "wxguard.scope.name" },
	{ "WXGUARD_TAMPER", "wxguard.tamper.reason" },
	{ "WXGUARD_TARGET_PID", "wxguard.target.pid" },
	{ "WXGUARD_TARGET_EXE", "wxguard.target.executable" },
	{ "WXGUARD_TARGET_UID", "wxguard.target.uid" },
	{ "WXGUARD_WRITER_PID", "wxguard.writer.pid" },
	{ "WXGUARD_WRITER_EXE", "wxguard.writer.executable" },
	{ "WXGUARD_REPEAT_OF", "wxguard.repeat.of" },
	{ "WXGUARD_REPEAT_COUNT", "wxguard.repeat.count" },
	{ "WXGUARD_REPEAT_LAST", "wxguard.repeat.last" },
	{ "WXGUARD_CHANGED", "wxguard.change.of" },
	{ "WXGUARD_CHANGED_BY", "wxguard.change.by" },
	{ "OBJECT_PID", "process.pid" },
};

/* By event.code; what is not listed has none. */
static const struct {
	const char *code, *id;
} message_ids[] = {
	{ "rwx_new_executable", "04467dad944f4e93a7df58aacdeafd45" },
	{ "fileless_execution", "f9bebe4b82c54880b05ef05e4d15cc84" },
	{ "sensor_tamper", "38d3f7c4b7404ec3865dc5815f502764" },
	{ "heartbeat_late", "4492d7f4fbb54a1e9cbf8edc46fcd4c0" },
	{ "heartbeat_back", "4492d7f4fbb54a1e9cbf8edc46fcd4c0" },
	{ "budget_spent", "733118c64ffe45aba6ae1c7bd188b9d1" },
	{ "module_locked", "df4bdce3f3334adbb750fdf056c9ec29" },
	{ "findings_lost", "5969f5d8ff55424ba14eeb8593fc0ae9" },
	{ "history_reset", "767bff31c7a8414cbaa43e2ca3646e46" },
	{ "mode_changed", "df4bdce3f3334adbb750fdf056c9ec29" },
	{ "responded", "c5f1d0a84be94b2f9f2f6d4d1c0f7a63" },
	{ "rules_changed", "df4bdce3f3334adbb750fdf056c9ec29" },
	{ "known_changed", "df4bdce3f3334adbb750fdf056c9ec29" },
	{ "learning", "df4bdce3f3334adbb750fdf056c9ec29" },
	{ "output_degraded", "d5ef2a97216a42d499fb096774327c5f" },
	{ "output_recovered", "d5ef2a97216a42d499fb096774327c5f" },
};

void journal_add(struct journal_entry *entry, const char *field,
		 const char *value, size_t len)
{
	size_t name = strlen(field), need;
	uint64_t size;
	char *bigger;

	if (len > FIELD_MAX)
		len = FIELD_MAX;
	need = entry->len + name + 1 + 8 + len + 1;
	if (need > entry->size) {
		bigger = realloc(entry->data, need + 1024);
		if (!bigger) {
			entry->failed = true;
			return;
		}
		entry->data = bigger;
		entry->size = need + 1024;
	}
	/* The form with a length: no byte of the value can end the field. */
	memcpy(entry->data + entry->len, field, name);
	entry->len += name;
	entry->data[entry->len++] = '\n';
	size = htole64(len);
	memcpy(entry->data + entry->len, &size, 8);
	entry->len += 8;
	memcpy(entry->data + entry->len, value, len);
	entry->len += len;
	entry->data[entry->len++] = '\n';
}

static void add_value(struct journal_entry *entry, const char *field, const json_t *value)
{
	char text[32];
	int len;

	if (json_is_string(value)) {
		journal_add(entry, field, json_string_value(value),
			    json_string_length(value));
		return;
	}
	if (json_is_integer(value))
		len = snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT,
			       json_integer_value(value));
	else if (json_is_real(value))
		len = snprintf(text, sizeof(text), "%g", json_real_value(value));
	else
		return;
	journal_add(entry, field, text, len);
}

/*
 * MESSAGE is a sentence, not a word: the quotes around it go, and those inside
 * need no backslash. What stands for an unprintable byte stays as it is.
 */
static void unwrap(char *text)
{
	char *last = strrchr(text, '"');
	char *to = text;
	const char *from;

	if (text[0] != '"' || last == text)
		return;
	memmove(last, last + 1, strlen(last));
	for (from = text + 1; *from; from++) {
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
		*to++ = *from;
	}
	*to = '\0';
}

static void add_message(struct journal_entry *entry, const json_t *json)
{
	const json_t *message = json_at(json, "message");
	const json_t *severity = json_at(json, "log.syslog.severity.code");
	const char *code = json_string_value(json_at(json, "event.code"));
	const uint8_t *data = (const uint8_t *)json_string_value(message);
	struct bytes bytes = { data, data ? json_string_length(message) : 0 };
	char *text = text_quote(bytes, 1024);
	unsigned int i;

	if (!text) {
		entry->failed = true;
		return;
	}
	unwrap(text);
	journal_add(entry, "MESSAGE", text, strlen(text));
	free(text);
	journal_add(entry, "SYSLOG_IDENTIFIER", "wxguardd", 8);
	if (json_is_integer(severity))
		add_value(entry, "PRIORITY", severity);
	else
		journal_add(entry, "PRIORITY", "4", 1);
	for (i = 0; code && i < sizeof(message_ids) / sizeof(*message_ids); i++)
		if (!strcmp(code, message_ids[i].code))
			journal_add(entry, "MESSAGE_ID", message_ids[i].id, 32);
}

int journal_from_json(struct journal_entry *entry, const char *text, size_t len)
{
	json_t *json = json_loadb(text, len, JSON_ALLOW_NUL, NULL);
	unsigned int i;

	entry->len = 0;
	entry->failed = false;
	if (!json)
		return -EINVAL;
	add_message(entry, json);
	for (i = 0; i < sizeof(fields) / sizeof(*fields); i++)
		add_value(entry, fields[i].field, json_at(json, fields[i].path));
	arena_drop(json);
	return entry->failed ? -ENOMEM : 0;
}
