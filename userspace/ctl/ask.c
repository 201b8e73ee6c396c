// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The one question of the command. Never taken for a yes: no terminal, the
 * end of the input, anything but y.
 */
#include <stdio.h>
#include <unistd.h>

#include "ask.h"

int ask_yes(const char *question, const char *unattended, const char *declined)
{
	char answer[16];

	if (!isatty(STDIN_FILENO))
		return ctl_fail(CTL_USAGE, "%s", unattended);
	printf("%s [y/N] ", question);
	fflush(stdout);
	if (fgets(answer, sizeof(answer), stdin) && (*answer == 'y' || *answer == 'Y'))
		return 0;
	return ctl_fail(CTL_FAILED, "%s", declined);
}
