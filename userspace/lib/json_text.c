// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * JSON values out of bytes, bit sets and wide numbers. Pure but for memory.
 */
#include "json_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_out.h"
#include "text.h"

int json_put_hex(json_t *root, const char *path, struct bytes in)
{
	char *hex = text_hex(in);
	int error;

	error = json_put(root, path, hex ? json_string(hex) : NULL);
	free(hex);
	return error;
}

int json_put_text(json_t *root, const char *path, const char *raw_path,
		  struct bytes in)
{
	bool lossy = false;
	char *text;
	int error;

	if (!in.data)
		return 0;
	if (json_says(in))
		return json_put(root, path, json_bytes(in));
	text = text_utf8(in, &lossy);
	error = json_put(root, path, text ? json_string_nocheck(text) : NULL);
	free(text);
	if (!error && lossy)
		error = json_put_hex(root, raw_path, in);
	return error;
}

json_t *json_args(struct bytes args, bool *lossy)
{
	json_t *list = json_array();
	size_t at = 0;

	while (list && at < args.len) {
		const uint8_t *start = args.data + at;
		const uint8_t *end = memchr(start, '\0', args.len - at);
		size_t len = end ? (size_t)(end - start) : args.len - at;
		char *text = text_utf8((struct bytes){ start, len }, lossy);

		if (json_array_append_new(list, text ? json_string(text) :
						       NULL)) {
			json_decref(list);
			list = NULL;
		}
		free(text);
		at += len + 1;
	}
	return list;
}

json_t *json_bits(uint64_t bits, const char *(*name)(unsigned int bit))
{
	json_t *list = json_array();
	unsigned int bit;

	for (bit = 0; list && bit < 64; bit++) {
		const char *text;
		char number[16];

		if (!(bits >> bit & 1))
			continue;
		text = name(bit);
		if (!text) {
			snprintf(number, sizeof(number), "bit %u", bit);
			text = number;
		}
		if (json_array_append_new(list, json_string(text))) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

json_t *json_hex(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_string(text);
}

json_t *json_hex_bare(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIx64, value);
	return json_string(text);
}

json_t *json_number(uint64_t value)
{
	return json_integer(value > INT64_MAX ? INT64_MAX : (json_int_t)value);
}

json_t *json_decimal(uint64_t value)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, value);
	return json_string(text);
}

json_t *json_text(const char *text)
{
	return text && text[0] ? json_bytes(text_bytes(text)) : json_null();
}
