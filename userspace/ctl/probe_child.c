// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The harmless programs that "wxguard test" starts: one makes a single empty
 * page writable and executable, the other only exits. Neither reads input,
 * and nothing is ever executed in that page.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe_child.h"

bool probe_child_is_asked(int argc, char **argv)
{
	return argc == 2 && !strcmp(argv[0], PROBE_CHILD_NAME) &&
	       (!strcmp(argv[1], PROBE_CHILD_RWX) || !strcmp(argv[1], PROBE_CHILD_EXIT));
}

int probe_child_main(char **argv)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *page;

	if (!strcmp(argv[1], PROBE_CHILD_EXIT))
		return PROBE_CHILD_DONE;
	page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return PROBE_CHILD_BROKEN;
	if (!mprotect(page, size, PROT_READ | PROT_WRITE | PROT_EXEC))
		return PROBE_CHILD_DONE;
	return errno == EACCES || errno == EPERM ? PROBE_CHILD_DENIED : PROBE_CHILD_BROKEN;
}
