/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a terminal needs: colours that can be switched off, and columns that
 * stay columns when the text is not ASCII.
 */
#ifndef WXG_CTL_TERM_H
#define WXG_CTL_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum term_color {
	TERM_PLAIN,
	TERM_BOLD,
	TERM_DIM,
	TERM_RED,
	TERM_GREEN,
	TERM_YELLOW,
	TERM_CYAN,
	TERM_ALARM,	/* must not be overlooked */
};

/* Print @text in @color, padded with blanks to @width columns. */
void term_put(FILE *out, bool on, enum term_color color, const char *text,
	      size_t width);
/* What a page is made of: a heading, and the name in front of a value. */
#define TERM_LABEL_WIDTH 14
void term_section(FILE *out, bool on, const char *name);
void term_label(FILE *out, const char *name);
/* Columns that already sanitised UTF-8 text takes. */
size_t term_width(const char *text);

#endif
