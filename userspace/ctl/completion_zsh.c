// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The completion for zsh: a file for fpath, in the terms of _arguments and
 * _describe. Only prints.
 */
#include <stdio.h>
#include <string.h>

#include "completion.h"

/* Within the brackets and the lists of zsh these have a meaning. */
#define SPECIAL "[]:\\"
#define QUOTE "'\\''"

/* ":MESSAGE:ACTION" of what may stand there. */
static void print_action(const char *text)
{
	struct completion_hint hint;

	completion_hint(text, &hint);
	if (*hint.words)
		printf(":value:(%s)", hint.words);
	else if (hint.files)
		printf(":file:_files");
	else if (hint.dirs)
		printf(":directory:_files -/");
	else
		printf(":value: ");
}

/* A text inside of single quotes that are open already. */
static void print_inside(const char *text)
{
	for (; *text; text++) {
		if (strchr(SPECIAL, *text))
			putchar('\\');
		if (*text == '\'')
			fputs(QUOTE, stdout);
		else
			putchar(*text);
	}
}

static void print_option(const char *tabs, const struct verb_option *option)
{
	char letter[4] = { '-', (char)option->key };

	/* CLASS may be given more than once. */
	if (option->key < 256)
		printf(" \\\n%s'(%s --%s)'{%s,--%s}'[", tabs, letter, option->name, letter,
		       option->name);
	else
		printf(" \\\n%s'%s--%s[", tabs,
		       option->value && !strcmp(option->value, "CLASS") ? "*" : "",
		       option->name);
	print_inside(option->help);
	putchar(']');
	if (option->value)
		print_action(option->value);
	putchar('\'');
}

static void print_verb(const char *tabs, const struct verb *verb)
{
	struct verb_option options[COMPLETION_OPTIONS];
	const struct verb_option *option;

	completion_options(verb, options);
	printf("%s_arguments", tabs);
	for (option = options; option->key; option++)
		print_option(tabs, option);
	if (*verb->args) {
		printf(" \\\n%s'%s", tabs, strstr(verb->args, "...") ? "*" : "1:");
		print_action(verb->args);
		putchar('\'');
	}
	putchar('\n');
}

/* The list that _describe shows. */
static void print_described(const char *tabs, const char *name, size_t len, const char *text)
{
	printf("%s'%.*s:", tabs, (int)len, name);
	print_inside(text);
	printf("'\n");
}

static void print_group(size_t at)
{
	size_t len = completion_first(verbs[at]), i, end = at;
	const char *name = verbs[at]->name;

	while (end < verb_count && completion_first(verbs[end]) == len &&
	       !strncmp(verbs[end]->name, name, len))
		end++;
	printf("\t\t\t_arguments -C '1:verb:->second' '*::argument:->third'\n"
	       "\t\t\tcase $state in\n\t\t\tsecond)\n\t\t\t\tverbs=(\n");
	for (i = at; i < end; i++)
		print_described("\t\t\t\t\t", completion_second(verbs[i]),
				strlen(completion_second(verbs[i])), verbs[i]->purpose);
	printf("\t\t\t\t)\n\t\t\t\t_describe verb verbs\n\t\t\t\t;;\n"
	       "\t\t\tthird)\n\t\t\t\tcase $words[1] in\n");
	for (i = at; i < end; i++) {
		printf("\t\t\t\t%s)\n", completion_second(verbs[i]));
		print_verb("\t\t\t\t\t", verbs[i]);
		printf("\t\t\t\t\t;;\n");
	}
	printf("\t\t\t\tesac\n\t\t\t\t;;\n\t\t\tesac\n");
}

static void print_verbs(void)
{
	char words[256];
	size_t i;

	printf("\tverb)\n\t\tverbs=(\n");
	for (i = 0; i < verb_count; i++)
		if (completion_is_first(i))
			print_described("\t\t\t", verbs[i]->name, completion_first(verbs[i]),
					*completion_second(verbs[i]) ?
					completion_group(i, words, sizeof(words)) :
					verbs[i]->purpose);
	printf("\t\t\t'help:Explain a verb'\n\t\t\t'version:Print the version'\n"
	       "\t\t)\n\t\t_describe verb verbs\n\t\t;;\n");
}

void completion_zsh(void)
{
	const struct verb_option *option;
	size_t i;

	printf("#compdef wxguard\n"
	       "# zsh completion for wxguard; made by: wxguard completion zsh\n"
	       "\n"
	       "_wxguard() {\n"
	       "\tlocal context state state_descr line\n"
	       "\tlocal -a verbs\n"
	       "\ttypeset -A opt_args\n"
	       "\n"
	       "\t_arguments -C");
	for (option = option_common; option->key; option++)
		print_option("\t\t", option);
	printf(" \\\n\t\t'--version[print the version]'"
	       " \\\n\t\t'1:verb:->verb' '*::argument:->rest'\n"
	       "\tcase $state in\n");
	print_verbs();
	printf("\trest)\n\t\tcase $words[1] in\n");
	for (i = 0; i < verb_count; i++) {
		if (!completion_is_first(i))
			continue;
		printf("\t\t%.*s)\n", (int)completion_first(verbs[i]), verbs[i]->name);
		if (*completion_second(verbs[i]))
			print_group(i);
		else
			print_verb("\t\t\t", verbs[i]);
		printf("\t\t\t;;\n");
	}
	printf("\t\tesac\n\t\t;;\n\tesac\n}\n\n_wxguard \"$@\"\n");
}
