// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Hostile bytes into text that is safe to show. Pure: memory in, memory out;
 * no locale (a daemon runs in "C"), no I/O but text_print().
 */
#include "text.h"

#include <stdlib.h>
#include <string.h>

#include "utf8.h"

/* A growing string. Once out of memory it stays failed: check at the end. */
struct sink {
	char *data;
	size_t len, room;
	bool failed;
};

static void sink_add(struct sink *sink, const void *data, size_t len)
{
	if (sink->failed)
		return;
	if (sink->len + len + 1 > sink->room) {
		size_t room = (sink->len + len + 1) * 2;
		char *grown = realloc(sink->data, room);

		if (!grown) {
			sink->failed = true;
			return;
		}
		sink->data = grown;
		sink->room = room;
	}
	if (len)
		memcpy(sink->data + sink->len, data, len);
	sink->len += len;
}

static void sink_puts(struct sink *sink, const char *text)
{
	sink_add(sink, text, strlen(text));
}

/* Hand the string to the caller, who frees it. NULL if memory ran out. */
static char *sink_take(struct sink *sink)
{
	sink_add(sink, "", 0);
	if (sink->failed) {
		free(sink->data);
		return NULL;
	}
	sink->data[sink->len] = '\0';
	return sink->data;
}

static struct bytes bounded(struct bytes in, size_t max, bool *cut)
{
	if (!in.data)
		in.len = 0;
	*cut = in.len > max;
	if (*cut)
		in.len = max;
	return in;
}

struct bytes text_bytes(const char *string)
{
	return (struct bytes){ (const uint8_t *)string,
			       string ? strlen(string) : 0 };
}

char *text_utf8(struct bytes in, bool *lossy)
{
	struct sink sink = { 0 };
	size_t at, step;
	bool lost;

	in = bounded(in, TEXT_MAX, &lost);
	for (at = 0; at < in.len;) {
		step = utf8_valid(in.data + at, in.len - at);
		sink_add(&sink, in.data + at, step);
		at += step;
		if (at < in.len) {
			sink_puts(&sink, "\xef\xbf\xbd");
			lost = true;
			at++;
		}
	}
	if (lossy && lost)
		*lossy = true;
	return sink_take(&sink);
}

char *text_hex(struct bytes in)
{
	static const char digits[] = "0123456789abcdef";
	struct sink sink = { 0 };
	bool cut;
	size_t at;

	in = bounded(in, TEXT_MAX, &cut);
	for (at = 0; at < in.len; at++) {
		char pair[2] = { digits[in.data[at] >> 4],
				 digits[in.data[at] & 15] };

		sink_add(&sink, pair, 2);
	}
	return sink_take(&sink);
}

/* One character in quotes; returns how many bytes of the input it took. */
static size_t quote_one(struct sink *sink, const uint8_t *data, size_t len,
			bool *plain)
{
	char escape[16];
	uint32_t code;
	size_t step = utf8_decode(data, len, &code);

	if (step == 1 && (code == '"' || code == '\\')) {
		escape[0] = '\\';
		escape[1] = (char)code;
		sink_add(sink, escape, 2);
		*plain = false;
		return 1;
	}
	if (step && !text_is_unsafe(code)) {
		if (code == ' ' || code == '\'')
			*plain = false;
		sink_add(sink, data, step);
		return step;
	}
	*plain = false;
	/* C1 as \u{..}: \x9b would claim a lone byte, which it was not. */
	if (step > 1)
		snprintf(escape, sizeof(escape), "\\u{%x}", code);
	else
		snprintf(escape, sizeof(escape), "\\x%02x", data[0]);
	sink_puts(sink, escape);
	return step ? step : 1;
}

/* Where a cut would split a character, end before it. */
static size_t whole_characters(const uint8_t *data, size_t len)
{
	size_t back;

	for (back = 1; back <= 3 && back <= len; back++) {
		uint8_t lead = data[len - back];

		if ((lead & 0xc0) == 0x80)
			continue;
		if (lead > 0xf4)	/* begins no character */
			break;
		if ((lead >= 0xf0 && back < 4) || (lead >= 0xe0 && back < 3) ||
		    (lead >= 0xc0 && back < 2))
			return len - back;
		break;
	}
	return len;
}

static void quote(struct sink *sink, struct bytes in, size_t max)
{
	struct sink body = { 0 };
	bool plain = in.len > 0, cut;
	size_t at;
	char *text;

	in = bounded(in, max && max < TEXT_MAX ? max : TEXT_MAX, &cut);
	if (cut)
		in.len = whole_characters(in.data, in.len);
	for (at = 0; at < in.len;)
		at += quote_one(&body, in.data + at, in.len - at, &plain);
	text = sink_take(&body);
	if (!text) {
		sink->failed = true;
		return;
	}
	/* A cut word is quoted, so that "..." can be told from content. */
	plain = plain && !cut;
	sink_puts(sink, plain ? "" : "\"");
	sink_puts(sink, text);
	sink_puts(sink, plain ? "" : "\"");
	sink_puts(sink, cut ? "..." : "");
	free(text);
}

char *text_quote(struct bytes in, size_t max)
{
	struct sink sink = { 0 };

	if (!in.data)
		in.len = 0;
	quote(&sink, in, max);
	return sink_take(&sink);
}

char *text_quote_args(struct bytes args, size_t max)
{
	struct sink sink = { 0 };
	size_t at = 0;
	bool cut;

	args = bounded(args, max && max < TEXT_MAX ? max : TEXT_MAX, &cut);
	while (at < args.len) {
		const uint8_t *start = args.data + at;
		const uint8_t *end = memchr(start, '\0', args.len - at);
		size_t len = end ? (size_t)(end - start) : args.len - at;

		if (at)
			sink_puts(&sink, " ");
		quote(&sink, (struct bytes){ start, len }, 0);
		at += len + 1;
	}
	if (cut)
		sink_puts(&sink, " ...");
	return sink_take(&sink);
}

int text_print(FILE *out, struct bytes in, size_t max)
{
	char *text;
	int error;

	if (!in.data)
		return fputs("-", out) < 0 ? -1 : 0;
	text = text_quote(in, max);
	if (!text)
		return -1;
	error = fputs(text, out) < 0 ? -1 : 0;
	free(text);
	return error;
}

void text_inert(char *text)
{
	size_t left = strlen(text);
	char *out = text;

	while (left) {
		uint32_t code;
		size_t step = utf8_decode((const uint8_t *)text, left, &code);
		bool shown = step && !text_is_unsafe(code);

		step += !step;
		if (shown) {
			memmove(out, text, step);
			out += step;
		} else {
			*out++ = '?';
		}
		text += step;
		left -= step;
	}
	*out = '\0';
}
