// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See screen.h: what is on it, and drawing. Lines come from row.c, which makes
 * hostile text harmless; the only escape sequences are ours.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "doc.h"
#include "screen.h"

/* Its own page of the terminal, no cursor, lines cut at the edge. */
#define ENTER "\033[?1049h\033[?25l\033[?7l"
#define LEAVE "\033[?7h\033[?25h\033[?1049l"

int screen_open(struct screen *screen)
{
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &screen->before))
		return -errno;
	now = screen->before;
	now.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
	now.c_cc[VMIN] = 0;
	now.c_cc[VTIME] = 0;
	now.c_cc[VSUSP] = _POSIX_VDISABLE;
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &now))
		return -errno;
	fputs(ENTER, stdout);
	fflush(stdout);
	screen->open = true;
	return 0;
}

void screen_close(struct screen *screen)
{
	if (!screen->open)
		return;
	screen->open = false;
	fputs(LEAVE, stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &screen->before);
}

static void drop(struct screen_line *line)
{
	free(line->text);
	free(line->same);
}

void screen_free(struct screen *screen)
{
	while (screen->count)
		drop(&screen->line[--screen->count]);
}

static char *same_of(const json_t *doc)
{
	char *same = NULL;

	if (asprintf(&same, "%s\n%s\n%s", doc_string(doc, "wxguard.finding.class"),
		     doc_string(doc, "process.executable"), doc_string(doc, "user.id")) < 0)
		return NULL;
	return same;
}

static char *text_of(const struct screen *screen, const json_t *doc)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	row_finding(out, &screen->style, doc);
	if (fclose(out)) {
		free(text);
		return NULL;
	}
	text[strcspn(text, "\n")] = 0;
	return text;
}

/* The first sighting on the screen that this one is another of; NULL = none. */
static struct screen_line *find_same(struct screen *screen, const json_t *doc, const char *same)
{
	uint64_t first = 0;
	size_t i;

	doc_number(doc, "wxguard.repeat.of", &first);
	for (i = screen->count; i-- > 0;)
		if ((first && screen->line[i].number == first) ||
		    !strcmp(screen->line[i].same, same))
			return &screen->line[i];
	return NULL;
}

/* The oldest makes room. */
static struct screen_line *append(struct screen *screen)
{
	if (screen->count == SCREEN_LINES) {
		drop(&screen->line[0]);
		memmove(screen->line, screen->line + 1, --screen->count * sizeof(screen->line[0]));
		if (screen->chosen)
			screen->chosen--;
	}
	return &screen->line[screen->count++];
}

void screen_add(struct screen *screen, const json_t *doc)
{
	char *same = same_of(doc), *text;
	struct screen_line *line = same ? find_same(screen, doc, same) : NULL;
	uint64_t more = 0, told = 0;

	screen->findings++;
	if (line) {
		/* A record of repeats says how many there were so far. */
		doc_number(doc, "wxguard.repeat.count", &told);
		more = told > line->more ? told - line->more : 1;
		line->more += more;
		screen->folded += more;
	}
	text = line ? NULL : text_of(screen, doc);
	if (line || !same || !text) {
		free(same);
		free(text);
		return;
	}
	line = append(screen);
	memset(line, 0, sizeof(*line));
	line->text = text;
	line->same = same;
	doc_number(doc, "wxguard.finding.number", &line->number);
	snprintf(line->level, sizeof(line->level), "%s", doc_string(doc, "log.level"));
	if (screen->follow)
		screen->chosen = screen->count - 1;
}

void screen_lost(struct screen *screen, uint64_t count)
{
	screen->lost += count;
}

static const char *color_of(const struct screen *screen, const struct screen_line *line)
{
	if (!screen->color)
		return "";
	if (!strcmp(line->level, "error") || !strcmp(line->level, "critical"))
		return "\033[1;31m";
	return strcmp(line->level, "warning") ? "" : "\033[33m";
}

static void put_head(const struct screen *screen)
{
	printf("\033[H\033[1mwxguard watch\033[0m  %" PRIu64 " findings, %" PRIu64
	       " folded into earlier ones, ", screen->findings, screen->folded);
	if (screen->lost)
		printf("\033[1;37;41m%" PRIu64 " LOST\033[0m", screen->lost);
	else
		fputs("none lost", stdout);
	fputs("\033[K\r\n", stdout);
}

static void put_line(const struct screen *screen, size_t i)
{
	const struct screen_line *line = &screen->line[i];

	fputs(i == screen->chosen ? "\033[7m> " : color_of(screen, line), stdout);
	if (i != screen->chosen)
		fputs("  ", stdout);
	printf("#%-5" PRIu64 " ", line->number);	/* the edge may cut its end */
	if (line->more)
		printf("[+%" PRIu64 "] ", line->more);
	fputs(line->text, stdout);
	fputs("\033[0m\033[K\r\n", stdout);
}

void screen_draw(const struct screen *screen)
{
	struct winsize size = { .ws_row = 24 };
	size_t room, begin, i;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || size.ws_row < 3)
		size.ws_row = 24;
	room = size.ws_row - 2U;
	begin = screen->count > room ? screen->count - room : 0;
	if (screen->chosen < begin)
		begin = screen->chosen;
	put_head(screen);
	for (i = begin; i < screen->count && i < begin + room; i++)
		put_line(screen, i);
	fputs("\033[J", stdout);
	printf("\033[%u;1H\033[7m up, down: choose   e: explain   a: allow   s: show   q: quit \033[0m\033[K",
	       size.ws_row);
	fflush(stdout);
}
