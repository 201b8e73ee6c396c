// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What may refuse a module that is there: signatures that the firmware or the
 * kernel ask for, those who forbid modules, and probes that are switched off.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/text.h"
#include "check.h"

#define EFIVARS "/sys/firmware/efi/efivars/"
#define GLOBAL_GUID "8be4df61-93ca-11d2-aa0d-00e098032b8c"
#define DATABASE_GUID "d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define SHIM_GUID "605dab50-e046-4300-abb6-3dd810dd8b23"

/* A variable begins with four bytes of attributes. */
#define ATTRIBUTES 4

/* Functions without which the module does not arm. */
static const char *const probed[] = {
	"security_bprm_check", "security_mmap_file", "security_file_mprotect",
	"bprm_execve",
};

#define PROBED (sizeof(probed) / sizeof(*probed))

static enum check_bool read_secure_boot(const struct check_facts *facts)
{
	enum check_bool on = CHECK_UNKNOWN;
	char path[PATH_MAX], *data;
	size_t size = 0;

	/* Without EFI there is none. */
	if (!check_exists(facts, "/sys/firmware/efi"))
		return CHECK_NO;
	check_path(facts, path, EFIVARS "SecureBoot-" GLOBAL_GUID);
	data = check_read(path, &size);
	if (data && size == ATTRIBUTES + 1)
		on = data[ATTRIBUTES] == 1 ? CHECK_YES : CHECK_NO;
	free(data);
	return on;
}

/* "none [integrity] confidentiality" */
static void read_lockdown(struct check_facts *facts)
{
	char line[CHECK_WORD], *word;

	check_line(facts, line, sizeof(line), "/sys/kernel/security/lockdown");
	word = strchr(line, '[');
	if (!word || !strncmp(word, "[none]", 6))
		return;
	word++;
	snprintf(facts->lockdown, sizeof(facts->lockdown), "%.*s", (int)strcspn(word, "]"), word);
}

/* ---- the key ---- */

/* mok_certificate=FILE, where somebody has set it. */
static void read_framework(const char *path, void *arg)
{
	static const char name[] = "mok_certificate=";
	struct check_facts *facts = arg;
	size_t size;
	char *text = check_read(path, &size), *line, *rest = text, *value;

	while (rest && (line = strsep(&rest, "\n"))) {
		line += strspn(line, " \t");
		if (strncmp(line, name, strlen(name)))
			continue;
		value = line + strlen(name);
		value += strspn(value, "\"'");
		value[strcspn(value, "\"' \t#")] = 0;
		if (*value == '/')
			check_path(facts, facts->key, "%s", value);
	}
	free(text);
}

/* Which key DKMS signs with: said, or its own, or the one of shim's helper. */
static void find_key(struct check_facts *facts)
{
	static const char *const usual[] = {
		"/var/lib/dkms/mok.pub", "/var/lib/shim-signed/mok/MOK.der",
	};
	size_t i;

	check_each(facts, read_framework, facts, "/etc/dkms/framework.conf");
	check_each(facts, read_framework, facts, "/etc/dkms/framework.conf.d/*.conf");
	for (i = 0; !facts->key[0] && i < sizeof(usual) / sizeof(*usual); i++)
		if (check_exists(facts, "%s", usual[i]))
			check_path(facts, facts->key, "%s", usual[i]);
}

struct certificate {
	char *data;
	size_t size;
	enum check_bool found;	/* CHECK_UNKNOWN: in no list that could be read */
};

/* Whether a list has the certificate in it, whole, as those of EFI have. */
static void search_list(const char *path, void *arg)
{
	struct certificate *key = arg;
	size_t size;
	char *data = check_read(path, &size);

	if (data && memmem(data, size, key->data, key->size))
		key->found = CHECK_YES;
	else if (data && key->found == CHECK_UNKNOWN)
		key->found = CHECK_NO;
	free(data);
}

/* The list of shim, in parts where it is long, that of the firmware, the new. */
static void search_lists(struct check_facts *facts, struct certificate *key)
{
	key->found = CHECK_UNKNOWN;
	check_each(facts, search_list, key, EFIVARS "MokNew-" SHIM_GUID);
	facts->pending = key->found == CHECK_YES;
	/* With variables but without a list, nothing is enrolled. */
	key->found = facts->secure_boot == CHECK_YES ? CHECK_NO : CHECK_UNKNOWN;
	check_each(facts, search_list, key, "/sys/firmware/efi/mok-variables/MokListRT*");
	check_each(facts, search_list, key, EFIVARS "MokListRT*-" SHIM_GUID);
	check_each(facts, search_list, key, EFIVARS "db-" DATABASE_GUID);
	facts->enrolled = key->found;
}

static void look_enrolled(struct check_facts *facts)
{
	struct certificate key = { 0 };

	facts->enrolled = CHECK_UNKNOWN;
	if (facts->key[0])
		key.data = check_read(facts->key, &key.size);
	/* A text form is not what is in the lists. */
	if (key.size && strncmp(key.data, "-----", 5))
		search_lists(facts, &key);
	free(key.data);
}

/* ---- who forbids it ---- */

static bool names_it(const char *list)
{
	size_t len;

	for (; *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		if (len == 7 && !strncmp(list, "wxguard", 7))
			return true;
	}
	return false;
}

static void look_command_line(struct check_facts *facts)
{
	char line[4096], *word, *rest = line;

	if (!check_line(facts, line, sizeof(line), "/proc/cmdline"))
		return;
	while ((word = strsep(&rest, " "))) {
		char *value = strchr(word, '=');

		if (!value || !names_it(value + 1))
			continue;
		if (!strncmp(word, "module_blacklist=", 17) ||
		    !strncmp(word, "modprobe.blacklist=", 19))
			snprintf(facts->forbidden, sizeof(facts->forbidden),
				 "the kernel's command line (%s)", word);
	}
}

/* "blacklist wxguard", "install wxguard /bin/false" */
static void look_rule_file(const char *path, void *arg)
{
	struct check_facts *facts = arg;
	size_t size;
	char *text = check_read(path, &size), *line, *rest = text;
	char verb[16], name[16];

	while (rest && (line = strsep(&rest, "\n")))
		if (sscanf(line, " %15s %15s", verb, name) == 2 && !strcmp(name, "wxguard") &&
		    (!strcmp(verb, "blacklist") || !strcmp(verb, "install")))
			snprintf(facts->forbidden, sizeof(facts->forbidden), "%s", path);
	free(text);
}

void check_look_boot(struct check_facts *facts)
{
	char line[CHECK_WORD];

	facts->secure_boot = read_secure_boot(facts);
	read_lockdown(facts);
	check_line(facts, line, sizeof(line), "/sys/module/module/parameters/sig_enforce");
	facts->sig_enforce = *line == 'Y';
	find_key(facts);
	look_enrolled(facts);
	facts->mokutil = check_exists(facts, "/usr/bin/mokutil");
	look_command_line(facts);
	check_each(facts, look_rule_file, facts, "/lib/modprobe.d/*.conf");
	check_each(facts, look_rule_file, facts, "/run/modprobe.d/*.conf");
	check_each(facts, look_rule_file, facts, "/etc/modprobe.d/*.conf");
	check_line(facts, line, sizeof(line), "/proc/sys/kernel/modules_disabled");
	facts->modules_disabled = *line == '1';
}

/* ---- probes ---- */

static void look_switch(struct check_facts *facts, const char *path)
{
	char line[CHECK_WORD];

	if (check_line(facts, line, sizeof(line), "%s", path) && !strcmp(line, "0"))
		snprintf(facts->probes_off, sizeof(facts->probes_off), "%s", path);
}

/* "0xffffffff81000000-0xffffffff81000010	name" */
static void look_refused(struct check_facts *facts)
{
	char path[PATH_MAX], line[256], name[CHECK_WORD];
	size_t i;
	FILE *in;

	check_path(facts, path, "/sys/kernel/debug/kprobes/blacklist");
	in = fopen(path, "re");
	while (in && fgets(line, sizeof(line), in))
		for (i = 0; i < PROBED; i++)
			if (sscanf(line, "%*s %95s", name) == 1 && !strcmp(name, probed[i]))
				snprintf(facts->probe_refused, sizeof(facts->probe_refused),
					 "%s", name);
	if (in)
		fclose(in);
}

/* "ffffffff81000000 T name", with zeros in front for all but root */
static void look_absent(struct check_facts *facts)
{
	char path[PATH_MAX], line[512], name[CHECK_WORD];
	unsigned int found = 0;
	size_t i, lines = 0;
	FILE *in;

	check_path(facts, path, "/proc/kallsyms");
	in = fopen(path, "re");
	for (; in && fgets(line, sizeof(line), in); lines++)
		for (i = 0; i < PROBED; i++)
			if (strstr(line, probed[i]) &&
			    sscanf(line, "%*s %*c %95s", name) == 1 && !strcmp(name, probed[i]))
				found |= 1U << i;
	if (in)
		fclose(in);
	for (i = 0; lines && i < PROBED; i++)
		if (!(found & 1U << i))
			snprintf(facts->probe_absent, sizeof(facts->probe_absent), "%s", probed[i]);
}

void check_look_probes(struct check_facts *facts)
{
	look_switch(facts, "/proc/sys/kernel/ftrace_enabled");
	look_switch(facts, "/sys/kernel/debug/kprobes/enabled");
	look_refused(facts);
	look_absent(facts);
}
