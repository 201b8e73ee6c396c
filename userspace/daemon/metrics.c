// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The metrics file: gathered and written whole at intervals, to a temporary
 * name that the reader does not look at, and renamed. A folder that cannot be
 * written to costs no finding.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "wxguardd.h"

static void gather(struct wxguardd *d, struct metrics_view *view)
{
	int64_t newest = 0;
	int i;

	memset(view, 0, sizeof(*view));
	view->metrics = &d->metrics;
	view->connected = d->control && !client_status(d->control, &view->status);
	view->unread = d->lost_total;
	view->read = d->readers.served;
	view->refused = d->readers.refused;
	if (!d->store || store_newest_row(d->store, &newest))
		return;
	for (i = 0; i < SINK_COUNT; i++) {
		const struct sink *sink = &d->sinks[i];
		struct metrics_output *output = &view->output[view->outputs];

		if (!sink->ops)
			continue;
		output->name = sink->ops->name;
		output->degraded = sink->degraded;
		output->waiting = newest > sink->place.row ? newest - sink->place.row : 0;
		view->outputs++;
	}
}

static int write_file(struct wxguardd *d, const char *temporary)
{
	struct metrics_view view;
	int fd, error;
	FILE *out;

	unlink(temporary);
	fd = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
	if (fd < 0)
		return -errno;
	/* Counts only: whoever reads metrics may read them. */
	fchmod(fd, 0644);
	out = fdopen(fd, "w");
	if (!out) {
		error = -errno;
		close(fd);
		return error;
	}
	gather(d, &view);
	metrics_print(out, &view);
	error = ferror(out) ? -EIO : 0;
	if (fclose(out) && !error)
		error = -errno;
	if (!error && rename(temporary, d->config.metrics.path))
		error = -errno;
	return error;
}

void metrics_write(struct wxguardd *d)
{
	char temporary[CONFIG_PATH_MAX + 8];
	int error;

	if (!d->config.metrics.enabled)
		return;
	snprintf(temporary, sizeof(temporary), "%s.tmp", d->config.metrics.path);
	error = write_file(d, temporary);
	if (error && !d->metrics.failed)
		say(CONFIG_ERROR, "cannot write %.200s: %s; no metrics until it can be written",
		    d->config.metrics.path, strerror(-error));
	else if (!error && d->metrics.failed)
		say(CONFIG_INFO, "%.200s is written again", d->config.metrics.path);
	if (error)
		unlink(temporary);
	d->metrics.failed = error;
}
