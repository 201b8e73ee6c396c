// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys inside "output NAME { ... }" of wxguard.conf. libconfuse calls
 * these while it stands on the line of the value, so that a refusal can name
 * it.
 */
#include <stdio.h>
#include <string.h>
#include <sys/un.h>

#include "config_impl.h"

#define FILE_SIZE_MIN (64ULL << 10)
#define FILE_SIZE_MAX (1ULL << 40)
#define FILE_KEEP_MAX 1000
/* What every receiver takes, and what fits a datagram of a local socket. */
#define MESSAGE_SIZE_MIN (1ULL << 10)
#define MESSAGE_SIZE_MAX (64ULL << 10)

static const char *const on_off[] = { "no", "yes", NULL };
static const char *const on_off_auto[] = { "no", "yes", "auto", NULL };
static const char *const formats[] = { "logfmt", "cee", NULL };
const char *const config_fsyncs[] = { "never", "batch", NULL };

static const struct {
	const char *name;
	uint32_t number;
} facilities[] = {
	{ "user", 1 },	  { "daemon", 3 },  { "auth", 4 },    { "authpriv", 10 },
	{ "local0", 16 }, { "local1", 17 }, { "local2", 18 }, { "local3", 19 },
	{ "local4", 20 }, { "local5", 21 }, { "local6", 22 }, { "local7", 23 },
};

static int set_switch(bool *to, const char *key, const char *value, unsigned int line)
{
	int word = 0, error = config_set_word(&word, key, value, on_off, line);

	*to = word;
	return error;
}

/* The address of a socket has less room than a path. */
static int set_socket(char *to, const char *key, const char *value, unsigned int line)
{
	size_t max = sizeof(((struct sockaddr_un *)NULL)->sun_path) - 1;

	if (strlen(value) > max)
		return config_refuse(line, "%s has %zu bytes: at most %zu fit the address of a socket",
				     key, strlen(value), max);
	return config_set_path(to, key, value, line);
}

static int no_such_key(const char *title, const char *key, const char *has, unsigned int line)
{
	return config_refuse(line, "output %s has no key \"%s\"; it has: %s", title, key, has);
}

static int on_json(const char *key, const char *value, unsigned int line)
{
	struct config_json *json = &config_parse.config->json;
	uint64_t number = 0;
	int word = 0, error;

	if (!strcmp(key, "path"))
		return config_set_path(json->path, key, value, line);
	if (!strcmp(key, "max_size"))
		return config_set_size(&json->max_size, key, value, FILE_SIZE_MIN,
				FILE_SIZE_MAX, line);
	if (!strcmp(key, "keep")) {
		error = config_set_number(&number, key, value, 0, FILE_KEEP_MAX, line);
		json->keep = number;
		return error;
	}
	if (!strcmp(key, "fsync")) {
		error = config_set_word(&word, key, value, config_fsyncs, line);
		json->fsync = word;
		return error;
	}
	if (strcmp(key, "enabled"))
		return no_such_key("json", key, "enabled, path, max_size, keep, fsync", line);
	return set_switch(&json->enabled, key, value, line);
}

static int on_journal(const char *key, const char *value, unsigned int line)
{
	int word = 0, error;

	if (strcmp(key, "enabled"))
		return no_such_key("journal", key, "enabled", line);
	error = config_set_word(&word, key, value, on_off_auto, line);
	config_parse.config->journal = word;
	return error;
}

static int on_stdout(const char *key, const char *value, unsigned int line)
{
	if (strcmp(key, "enabled"))
		return no_such_key("stdout", key, "enabled", line);
	return set_switch(&config_parse.config->stdout_enabled, key, value, line);
}

static int set_facility(uint32_t *to, const char *value, unsigned int line)
{
	size_t i;

	for (i = 0; i < sizeof(facilities) / sizeof(*facilities); i++) {
		if (!strcmp(value, facilities[i].name)) {
			*to = facilities[i].number;
			return 0;
		}
	}
	return config_refuse(line, "facility is \"%.40s\": user, daemon, auth, authpriv, or local0 to local7 is needed",
			     value);
}

static int on_syslog(const char *key, const char *value, unsigned int line)
{
	struct config_syslog *syslog = &config_parse.config->syslog;
	int word = 0, error;

	if (!strcmp(key, "path"))
		return set_socket(syslog->path, key, value, line);
	if (!strcmp(key, "facility"))
		return set_facility(&syslog->facility, value, line);
	if (!strcmp(key, "max_size"))
		return config_set_size(&syslog->max_size, key, value, MESSAGE_SIZE_MIN,
				       MESSAGE_SIZE_MAX, line);
	if (!strcmp(key, "format")) {
		error = config_set_word(&word, key, value, formats, line);
		syslog->format = word;
		return error;
	}
	if (strcmp(key, "enabled"))
		return no_such_key("syslog", key, "enabled, path, format, facility, max_size",
				   line);
	return set_switch(&syslog->enabled, key, value, line);
}

static int on_unix(const char *key, const char *value, unsigned int line)
{
	struct config_unix *stream = &config_parse.config->stream;

	if (!strcmp(key, "path"))
		return set_socket(stream->path, key, value, line);
	if (strcmp(key, "enabled"))
		return no_such_key("unix", key, "enabled, path", line);
	return set_switch(&stream->enabled, key, value, line);
}

static int on_metrics(const char *key, const char *value, unsigned int line)
{
	struct config_metrics *metrics = &config_parse.config->metrics;

	if (!strcmp(key, "path"))
		return config_set_path(metrics->path, key, value, line);
	if (!strcmp(key, "interval"))
		return config_set_seconds(&metrics->interval, key, value, 1, 3600, line);
	if (strcmp(key, "enabled"))
		return no_such_key("metrics", key, "enabled, path, interval", line);
	return set_switch(&metrics->enabled, key, value, line);
}

static const struct {
	const char *name;
	int (*on_key)(const char *key, const char *value, unsigned int line);
} outputs[] = {
	{ "json", on_json },	 { "journal", on_journal }, { "stdout", on_stdout },
	{ "syslog", on_syslog }, { "unix", on_unix },
	{ "metrics", on_metrics },
};

#define COUNT (sizeof(outputs) / sizeof(*outputs))

static int find(const char *title)
{
	size_t i;

	for (i = 0; title && i < COUNT; i++)
		if (!strcmp(title, outputs[i].name))
			return (int)i;
	return -1;
}

static int unknown(const char *title, unsigned int line)
{
	return config_refuse(line, "unknown output \"%.40s\": json, journal, stdout, syslog, unix or metrics is needed",
			     title ? title : "");
}

/* A key inside "output NAME { ... }". */
int config_on_output(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *title = cfg_title(cfg);
	const char *key = cfg_opt_name(opt);
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	int output = find(title);

	/* libconfuse lets "output=NAME|KEY" reach in from outside. */
	if (!title)
		return config_refuse(cfg->line, "%s is given outside its section; write it as in output json { %s = ... }",
				     key, key);
	if (output < 0)
		return unknown(title, cfg->line);
	return outputs[output].on_key(key, value, cfg->line);
}

/* The end of a section: catches one with a wrong name and nothing in it. */
int config_on_section(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *title = section ? cfg_title(section) : NULL;

	return find(title) < 0 ? unknown(title, cfg->line) : 0;
}
