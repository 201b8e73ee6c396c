// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The keys of wxguard.conf. libconfuse calls these while it stands on the
 * line of the value, so that a refusal can name it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uapi/linux/wxguard.h>

#include "../../module/core/class.h"
#include "config_impl.h"
#include "rules_text.h"

#define KNOWN_INTERVAL_MIN 1
#define KNOWN_INTERVAL_MAX 86400
#define FINDINGS_KEEP_MIN 100
#define FINDINGS_KEEP_MAX 100000000
#define FINDINGS_AGE_MIN 3600
#define FINDINGS_SIZE_MIN (1ULL << 20)
#define FINDINGS_SIZE_MAX (1ULL << 40)
#define HASH_SIZE_MAX (4ULL << 30)

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

static int set_age(struct config *config, const char *value, unsigned int line)
{
	uint32_t seconds;

	if (rules_text_duration(value, &seconds) ||
	    (seconds && seconds < FINDINGS_AGE_MIN))
		return config_refuse(line, "findings_age is \"%.40s\": a time from 1h is needed, as in findings_age = 90d, or 0",
			      value);
	config->findings_age = seconds;
	return 0;
}

/* findings_size, evidence_size */
static int set_bytes(uint64_t *to, const char *key, const char *value, unsigned int line)
{
	uint64_t bytes;

	if (!strcmp(value, "0")) {
		*to = 0;
		return 0;
	}
	if (config_set_size(&bytes, key, value, FINDINGS_SIZE_MIN, FINDINGS_SIZE_MAX, line))
		return -1;
	*to = bytes;
	return 0;
}

static int set_redact(struct config *config, const char *value, unsigned int line)
{
	char why[REDACT_WHY_MAX];

	if (redact_parse(value, &config->redact, why))
		return config_refuse(line, "redact: %s", why);
	return 0;
}

/* As groupadd makes them, or a number; whether there is one only the daemon asks. */
static int set_group(struct config *config, const char *value, unsigned int line)
{
	static const char known[] =
		"_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.@";
	size_t len = strlen(value), digits = strspn(value, "0123456789");
	bool number = len && digits == len && strtoull(value, NULL, 10) < UINT32_MAX;
	bool name = len && !digits && !strchr("-.@", value[0]) && strspn(value, known) == len;

	if ((!number && !name) || len >= CONFIG_GROUP_MAX)
		return config_refuse(line, "read_group is \"%.40s\": one group is needed, by name or number, as in read_group = wxguard",
				     value);
	config->has_read_group = true;
	snprintf(config->read_group, sizeof(config->read_group), "%s", value);
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
		return config_set_seconds(&config->known_interval, key, value,
					  KNOWN_INTERVAL_MIN, KNOWN_INTERVAL_MAX, line);
	if (!strcmp(key, "redact"))
		return set_redact(config, value, line);
	if (!strcmp(key, "read_group"))
		return set_group(config, value, line);
	if (!strcmp(key, "findings_keep"))
		return config_set_number(&config->findings_keep, key, value,
				  FINDINGS_KEEP_MIN, FINDINGS_KEEP_MAX, line);
	if (!strcmp(key, "findings_age"))
		return set_age(config, value, line);
	if (!strcmp(key, "findings_size"))
		return set_bytes(&config->findings_size, key, value, line);
	if (!strcmp(key, "evidence_size"))
		return set_bytes(&config->evidence_size, key, value, line);
	if (!strcmp(key, "hash_max_size"))
		return config_set_size(&config->hash_max_size, key, value, 0, HASH_SIZE_MAX, line);
	if (!strcmp(key, "fsync")) {
		error = config_set_word(&word, key, value, config_fsyncs, line);
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
