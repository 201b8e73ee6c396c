// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard, the command: finds the verb in the table and hands it the rest of
 * the line. Knows no verb's options and does no work of its own.
 */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "probe_child.h"

#ifndef WXGUARD_VERSION
#define WXGUARD_VERSION "unknown"
#endif

static int print_version(void)
{
	printf("wxguard %s\n", WXGUARD_VERSION);
	return ctl_flush();
}

static int print_help(void)
{
	size_t i;

	printf("Usage: wxguard VERB [OPTION]... [OPERAND]...\n"
	       "See and steer the wxguard kernel module: writable and executable memory,\n"
	       "programs that start from memory.\n\n");
	for (i = 0; i < verb_count; i++) {
		char left[64];

		snprintf(left, sizeof(left), "%s %s", verbs[i]->name,
			 verbs[i]->args);
		printf("  %-32s %s\n", left, verbs[i]->purpose);
	}
	printf("  %-32s %s\n  %-32s %s\n", "version", "Print the version",
	       "help [VERB]", "Explain a verb (also: wxguard VERB --help)");
	printf("\nIn front of any verb: -j, --json  --color auto|always|never  --utc\n"
	       "\nExit codes: 0 ok, 1 failed, 2 wrong command line, 3 not found,\n"
	       "4 daemon not running, 5 module not loaded or not armed, 6 no permission,\n"
	       "7 configuration or rules invalid\n");
	return ctl_flush();
}

/* Is @name the verb's first word? Then *rest is its second, "" if it has none. */
static bool is_group(const struct verb *verb, const char *name, const char **rest)
{
	size_t len = strcspn(verb->name, " ");

	if (strlen(name) != len || strncmp(verb->name, name, len))
		return false;
	*rest = verb->name[len] ? verb->name + len + 1 : "";
	return true;
}

/* The second words of a group, for a sentence: "list, add, forget". */
static void join_group(const char *name, char *out, size_t size)
{
	const char *rest;
	size_t i, used = 0;

	*out = 0;
	for (i = 0; i < verb_count; i++)
		if (is_group(verbs[i], name, &rest) && used < size)
			used += (size_t)snprintf(out + used, size - used, "%s%s",
						 used ? ", " : "", rest);
}

static int explain_group(const char *name)
{
	const char *rest;
	bool some = false;
	size_t i;

	for (i = 0; i < verb_count; i++) {
		if (!is_group(verbs[i], name, &rest))
			continue;
		if (some)
			putchar('\n');
		option_usage(verbs[i]);
		some = true;
	}
	if (!some)
		return ctl_fail(CTL_USAGE, "there is no verb \"%s\" (see: wxguard --help)", name);
	return ctl_flush();
}

/* *used is set to the number of words that named the verb. */
static const struct verb *find_verb(int argc, char **argv, int *used,
				    int *exit_code)
{
	bool group = false;
	const char *rest;
	char words[96];
	size_t i;

	for (i = 0; i < verb_count; i++) {
		if (!is_group(verbs[i], argv[0], &rest))
			continue;
		*used = *rest ? 2 : 1;
		if (!*rest || (argc > 1 && !strcmp(rest, argv[1])))
			return verbs[i];
		group = true;
	}
	join_group(argv[0], words, sizeof(words));
	if (!group)
		*exit_code = ctl_fail(CTL_USAGE,
			"there is no verb \"%s\" (see: wxguard --help)", argv[0]);
	else if (argc < 2)
		*exit_code = ctl_fail(CTL_USAGE, "%s needs one of: %s", argv[0], words);
	else if (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))
		*exit_code = explain_group(argv[0]);
	else
		*exit_code = ctl_fail(CTL_USAGE, "there is no \"%s %s\"; %s needs one of: %s",
				      argv[0], argv[1], argv[0], words);
	return NULL;
}

static int help(int argc, char **argv)
{
	const struct verb *verb;
	int used, code = CTL_USAGE;

	if (!argc)
		return print_help();
	if (argc == 1)
		return explain_group(argv[0]);
	verb = find_verb(argc, argv, &used, &code);
	if (!verb)
		return code;
	option_usage(verb);
	return ctl_flush();
}

int main(int argc, char **argv)
{
	struct ctl ctl = { 0 };
	const struct verb *verb;
	int front, used, code = CTL_USAGE;

	setlocale(LC_TIME, "C");
	/* The harmless programs that "wxguard test" starts are this one, too. */
	if (probe_child_is_asked(argc, argv))
		return probe_child_main(argv);

	front = option_front(&ctl, &argc, &argv, &code);
	if (front < 0)
		return code;
	if (front == 'V')
		return print_version();
	if (front == 'h')
		return print_help();
	if (!argc)
		return ctl_fail(CTL_USAGE, "say what to do, for example \"wxguard status\" (see: wxguard --help)");
	if (!strcmp(argv[0], "version"))
		return print_version();
	if (!strcmp(argv[0], "help"))
		return help(argc - 1, argv + 1);
	verb = find_verb(argc, argv, &used, &code);
	if (!verb)
		return code;
	/* argv[used - 1] stands where getopt expects the program's name. */
	return verb->run(&ctl, verb, argc - used + 1, argv + used - 1);
}
