/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the completions of all shells are made of. Only completion*.c see
 * this. Everything comes from the table of verbs; a shell's file knows its
 * syntax and no verb.
 */
#ifndef WXG_CTL_COMPLETION_H
#define WXG_CTL_COMPLETION_H

#include "ctl.h"

#define COMPLETION_OPTIONS 32

/* What may stand in a place. */
struct completion_hint {
	char words[512];	/* with a blank between */
	bool files, dirs;
};

/* By the text of an operand or of an option's value; NULL says nothing. */
void completion_hint(const char *text, struct completion_hint *hint);

/* The verb's options and those that it shares; ends with key 0. */
void completion_options(const struct verb *verb,
			struct verb_option options[COMPLETION_OPTIONS]);

/* Is it the first in the table with its first word? */
bool completion_is_first(size_t at);
/* Length of the first word; the second, "" if there is none. */
size_t completion_first(const struct verb *verb);
const char *completion_second(const struct verb *verb);
/* The second words of the group that begins at @at, with a blank between. */
const char *completion_group(size_t at, char *words, size_t size);
/* First words of all, each once, and help and version. */
const char *completion_verbs(char *words, size_t size);

/* @text in single quotes; @escaped get a backslash inside of them. */
void completion_quote(const char *text, const char *quote, const char *escaped);

void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
