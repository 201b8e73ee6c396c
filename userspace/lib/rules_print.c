// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Rules to text, and the text to disk. What is printed here, rules_parse.c
 * reads back to the same values.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "file_replace.h"
#include "rules_text.h"
#include "../../module/core/class.h"

/* In double quotes libconfuse reads \x and ${NAME}: both are kept from it. */
static void print_quoted(FILE *out, const char *key, const char *text)
{
	const unsigned char *at = (const unsigned char *)text;

	if (!*at)
		return;
	fprintf(out, "\t%s = \"", key);
	for (; *at; at++) {
		if (*at == '"' || *at == '\\' || *at == '$')
			fprintf(out, "\\%c", *at);
		else if (*at < 0x20 || *at == 0x7f)
			fprintf(out, "\\x%02x", *at);
		else
			fputc(*at, out);
	}
	fputs("\"\n", out);
}

static const char *known_word(uint32_t known)
{
	return known ? "exempt" : "report";
}

static void print_class(FILE *out, const struct client_class *class)
{
	const struct wxg_class *row = wxg_class_lookup(class->id);
	char window[16], repeat[16];

	if (!row || !row->name)
		return;
	rules_text_duration_print(class->window, window);
	rules_text_duration_print(class->repeat, repeat);
	fprintf(out, "class %s {\n\taction = %s\n\tknown = %s\n\twindow = %s\n\trepeat = %s\n",
		row->name, wxg_action_name(class->action),
		known_word(class->known), window, repeat);
	if (class->id == WXGUARD_CLASS_EXEC_MEMORY)
		fprintf(out, "\tself-clone = %s\n",
			class->self_clone ? "exempt" : "report");
	if (row->deniable)
		fprintf(out, "\tinit = %s\n", class->init ? "deny" : "spare");
	fputs("}\n\n", out);
}

static void print_budget(FILE *out, const struct client_rules *rules)
{
	if (rules->budget_exe)
		fprintf(out, "budget {\n\tper-minute = %" PRIu32
			     "\n\tper-executable = %" PRIu32 "\n}\n\n",
			rules->budget, rules->budget_exe);
}

static void print_classes(FILE *out, uint32_t classes)
{
	const char *comma = "";
	uint32_t class;

	fputs("\tclasses = {", out);
	for (class = 1; class <= WXGUARD_CLASS_MAX; class++) {
		const struct wxg_class *row = wxg_class_lookup(class);

		if (!(classes >> class & 1) || !row || !row->name)
			continue;
		fprintf(out, "%s%s", comma, row->name);
		comma = ", ";
	}
	fputs("}\n", out);
}

static void print_scope(FILE *out, const struct client_scope *scope)
{
	fprintf(out, "scope \"%s\" {\n", scope->name);
	print_quoted(out, "cgroup", scope->cgroup);
	print_classes(out, scope->classes);
	fprintf(out, "\taction = %s\n", wxg_action_name(scope->action));
	if (scope->has_known)
		fprintf(out, "\tknown = %s\n", known_word(scope->known));
	fputs("}\n\n", out);
}

/*
 * What was pinned for a content is no rule, but where it was found: whoever
 * loads this looks again.
 */
static void print_file(FILE *out, const struct client_exemption *exemption)
{
	char inode[RULES_TEXT_INODE_MAX], sha256[RULES_TEXT_SHA256_MAX];

	rules_text_inode_print(exemption, inode);
	if (exemption->has_sha256) {
		rules_text_sha256_print(exemption->sha256, sha256);
		print_quoted(out, "sha256", sha256);
		if (exemption->has_identity)
			fprintf(out, "\t# now inode %s\n", inode);
	} else if (exemption->has_identity) {
		print_quoted(out, "inode", inode);
	}
}

void rules_text_print_exemption(FILE *out, const struct client_exemption *exemption)
{
	char expires[32];

	fprintf(out, "exclude \"%s\" {\n", exemption->name);
	print_classes(out, exemption->classes);
	print_quoted(out, "exe", exemption->exe);
	print_quoted(out, "comm", exemption->comm);
	if (exemption->has_uid)
		fprintf(out, "\tuid = %" PRIu32 "\n", exemption->uid);
	print_quoted(out, "cgroup", exemption->cgroup);
	print_file(out, exemption);
	if (exemption->unsafe)
		fputs("\tunsafe = true\n", out);
	print_quoted(out, "reason", exemption->reason);
	print_quoted(out, "author", exemption->author);
	if (exemption->expires) {
		rules_text_time_print(exemption->expires, expires);
		print_quoted(out, "expires", expires);
	}
	fputs("}\n\n", out);
}

int rules_text_print(FILE *out, const struct client_rules *rules)
{
	unsigned int i;

	for (i = 0; i < rules->classes; i++)
		print_class(out, &rules->class[i]);
	print_budget(out, rules);
	for (i = 0; i < rules->scopes; i++)
		print_scope(out, &rules->scope[i]);
	for (i = 0; i < rules->count; i++)
		rules_text_print_exemption(out, &rules->exemption[i]);
	return ferror(out) ? -EIO : 0;
}

static int put_file(FILE *out, void *rules)
{
	fputs("# Classes and exclusions of wxguard; written by wxguard.\n\n", out);
	return rules_text_print(out, rules);
}

int rules_text_save(const char *path, const struct client_rules *rules)
{
	return file_replace(path, true, put_file, (void *)rules);
}
