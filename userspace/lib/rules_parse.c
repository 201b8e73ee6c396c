// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The rules file, through libconfuse. Each value is judged while the parser
 * stands on its line, each section at its end; nothing is handed out unless
 * the whole file is right. Not for use from several threads: libconfuse's
 * callbacks carry no argument, so the draft is a static here.
 */
#include <confuse.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "confuse_line.h"
#include "rules_draft.h"
#include "text.h"

#define RULES_FILE_MAX (8 << 20)

/*
 * libconfuse takes a section or comment that is open at the end of the file
 * for complete. Only a complete file has this key, put behind it, at its top.
 */
#define END_KEY "_end_of_file"
#define END_LINE "\n" END_KEY " = yes\n"

static struct rules_draft draft;
static struct confuse_line search;

static int line_of(const cfg_t *cfg)
{
	return confuse_line(&search, cfg->line);
}

int rules_refuse(struct rules_draft *of, int line, const char *format, ...)
{
	char said[RULES_TEXT_WHY_MAX / 2];
	va_list args;

	if (*of->why)
		return -1;
	if (line > of->lines)	/* END_LINE is none of the file's */
		line = of->lines;
	va_start(args, format);
	vsnprintf(said, sizeof(said), format, args);
	va_end(args);
	snprintf(of->why, RULES_TEXT_WHY_MAX, "%.250s:%d: %s", of->name, line,
		 said);
	return -1;
}

/*
 * Refuse a key that this section has had; a list comes once per element. And
 * one that reaches into a section from outside, which libconfuse allows
 * ("exclude=NAME|exe" = VALUE): that section has been judged already, and the
 * value would go into the next one.
 */
static int once(cfg_t *cfg, cfg_opt_t *opt, const char *const *keys)
{
	const char *key = cfg_opt_name(opt);
	uint32_t bit = 1;

	if (!strcmp(cfg_name(cfg), "root"))
		return rules_refuse(&draft, line_of(cfg), "%s is given outside its section; write it between the { and } of the section",
				    key);
	for (; strcmp(*keys, key); keys++)
		bit <<= 1;
	if ((draft.keys_given & bit) && strcmp(key, "classes"))
		return rules_refuse(&draft, line_of(cfg), "%s is given twice in one section; which one is meant?",
				    key);
	draft.keys_given |= bit;
	return 0;
}

static const char *value_of(cfg_opt_t *opt)
{
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);

	return value ? value : "";
}

static int on_class_value(cfg_t *cfg, cfg_opt_t *opt)
{
	if (once(cfg, opt, rules_class_keys))
		return -1;
	return rules_set_class(&draft, cfg_opt_name(opt), value_of(opt),
			       line_of(cfg));
}

static int on_exclude_value(cfg_t *cfg, cfg_opt_t *opt)
{
	if (once(cfg, opt, rules_exclude_keys))
		return -1;
	return rules_set_exclude(&draft, cfg_opt_name(opt), value_of(opt),
				 line_of(cfg));
}

static int on_scope_value(cfg_t *cfg, cfg_opt_t *opt)
{
	if (once(cfg, opt, rules_scope_keys))
		return -1;
	return rules_set_scope(&draft, cfg_opt_name(opt), value_of(opt),
			       line_of(cfg));
}

static int on_budget_value(cfg_t *cfg, cfg_opt_t *opt)
{
	if (once(cfg, opt, rules_budget_keys))
		return -1;
	return rules_set_budget(&draft, cfg_opt_name(opt), value_of(opt),
				line_of(cfg));
}

static const char *section_name(cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *title = section ? cfg_title(section) : NULL;

	return title ? title : "";
}

static int on_class(cfg_t *cfg, cfg_opt_t *opt)
{
	return rules_end_class(&draft, section_name(opt), line_of(cfg));
}

static int on_exclude(cfg_t *cfg, cfg_opt_t *opt)
{
	return rules_end_exclude(&draft, section_name(opt), line_of(cfg));
}

static int on_scope(cfg_t *cfg, cfg_opt_t *opt)
{
	return rules_end_scope(&draft, section_name(opt), line_of(cfg));
}

static int on_budget(cfg_t *cfg, cfg_opt_t *opt)
{
	(void)opt;
	return rules_end_budget(&draft, line_of(cfg));
}

/* What stands in single quotes in one of libconfuse's own sentences. */
static const char *quoted_in(char *said)
{
	char *start = strchr(said, '\''), *end = strrchr(said, '\'');

	if (!start || end == start)
		return rules_shown("");
	*end = '\0';
	return rules_shown(start + 1);
}

static int unknown_key(int line, const char *key, const char *where,
		       const char *const *keys)
{
	char list[160] = "";
	size_t len = 0;
	int i;

	for (i = 0; keys[i] && len < sizeof(list); i++)
		len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%s",
					i ? ", " : "", keys[i]);
	return rules_refuse(&draft, line, "unknown key %s%s; known are: %s",
			    key, where, list);
}

/* What libconfuse itself finds wrong, in our words where they can be better. */
static void on_error(cfg_t *cfg, const char *format, va_list args)
{
	static const char *const top_keys[] = { "class", "scope", "budget",
						"exclude", NULL };
	const char *section = cfg->name ? cfg->name : "";
	char said[300];

	vsnprintf(said, sizeof(said), format, args);
	if (strstr(said, END_KEY))
		rules_refuse(&draft, line_of(cfg), "the file ends inside a section; a closing } is needed");
	else if (strstr(said, "premature end of file"))
		rules_refuse(&draft, line_of(cfg), "the file ends inside a string, a comment or a section; close it (a glob with /* in it needs quotes)");
	else if (!strncmp(said, "found duplicate title", 21))
		rules_refuse(&draft, line_of(cfg), "%s is there twice; give each exclude and scope its own name, and each class one section",
			     quoted_in(said));
	else if (strncmp(said, "no such option", 14))
		rules_refuse(&draft, line_of(cfg), "%s; KEY = VALUE, class NAME { ... }, scope NAME { ... }, budget { ... } or exclude NAME { ... } is needed",
			     said);
	else if (!strcmp(section, "class"))
		unknown_key(line_of(cfg), quoted_in(said), " in a class",
			    rules_class_keys);
	else if (!strcmp(section, "exclude"))
		unknown_key(line_of(cfg), quoted_in(said), " in an exclude",
			    rules_exclude_keys);
	else if (!strcmp(section, "scope"))
		unknown_key(line_of(cfg), quoted_in(said), " in a scope",
			    rules_scope_keys);
	else if (!strcmp(section, "budget"))
		unknown_key(line_of(cfg), quoted_in(said), " in the budget",
			    rules_budget_keys);
	else
		unknown_key(line_of(cfg), quoted_in(said), "", top_keys);
}

static void watch_keys(cfg_t *cfg, const char *section,
		       const char *const *keys, cfg_validate_callback_t callback)
{
	char name[64];
	int i;

	for (i = 0; keys[i]; i++) {
		snprintf(name, sizeof(name), "%s|%s", section, keys[i]);
		cfg_set_validate_func(cfg, name, callback);
	}
}

static int parse_text(const char *text)
{
	cfg_opt_t class[] = {
		CFG_STR("action", NULL, CFGF_NODEFAULT),
		CFG_STR("known", NULL, CFGF_NODEFAULT),
		CFG_STR("window", NULL, CFGF_NODEFAULT),
		CFG_STR("repeat", NULL, CFGF_NODEFAULT),
		CFG_STR("self-clone", NULL, CFGF_NODEFAULT),
		CFG_STR("init", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_opt_t scope[] = {
		CFG_STR("cgroup", NULL, CFGF_NODEFAULT),
		CFG_STR_LIST("classes", NULL, CFGF_NODEFAULT),
		CFG_STR("action", NULL, CFGF_NODEFAULT),
		CFG_STR("known", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_opt_t budget[] = {
		CFG_STR("per-minute", NULL, CFGF_NODEFAULT),
		CFG_STR("per-executable", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_opt_t exclude[] = {
		CFG_STR_LIST("classes", NULL, CFGF_NODEFAULT),
		CFG_STR("exe", NULL, CFGF_NODEFAULT),
		CFG_STR("comm", NULL, CFGF_NODEFAULT),
		CFG_STR("uid", NULL, CFGF_NODEFAULT),
		CFG_STR("cgroup", NULL, CFGF_NODEFAULT),
		CFG_STR("inode", NULL, CFGF_NODEFAULT),
		CFG_STR("sha256", NULL, CFGF_NODEFAULT),
		CFG_STR("unsafe", NULL, CFGF_NODEFAULT),
		CFG_STR("reason", NULL, CFGF_NODEFAULT),
		CFG_STR("author", NULL, CFGF_NODEFAULT),
		CFG_STR("expires", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	const cfg_flag_t flags = CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES;
	cfg_opt_t top[] = {
		CFG_SEC("class", class, flags),
		CFG_SEC("scope", scope, flags),
		CFG_SEC("budget", budget, CFGF_MULTI),
		CFG_SEC("exclude", exclude, flags),
		CFG_STR(END_KEY, NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_t *cfg = cfg_init(top, CFGF_NONE);
	int result;

	if (!cfg)
		return -ENOMEM;
	cfg_set_error_function(cfg, on_error);
	watch_keys(cfg, "class", rules_class_keys, on_class_value);
	watch_keys(cfg, "exclude", rules_exclude_keys, on_exclude_value);
	watch_keys(cfg, "scope", rules_scope_keys, on_scope_value);
	watch_keys(cfg, "budget", rules_budget_keys, on_budget_value);
	cfg_set_validate_func(cfg, "class", on_class);
	cfg_set_validate_func(cfg, "scope", on_scope);
	cfg_set_validate_func(cfg, "budget", on_budget);
	cfg_set_validate_func(cfg, "exclude", on_exclude);
	result = cfg_parse_buf(cfg, text);
	if (result == CFG_SUCCESS && !cfg_size(cfg, END_KEY))
		rules_refuse(&draft, line_of(cfg), "the file ends inside a comment or a string; close it");
	cfg_free(cfg);
	if (result == CFG_SUCCESS && !*draft.why)
		return 0;
	rules_refuse(&draft, 1, "this is no rules file");
	return draft.error ? draft.error : -EINVAL;
}

/*
 * What no rules file may hold. libconfuse would put environment variables
 * into the text, so that a file would mean one thing to a person and another
 * to the daemon.
 */
static int check_text(const char *text, size_t len)
{
	size_t i;
	int line = 1, slashes = 0;

	if (len > RULES_FILE_MAX || memchr(text, '\0', len))
		return rules_refuse(&draft, 1, "a text file of at most 8 MiB, without NUL bytes, is needed");
	for (i = 0; i < len; i++) {
		if (text[i] == '$' && i + 1 < len && text[i + 1] == '{' &&
		    slashes % 2 == 0)
			return rules_refuse(&draft, line, "\"${\" stands for a variable of the environment, and there are none here; write \"\\${\" for the characters themselves");
		slashes = text[i] == '\\' ? slashes + 1 : 0;
		line += text[i] == '\n';
	}
	return 0;
}

static int parse_draft(const char *text, size_t len)
{
	char *copy;
	int error;

	if (check_text(text, len))
		return -EINVAL;
	copy = malloc(len + sizeof(END_LINE));
	if (!copy)
		return rules_refuse(&draft, 1, "out of memory"), -ENOMEM;
	memcpy(copy, text, len);
	memcpy(copy + len, END_LINE, sizeof(END_LINE));
	draft.text = copy;
	confuse_line_begin(&search, copy);
	rules_set_defaults(&draft.rules);
	error = parse_text(copy);
	free(copy);
	if (error)
		client_rules_free(&draft.rules);
	return error;
}

static int count_lines(const char *text, size_t len)
{
	int lines = len && text[len - 1] != '\n';
	size_t i;

	for (i = 0; i < len; i++)
		lines += text[i] == '\n';
	return lines ? lines : 1;
}

int rules_text_parse_buffer(const char *name, const char *text, size_t len,
			    uint64_t now, unsigned int *expired,
			    struct client_rules *rules,
			    char why[RULES_TEXT_WHY_MAX])
{
	unsigned int gone = 0;
	int error;

	memset(&draft, 0, sizeof(draft));
	why[0] = '\0';
	draft.name = name;
	draft.lines = count_lines(text, len);
	draft.why = why;
	draft.now = now;
	draft.expired = expired ? &gone : NULL;
	error = parse_draft(text, len);
	if (error) {
		text_inert(why);
		return error;
	}
	*rules = draft.rules;
	if (expired)
		*expired = gone;
	return 0;
}

static int cannot_read(const char *path, int error, char *why)
{
	snprintf(why, RULES_TEXT_WHY_MAX, "%.250s cannot be read: %s", path,
		 strerror(-error));
	return error;
}

int rules_text_parse(const char *path, uint64_t now, unsigned int *expired,
		     struct client_rules *rules, char why[RULES_TEXT_WHY_MAX])
{
	FILE *in = fopen(path, "re");
	struct stat stat;
	char *text;
	size_t len;
	int error;

	if (!in)
		return cannot_read(path, -errno, why);
	if (fstat(fileno(in), &stat) || !S_ISREG(stat.st_mode) ||
	    stat.st_size > RULES_FILE_MAX) {
		fclose(in);
		snprintf(why, RULES_TEXT_WHY_MAX, "%.250s cannot be read: a regular file of at most 8 MiB is needed",
			 path);
		return -EINVAL;
	}
	text = malloc((size_t)stat.st_size + 1);
	len = text ? fread(text, 1, (size_t)stat.st_size, in) : 0;
	if (!text || ferror(in))
		error = cannot_read(path, text ? -EIO : -ENOMEM, why);
	else
		error = rules_text_parse_buffer(path, text, len, now, expired,
						rules, why);
	free(text);
	fclose(in);
	return error;
}
