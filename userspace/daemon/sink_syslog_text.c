// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A document as a message of RFC 5424: its head, and then logfmt or the whole
 * document behind the cookie that log servers know ("@cee:"). Pure but for
 * memory. Hostile text is one quoted word in which nothing is left that ends a
 * line or acts on a terminal.
 *
 * The head (RFC 5424, 6.2): at most six digits of a second, names of printable
 * ASCII without blanks. There is no structured data: its names need a number
 * that IANA has given to the project.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../lib/json_out.h"
#include "arena.h"
#include "sink_syslog.h"

#define VALUE_MAX 512		/* bytes of one value in logfmt */
#define CUT_MARK " cut=yes"
#define COOKIE "@cee: "

static const struct {
	const char *key, *path;
} pairs[] = {
	{ "level", "log.level" },
	{ "sev", "event.severity" },
	{ "class", "wxguard.finding.class" },
	{ "verdict", "wxguard.finding.verdict" },
	{ "mode", "wxguard.finding.mode" },
	{ "pid", "process.pid" },
	{ "uid", "user.id" },
	{ "user", "user.name" },
	{ "auid", "auditd.user.audit.id" },
	{ "comm", "process.name" },
	{ "exe", "process.executable" },
	{ "file", "file.path" },
	{ "sha256", "process.hash.sha256" },
	{ "call", "auditd.data.syscall" },
	{ "len", "wxguard.memory.size" },
	{ "prot_before", "wxguard.memory.prot_before" },
	{ "prot", "wxguard.memory.prot_after" },
	{ "ppid", "process.parent.pid" },
	{ "pexe", "process.parent.executable" },
	{ "container", "container.id" },
	{ "scope", "wxguard.scope.name" },
	{ "repeat_of", "wxguard.repeat.of" },
	{ "repeat_count", "wxguard.repeat.count" },
	{ "rule", "rule.id" },
	{ "technique", "threat.technique.id.0" },
	{ "seq", "event.sequence" },
	{ "id", "event.id" },
	/* Last, since it is the longest. */
	{ "reason", "event.reason" },
	{ "args", "process.command_line" },
};

/* What a document can do without, the longest first. */
static const char *const spare[][2] = {
	{ "wxguard", "raw" },	   { "process", "args" },
	{ "process", "command_line" }, { "process", "parent" },
	{ "wxguard", "process" },  { "threat", "technique" },
	{ "event", "reason" },	   { "process", "working_directory" },
	{ "rule", "description" }, { "wxguard", "exec" },
	{ "file", "path" },	   { "process", "executable" },
};

/* False, and nothing is added, where it would not fit. */
static bool add(struct syslog_message *message, const char *text, size_t len)
{
	if (len > message->size - message->len)
		return false;
	memcpy(message->data + message->len, text, len);
	message->len += len;
	return true;
}

/* A name of the head: "-" when there is none. */
static void name_of(const json_t *json, const char *path, char *to, size_t size)
{
	const char *text = json_string_value(json_at(json, path));
	size_t i;

	snprintf(to, size, "%s", text && *text ? text : "-");
	for (i = 0; to[i]; i++)
		if (to[i] < '!' || to[i] > '~')
			to[i] = '?';
}

static void add_head(struct syslog_message *message, const struct config_syslog *config,
		     const json_t *json)
{
	const json_t *level = json_at(json, "log.syslog.severity.code");
	char time[32], host[256], code[33], head[512];
	int severity = json_is_integer(level) ? (int)json_integer_value(level) & 7 : 6;
	int len;

	name_of(json, "@timestamp", time, sizeof(time));
	if (strlen(time) == 30)		/* of nine digits the RFC takes six */
		strcpy(time + 26, "Z");
	name_of(json, "host.hostname", host, sizeof(host));
	name_of(json, "event.code", code, sizeof(code));
	len = snprintf(head, sizeof(head), "<%d>1 %s %s wxguardd %d %s - ",
		       (int)config->facility * 8 + severity, time, host, (int)getpid(), code);
	add(message, head, len);
}

/* Can it stand there as it is? */
static bool is_word(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || strchr("\"=\\", text[i]))
			return false;
	return len;
}

/* malloc'ed: a word, or a string as JSON writes it. */
static char *value_text(const json_t *value, bool *cut)
{
	const char *text = json_string_value(value);
	size_t len = json_string_length(value);
	json_t *part;
	char *line;

	if (!text)
		return json_is_number(value) ? json_line(value, NULL) : NULL;
	if (len > VALUE_MAX) {
		*cut = true;
		/* Not in the middle of a character. */
		for (len = VALUE_MAX; len && (text[len] & 0xc0) == 0x80; len--)
			;
	}
	if (is_word(text, len))
		return strndup(text, len);
	part = json_stringn(text, len);
	line = part ? json_line(part, NULL) : NULL;
	arena_drop(part);
	return line;
}

static int add_logfmt(struct syslog_message *message, const json_t *json)
{
	size_t i, room = message->size;
	char name[32], *text;
	bool cut = false;

	message->size -= strlen(CUT_MARK);
	for (i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		const json_t *value = json_at(json, pairs[i].path);
		size_t before = message->len;
		int len;

		if (!json_is_string(value) && !json_is_number(value))
			continue;
		text = value_text(value, &cut);
		if (!text)
			return -ENOMEM;
		len = snprintf(name, sizeof(name), "%s%s=", i ? " " : "", pairs[i].key);
		if (!add(message, name, len) || !add(message, text, strlen(text))) {
			message->len = before;
			cut = true;
		}
		free(text);
	}
	message->size = room;
	if (cut)
		add(message, CUT_MARK, strlen(CUT_MARK));
	return 0;
}

/* Without what it can do without, until it fits. */
static int add_reduced(struct syslog_message *message, json_t *json)
{
	json_t *tags = json_object_get(json, "tags");
	bool fits = false;
	size_t i, len = 0;
	char *line;

	if (tags && json_array_append_new(tags, json_string("cut")))
		return -ENOMEM;
	for (i = 0; i < sizeof(spare) / sizeof(*spare) && !fits; i++) {
		if (json_object_del(json_object_get(json, spare[i][0]), spare[i][1]))
			continue;
		line = json_line(json, &len);
		if (!line)
			return -ENOMEM;
		fits = add(message, line, len);
		free(line);
	}
	return fits ? 0 : -EMSGSIZE;
}

/* What there always is room for. */
static int add_least(struct syslog_message *message, const json_t *json)
{
	json_t *least = json_object();
	char *line;
	bool fits;
	int error;

	error = json_put(least, "@timestamp", json_incref((json_t *)json_at(json, "@timestamp")));
	error |= json_put(least, "event.id", json_incref((json_t *)json_at(json, "event.id")));
	error |= json_put(least, "tags", json_pack("[s, s]", "wxguard", "cut"));
	line = error ? NULL : json_line(least, NULL);
	fits = line && add(message, line, strlen(line));
	free(line);
	arena_drop(least);
	return fits ? 0 : -EINVAL;
}

static int add_cee(struct syslog_message *message, json_t *json, const char *text, size_t len)
{
	size_t before;
	int error;

	add(message, COOKIE, strlen(COOKIE));
	before = message->len;
	if (add(message, text, len))
		return 0;
	error = add_reduced(message, json);
	if (error != -EMSGSIZE)
		return error;
	message->len = before;
	return add_least(message, json);
}

int syslog_from_json(struct syslog_message *message, const struct config_syslog *config,
		     const char *text, size_t len)
{
	json_t *json = json_loadb(text, len, JSON_ALLOW_NUL, NULL);
	int error;

	message->len = 0;
	if (!json)
		return -EINVAL;
	add_head(message, config, json);
	error = config->format == CONFIG_CEE ? add_cee(message, json, text, len) :
					       add_logfmt(message, json);
	arena_drop(json);
	return error;
}
