/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The harmless programs that "wxguard test" starts. They are copies of
 * wxguard itself, so that nothing else has to be installed.
 */
#ifndef WXG_CTL_PROBE_CHILD_H
#define WXG_CTL_PROBE_CHILD_H

#include <stdbool.h>

/* argv[0] and argv[1] that ask for one of them; no verb looks like this. */
#define PROBE_CHILD_NAME "wxguard-test"
#define PROBE_CHILD_RWX "--make-one-page-rwx"
#define PROBE_CHILD_EXIT "--exit-at-once"

/* How the programs end. */
enum probe_child_exit {
	PROBE_CHILD_DONE = 0,
	PROBE_CHILD_DENIED = 40,	/* EPERM or EACCES */
	PROBE_CHILD_BROKEN = 41,	/* something else failed */
};

bool probe_child_is_asked(int argc, char **argv);
int probe_child_main(char **argv);

#endif
