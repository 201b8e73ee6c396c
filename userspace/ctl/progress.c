// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See progress.h. Writes to stderr only, and only where a person looks at it.
 */
#include <stdio.h>
#include <unistd.h>

#include "daemon.h"
#include "progress.h"

#define FIRST_MS 1000
#define EACH_MS 500

void progress_start(struct progress *progress, const char *what)
{
	progress->what = what;
	progress->begun = daemon_clock_ms();
	progress->said = progress->begun + FIRST_MS - EACH_MS;
	progress->shown = false;
}

int progress_tick(void *arg)
{
	struct progress *progress = arg;
	uint64_t now = daemon_clock_ms();

	if (now < progress->said + EACH_MS || !isatty(STDERR_FILENO))
		return 0;
	progress->said = now;
	progress->shown = true;
	fprintf(stderr, "\r%s: %u s (Ctrl-C ends it, nothing is changed)", progress->what,
		(unsigned int)((now - progress->begun) / 1000));
	fflush(stderr);
	return 0;
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
