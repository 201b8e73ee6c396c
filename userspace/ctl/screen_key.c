// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys of the live screen. What they ask for is done by this same program
 * as a child, which has the terminal meanwhile; the screen decides nothing.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ctl.h"
#include "screen.h"

/* Run the program with these words, and wait for it. */
static void run_child(const struct screen *screen, char *const *argv)
{
	pid_t pid = fork();
	sigset_t none;
	int status;

	if (!pid) {
		sigemptyset(&none);
		sigprocmask(SIG_SETMASK, &none, NULL);
		execv(screen->program, argv);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (pid < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == 127))
		ctl_fail(CTL_FAILED, "%s could not be started", screen->program);
}

/* A line of the person's; false for none. */
static bool read_line(const char *question, char *line, size_t size)
{
	size_t len;

	fputs(question, stdout);
	fflush(stdout);
	if (!fgets(line, (int)size, stdin))
		return false;
	len = strcspn(line, "\n");
	line[len] = 0;
	return len;
}

static void act(struct screen *screen, const char *verb)
{
	char id[24], reason[WXGUARD_REASON_MAX + 1], line[8];
	char *argv[] = { (char *)"wxguard", (char *)verb, id, NULL, NULL, NULL };

	if (!screen->count || !screen->line[screen->chosen].number)
		return;
	snprintf(id, sizeof(id), "%" PRIu64, screen->line[screen->chosen].number);
	screen_close(screen);
	if (!strcmp(verb, "allow")) {
		printf("\nallow #%s, as narrowly as can be.\n", id);
		argv[3] = (char *)"--reason";
		argv[4] = reason;
		if (read_line("why? (empty: not) ", reason, sizeof(reason)))
			run_child(screen, argv);
	} else {
		run_child(screen, argv);
	}
	read_line("\nEnter: back to the findings ", line, sizeof(line));
	screen_open(screen);
}

static void move(struct screen *screen, long by)
{
	long to = (long)screen->chosen + by;

	if (!screen->count)
		return;
	if (to < 0)
		to = 0;
	if (to >= (long)screen->count)
		to = (long)screen->count - 1;
	screen->chosen = (size_t)to;
	screen->follow = screen->chosen == screen->count - 1;
}

static enum screen_wish take(struct screen *screen, char key)
{
	switch (key) {
	case 'q':
		return SCREEN_QUIT;
	case 'e':
		act(screen, "explain");
		break;
	case 's':
		act(screen, "show");
		break;
	case 'a':
		act(screen, "allow");
		break;
	case 'k':
		move(screen, -1);
		break;
	case 'j':
		move(screen, 1);
		break;
	case 'g':
		move(screen, -SCREEN_LINES);
		break;
	case 'G':
		move(screen, SCREEN_LINES);
		break;
	}
	return SCREEN_STAY;
}

enum screen_wish screen_key(struct screen *screen)
{
	char keys[32];
	ssize_t got = read(STDIN_FILENO, keys, sizeof(keys)), i;

	if (got <= 0)	/* the terminal is gone */
		return SCREEN_QUIT;
	for (i = 0; i < got; i++) {
		/* An arrow is three bytes; what else begins so is none of ours. */
		if (keys[i] == '\033') {
			if (got - i >= 3)
				move(screen, keys[i + 2] == 'A' ? -1 : keys[i + 2] == 'B' ? 1 : 0);
			i += 2;
			continue;
		}
		if (take(screen, keys[i]) == SCREEN_QUIT)
			return SCREEN_QUIT;
	}
	return SCREEN_STAY;
}
