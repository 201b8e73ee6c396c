// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JSON as it leaves us: jansson builds and serialises, one pass after it makes
 * what is invisible visible. Pure; no I/O.
 */
#include "json_out.h"

#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "utf8.h"

static size_t escape(char *out, uint32_t code)
{
	if (code < 0x10000)
		return (size_t)sprintf(out, "\\u%04x", code);
	code -= 0x10000;
	return (size_t)sprintf(out, "\\u%04x\\u%04x", 0xd800 + (code >> 10),
			       0xdc00 + (code & 0x3ff));
}

/*
 * What is not ASCII, and DEL, can only stand inside a string of serialised
 * JSON, and an escape there means the same character: no parser is needed.
 * jansson has already escaped C0.
 */
static size_t make_visible(const char *in, char *out)
{
	size_t left = strlen(in), len = 0;

	while (left) {
		uint32_t code;
		size_t step = utf8_decode((const uint8_t *)in, left, &code);

		if (!step) {	/* jansson lets no invalid byte in */
			step = 1;
			code = 0xfffd;
			len += escape(out + len, code);
		} else if (text_is_unsafe(code)) {
			len += escape(out + len, code);
		} else {
			memcpy(out + len, in, step);
			len += step;
		}
		in += step;
		left -= step;
	}
	out[len] = '\0';
	return len;
}

char *json_line(const json_t *json, size_t *len)
{
	char *plain, *line;
	size_t size;

	plain = json ? json_dumps(json, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
	if (!plain)
		return NULL;
	/* The worst byte is DEL, which becomes six. */
	line = malloc(strlen(plain) * 6 + 1);
	if (line) {
		size = make_visible(plain, line);
		if (len)
			*len = size;
	}
	free(plain);
	return line;
}

json_t *json_bytes(struct bytes in)
{
	json_t *json;
	char *text;

	if (!in.data)
		return json_null();
	text = text_utf8(in, NULL);
	json = text ? json_string(text) : NULL;
	free(text);
	return json;
}

int json_put(json_t *root, const char *path, json_t *value)
{
	const char *dot;

	if (!root || !value) {
		json_decref(value);
		return -1;
	}
	while ((dot = strchr(path, '.'))) {
		char key[64];
		size_t len = (size_t)(dot - path);
		json_t *child;

		if (len >= sizeof(key)) {
			json_decref(value);
			return -1;
		}
		memcpy(key, path, len);
		key[len] = '\0';
		child = json_object_get(root, key);
		if (!child) {
			child = json_object();
			if (json_object_set_new(root, key, child)) {
				json_decref(value);
				return -1;
			}
		}
		root = child;
		path = dot + 1;
	}
	return json_object_set_new(root, path, value);
}

json_t *json_finish(json_t *json, int error)
{
	if (!error)
		return json;
	json_decref(json);
	return NULL;
}
