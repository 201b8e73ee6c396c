/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The live screen of "watch": a line per finding, the same again folded into
 * it, what was lost on top, and keys to choose one and act on it.
 */
#ifndef WXG_CTL_SCREEN_H
#define WXG_CTL_SCREEN_H

#include <termios.h>

#include "row.h"

#define SCREEN_LINES 500	/* that are kept */

struct screen_line {
	char *text;		/* owned; printable */
	char *same;		/* owned: class, executable and user of it */
	uint64_t number, more;	/* more: folded into it */
	char level[12];
};

struct screen {
	struct row_style style;
	bool color;
	struct termios before;
	bool open;
	struct screen_line line[SCREEN_LINES];
	size_t count, chosen;
	bool follow;		/* the newest is chosen */
	uint64_t findings, folded, lost;
	const char *program;	/* that explains and allows */
};

/* What a key asks for beyond moving about. */
enum screen_wish { SCREEN_STAY, SCREEN_QUIT };

/* Take the terminal; 0 or -errno. Until screen_close() it shows only this. */
int screen_open(struct screen *screen);
void screen_close(struct screen *screen);
void screen_free(struct screen *screen);

/* A finding's document; borrowed. */
void screen_add(struct screen *screen, const json_t *doc);
void screen_lost(struct screen *screen, uint64_t count);
void screen_draw(const struct screen *screen);
/* Stdin is readable. */
enum screen_wish screen_key(struct screen *screen);

#endif
