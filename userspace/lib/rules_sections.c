// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One section of the rules file, at its end: is it complete, and may it join
 * the others? Pure but for memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules_draft.h"
#include "../../module/core/class.h"
#include "../../module/core/rules.h"

void rules_set_defaults(struct client_rules *rules)
{
	struct wxg_rules defaults;
	uint32_t id;

	memset(rules, 0, sizeof(*rules));
	wxg_rules_init(&defaults);
	for (id = 1; id <= WXGUARD_CLASS_MAX; id++) {
		const struct wxg_class_rule *rule = &defaults.class[id];

		rules->class[rules->classes++] = (struct client_class){
			.id = id,
			.action = rule->action,
			.known = rule->known,
			.window = rule->window,
			.repeat = rule->repeat,
			.self_clone = rule->self_clone,
			.init = rule->init,
		};
	}
	rules->budget = defaults.budget.per_minute;
	rules->budget_exe = defaults.budget.per_exe;
}

/* A copy at the end of the list, which doubles at each power of two. */
static int append(struct rules_draft *draft, int line)
{
	struct client_rules *rules = &draft->rules;
	struct client_exemption *grown;

	if (rules->count == WXGUARD_EXEMPTIONS_MAX)
		return rules_refuse(draft, line, "more than %u exclusions; the module takes no more",
				    WXGUARD_EXEMPTIONS_MAX);
	if (!(rules->count & (rules->count - 1))) {
		grown = realloc(rules->exemption, (rules->count ?
				rules->count * 2 : 1) * sizeof(*grown));
		if (!grown) {
			draft->error = -ENOMEM;
			return rules_refuse(draft, line, "out of memory");
		}
		rules->exemption = grown;
	}
	rules->exemption[rules->count++] = draft->exemption;
	return 0;
}

int rules_set_name(struct rules_draft *draft, char *to, const char *name,
		   int line)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len = strlen(name);

	if (!len || len > WXGUARD_EXEMPTION_NAME_MAX || name[strspn(name, allowed)])
		return rules_refuse(draft, line, "the name %s is not possible; give 1 to %u of A-Z a-z 0-9 . _ -",
				    rules_shown(name),
				    WXGUARD_EXEMPTION_NAME_MAX);
	memcpy(to, name, len + 1);
	return 0;
}

/* 1: expired, and to be left out. */
static int check_expiry(struct rules_draft *draft, int line)
{
	const struct client_exemption *exemption = &draft->exemption;
	char when[32];

	if (!exemption->expires || exemption->expires > draft->now)
		return 0;
	if (draft->expired) {
		(*draft->expired)++;
		return 1;
	}
	rules_text_time_print(exemption->expires, when);
	return rules_refuse(draft, line, "exclude \"%s\" expired at %s; remove it, or give a later time",
			    exemption->name, when);
}

/* What a person forgets first, in the words of the file. */
static int check_complete(struct rules_draft *draft, int line)
{
	const struct client_exemption *exemption = &draft->exemption;

	if (!exemption->classes)
		return rules_refuse(draft, line, "exclude \"%s\" names no class; give one, as in classes = {rwx_mprotect}; known are: %s",
				    exemption->name, rules_class_names());
	if (!exemption->reason[0])
		return rules_refuse(draft, line, "exclude \"%s\" gives no reason; say why, as in reason = \"...\"",
				    exemption->name);
	if (exemption->comm[0] && !exemption->unsafe)
		return rules_refuse(draft, line, "exclude \"%s\" trusts comm, which any process can set to any text; prefer exe, or write unsafe = true to accept that",
				    exemption->name);
	if (!exemption->exe[0] && !exemption->comm[0] && !exemption->has_uid &&
	    !exemption->cgroup[0] && !exemption->has_identity &&
	    !exemption->has_sha256)
		return rules_refuse(draft, line, "exclude \"%s\" says of whom nothing and would cover everything; give exe, uid, cgroup, inode or sha256",
				    exemption->name);
	return 0;
}

/* The rest is the core's to judge: it will be the module's judgement too. */
static int check_core(struct rules_draft *draft, int line)
{
	struct client_rules one = { .count = 1,
				    .exemption = &draft->exemption };
	char said[RULES_TEXT_WHY_MAX];

	if (!rules_text_check(&one, draft->now, said))
		return 0;
	return rules_refuse(draft, line, "%.300s", said);
}

static int end_exclude(struct rules_draft *draft, const char *name, int line)
{
	int error = rules_set_name(draft, draft->exemption.name, name, line);

	if (!error)
		error = check_complete(draft, line);
	if (!error)
		error = check_expiry(draft, line);
	if (error > 0)
		return 0;
	if (!error)
		error = check_core(draft, line);
	return error ? error : append(draft, line);
}

/* Keys that were left out keep the default of the class. */
static void apply_class(const struct rules_draft *draft,
			struct client_class *class)
{
	if (draft->keys_given & 1)
		class->action = draft->class.action;
	if (draft->keys_given & 2)
		class->known = draft->class.known;
	if (draft->keys_given & 4)
		class->window = draft->class.window;
	if (draft->keys_given & 8)
		class->repeat = draft->class.repeat;
	if (draft->keys_given & 16)
		class->self_clone = draft->class.self_clone;
	if (draft->keys_given & 32)
		class->init = draft->class.init;
}

static int end_class(struct rules_draft *draft, const char *name, int line)
{
	uint32_t id = wxg_class_parse(name, strlen(name));
	const struct wxg_class *row = wxg_class_lookup(id);
	unsigned int i;

	if (id == WXGUARD_CLASS_UNSPEC)
		return rules_refuse(draft, line, "unknown class %s; known are: %s",
				    rules_shown(name), rules_class_names());
	if (!row->deniable && draft->class.action > WXGUARD_ACTION_LOG)
		return rules_refuse(draft, line, "class \"%s\": action %s is not possible, since there is nothing to deny; use off or log",
				    name, wxg_action_name(draft->class.action));
	if (draft->keys_given & 16 && id != WXGUARD_CLASS_EXEC_MEMORY)
		return rules_refuse(draft, line, "class \"%s\": self-clone is for class exec_memory only; leave it out",
				    name);
	if (!row->deniable && draft->class.init)
		return rules_refuse(draft, line, "class \"%s\": init = deny is not possible, since there is nothing to deny; leave it out",
				    name);
	if (draft->classes_given >> id & 1)
		return rules_refuse(draft, line, "class \"%s\" is there twice; put its keys into one section",
				    name);
	draft->classes_given |= UINT32_C(1) << id;
	for (i = 0; i < draft->rules.classes; i++)
		if (draft->rules.class[i].id == id)
			apply_class(draft, &draft->rules.class[i]);
	return 0;
}

/*
 * libconfuse knows at a section's end no more where it began. The last line
 * since the section before that begins with its kind is the place; a comment
 * within could hold such a line too, and then the message points there.
 */
int rules_begin_of(const struct rules_draft *draft, const char *kind, int end)
{
	const char *at = draft->text;
	int line = 1, found = end;

	for (; at && line <= end; line++) {
		const char *word = at + strspn(at, " \t}");

		if (line >= draft->section_after &&
		    !strncmp(word, kind, strlen(kind)) &&
		    strchr(" \t\"'{", word[strlen(kind)]))
			found = line;
		at = strchr(at, '\n');
		if (at)
			at++;
	}
	return found;
}

void rules_close_section(struct rules_draft *draft, int line)
{
	memset(&draft->exemption, 0, sizeof(draft->exemption));
	memset(&draft->class, 0, sizeof(draft->class));
	memset(&draft->scope, 0, sizeof(draft->scope));
	draft->keys_given = 0;
	draft->section_after = line;
}

int rules_end_class(struct rules_draft *draft, const char *name, int line)
{
	int error = end_class(draft, name,
			      rules_begin_of(draft, "class", line));

	rules_close_section(draft, line);
	return error;
}

int rules_end_exclude(struct rules_draft *draft, const char *name, int line)
{
	int error = end_exclude(draft, name,
				rules_begin_of(draft, "exclude", line));

	rules_close_section(draft, line);
	return error;
}
