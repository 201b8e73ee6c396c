/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Lines of a file, told from libconfuse's count of them: some versions count
 * a comment more than once, so that a refusal would name another line.
 */
#ifndef WXG_LIB_CONFUSE_LINE_H
#define WXG_LIB_CONFUSE_LINE_H

/* Where the search has come to. */
struct confuse_line {
	const char *text, *at;
	int line, count;	/* of @at, and as libconfuse counts */
	char open;		/* what @at is inside of: " or ' or *, 0 = nothing */
};

/*
 * Begin with @text, which must stay. Not while libconfuse parses: the first
 * time, it is asked how it counts.
 */
void confuse_line_begin(struct confuse_line *search, const char *text);

/*
 * The line that libconfuse means by @counted. Asked for smaller and smaller
 * numbers it begins anew each time; upwards it goes on from the last.
 */
int confuse_line(struct confuse_line *search, int counted);

#endif
