// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One value of the rules file: is it right, and what does it say? Pure, but
 * for the buffers of its messages.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules_draft.h"
#include "text.h"
#include "../../module/core/class.h"

const char *const rules_class_keys[] = { "action",     "known", "window",
					 "repeat",     "self-clone",
					 "init",       NULL };
const char *const rules_exclude_keys[] = { "classes", "exe",	"comm",
					   "uid",     "cgroup", "inode",
					   "sha256",  "unsafe", "reason",
					   "author",  "expires", NULL };

/* The names of the classes that can be used, for a message. */
const char *rules_class_names(void)
{
	static char list[256];
	uint32_t class;
	size_t len = 0;

	list[0] = '\0';
	for (class = 1; class <= WXGUARD_CLASS_MAX; class++) {
		if (len < sizeof(list))
			len += (size_t)snprintf(list + len, sizeof(list) - len,
						"%s%s", len ? ", " : "",
						wxg_class_lookup(class)->name);
	}
	return list;
}

static int set_text(struct rules_draft *draft, char *to, size_t size,
		    const char *key, const char *value, int line)
{
	if (!*value)
		return rules_refuse(
			draft, line,
			"%s is empty; leave it out, or give a value", key);
	if (strlen(value) >= size)
		return rules_refuse(
			draft, line,
			"%s is %zu bytes long; at most %zu are possible", key,
			strlen(value), size - 1);
	memcpy(to, value, strlen(value) + 1);
	return 0;
}

int rules_set_glob(struct rules_draft *draft, char to[WXGUARD_GLOB_MAX + 1],
		   const char *key, const char *value, int line)
{
	if (*value && *value != '/')
		return rules_refuse(
			draft, line,
			"%s is %s; an absolute path or glob is needed, as in %s = \"/usr/bin/node\"",
			key, rules_shown(value), key);
	return set_text(draft, to, WXGUARD_GLOB_MAX + 1, key, value, line);
}

static int set_uid(struct rules_draft *draft, const char *value, int line)
{
	unsigned long number = 0;
	char *end = NULL;

	errno = 0;
	if (*value >= '0' && *value <= '9')
		number = strtoul(value, &end, 10);
	if (!end || *end || errno || number >= UINT32_MAX)
		return rules_refuse(
			draft, line,
			"uid is %s; a number from 0 to %u is needed, as in uid = 1000",
			rules_shown(value), UINT32_MAX - 1);
	draft->exemption.has_uid = true;
	draft->exemption.uid = (uint32_t)number;
	return 0;
}

static int set_unsafe(struct rules_draft *draft, const char *value, int line)
{
	if (!strcmp(value, "true") || !strcmp(value, "yes"))
		draft->exemption.unsafe = true;
	else if (strcmp(value, "false") && strcmp(value, "no"))
		return rules_refuse(draft, line,
				    "unsafe is %s; true or false is needed",
				    rules_shown(value));
	return 0;
}

static int set_expires(struct rules_draft *draft, const char *value, int line)
{
	if (rules_text_time(value, &draft->exemption.expires))
		return rules_refuse(
			draft, line,
			"expires is %s; a UTC time is needed, as in expires = \"2030-12-31T00:00:00Z\"",
			rules_shown(value));
	return 0;
}

static int set_inode(struct rules_draft *draft, const char *value, int line)
{
	if (rules_text_inode(value, &draft->exemption))
		return rules_refuse(
			draft, line,
			"inode is %s; device, number, generation and change time of a file are needed, as in inode = \"264241153:1310758:1180591:1767225600.123456789\" (wxguard exclude add --inode-of FILE finds them)",
			rules_shown(value));
	draft->exemption.has_identity = true;
	return 0;
}

static int set_sha256(struct rules_draft *draft, const char *value, int line)
{
	if (rules_text_sha256(value, draft->exemption.sha256))
		return rules_refuse(
			draft, line,
			"sha256 is %s; the 64 hexadecimal digits of a SHA-256 are needed, as sha256sum prints them",
			rules_shown(value));
	draft->exemption.has_sha256 = true;
	return 0;
}

int rules_add_class(struct rules_draft *draft, uint32_t *classes,
		    const char *value, int line)
{
	uint32_t class = wxg_class_parse(value, strlen(value));

	if (class == WXGUARD_CLASS_UNSPEC)
		return rules_refuse(draft, line,
				    "unknown class %s; known are: %s",
				    rules_shown(value), rules_class_names());
	*classes |= UINT32_C(1) << class;
	return 0;
}

int rules_set_exclude(struct rules_draft *draft, const char *key,
		      const char *value, int line)
{
	struct client_exemption *exemption = &draft->exemption;

	if (!strcmp(key, "classes"))
		return rules_add_class(draft, &exemption->classes, value, line);
	if (!strcmp(key, "exe"))
		return rules_set_glob(draft, exemption->exe, key, value, line);
	if (!strcmp(key, "cgroup"))
		return rules_set_glob(draft, exemption->cgroup, key, value, line);
	if (!strcmp(key, "comm"))
		return set_text(draft, exemption->comm, sizeof(exemption->comm),
				key, value, line);
	if (!strcmp(key, "uid"))
		return set_uid(draft, value, line);
	if (!strcmp(key, "inode"))
		return set_inode(draft, value, line);
	if (!strcmp(key, "sha256"))
		return set_sha256(draft, value, line);
	if (!strcmp(key, "unsafe"))
		return set_unsafe(draft, value, line);
	if (!strcmp(key, "reason"))
		return set_text(draft, exemption->reason,
				sizeof(exemption->reason), key, value, line);
	if (!strcmp(key, "author"))
		return set_text(draft, exemption->author,
				sizeof(exemption->author), key, value, line);
	return set_expires(draft, value, line);
}

static int set_window(struct rules_draft *draft, const char *value, int line)
{
	uint32_t seconds;

	if (rules_text_duration(value, &seconds) ||
	    seconds < WXGUARD_WINDOW_MIN || seconds > WXGUARD_WINDOW_MAX)
		return rules_refuse(
			draft, line,
			"window is %s; a time from 1s to 3650d is needed, as in window = 7d (units s, m, h, d)",
			rules_shown(value));
	draft->class.window = seconds;
	return 0;
}

static int set_repeat(struct rules_draft *draft, const char *value, int line)
{
	uint32_t seconds;

	if (rules_text_duration(value, &seconds) || seconds > WXGUARD_REPEAT_MAX)
		return rules_refuse(
			draft, line,
			"repeat is %s; a time up to 1d is needed, as in repeat = 60s, or 0 to report each",
			rules_shown(value));
	draft->class.repeat = seconds;
	return 0;
}

/* One of two words; the first one is "yes". */
static int set_word(struct rules_draft *draft, uint32_t *to, const char *key,
		    const char *yes, const char *no, const char *value,
		    int line)
{
	if (strcmp(value, yes) && strcmp(value, no))
		return rules_refuse(draft, line, "%s is %s; %s or %s is needed",
				    key, rules_shown(value), yes, no);
	*to = !strcmp(value, yes);
	return 0;
}

int rules_set_known(struct rules_draft *draft, uint32_t *known,
		    const char *value, int line)
{
	return set_word(draft, known, "known", "exempt", "report", value, line);
}

int rules_set_action(struct rules_draft *draft, uint32_t *action,
		     const char *value, int line)
{
	int number = wxg_action_parse(value, strlen(value));

	if (number < 0)
		return rules_refuse(
			draft, line,
			"action is %s; off, log, deny or kill is needed",
			rules_shown(value));
	*action = (uint32_t)number;
	return 0;
}

int rules_set_class(struct rules_draft *draft, const char *key,
		    const char *value, int line)
{
	struct client_class *class = &draft->class;

	if (!strcmp(key, "window"))
		return set_window(draft, value, line);
	if (!strcmp(key, "known"))
		return rules_set_known(draft, &class->known, value, line);
	if (!strcmp(key, "repeat"))
		return set_repeat(draft, value, line);
	if (!strcmp(key, "self-clone"))
		return set_word(draft, &class->self_clone, key, "exempt",
				"report", value, line);
	if (!strcmp(key, "init"))
		return set_word(draft, &class->init, key, "deny", "spare",
				value, line);
	return rules_set_action(draft, &class->action, value, line);
}

/* What the file says may hold anything: quoted, and short. */
const char *rules_shown(const char *value)
{
	static char quoted[256];
	char *text = text_quote(text_bytes(value), 48);

	snprintf(quoted, sizeof(quoted),
		 text && text[0] == '"' ? "%s" : "\"%s\"", text ? text : "?");
	free(text);
	return quoted;
}
