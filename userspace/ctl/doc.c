// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Reading an ECS document. Pure; its strings are hostile and leave only
 * through text_quote().
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/text.h"
#include "../lib/utf8.h"
#include "doc.h"

const json_t *doc_get(const json_t *doc, const char *path)
{
	char part[64];

	while (doc && *path) {
		size_t len = strcspn(path, ".");

		if (len >= sizeof(part))
			return NULL;
		memcpy(part, path, len);
		part[len] = 0;
		doc = json_object_get(doc, part);
		path += len + (path[len] == '.');
	}
	return doc;
}

const char *doc_string(const json_t *doc, const char *path)
{
	const char *text = json_string_value(doc_get(doc, path));

	return text ? text : "";
}

bool doc_number(const json_t *doc, const char *path, uint64_t *number)
{
	const json_t *value = doc_get(doc, path);

	if (!json_is_integer(value) || json_integer_value(value) < 0)
		return false;
	*number = (uint64_t)json_integer_value(value);
	return true;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* malloc'ed bytes of @hex; absent if it is no hex. */
static struct bytes unhex(const char *hex)
{
	size_t i, len = strlen(hex) / 2;
	uint8_t *data = malloc(len + 1);

	for (i = 0; data && i < len; i++) {
		int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);

		if (high < 0 || low < 0) {
			free(data);
			return (struct bytes){ 0 };
		}
		data[i] = (uint8_t)(high << 4 | low);
	}
	return (struct bytes){ data, len };
}

char *doc_quote_raw(const json_t *doc, const char *path, const char *raw, size_t max)
{
	const json_t *value = doc_get(doc, path);
	struct bytes bytes = { 0 };
	const char *hex;
	char *quoted;

	if (!json_is_string(value))
		return NULL;
	hex = doc_string(doc, raw);
	if (*hex)
		bytes = unhex(hex);
	if (bytes.data) {
		quoted = text_quote(bytes, max);
		free((void *)bytes.data);
		return quoted;
	}
	bytes.data = (const uint8_t *)json_string_value(value);
	bytes.len = json_string_length(value);
	return text_quote(bytes, max);
}

/* Elements that JSON could hold, as an argument block. */
static char *quote_elements(const json_t *array)
{
	char *block = NULL, *quoted = NULL;
	size_t size, i;
	FILE *out = open_memstream(&block, &size);

	if (!out)
		return NULL;
	for (i = 0; i < json_array_size(array); i++) {
		const json_t *one = json_array_get(array, i);

		if (json_is_string(one))
			fwrite(json_string_value(one), 1, json_string_length(one), out);
		fputc(0, out);
	}
	if (!fclose(out))
		quoted = text_quote_args((struct bytes){ (uint8_t *)block, size }, 0);
	free(block);
	return quoted;
}

char *doc_quote_list(const json_t *doc, const char *path, const char *raw)
{
	const json_t *array = doc_get(doc, path);
	const char *hex = doc_string(doc, raw);
	struct bytes block = { 0 };
	char *quoted;

	if (!json_is_array(array))
		return NULL;
	if (*hex)
		block = unhex(hex);
	if (!block.data)
		return quote_elements(array);
	quoted = text_quote_args(block, 0);
	free((void *)block.data);
	return quoted;
}

char *doc_quote(const json_t *doc, const char *path, size_t max)
{
	static const char own[] = "wxguard.";
	const char *rest = path;
	char raw[128];

	if (!strncmp(path, own, sizeof(own) - 1))
		rest += sizeof(own) - 1;
	snprintf(raw, sizeof(raw), "wxguard.raw.%s", rest);
	return doc_quote_raw(doc, path, raw, max);
}

static bool is_harmless(const char *text, size_t len)
{
	const uint8_t *data = (const uint8_t *)text;
	uint32_t code;
	size_t step;

	for (; len; data += step, len -= step) {
		step = utf8_decode(data, len, &code);
		if (!step || text_is_unsafe(code))
			return false;
	}
	return true;
}

char *doc_plain(const json_t *doc, const char *path)
{
	const json_t *value = doc_get(doc, path);

	if (!json_is_string(value))
		return NULL;
	if (is_harmless(json_string_value(value), json_string_length(value)))
		return strdup(json_string_value(value));
	return text_quote(text_bytes(json_string_value(value)), 0);
}
