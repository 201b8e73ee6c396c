// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See rules_diff.h. Pure but for memory. Names and values are an
 * administrator's, or those of whoever was allowed to set rules: no terminal
 * and no reader of JSON acts on what comes out.
 */
#include "rules_diff.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "../lib/text.h"

#define SCOPE "scope "

/* The scopes of @set that @other has, too, in their order. */
static json_t *common_scopes(const json_t *set, const json_t *other)
{
	json_t *titles = json_array(), *lines;
	const char *title;
	int error = !titles;

	json_object_foreach((json_t *)set, title, lines)
		if (!strncmp(title, SCOPE, strlen(SCOPE)) && json_object_get(other, title))
			error |= json_array_append_new(titles, json_string(title));
	if (!error)
		return titles;
	json_decref(titles);
	return NULL;
}

static int diff_order(const json_t *before, const json_t *after,
		      int (*on_change)(const struct rules_change *change, void *arg), void *arg)
{
	json_t *was = common_scopes(before, after), *is = common_scopes(after, before);
	struct rules_change change = { .of = "order of scopes", .before = was, .after = is };
	int error = was && is ? 0 : -ENOMEM;

	if (!error && !json_equal(was, is))
		error = on_change(&change, arg);
	json_decref(was);
	json_decref(is);
	return error;
}

int rules_diff(const json_t *before, const json_t *after,
	       int (*on_change)(const struct rules_change *change, void *arg), void *arg)
{
	struct rules_change change;
	json_t *lines;
	int error = 0;

	json_object_foreach((json_t *)after, change.of, lines) {
		change.after = lines;
		change.before = json_object_get(before, change.of);
		if (!error && (!change.before || !json_equal(change.before, lines)))
			error = on_change(&change, arg);
	}
	change.after = NULL;
	json_object_foreach((json_t *)before, change.of, lines) {
		change.before = lines;
		if (!error && !json_object_get(after, change.of))
			error = on_change(&change, arg);
	}
	return error ? error : diff_order(before, after, on_change, arg);
}

static void add(char *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add(char *words, const char *format, ...)
{
	size_t len = strlen(words);
	va_list args;

	va_start(args, format);
	vsnprintf(words + len, RULES_DIFF_WORDS_MAX - len, format, args);
	va_end(args);
}

static bool has(const json_t *lines, const json_t *line)
{
	const json_t *one;
	size_t i;

	json_array_foreach(lines, i, one)
		if (json_equal(one, line))
			return true;
	return false;
}

/* Those of @lines that are not in @without, which may be NULL. */
static unsigned int add_lines(char *words, const char *lead, const json_t *lines,
			      const json_t *without)
{
	unsigned int count = 0;
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
		if (!without || !has(without, line))
			add(words, "%s%.*s", count++ ? "; " : lead, RULES_DIFF_LINE_MAX,
			    json_string_value(line));
	return count;
}

void rules_diff_words(const struct rules_change *change, const char *by,
		      char words[RULES_DIFF_WORDS_MAX])
{
	static const char more[] = "...";
	unsigned int now, then;

	words[0] = '\0';
	add(words, "%.200s was %s ", change->of, !change->before ? "added" :
	    !change->after ? "removed" : "changed");
	if (by)
		add(words, "by %.300s", by);
	else
		add(words, "(nobody said by whom)");
	if (!change->before || !change->after) {
		add_lines(words, change->after ? ": " : "; it was: ",
			  change->after ? change->after : change->before, NULL);
	} else {
		now = add_lines(words, ": ", change->after, change->before);
		then = add_lines(words, now ? "; before: " : "; no longer: ", change->before,
				 change->after);
		if (!now && !then) {	/* the same lines in another order */
			add_lines(words, ": ", change->after, NULL);
			add_lines(words, "; before: ", change->before, NULL);
		}
	}
	if (strlen(words) == RULES_DIFF_WORDS_MAX - 1)
		strcpy(words + RULES_DIFF_WORDS_MAX - sizeof(more), more);
	text_inert(words);
}

bool rules_diff_add_name(char *list, size_t size, const char *name)
{
	size_t have = strlen(list), len = strlen(name);
	const char *at = list;

	while (len && (at = strstr(at, name))) {
		if ((at == list || at[-1] == ' ') && (!at[len] || at[len] == ','))
			return true;
		at++;
	}
	if (!len || have + len + 2 >= size)
		return false;
	snprintf(list + have, size - have, "%s%s", have ? ", " : "", name);
	return true;
}

static json_t *clip(const json_t *line)
{
	const char *text = json_string_value(line);
	size_t len = json_string_length(line);

	if (len <= RULES_DIFF_LINE_MAX)
		return json_deep_copy(line);
	/* Not in the middle of a character. */
	for (len = RULES_DIFF_LINE_MAX; len && (text[len] & 0xc0) == 0x80; len--)
		;
	return json_sprintf("%.*s...", (int)len, text);
}

json_t *rules_diff_clip(const json_t *lines)
{
	json_t *clipped = lines ? json_array() : NULL;
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line) {
		if (json_array_append_new(clipped, clip(line))) {
			json_decref(clipped);
			return NULL;
		}
	}
	return clipped;
}
