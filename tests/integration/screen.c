// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The live screen of "watch" with findings from a FIFO in place of the module:
 * each line a document, or "lost N". Its keys start PROGRAM. For a terminal.
 *
 *	screen FIFO PROGRAM
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../userspace/ctl/screen.h"

static struct screen screen = { .follow = true, .color = true, .style = { .utc = true } };

static void take(char *line)
{
	json_t *doc = json_loads(line, 0, NULL);

	if (doc)
		screen_add(&screen, doc);
	else if (!strncmp(line, "lost ", 5))
		screen_lost(&screen, strtoull(line + 5, NULL, 10));
	json_decref(doc);
}

int main(int argc, char **argv)
{
	static char text[1 << 20];
	size_t used = 0;
	char *end;
	ssize_t got;
	int fifo;

	if (argc != 3)
		return 2;
	fifo = open(argv[1], O_RDWR);
	screen.program = argv[2];
	if (fifo < 0 || screen_open(&screen))
		return 1;
	for (;;) {
		struct pollfd fds[] = { { STDIN_FILENO, POLLIN, 0 }, { fifo, POLLIN, 0 } };

		screen_draw(&screen);
		if (poll(fds, 2, -1) < 0)
			continue;
		if (fds[0].revents && screen_key(&screen) == SCREEN_QUIT)
			break;
		if (!fds[1].revents)
			continue;
		got = read(fifo, text + used, sizeof(text) - used - 1);
		used += got > 0 ? (size_t)got : 0;
		text[used] = 0;
		while ((end = strchr(text, '\n'))) {
			*end++ = 0;
			take(text);
			used -= (size_t)(end - text);
			memmove(text, end, used + 1);
		}
	}
	screen_close(&screen);
	screen_free(&screen);
	puts("the screen is gone");
	return 0;
}
