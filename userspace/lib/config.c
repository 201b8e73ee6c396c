// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard.conf and its drop-ins, through libconfuse. Every value is read as
 * text and judged while the parser stands on its line, so that a refusal can
 * name file and line. Nothing is applied unless every file is right. Not for
 * use from several threads: libconfuse's callbacks carry no argument.
 */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config_impl.h"
#include "store.h"
#include "text.h"

#define CONFIG_FILE_MAX (1 << 20)

void config_init(struct config *config)
{
	memset(config, 0, sizeof(*config));
	snprintf(config->store, sizeof(config->store), "%s", STORE_PATH);
	config->fsync = true;
	snprintf(config->rules, sizeof(config->rules), "%s", CONFIG_RULES_PATH);
	config->known_interval = 60;
	config->findings_keep = 20000;
	config->hash_max_size = 64 << 20;
	config->host_id = CONFIG_HOST_MACHINE_ID;
	config->log_level = CONFIG_INFO;
	snprintf(config->read_group, sizeof(config->read_group), CONFIG_GROUP);
	config->json.enabled = true;
	config->json.fsync = true;
	snprintf(config->json.path, sizeof(config->json.path), "%s",
		 CONFIG_FINDINGS_PATH);
	config->json.max_size = 100 << 20;
	config->json.keep = 5;
	config->journal = CONFIG_AUTO;
	snprintf(config->syslog.path, sizeof(config->syslog.path), "%s",
		 CONFIG_SYSLOG_PATH);
	config->syslog.facility = 10;	/* authpriv: others may not read it */
	config->syslog.max_size = 8 << 10;
	snprintf(config->stream.path, sizeof(config->stream.path), "%s",
		 CONFIG_UNIX_PATH);
	snprintf(config->metrics.path, sizeof(config->metrics.path), "%s",
		 CONFIG_METRICS_PATH);
	config->metrics.interval = 15;
}

/*
 * libconfuse takes a section or comment that is still open at the end of the
 * file for complete. So each file gets one more key, which only a file that
 * is complete has at its top.
 */
#define END_KEY "_end_of_file"
#define END_LINE "\n" END_KEY " = yes\n"

/* What libconfuse itself finds wrong. */
static void on_error(cfg_t *cfg, const char *format, va_list ap)
{
	char said[200];

	vsnprintf(said, sizeof(said), format, ap);
	if (strstr(said, "'" END_KEY "'"))
		config_refuse(cfg->line, "the file ends inside output %.40s; a closing } is needed",
		       cfg_title(cfg) ? cfg_title(cfg) : "");
	else if (strncmp(said, "no such option", 14))
		config_refuse(cfg->line, "%s", said);
	else if (cfg_title(cfg))
		config_refuse(cfg->line, "unknown key %s in output %.40s; known are: enabled, and by the output path, max_size, keep, fsync, format, facility, interval",
		       said + 15, cfg_title(cfg));
	else
		config_refuse(cfg->line, "unknown key %s; known are: mode, store, fsync, rules, known_interval, findings_keep, findings_age, findings_size, evidence_size, hash_max_size, host_id, log_level, redact, read_group, output",
		       said + 15);
}

static const char *const top_keys[] = {
	"mode", "store", "fsync", "rules", "known_interval", "findings_keep",
	"findings_age", "findings_size", "evidence_size",
	"hash_max_size", "host_id", "log_level", "redact", "read_group", NULL
};
static const char *const output_keys[] = {
	"enabled", "path", "max_size", "keep", "fsync", "format", "facility",
	"interval", NULL
};

static int parse_text(const char *text)
{
	cfg_opt_t output[] = {
		CFG_STR("enabled", NULL, CFGF_NODEFAULT),
		CFG_STR("path", NULL, CFGF_NODEFAULT),
		CFG_STR("max_size", NULL, CFGF_NODEFAULT),
		CFG_STR("keep", NULL, CFGF_NODEFAULT),
		CFG_STR("fsync", NULL, CFGF_NODEFAULT),
		CFG_STR("format", NULL, CFGF_NODEFAULT),
		CFG_STR("facility", NULL, CFGF_NODEFAULT),
		CFG_STR("interval", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_opt_t top[] = {
		CFG_STR("mode", NULL, CFGF_NODEFAULT),
		CFG_STR("store", NULL, CFGF_NODEFAULT),
		CFG_STR("fsync", NULL, CFGF_NODEFAULT),
		CFG_STR("rules", NULL, CFGF_NODEFAULT),
		CFG_STR("known_interval", NULL, CFGF_NODEFAULT),
		CFG_STR("findings_keep", NULL, CFGF_NODEFAULT),
		CFG_STR("findings_age", NULL, CFGF_NODEFAULT),
		CFG_STR("findings_size", NULL, CFGF_NODEFAULT),
		CFG_STR("evidence_size", NULL, CFGF_NODEFAULT),
		CFG_STR("hash_max_size", NULL, CFGF_NODEFAULT),
		CFG_STR("host_id", NULL, CFGF_NODEFAULT),
		CFG_STR("log_level", NULL, CFGF_NODEFAULT),
		CFG_STR("redact", NULL, CFGF_NODEFAULT),
		CFG_STR("read_group", NULL, CFGF_NODEFAULT),
		CFG_SEC("output", output, CFGF_MULTI | CFGF_TITLE),
		CFG_STR(END_KEY, NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_t *cfg = cfg_init(top, CFGF_NONE);
	char name[64];
	int i, result;

	if (!cfg)
		return -ENOMEM;
	cfg_set_error_function(cfg, on_error);
	for (i = 0; top_keys[i]; i++)
		cfg_set_validate_func(cfg, top_keys[i], config_on_top);
	for (i = 0; output_keys[i]; i++) {
		snprintf(name, sizeof(name), "output|%s", output_keys[i]);
		cfg_set_validate_func(cfg, name, config_on_output);
	}
	cfg_set_validate_func(cfg, "output", config_on_section);
	result = cfg_parse_buf(cfg, text);
	if (result == CFG_SUCCESS && !*config_parse.why && !cfg_size(cfg, END_KEY))
		config_refuse(cfg->line, "the file ends inside a comment; a closing */ is needed");
	cfg_free(cfg);
	if (result == CFG_SUCCESS && !*config_parse.why)
		return 0;
	if (!*config_parse.why)
		snprintf(config_parse.why, CONFIG_WHY_MAX, "%.250s: not a configuration file",
			 config_parse.file);
	return -EINVAL;
}

static int cannot_read(const char *path, int error)
{
	snprintf(config_parse.why, CONFIG_WHY_MAX, "cannot read %.250s: %s", path,
		 strerror(-error));
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

/* The whole file, with END_LINE behind it. */
static int read_text(FILE *in, char *text, size_t size)
{
	size_t len = fread(text, 1, size, in);

	if (ferror(in))
		return cannot_read(config_parse.file, -EIO);
	if (memchr(text, '\0', len)) {
		snprintf(config_parse.why, CONFIG_WHY_MAX,
			 "cannot read %.250s: there is a NUL byte in it; a text file is needed",
			 config_parse.file);
		return -EINVAL;
	}
	config_parse.lines = count_lines(text, len);
	memcpy(text + len, END_LINE, sizeof(END_LINE));
	return 0;
}

static int parse_file(const char *path, bool may_miss)
{
	FILE *in = fopen(path, "re");
	struct stat st;
	int error;
	char *text;

	if (!in)
		return errno == ENOENT && may_miss ? 0 : cannot_read(path, -errno);
	if (fstat(fileno(in), &st) || !S_ISREG(st.st_mode) || st.st_size > CONFIG_FILE_MAX) {
		snprintf(config_parse.why, CONFIG_WHY_MAX,
			 "cannot read %.250s: a regular file of at most 1 MiB is needed", path);
		error = -EINVAL;
	} else {
		text = calloc(1, st.st_size + sizeof(END_LINE));
		config_parse.file = path;
		error = text ? read_text(in, text, st.st_size) : cannot_read(path, -ENOMEM);
		if (!error) {
			confuse_line_begin(&config_parse.search, text);
			error = parse_text(text);
		}
		free(text);
	}
	fclose(in);
	return error;
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_drop_in(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 &&
	       !strcmp(entry->d_name + len - 5, ".conf");
}

static int parse_drop_ins(const char *main_path)
{
	char dir[PATH_MAX], path[PATH_MAX];
	const char *slash = strrchr(main_path, '/');
	struct dirent **list = NULL;
	int i, count, error = 0;

	snprintf(dir, sizeof(dir), "%.*sconf.d",
		 slash ? (int)(slash - main_path + 1) : 0, main_path);
	count = scandir(dir, &list, is_drop_in, by_bytes);
	if (count < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : cannot_read(dir, -errno);
	for (i = 0; i < count; i++) {
		if (!error) {
			if ((size_t)snprintf(path, sizeof(path), "%s/%s", dir,
					     list[i]->d_name) >= sizeof(path))
				error = cannot_read(dir, -ENAMETOOLONG);
			else
				error = parse_file(path, false);
		}
		free(list[i]);
	}
	free(list);
	return error;
}

int config_load(const char *path, struct config *config, char why[CONFIG_WHY_MAX])
{
	struct config *new = malloc(sizeof(*new));
	int error;

	*why = '\0';
	if (!new) {
		snprintf(why, CONFIG_WHY_MAX, "out of memory");
		return -ENOMEM;
	}
	config_init(new);
	config_parse.config = new;
	config_parse.why = why;
	error = parse_file(path ? path : CONFIG_PATH, !path);
	if (!error)
		error = parse_drop_ins(path ? path : CONFIG_PATH);
	if (error)
		text_inert(why);
	else
		*config = *new;
	free(new);
	return error;
}
