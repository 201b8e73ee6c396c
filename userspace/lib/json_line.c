// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * jansson's values as one line of text, see json_line(). A writer of our own,
 * since each finding passes it and jansson's would need a second pass for what
 * is invisible. Pure but for memory.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "text.h"
#include "utf8.h"

#define FIRST_SIZE 6144	/* most documents fit */

struct line {
	char *data;
	size_t len, size;
	bool failed;
};

static char *grow(struct line *line, size_t more)
{
	size_t size = line->size ? line->size : FIRST_SIZE;
	char *bigger;

	if (line->failed)
		return NULL;
	while (size <= line->len + more)
		size *= 2;
	bigger = realloc(line->data, size);
	if (!bigger) {
		line->failed = true;
		return NULL;
	}
	line->data = bigger;
	line->size = size;
	return bigger + line->len;
}

/* Room for @more bytes and a NUL; NULL, and failed, without memory. */
static inline char *room(struct line *line, size_t more)
{
	return line->len + more < line->size ? line->data + line->len : grow(line, more);
}

static void add(struct line *line, const char *text, size_t len)
{
	char *to = room(line, len);

	if (!to)
		return;
	memcpy(to, text, len);
	line->len += len;
}

static void add_char(struct line *line, char c)
{
	char *to = room(line, 1);

	if (!to)
		return;
	*to = c;
	line->len++;
}

static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Characters that JSON has a short escape for; 0 = none. */
static char short_escape(uint32_t code)
{
	switch (code) {
	case '"':
	case '\\':
		return (char)code;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	}
	return 0;
}

static void add_escape(struct line *line, uint32_t code)
{
	char text[16], c = short_escape(code);
	int len;

	if (c)
		len = snprintf(text, sizeof(text), "\\%c", c);
	else if (code < 0x10000)
		len = snprintf(text, sizeof(text), "\\u%04x", code);
	else
		len = snprintf(text, sizeof(text), "\\u%04x\\u%04x",
			       0xd800 + ((code - 0x10000) >> 10),
			       0xdc00 + ((code - 0x10000) & 0x3ff));
	add(line, text, (size_t)len);
}

/* As far as it needs no escape, which is mostly to the end. */
static size_t add_plain(struct line *line, const char *text, size_t len)
{
	char *to = room(line, len);
	size_t at = 0;

	if (!to)
		return 0;
	for (; at < len && is_plain((uint8_t)text[at]); at++)
		to[at] = text[at];
	line->len += at;
	return at;
}

static void add_string(struct line *line, const char *text, size_t len)
{
	size_t at = 0, step;
	uint32_t code;

	add_char(line, '"');
	while (at < len) {
		at += add_plain(line, text + at, len - at);
		if (at == len || line->failed)
			break;
		step = utf8_decode((const uint8_t *)text + at, len - at, &code);
		if (!step) {	/* jansson lets no invalid byte in */
			add_escape(line, 0xfffd);
			step = 1;
		} else if (step == 1 || text_is_unsafe(code)) {
			add_escape(line, code);
		} else {
			add(line, text + at, step);
		}
		at += step;
	}
	add_char(line, '"');
}

/* As jansson writes it: with a point or an exponent, whatever the locale. */
static void add_real(struct line *line, const json_t *json)
{
	char text[64];
	size_t len = json_dumpb(json, text, sizeof(text), JSON_ENCODE_ANY);

	if (!len || len > sizeof(text))
		line->failed = true;
	else
		add(line, text, len);
}

static void add_integer(struct line *line, json_int_t number)
{
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	char text[24], *at = text + sizeof(text);

	do {
		*--at = (char)('0' + left % 10);
		left /= 10;
	} while (left);
	if (number < 0)
		*--at = '-';
	add(line, at, (size_t)(text + sizeof(text) - at));
}

static void add_value(struct line *line, const json_t *json);

static void add_object(struct line *line, const json_t *json)
{
	json_t *object = (json_t *)json;	/* jansson's iterators take no const */
	void *at = json_object_iter(object);
	const char *key;

	add_char(line, '{');
	while (at) {
		key = json_object_iter_key(at);
		add_string(line, key, strlen(key));
		add_char(line, ':');
		add_value(line, json_object_iter_value(at));
		at = json_object_iter_next(object, at);
		if (at)
			add_char(line, ',');
	}
	add_char(line, '}');
}

static void add_array(struct line *line, const json_t *json)
{
	size_t i, count = json_array_size(json);

	add_char(line, '[');
	for (i = 0; i < count; i++) {
		if (i)
			add_char(line, ',');
		add_value(line, json_array_get(json, i));
	}
	add_char(line, ']');
}

static void add_value(struct line *line, const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return add_object(line, json);
	case JSON_ARRAY:
		return add_array(line, json);
	case JSON_STRING:
		return add_string(line, json_string_value(json), json_string_length(json));
	case JSON_INTEGER:
		return add_integer(line, json_integer_value(json));
	case JSON_REAL:
		return add_real(line, json);
	case JSON_TRUE:
		return add(line, "true", 4);
	case JSON_FALSE:
		return add(line, "false", 5);
	case JSON_NULL:
		return add(line, "null", 4);
	}
}

char *json_line(const json_t *json, size_t *len)
{
	struct line line = { 0 };

	if (!json)
		return NULL;
	add_value(&line, json);
	if (line.failed || !room(&line, 0)) {
		free(line.data);
		return NULL;
	}
	line.data[line.len] = '\0';
	if (len)
		*len = line.len;
	return line.data;
}
