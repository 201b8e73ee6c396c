// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The completion for bash: a function that finds the verb among the words
 * before the cursor, then what may come. Needs no other file. Only prints.
 */
#include <stdio.h>
#include <string.h>

#include "completion.h"

static const char head[] =
	"# bash completion for wxguard; made by: wxguard completion bash\n"
	"\n"
	"_wxguard()\n"
	"{\n"
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
	"\tlocal first='' second='' word skip='' i words='' kind='' options=''\n"
	"\n"
	"\t# --option=value comes as three words.\n"
	"\tif [[ $cur == = ]]; then\n"
	"\t\tcur=''\n"
	"\telif [[ $before == = ]]; then\n"
	"\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n"
	"\tfi\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tcase $word in\n"
	"\t\t=) ;;\n"
	"\t\t--color) skip=yes ;;\n"
	"\t\t-*) ;;\n"
	"\t\t*)\n"
	"\t\t\tif [[ $skip ]]; then\n"
	"\t\t\t\tskip=''\n"
	"\t\t\telif [[ ! $first ]]; then\n"
	"\t\t\t\tfirst=$word\n"
	"\t\t\telif [[ ! $second ]]; then\n"
	"\t\t\t\tsecond=$word\n"
	"\t\t\tfi\n"
	"\t\t\t;;\n"
	"\t\tesac\n"
	"\tdone\n";

static const char tail[] =
	"\tif [[ $cur == -* && $options ]]; then\n"
	"\t\twords=$options kind=''\n"
	"\tfi\n"
	"\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n"
	"\tif [[ $kind ]]; then\n"
	"\t\tcompopt -o filenames\n"
	"\t\tmapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -A \"$kind\" -- \"$cur\")\n"
	"\tfi\n"
	"}\n"
	"\n"
	"complete -F _wxguard wxguard\n";

static void print_hint(const char *text)
{
	struct completion_hint hint;

	completion_hint(text, &hint);
	printf("words='%s' kind=%s ;;\n", hint.words,
	       hint.files ? "file" : hint.dirs ? "directory" : "''");
}

/* The arm of "case $before" for one option that takes a value. */
static void print_value(const char *tabs, const struct verb_option *option)
{
	printf("%s", tabs);
	if (option->key < 256)
		printf("-%c | ", option->key);
	printf("--%s) ", option->name);
	print_hint(option->value);
}

static void print_verb(const char *tabs, const struct verb *verb)
{
	struct verb_option options[COMPLETION_OPTIONS];
	const struct verb_option *option;

	completion_options(verb, options);
	printf("%scase $before in\n", tabs);
	for (option = options; option->key; option++)
		if (option->value)
			print_value(tabs, option);
	printf("%s*)\n%s\toptions='", tabs, tabs);
	for (option = options; option->key; option++) {
		if (option->key < 256)
			printf("-%c ", option->key);
		printf("--%s%s", option->name, option[1].key ? " " : "'\n");
	}
	printf("%s\t", tabs);
	print_hint(verb->args);
	printf("%sesac\n", tabs);
}

static void print_group(size_t at)
{
	size_t len = completion_first(verbs[at]);
	const char *name = verbs[at]->name;
	char words[256];

	printf("\t\tcase $second in\n\t\t'') words='%s' options='-h --help' ;;\n",
	       completion_group(at, words, sizeof(words)));
	for (; at < verb_count && completion_first(verbs[at]) == len &&
	       !strncmp(verbs[at]->name, name, len); at++) {
		printf("\t\t%s)\n", completion_second(verbs[at]));
		print_verb("\t\t\t", verbs[at]);
		printf("\t\t\t;;\n");
	}
	printf("\t\tesac\n");
}

void completion_bash(void)
{
	char words[256];
	size_t i;

	fputs(head, stdout);
	completion_verbs(words, sizeof(words));
	printf("\tcase $first in\n"
	       "\t'')\n"
	       "\t\tcase $before in\n"
	       "\t\t--color) words='auto always never' ;;\n"
	       "\t\t*) words='%s' options='-j --json --color --utc -h --help --version' ;;\n"
	       "\t\tesac\n"
	       "\t\t;;\n"
	       "\thelp) [[ $second ]] || words='%s' ;;\n", words, words);
	for (i = 0; i < verb_count; i++) {
		if (!completion_is_first(i))
			continue;
		printf("\t%.*s)\n", (int)completion_first(verbs[i]), verbs[i]->name);
		if (*completion_second(verbs[i]))
			print_group(i);
		else
			print_verb("\t\t", verbs[i]);
		printf("\t\t;;\n");
	}
	printf("\tesac\n");
	fputs(tail, stdout);
}
