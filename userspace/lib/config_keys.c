// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys of wxguard.conf. libconfuse calls these while it stands on the
 * line of the value, so that a refusal can name it.
 */
#include <string.h>
#include <stdio.h>

#include <uapi/linux/wxguard.h>

#include "../../module/core/class.h"
#include "config_impl.h"
#include "rules_text.h"

#define KNOWN_INTERVAL_MIN 1
#define KNOWN_INTERVAL_MAX 86400
#define FINDINGS_KEEP_MIN 100
#define FINDINGS_KEEP_MAX 100000000
#define FILE_SIZE_MIN (64ULL << 10)
#define FILE_SIZE_MAX (1ULL << 40)
#define FILE_KEEP_MAX 1000
#define HASH_SIZE_MAX (4ULL << 30)

static const char *const on_off[] = { "no", "yes", NULL };
static const char *const on_off_auto[] = { "no", "yes", "auto", NULL };
static const char *const fsyncs[] = { "never", "batch", NULL };
static const char *const host_ids[] = { "machine-id", "none", NULL };
static const char *const levels[] = { "error", "warning", "info", "debug", NULL };

static int set_mode(struct config *config, const char *value, unsigned int line)
{
	int mode = wxg_mode_parse(value, strlen(value));

	if (mode < 0)
		return config_refuse(line, "mode is \"%.40s\": off, learn, detect or enforce is needed",
			      value);
	config->has_mode = true;
	config->mode = mode;
	return 0;
}

static int set_interval(struct config *config, const char *value, unsigned int line)
{
	uint32_t seconds;

	if (rules_text_duration(value, &seconds) ||
	    seconds < KNOWN_INTERVAL_MIN || seconds > KNOWN_INTERVAL_MAX)
		return config_refuse(line, "known_interval is \"%.40s\": a time from 1s to 1d is needed, as in known_interval = 60s",
			      value);
	config->known_interval = seconds;
	return 0;
}

/* A key of the file itself. */
int config_on_top(cfg_t *cfg, cfg_opt_t *opt)
{
	struct config *config = config_parse.config;
	const char *key = cfg_opt_name(opt);
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	unsigned int line = cfg->line;
	int word = 0, error;

	if (!strcmp(key, "mode"))
		return set_mode(config, value, line);
	if (!strcmp(key, "store"))
		return config_set_path(config->store, key, value, line);
	if (!strcmp(key, "rules"))
		return config_set_path(config->rules, key, value, line);
	if (!strcmp(key, "known_interval"))
		return set_interval(config, value, line);
	if (!strcmp(key, "findings_keep"))
		return config_set_number(&config->findings_keep, key, value,
				  FINDINGS_KEEP_MIN, FINDINGS_KEEP_MAX, line);
	if (!strcmp(key, "hash_max_size"))
		return config_set_size(&config->hash_max_size, key, value, 0, HASH_SIZE_MAX, line);
	if (!strcmp(key, "fsync")) {
		error = config_set_word(&word, key, value, fsyncs, line);
		config->fsync = word;
		return error;
	}
	if (!strcmp(key, "host_id")) {
		error = config_set_word(&word, key, value, host_ids, line);
		config->host_id = word;
		return error;
	}
	error = config_set_word(&word, key, value, levels, line);
	config->log_level = word;
	return error;
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
		error = config_set_word(&word, key, value, fsyncs, line);
		json->fsync = word;
		return error;
	}
	error = config_set_word(&word, key, value, on_off, line);
	json->enabled = word;
	return error;
}

/* A key inside "output NAME { ... }". */
int config_on_output(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *title = cfg_title(cfg);
	const char *key = cfg_opt_name(opt);
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	int word = 0, error;

	/* libconfuse lets "output=NAME|KEY" reach in from outside. */
	if (!title)
		return config_refuse(cfg->line, "%s is given outside its section; write it as in output json { %s = ... }",
			      key, key);
	if (!strcmp(title, "json"))
		return on_json(key, value, cfg->line);
	if (strcmp(title, "journal") && strcmp(title, "stdout"))
		return config_refuse(cfg->line, "unknown output \"%.40s\": json, journal or stdout is needed",
			      title);
	if (strcmp(key, "enabled"))
		return config_refuse(cfg->line, "output %s has no key \"%s\"; it has: enabled",
			      title, key);
	if (!strcmp(title, "journal")) {
		error = config_set_word(&word, key, value, on_off_auto, cfg->line);
		config_parse.config->journal = word;
	} else {
		error = config_set_word(&word, key, value, on_off, cfg->line);
		config_parse.config->stdout_enabled = word;
	}
	return error;
}

/* The end of a section: catches one with a wrong name and nothing in it. */
int config_on_section(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const outputs[] = { "json", "journal", "stdout", NULL };
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *title = section ? cfg_title(section) : NULL;

	if (!title || config_word(title, outputs) < 0)
		return config_refuse(cfg->line, "unknown output \"%.40s\": json, journal or stdout is needed",
			      title ? title : "");
	return 0;
}
