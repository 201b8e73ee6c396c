// SPDX-License-Identifier: GPL-2.0-or-later
/* Techniques that findings name. Pure. */
#include "attack.h"

#include <stddef.h>
#include <string.h>

static const char *const words[][2] = {
	{ "T1059",
	  "Somebody makes an interpreter, which is there anyway, do the work: a shell, Python, Perl. Nothing has to be installed for it." },
	{ "T1059.004",
	  "Where the published rule files it; the program itself need not be a shell. What a shell was made to start may bring machine code along, which then needs memory to be written into and run." },
	{ "T1620",
	  "Code is loaded into memory and run there, without a file that a scanner, or the next reboot, would find." },
	{ "T1055",
	  "Code is put into a process that is already running, to work under its name and with its rights." },
	{ "T1106",
	  "A program asks the system for memory and rights by itself, past the tools that are usually watched." },
	{ "T1070.004",
	  "The file is removed while its program runs, so that nothing is left to be looked at." },
	{ "T1562.001",
	  "Who is watched switches off, blinds or unloads what watches." },
};

const char *attack_words(const char *id)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!strcmp(words[i][0], id))
			return words[i][1];
	return NULL;
}
