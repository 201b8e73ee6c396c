/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that a process which stays has no more use for. */
#ifndef WXG_DAEMON_SLIM_H
#define WXG_DAEMON_SLIM_H

/*
 * Give back what start-up or a flood left behind: free heap, and the pages of
 * programs and libraries that ran once. Costs some page faults afterwards.
 */
void slim_down(void);

#endif
