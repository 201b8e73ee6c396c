// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See rules_words.h. Each rule is printed alone, as the rules file has it, so
 * that no name or value can pass for another rule. Pure but for memory.
 */
#include "rules_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../module/core/class.h"
#include "rules_text.h"
#include "utf8.h"

/* A JSON string; NULL when out of memory. */
static json_t *clean(const char *text, size_t len)
{
	char *out = malloc(4 * len + 1), *to = out;
	json_t *json;
	uint32_t code;
	size_t step;

	if (!out)
		return NULL;
	while (len) {
		step = utf8_decode((const uint8_t *)text, len, &code);
		if (step && code >= 0x20 && code != 0x7f) {
			to = mempcpy(to, text, step);
		} else {
			step = 1;
			to += sprintf(to, "\\x%02x", (unsigned char)*text);
		}
		text += step;
		len -= step;
	}
	json = json_stringn(out, (size_t)(to - out));
	free(out);
	return json;
}

/* The lines between the braces. */
static json_t *lines_of(const struct client_rules *one)
{
	char *text = NULL, *line, *rest;
	json_t *lines = json_array();
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	int error = !out || !lines;

	if (out) {
		error |= rules_text_print(out, one);
		error |= fclose(out);
	}
	rest = error ? NULL : text;
	while ((line = strsep(&rest, "\n"))) {
		if (*line++ != '\t')
			continue;
		if (!strncmp(line, "# ", 2))
			line += 2;
		error |= json_array_append_new(lines, clean(line, strlen(line)));
	}
	free(text);
	if (!error)
		return lines;
	json_decref(lines);
	return NULL;
}

static int put(json_t *words, const char *kind, const char *name,
	       const struct client_rules *one)
{
	char title[WXGUARD_EXEMPTION_NAME_MAX + 32];
	json_t *key;
	int error;

	snprintf(title, sizeof(title), name ? "%s \"%s\"" : "%s", kind, name);
	key = clean(title, strlen(title));
	error = !key || json_object_set_new(words, json_string_value(key), lines_of(one));
	json_decref(key);
	return error;
}

static int put_class(json_t *words, const struct client_class *class)
{
	struct client_rules one = { .classes = 1, .class = { *class } };
	const struct wxg_class *row = wxg_class_lookup(class->id);
	char title[64];

	if (!row || !row->name)
		return 0;
	snprintf(title, sizeof(title), "class %s", row->name);
	return put(words, title, NULL, &one);
}

static int put_budget(json_t *words, const struct client_rules *rules)
{
	struct client_rules one = { .budget = rules->budget,
				    .budget_exe = rules->budget_exe };

	return rules->budget_exe ? put(words, "budget", NULL, &one) : 0;
}

static int put_scope(json_t *words, const struct client_scope *scope)
{
	struct client_scope nameless = *scope;
	struct client_rules one = { .scopes = 1, .scope = &nameless };

	strcpy(nameless.name, "-");
	return put(words, "scope", scope->name, &one);
}

static int put_exemption(json_t *words, const struct client_exemption *exemption)
{
	struct client_exemption nameless = *exemption;
	struct client_rules one = { .count = 1, .exemption = &nameless };

	strcpy(nameless.name, "-");
	return put(words, "exclude", exemption->name, &one);
}

json_t *rules_words(const struct client_rules *rules)
{
	json_t *words = json_object();
	int error = !words;
	unsigned int i;

	for (i = 0; i < rules->classes && !error; i++)
		error = put_class(words, &rules->class[i]);
	if (!error)
		error = put_budget(words, rules);
	for (i = 0; i < rules->scopes && !error; i++)
		error = put_scope(words, &rules->scope[i]);
	for (i = 0; i < rules->count && !error; i++)
		error = put_exemption(words, &rules->exemption[i]);
	if (!error)
		return words;
	json_decref(words);
	return NULL;
}
