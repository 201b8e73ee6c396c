/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * wxguard.conf: the main file, then conf.d/ *.conf beside it in byte order; a
 * later value replaces an earlier one. What the rules say (classes and
 * exclusions) stands in the rules file, not here.
 *
 *	mode = detect			# absent: the daemon leaves the mode alone
 *	store = "/var/lib/wxguard/wxguard.db"
 *	fsync = batch			# batch | never
 *	rules = "/etc/wxguard/rules.conf"
 *	known_interval = 60s
 *	findings_keep = 20000
 *	findings_age = 0		# 90d; 0 = as long as there is room
 *	findings_size = 0		# 2G; 0 = as many as findings_keep says
 *	evidence_size = 0		# 256M; 0 = no payload is kept
 *	hash_max_size = 64M
 *	host_id = machine-id		# machine-id | none
 *	log_level = info		# error | warning | info | debug
 *	read_group = wxguard		# whose members may read, as root may
 *	redact = "--password=*, --token *, url"
 *	output json { enabled = yes path = "..." max_size = 100M keep = 5 fsync = batch }
 *	output journal { enabled = auto }
 *	output stdout { enabled = no }
 *	output syslog { enabled = no path = "/dev/log" format = logfmt facility = authpriv max_size = 8K }
 *	output unix { enabled = no path = "/run/wxguard/findings.sock" }
 *	output metrics { enabled = no path = "/run/wxguard/wxguard.prom" interval = 15s }
 */
#ifndef WXG_LIB_CONFIG_H
#define WXG_LIB_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "redact.h"

#define CONFIG_PATH "/etc/wxguard/wxguard.conf"
#define CONFIG_RULES_PATH "/etc/wxguard/rules.conf"
#define CONFIG_FINDINGS_PATH "/var/log/wxguard/findings.json"
#define CONFIG_SYSLOG_PATH "/dev/log"
#define CONFIG_UNIX_PATH "/run/wxguard/findings.sock"
#define CONFIG_METRICS_PATH "/run/wxguard/wxguard.prom"
#define CONFIG_WHY_MAX 768
#define CONFIG_PATH_MAX 4096
#define CONFIG_GROUP "wxguard"
#define CONFIG_GROUP_MAX 64

enum config_switch { CONFIG_NO, CONFIG_YES, CONFIG_AUTO };
enum config_host_id { CONFIG_HOST_MACHINE_ID, CONFIG_HOST_NONE };
enum config_syslog_format { CONFIG_LOGFMT, CONFIG_CEE };
enum config_level { CONFIG_ERROR, CONFIG_WARNING, CONFIG_INFO, CONFIG_DEBUG };

struct config_json {
	bool enabled, fsync;
	char path[CONFIG_PATH_MAX];
	uint64_t max_size;	/* bytes */
	uint32_t keep;		/* old files */
};

struct config_syslog {
	bool enabled;
	char path[CONFIG_PATH_MAX];	/* of a socket */
	enum config_syslog_format format;
	uint32_t facility;	/* as in RFC 5424, 0 to 23 */
	uint64_t max_size;	/* bytes of one message */
};

struct config_unix {
	bool enabled;
	char path[CONFIG_PATH_MAX];	/* of a socket */
};

struct config_metrics {
	bool enabled;
	char path[CONFIG_PATH_MAX];
	uint32_t interval;	/* s */
};

struct config {
	bool has_mode;
	uint32_t mode;		/* enum wxguard_mode */
	char store[CONFIG_PATH_MAX];
	bool fsync;		/* of the store */
	char rules[CONFIG_PATH_MAX];
	uint32_t known_interval;	/* s */
	uint64_t findings_keep;
	uint32_t findings_age;		/* s, 0 = any */
	uint64_t findings_size;		/* bytes, 0 = any */
	uint64_t evidence_size;		/* bytes of payloads, 0 = none are kept */
	uint64_t hash_max_size;	/* bytes */
	enum config_host_id host_id;
	enum config_level log_level;
	struct redact redact;	/* of arguments */
	bool has_read_group;
	char read_group[CONFIG_GROUP_MAX];	/* a name, or a number */
	struct config_json json;
	enum config_switch journal;
	bool stdout_enabled;
	struct config_syslog syslog;
	struct config_unix stream;
	struct config_metrics metrics;
};

void config_init(struct config *config);

/**
 * config_load() - read the main file and the drop-ins beside it
 * @path: the main file; NULL = CONFIG_PATH
 * @config: filled on success, untouched otherwise
 * @why: on failure "FILE:LINE: what was read, why not, what would be right"
 *
 * A main file that does not exist counts as empty when @path is NULL, and is
 * an error when it was named. Return: 0, -EINVAL, or -errno if a file cannot
 * be read.
 */
int config_load(const char *path, struct config *config, char why[CONFIG_WHY_MAX]);

#endif
