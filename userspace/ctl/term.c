// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Colours and columns. Takes text that text.h has made safe; adds nothing but
 * its own escape sequences.
 */
#include "term.h"

static const char *const sequences[] = {
	[TERM_PLAIN] = "",
	[TERM_BOLD] = "\033[1m",
	[TERM_DIM] = "\033[2m",
	[TERM_RED] = "\033[1;31m",
	[TERM_GREEN] = "\033[32m",
	[TERM_YELLOW] = "\033[33m",
	[TERM_CYAN] = "\033[36m",
	[TERM_ALARM] = "\033[1;37;41m",
};

size_t term_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

void term_put(FILE *out, bool on, enum term_color color, const char *text,
	      size_t width)
{
	size_t have = term_width(text);
	bool paint = on && color != TERM_PLAIN;

	fprintf(out, "%s%s%s", paint ? sequences[color] : "", text,
		paint ? "\033[0m" : "");
	if (have < width)
		fprintf(out, "%*s", (int)(width - have), "");
}

void term_section(FILE *out, bool on, const char *name)
{
	fputc('\n', out);
	term_put(out, on, TERM_BOLD, name, 0);
	fputc('\n', out);
}

void term_label(FILE *out, const char *name)
{
	fprintf(out, "  %-*s", TERM_LABEL_WIDTH, name);
}
