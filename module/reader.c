// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of the findings, as a reference to its process id: no later
 * process can be taken for it. Compared in any context.
 */
#include <linux/pid.h>
#include <linux/sched/signal.h>

#include "reader.h"

/* One reference. Only compared, so whoever asks needs none. */
static struct pid *reader;

void wxg_reader_is_here(void)
{
	if (!wxg_reader_is_current())
		put_pid(xchg(&reader, get_pid(task_tgid(current))));
}

bool wxg_reader_is_current(void)
{
	return READ_ONCE(reader) == task_tgid(current);
}

void wxg_reader_exit(void)
{
	put_pid(xchg(&reader, NULL));
}
