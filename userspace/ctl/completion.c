// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard completion: prints what a shell needs to complete the command line.
 * Reads nothing but the table of verbs; packages run it while they are built.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "../../module/core/class.h"
#include "completion.h"

static void add_word(char *words, size_t size, const char *word, size_t len)
{
	size_t used = strlen(words);

	snprintf(words + used, size - used, "%s%.*s", used ? " " : "", (int)len, word);
}

static void add_name(struct completion_hint *hint, const char *name)
{
	add_word(hint->words, sizeof(hint->words), name, strlen(name));
}

static void add_token(struct completion_hint *hint, const char *token, size_t len)
{
	uint32_t i;

	if (islower((unsigned char)token[0])) {
		add_word(hint->words, sizeof(hint->words), token, len);
	} else if (!strncmp(token, "CLASS", len)) {
		for (i = 1; i <= WXGUARD_CLASS_MAX; i++)
			add_name(hint, wxg_class_lookup(i)->name);
	} else if (!strncmp(token, "MODE", len)) {
		for (i = 0; i < __WXGUARD_MODE_MAX; i++)
			add_name(hint, wxg_mode_name(i));
	} else if (!strncmp(token, "SHELL", len)) {
		add_name(hint, "bash zsh fish");
	} else if (!strncmp(token, "FILE", len) || !strncmp(token, "PATH", len)) {
		hint->files = true;
	} else if (!strncmp(token, "DIR", len)) {
		hint->dirs = true;
	}
}

void completion_hint(const char *text, struct completion_hint *hint)
{
	static const char between[] = " |[].";
	size_t len;

	memset(hint, 0, sizeof(*hint));
	for (; text && *text; text += len) {
		text += strspn(text, between);
		len = strcspn(text, between);
		if (len)
			add_token(hint, text, len);
	}
}

void completion_options(const struct verb *verb,
			struct verb_option options[COMPLETION_OPTIONS])
{
	const struct verb_option *option;
	size_t n = 0;

	for (option = verb->options; option && option->key; option++)
		if (n < COMPLETION_OPTIONS - 1)
			options[n++] = *option;
	for (option = option_common; option->key; option++)
		if (n < COMPLETION_OPTIONS - 1 && option_is_offered(verb, option))
			options[n++] = *option;
	memset(&options[n], 0, sizeof(options[n]));
}

size_t completion_first(const struct verb *verb)
{
	return strcspn(verb->name, " ");
}

const char *completion_second(const struct verb *verb)
{
	size_t len = completion_first(verb);

	return verb->name[len] ? verb->name + len + 1 : "";
}

static bool same_first(const struct verb *a, const struct verb *b)
{
	size_t len = completion_first(a);

	return len == completion_first(b) && !strncmp(a->name, b->name, len);
}

bool completion_is_first(size_t at)
{
	return !at || !same_first(verbs[at - 1], verbs[at]);
}

const char *completion_group(size_t at, char *words, size_t size)
{
	const struct verb *first = verbs[at];

	*words = '\0';
	for (; at < verb_count && same_first(first, verbs[at]); at++)
		add_word(words, size, completion_second(verbs[at]),
			 strlen(completion_second(verbs[at])));
	return words;
}

const char *completion_verbs(char *words, size_t size)
{
	size_t i;

	*words = '\0';
	for (i = 0; i < verb_count; i++)
		if (completion_is_first(i))
			add_word(words, size, verbs[i]->name, completion_first(verbs[i]));
	add_word(words, size, "help version", strlen("help version"));
	return words;
}

void completion_quote(const char *text, const char *quote, const char *escaped)
{
	putchar('\'');
	for (; *text; text++) {
		if (*text == '\'') {
			fputs(quote, stdout);
			continue;
		}
		if (strchr(escaped, *text))
			putchar('\\');
		putchar(*text);
	}
	putchar('\'');
}

static int run(struct ctl *ctl, const struct verb *verb, int argc, char **argv)
{
	struct option_walk walk;
	int code;

	option_start(&walk, ctl, verb, argc, argv);
	if (option_next(&walk) < 0)	/* it has none but --help */
		return walk.exit;
	code = option_operands(&walk, 1, 1);
	if (code)
		return code;
	if (!strcmp(walk.argv[0], "bash"))
		completion_bash();
	else if (!strcmp(walk.argv[0], "zsh"))
		completion_zsh();
	else if (!strcmp(walk.argv[0], "fish"))
		completion_fish();
	else
		return option_wrong(verb, "the shell is bash, zsh or fish, not \"%s\"",
				    walk.argv[0]);
	return ctl_flush();
}

const struct verb verb_completion = {
	.name = "completion",
	.args = "SHELL",
	.purpose = "Print the completion for a shell: bash, zsh or fish",
	.run = run,
};
