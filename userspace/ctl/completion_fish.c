// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The completion for fish: one line for each word that may come, with the
 * verb behind which it may. Only prints.
 */
#include <stdio.h>
#include <string.h>

#include "completion.h"

/* In single quotes fish knows two escapes. */
#define QUOTE "\\'"

static const char head[] =
	"# fish completion for wxguard; made by: wxguard completion fish\n"
	"\n"
	"# Are the words so far this verb, and no more (only) or more (at)?\n"
	"function __wxguard_words\n"
	"\tset -l skip\n"
	"\tfor word in (commandline -opc)[2..-1]\n"
	"\t\tif set -q skip[1]\n"
	"\t\t\tset -e skip\n"
	"\t\telse if test $word = --color\n"
	"\t\t\tset skip yes\n"
	"\t\telse if not string match -q -- '-*' $word\n"
	"\t\t\techo $word\n"
	"\t\tend\n"
	"\tend\n"
	"end\n"
	"function __wxguard_only\n"
	"\tset -l words (__wxguard_words)\n"
	"\ttest \"$words\" = \"$argv\"\n"
	"end\n"
	"function __wxguard_at\n"
	"\tset -l words (__wxguard_words)\n"
	"\tset -l n (count $argv)\n"
	"\ttest (count $words) -ge $n; and test \"$words[1..$n]\" = \"$argv\"\n"
	"end\n"
	"\n"
	"complete -c wxguard -f\n";

static void print_text(const char *text)
{
	completion_quote(text, QUOTE, "\\");
}

/* -F, or no files, and -a, as the hint says. */
static void print_hint(const char *text)
{
	struct completion_hint hint;

	completion_hint(text, &hint);
	printf(hint.files ? " -F" : " -f");
	if (hint.dirs)
		printf(" -a '(__fish_complete_directories)'");
	if (*hint.words) {
		printf(" -a ");
		print_text(hint.words);
	}
}

static void print_option(const char *condition, const struct verb_option *option)
{
	printf("complete -c wxguard -n '%s'", condition);
	if (option->key < 256)
		printf(" -s %c", option->key);
	printf(" -l %s", option->name);
	if (option->value) {
		printf(" -r");
		print_hint(option->value);
	}
	printf(" -d ");
	print_text(option->help);
	putchar('\n');
}

static void print_verb(const struct verb *verb)
{
	struct verb_option options[COMPLETION_OPTIONS];
	const struct verb_option *option;
	struct completion_hint hint;
	char condition[64];

	snprintf(condition, sizeof(condition), "__wxguard_at %s", verb->name);
	completion_options(verb, options);
	for (option = options; option->key; option++)
		print_option(condition, option);
	completion_hint(verb->args, &hint);
	if (!*hint.words && !hint.files && !hint.dirs)
		return;
	printf("complete -c wxguard -n '%s'", condition);
	print_hint(verb->args);
	putchar('\n');
}

/* A word of a verb, where the words so far are @before. */
static void print_word(const char *before, const char *word, size_t len, const char *text)
{
	printf("complete -c wxguard -n '__wxguard_only%s%s' -a %.*s -d ", *before ? " " : "",
	       before, (int)len, word);
	print_text(text);
	putchar('\n');
}

void completion_fish(void)
{
	const struct verb_option *option;
	char words[256], first[32];
	size_t i;

	fputs(head, stdout);
	for (option = option_common; option->key; option++)
		print_option("__wxguard_only", option);
	for (i = 0; i < verb_count; i++) {
		const char *second = completion_second(verbs[i]);
		size_t len = completion_first(verbs[i]);

		if (completion_is_first(i))
			print_word("", verbs[i]->name, len,
				   *second ? completion_group(i, words, sizeof(words)) :
					     verbs[i]->purpose);
		snprintf(first, sizeof(first), "%.*s", (int)len, verbs[i]->name);
		if (*second)
			print_word(first, second, strlen(second), verbs[i]->purpose);
		print_verb(verbs[i]);
	}
	print_word("", "help", 4, "Explain a verb");
	print_word("", "version", 7, "Print the version");
	printf("complete -c wxguard -n '__wxguard_only help' -a ");
	print_text(completion_verbs(words, sizeof(words)));
	putchar('\n');
}
