// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the exec actors start from memory: it says that it ran and ends.
 * Usage: payload CODE. Prints a report like an actor's, exits with CODE.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "self.h"
#include "starve.h"

int main(int argc, char **argv)
{
	const char *call = getenv("ACTOR_CALL");

	starve_end();
	printf("{\"actor\":\"payload\",\"variant\":\"\",\"result\":\"allowed\",\"note\":\"\""
	       ",\"pid\":%d,\"tid\":%ld,\"call\":\"%s\"",
	       getpid(), syscall(SYS_gettid), call ? call : "");
	if (getenv(SELF_ENV))
		self_print();
	puts("}");
	return argc > 1 ? atoi(argv[1]) : 0;
}
