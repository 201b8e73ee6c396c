// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Secrets on command lines, see redact.h. Pure. The block is hostile: it may
 * end anywhere. Reads forward only, and writes behind what it reads.
 */
#include "redact.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define MASK 3			/* asterisks, whatever the length was */

static int add(struct redact *redact, const char *text, size_t len, char why[REDACT_WHY_MAX])
{
	bool next;

	if (len == 3 && !strncmp(text, "url", 3)) {
		redact->url = true;
		return 0;
	}
	next = len > 2 && text[len - 1] == '*' && text[len - 2] == ' ';
	if (len < 2 || text[len - 1] != '*' || (len == 2 && text[0] == ' ')) {
		snprintf(why, REDACT_WHY_MAX, "\"%.*s\" is no pattern: one such as --password=*, \"--token *\" or url is needed",
			 (int)(len > 60 ? 60 : len), text);
		return -EINVAL;
	}
	len -= next ? 2 : 1;
	if (len >= REDACT_TEXT_MAX || redact->count == REDACT_MAX) {
		snprintf(why, REDACT_WHY_MAX, "at most %d patterns of at most %d bytes are taken",
			 REDACT_MAX, REDACT_TEXT_MAX - 1);
		return -EINVAL;
	}
	if (memchr(text, '*', len) || memchr(text, ' ', len)) {
		snprintf(why, REDACT_WHY_MAX, "\"%.*s*\" has a blank or * in its middle: a pattern is one word, and ends in * or in a blank and *",
			 (int)len, text);
		return -EINVAL;
	}
	memcpy(redact->word[redact->count].text, text, len);
	redact->word[redact->count].len = len;
	redact->word[redact->count++].next = next;
	return 0;
}

int redact_parse(const char *text, struct redact *redact, char why[REDACT_WHY_MAX])
{
	struct redact new = { 0 };
	size_t len;

	while (*text) {
		text += strspn(text, " ");
		len = strcspn(text, ",");
		if (add(&new, text, len, why))
			return -EINVAL;
		text += len + (text[len] == ',');
	}
	*redact = new;
	return 0;
}

static bool ends_word(uint8_t byte)
{
	return !byte || byte == ' ' || byte == '\t' || byte == '\n' || byte == '"' || byte == '\'';
}

struct block {
	uint8_t *data;
	size_t len, in, out;
};

static void copy(struct block *block, size_t count)
{
	while (count--)
		block->data[block->out++] = block->data[block->in++];
}

static void mask(struct block *block, size_t count)
{
	size_t i;

	for (i = 0; i < count && i < MASK; i++)
		block->data[block->out++] = '*';
	block->in += count;
}

/* How long is what stands here? A whole argument holds blanks, a word in one does not. */
static size_t value_len(const struct block *block, bool whole)
{
	size_t at = block->in;

	while (at < block->len && (whole ? block->data[at] != '\0' : !ends_word(block->data[at])))
		at++;
	return at - block->in;
}

/* Behind a word: one NUL, or blanks. 0 = something else, so it is another word. */
static size_t gap_len(const struct block *block, size_t at)
{
	size_t len = 0;

	if (at < block->len && !block->data[at])
		return 1;
	while (at + len < block->len && (block->data[at + len] == ' ' || block->data[at + len] == '\t'))
		len++;
	return len;
}

/* At the beginning of a word. Was it one of the patterns? */
static bool hide_word(const struct redact *redact, struct block *block, bool whole)
{
	uint32_t i;
	size_t gap;

	for (i = 0; i < redact->count; i++) {
		size_t len = redact->word[i].len;

		if (len > block->len - block->in ||
		    strncasecmp((char *)block->data + block->in, redact->word[i].text, len))
			continue;
		gap = redact->word[i].next ? gap_len(block, block->in + len) : 0;
		if (redact->word[i].next && !gap)
			continue;
		if (gap)	/* a new argument, or a word of this one */
			whole = !block->data[block->in + len];
		copy(block, len + gap);
		/* 'secret', as a shell is told it */
		while (!whole && block->in < block->len &&
		       (block->data[block->in] == '"' || block->data[block->in] == '\''))
			copy(block, 1);
		mask(block, value_len(block, whole));
		return true;
	}
	return false;
}

/* Behind "://": user:password@ loses the password. */
static void hide_url(struct block *block)
{
	size_t at, colon = 0, end = 0;

	for (at = block->in; at < block->len && !ends_word(block->data[at]) &&
			     block->data[at] != '/'; at++) {
		if (block->data[at] == ':' && !colon)
			colon = at;
		else if (block->data[at] == '@' && colon)
			end = at;
	}
	if (!end)
		return;
	copy(block, colon + 1 - block->in);
	mask(block, end - block->in);
}

size_t redact_args(const struct redact *redact, uint8_t *args, size_t len)
{
	struct block block = { args, len, 0, 0 };
	bool begins = true, whole = true;

	if (!redact->count && !redact->url)
		return len;
	while (block.in < block.len) {
		if (begins && hide_word(redact, &block, whole)) {
			begins = false;
			continue;
		}
		begins = ends_word(block.data[block.in]);
		whole = !block.data[block.in];
		if (redact->url && block.len - block.in >= 3 &&
		    !memcmp(block.data + block.in, "://", 3)) {
			copy(&block, 3);
			hide_url(&block);
		} else {
			copy(&block, 1);
		}
	}
	return block.out;
}
