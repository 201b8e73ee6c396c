// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The sanitiser of text: what comes out can be shown, and unless it says that
 * something was lost, says every byte that went in.
 */
#include <string.h>

#include "fuzz.h"
#include "text.h"
#include "utf8.h"

static unsigned int hex_of(char digit)
{
	const char *digits = "0123456789abcdef", *at = strchr(digits, digit);

	PROMISE(digit && at);
	return (unsigned int)(at - digits);
}

static size_t put_utf8(uint8_t *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (uint8_t)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (uint8_t)(0xc0 | code >> 6);
		out[1] = (uint8_t)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (uint8_t)(0xe0 | code >> 12);
		out[1] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
		out[2] = (uint8_t)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (uint8_t)(0xf0 | code >> 18);
	out[1] = (uint8_t)(0x80 | (code >> 12 & 0x3f));
	out[2] = (uint8_t)(0x80 | (code >> 6 & 0x3f));
	out[3] = (uint8_t)(0x80 | (code & 0x3f));
	return 4;
}

/* One character of what stands in quotes, as bytes; *text goes behind it. */
static size_t unquote_one(const char **text, uint8_t *out)
{
	const char *at = *text;
	uint32_t code = 0;

	if (*at != '\\') {
		*out = (uint8_t)*at;
		*text = at + 1;
		return 1;
	}
	if (at[1] == 'x') {
		*out = (uint8_t)(hex_of(at[2]) << 4 | hex_of(at[3]));
		*text = at + 4;
		return 1;
	}
	if (at[1] != 'u') {
		PROMISE(at[1] == '"' || at[1] == '\\');
		*out = (uint8_t)at[1];
		*text = at + 2;
		return 1;
	}
	PROMISE(at[2] == '{');
	for (at += 3; *at != '}'; at++)
		code = code << 4 | hex_of(*at);
	*text = at + 1;
	return put_utf8(out, code);
}

/* Back from text_quote() to the bytes; *rest is what stands behind. */
static size_t unquote(const char *text, uint8_t *out, const char **rest)
{
	size_t len = 0;

	if (*text != '"') {
		len = strlen(text);
		memcpy(out, text, len);
		*rest = text + len;
		return len;
	}
	for (text++; *text && *text != '"';)
		len += unquote_one(&text, out + len);
	PROMISE(*text == '"');
	*rest = text + 1;
	return len;
}

static void check_quote(struct bytes in, size_t max)
{
	char *text = text_quote(in, max);
	uint8_t *back;
	const char *rest;
	size_t len;

	PROMISE(text && fuzz_is_inert(text));
	back = malloc(strlen(text) + 1);
	PROMISE(back);
	len = unquote(text, back, &rest);
	PROMISE(len <= in.len && !memcmp(back, in.data, len));
	PROMISE(!strcmp(rest, len < in.len ? "..." : ""));
	PROMISE(!max || len <= max);
	PROMISE(len == in.len || len + 4 > max);
	free(back);
	free(text);
}

static void check_utf8(struct bytes in)
{
	bool lossy = false;
	char *text = text_utf8(in, &lossy), *at;
	size_t left;

	PROMISE(text);
	PROMISE(lossy || (strlen(text) == in.len && !memcmp(text, in.data, in.len)));
	for (at = text, left = strlen(text); left;) {
		uint32_t code;
		size_t step = utf8_decode((const uint8_t *)at, left, &code);

		PROMISE(step && code);
		at += step;
		left -= step;
	}
	free(text);
}

static void check_hex(struct bytes in)
{
	char *text = text_hex(in);
	size_t i;

	PROMISE(text && strlen(text) == 2 * in.len);
	for (i = 0; i < in.len; i++)
		PROMISE((hex_of(text[2 * i]) << 4 | hex_of(text[2 * i + 1])) == in.data[i]);
	free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct bytes in;
	uint8_t *copy;
	size_t max;
	char *args;

	if (!size)
		return 0;
	max = data[0];
	in.len = size - 1;
	copy = malloc(in.len + !in.len);
	PROMISE(copy);
	memcpy(copy, data + 1, in.len);
	in.data = copy;
	check_utf8(in);
	check_hex(in);
	check_quote(in, 0);
	if (max)
		check_quote(in, max);
	args = text_quote_args(in, max);
	PROMISE(args && fuzz_is_inert(args));
	free(args);
	free(copy);
	return 0;
}
