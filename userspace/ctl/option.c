// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options from tables: getopt_long is told what to accept, and --help what to
 * print, by the same rows. Ends no process and reads nothing but argv.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl.h"

enum {
	KEY_COLOR = 1000,
	KEY_UTC,
};

const struct verb_option option_common[] = {
	{ 'j', "json", NULL, "print one JSON object per line" },
	{ KEY_COLOR, "color", "auto|always|never", "colour; auto: on a terminal" },
	{ KEY_UTC, "utc", NULL, "show times in UTC instead of local time" },
	{ 'h', "help", NULL, "explain this and do nothing" },
	{ 0 }
};

static const struct verb_option none[] = { { 0 } };

/* Width of what stands in front of the help of an option. */
#define LEFT 24

/* Verbs that print nothing but a confirmation have no use for the first three. */
bool option_is_offered(const struct verb *verb, const struct verb_option *option)
{
	return option->key == 'h' || verb->reads;
}

static size_t count(const struct verb_option *option)
{
	size_t n = 0;

	while (option[n].key)
		n++;
	return n;
}

static void print_option(const struct verb_option *option)
{
	char left[48];

	snprintf(left, sizeof(left), "%s%c%s--%s%s%s",
		 option->key < 256 ? "-" : " ",
		 option->key < 256 ? option->key : ' ',
		 option->key < 256 ? ", " : "  ", option->name,
		 option->value ? " " : "", option->value ? option->value : "");
	if (strlen(left) > LEFT)
		printf("  %s\n  %*s %s\n", left, LEFT, "", option->help);
	else
		printf("  %-*s %s\n", LEFT, left, option->help);
}

void option_usage(const struct verb *verb)
{
	const struct verb_option *option;

	printf("Usage: wxguard %s [OPTION]...%s%s\n", verb->name,
	       *verb->args ? " " : "", verb->args);
	printf("%s\n\n", verb->purpose);
	for (option = verb->options ? verb->options : none; option->key; option++)
		print_option(option);
	for (option = option_common; option->key; option++)
		if (option_is_offered(verb, option))
			print_option(option);
	if (verb->notes)
		printf("\n%s", verb->notes);
}

int option_wrong(const struct verb *verb, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "wxguard %s: ", verb->name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, " (see: wxguard %s --help)\n", verb->name);
	return CTL_USAGE;
}

int option_operands(const struct option_walk *walk, int min, int max)
{
	if (walk->argc < min)
		return option_wrong(walk->verb, "it needs %s", walk->verb->args);
	if (walk->argc > max && !max)
		return option_wrong(walk->verb, "it takes no operand, \"%s\" was given",
				    walk->argv[0]);
	if (walk->argc > max)
		return option_wrong(walk->verb, "there is no use for \"%s\"",
				    walk->argv[max]);
	return 0;
}

static size_t add(struct option_walk *walk, size_t at, size_t letters,
		  const struct verb_option *option)
{
	walk->longs[at].name = option->name;
	walk->longs[at].has_arg = option->value ? required_argument : no_argument;
	walk->longs[at].flag = NULL;
	walk->longs[at].val = option->key;
	if (option->key < 256) {
		walk->shorts[letters++] = (char)option->key;
		if (option->value)
			walk->shorts[letters++] = ':';
	}
	walk->shorts[letters] = 0;
	return letters;
}

void option_start(struct option_walk *walk, struct ctl *ctl,
		  const struct verb *verb, int argc, char **argv)
{
	const struct verb_option *own = verb->options ? verb->options : none;
	size_t n = 0, letters, i;

	memset(walk, 0, sizeof(*walk));
	walk->ctl = ctl;
	walk->verb = verb;
	walk->argc = argc;
	walk->argv = argv;
	walk->longs = calloc(count(own) + count(option_common) + 1, sizeof(*walk->longs));
	if (!walk->longs) {
		walk->exit = ctl_fail(CTL_FAILED, "out of memory");
		return;
	}
	walk->shorts[0] = ':';	/* a missing argument is told from an unknown option */
	letters = 1;
	for (i = 0; own[i].key; i++)
		letters = add(walk, n++, letters, &own[i]);
	for (i = 0; option_common[i].key; i++)
		if (option_is_offered(verb, &option_common[i]))
			letters = add(walk, n++, letters, &option_common[i]);
	optind = 0;	/* glibc: forget the walk before this one */
	opterr = 0;
}

static int set_color(struct ctl *ctl, const char *when)
{
	if (!strcmp(when, "always"))
		ctl->color = true;
	else if (!strcmp(when, "never"))
		ctl->color = false;
	else if (!strcmp(when, "auto"))
		ctl->color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
	else
		return -1;
	return 0;
}

/* The long name of an option by its key, for a sentence. */
static const char *long_name(const struct option *longs, int key)
{
	for (; longs->name; longs++)
		if (longs->val == key)
			return longs->name;
	return "?";
}

static int complain(const struct option_walk *walk, int key)
{
	const char *given = walk->argv[optind - 1];

	if (key == ':')
		return option_wrong(walk->verb, "--%s needs a value",
				    long_name(walk->longs, optopt));
	if (optopt > 0 && !strncmp(given, "--", 2))
		return option_wrong(walk->verb, "--%s takes no value",
				    long_name(walk->longs, optopt));
	if (optopt > 0)
		return option_wrong(walk->verb, "there is no option -%c", optopt);
	return option_wrong(walk->verb, "there is no option %s", given);
}

int option_next(struct option_walk *walk)
{
	int key;

	if (!walk->longs)
		return -1;
	for (;;) {
		key = getopt_long(walk->argc, walk->argv, walk->shorts,
				  walk->longs, NULL);
		walk->value = optarg;
		if (key == 'j') {
			walk->ctl->json = true;
		} else if (key == KEY_UTC) {
			walk->ctl->utc = true;
		} else if (key == KEY_COLOR) {
			if (set_color(walk->ctl, optarg)) {
				walk->exit = option_wrong(walk->verb,
					"--color is auto, always or never, not \"%s\"",
					optarg);
				break;
			}
		} else if (key == 'h') {
			option_usage(walk->verb);
			walk->exit = ctl_flush();
			break;
		} else if (key == ':' || key == '?') {
			walk->exit = complain(walk, key);
			break;
		} else if (key == -1) {
			walk->argc -= optind;
			walk->argv += optind;
			return option_stop(walk, 0);
		} else {
			return key;
		}
	}
	option_stop(walk, 0);
	return -1;
}

int option_stop(struct option_walk *walk, int code)
{
	free(walk->longs);
	walk->longs = NULL;
	return code;
}

bool option_none(struct option_walk *walk, int min, int max)
{
	if (option_next(walk))
		return false;
	walk->exit = option_operands(walk, min, max);
	return !walk->exit;
}

bool option_connect(struct option_walk *walk, int min, int max, struct client **client)
{
	if (!option_none(walk, min, max))
		return false;
	walk->exit = ctl_connect(client);
	return !walk->exit;
}

static int front_wrong(int key, const char *given, int *exit_code)
{
	if (key == KEY_COLOR)
		*exit_code = ctl_fail(CTL_USAGE, "--color is auto, always or never, not \"%s\"",
				      optarg);
	else if (key == ':')
		*exit_code = ctl_fail(CTL_USAGE, "%s needs a value", given);
	else
		*exit_code = ctl_fail(CTL_USAGE, "there is no option %s in front of the verb (see: wxguard --help)",
				      given);
	return -1;
}

int option_front(struct ctl *ctl, int *argc, char ***argv, int *exit_code)
{
	static const struct option longs[] = {
		{ "json", no_argument, NULL, 'j' },
		{ "color", required_argument, NULL, KEY_COLOR },
		{ "utc", no_argument, NULL, KEY_UTC },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 }
	};
	int key;

	set_color(ctl, "auto");
	opterr = 0;
	while ((key = getopt_long(*argc, *argv, "+:jhV", longs, NULL)) != -1) {
		if (key == 'h' || key == 'V')
			return key;
		if (key == 'j')
			ctl->json = true;
		else if (key == KEY_UTC)
			ctl->utc = true;
		else if (key != KEY_COLOR || set_color(ctl, optarg))
			return front_wrong(key, (*argv)[optind - 1], exit_code);
	}
	*argc -= optind;
	*argv += optind;
	return 0;
}
