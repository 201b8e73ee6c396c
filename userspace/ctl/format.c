// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the mappings to other projects' forms share. Pure but for memory.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../lib/json_out.h"
#include "format.h"

/* The record as it is stored: both names are asked for. */
static json_t *map_same(const json_t *doc)
{
	return json_incref((json_t *)doc);
}

static const struct format format_ecs = { .name = "ecs", .map = map_same };
static const struct format format_ndjson = { .name = "ndjson", .map = map_same };

static const struct format *const formats[] = {
	&format_tracee, &format_falco, &format_ocsf, &format_ecs,
	&format_cef,	&format_csv,   &format_ndjson,
};

const struct format *format_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (!strcmp(name, formats[i]->name))
			return formats[i];
	return NULL;
}

int format_print(FILE *out, const struct format *format, const json_t *doc)
{
	json_t *mapped;
	char *line;

	if (format->line) {
		if (format->line(out, doc))
			return -1;
		fputc('\n', out);
		return 0;
	}
	mapped = format->map(doc);
	line = mapped ? json_line(mapped, NULL) : NULL;
	json_decref(mapped);
	if (!line)
		return -1;
	fprintf(out, "%s\n", line);
	free(line);
	return 0;
}

int format_copy(json_t *out, const json_t *doc, const struct format_pair *pairs, size_t count)
{
	const json_t *value;
	int error = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		value = json_at(doc, pairs[i].from);
		if (value)
			error |= json_put(out, pairs[i].to, json_incref((json_t *)value));
	}
	return error;
}

int format_number(json_t *out, const char *to, const json_t *doc, const char *from)
{
	const char *text = json_string_value(json_at(doc, from));
	char *end;
	long long number;

	if (!text || !*text)
		return 0;
	number = strtoll(text, &end, 10);
	return *end ? 0 : json_put(out, to, json_integer(number));
}

uint64_t format_time(const json_t *doc, const char *from)
{
	const char *text = json_string_value(json_at(doc, from)), *end;
	uint64_t ns = 0, unit = 100000000;
	struct tm parts = { 0 };
	time_t when;

	end = text ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;
	if (!end)
		return 0;
	when = timegm(&parts);
	if (*end == '.')
		for (end++; *end >= '0' && *end <= '9'; end++, unit /= 10)
			ns += (*end - '0') * unit;
	return (uint64_t)when * 1000000000 + ns;
}

unsigned int format_severity(const json_t *doc)
{
	const json_t *severity = json_at(doc, "event.severity");
	const char *level = json_string_value(json_at(doc, "log.level"));

	if (level && !strcmp(level, "critical"))
		return 99;
	if (json_is_integer(severity))
		return (unsigned int)json_integer_value(severity);
	if (level && !strcmp(level, "error"))
		return 73;
	return level && !strcmp(level, "warning") ? 47 : 0;
}

char *format_inert(const json_t *doc, const char *from)
{
	const json_t *value = json_at(doc, from);
	char *line, *to, *at;
	size_t len;

	if (!json_is_string(value) && !json_is_number(value))
		return strdup("");
	line = json_line(value, &len);
	if (!line || *line != '"')
		return line;
	line[len - 1] = '\0';	/* a string: without its quotes */
	for (to = line, at = line + 1; *at; at++) {
		if (at[0] == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		*to++ = *at;
	}
	*to = '\0';
	return line;
}
