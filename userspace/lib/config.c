// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * wxguard.conf and its drop-ins, through libconfuse. Every value is read as
 * text and judged while the parser stands on its line, so that a refusal can
 * name file and line. Nothing is applied unless every file is right. Not for
 * use from several threads: libconfuse's callbacks carry no argument.
 */
#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "config.h"
#include "../../module/core/class.h"
#include "rules_text.h"
#include "store.h"

#define KNOWN_INTERVAL_MIN 1
#define KNOWN_INTERVAL_MAX 86400
#define FINDINGS_KEEP_MIN 100
#define FINDINGS_KEEP_MAX 100000000
#define FILE_SIZE_MIN (64ULL << 10)
#define FILE_SIZE_MAX (1ULL << 40)
#define FILE_KEEP_MAX 1000
#define HASH_SIZE_MAX (4ULL << 30)
#define CONFIG_FILE_MAX (1 << 20)

/*
 * libconfuse takes a section or comment that is still open at the end of the
 * file for complete. So each file gets one more key, which only a file that
 * is complete has at its top.
 */
#define END_KEY "_end_of_file"
#define END_LINE "\n" END_KEY " = yes\n"

/* What libconfuse's callbacks work on. */
static struct {
	struct config *config;
	const char *file;
	char *why;
} parse;

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
	config->json.enabled = true;
	config->json.fsync = true;
	snprintf(config->json.path, sizeof(config->json.path), "%s",
		 CONFIG_FINDINGS_PATH);
	config->json.max_size = 100 << 20;
	config->json.keep = 5;
	config->journal = CONFIG_AUTO;
}

/* The first complaint is the one that counts. Returns -1 for libconfuse. */
static int __attribute__((format(printf, 2, 3)))
refuse(unsigned int line, const char *format, ...)
{
	char said[CONFIG_WHY_MAX / 2];
	va_list ap;

	if (*parse.why)
		return -1;
	va_start(ap, format);
	vsnprintf(said, sizeof(said), format, ap);
	va_end(ap);
	snprintf(parse.why, CONFIG_WHY_MAX, "%.250s:%u: %s", parse.file, line, said);
	return -1;
}

/* One of a list of words; its place, -1 if it is none. */
static int word_of(const char *value, const char *const *words)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return i;
	return -1;
}

static int set_path(char *to, const char *key, const char *value, unsigned int line)
{
	size_t i;

	if (value[0] != '/' || strlen(value) >= CONFIG_PATH_MAX - 64)
		return refuse(line, "%s is \"%.80s\": an absolute path is needed, as in %s = \"%s\"",
			      key, value, key, STORE_PATH);
	for (i = 0; value[i]; i++)
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return refuse(line, "%s has a control character in it; a path without one is needed",
				      key);
	snprintf(to, CONFIG_PATH_MAX, "%s", value);
	return 0;
}

/* "65536", "64K", "100M", "2G" */
static int set_size(uint64_t *to, const char *key, const char *value,
		    uint64_t min, uint64_t max, unsigned int line)
{
	static const char units[] = "KMGT";
	unsigned long long number = 0;
	unsigned int shift = 0;
	const char *unit;
	char *end = NULL;
	bool good = value[0] >= '0' && value[0] <= '9';

	if (good) {
		errno = 0;
		number = strtoull(value, &end, 10);
		unit = *end ? strchr(units, *end) : NULL;
		if (unit) {
			shift = 10 * (unit - units + 1);
			end++;
		}
		good = !errno && !*end && number <= UINT64_MAX >> shift;
	}
	number <<= shift;
	if (!good || number < min || number > max)
		return refuse(line, "%s is \"%.40s\": a size from %" PRIu64 " to %" PRIu64
			      " bytes is needed, as in %s = 64M", key, value, min, max, key);
	*to = number;
	return 0;
}

static int set_number(uint64_t *to, const char *key, const char *value,
		      uint64_t min, uint64_t max, unsigned int line)
{
	unsigned long long number = 0;
	char *end = NULL;
	bool good = value[0] >= '0' && value[0] <= '9';

	if (good) {
		errno = 0;
		number = strtoull(value, &end, 10);
		good = !errno && !*end;
	}
	if (!good || number < min || number > max)
		return refuse(line, "%s is \"%.40s\": a whole number from %" PRIu64
			      " to %" PRIu64 " is needed", key, value, min, max);
	*to = number;
	return 0;
}

static int set_word(int *to, const char *key, const char *value,
		    const char *const *words, unsigned int line)
{
	char list[128] = "";
	int i, place = word_of(value, words);

	if (place >= 0) {
		*to = place;
		return 0;
	}
	for (i = 0; words[i]; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			 i ? words[i + 1] ? ", " : " or " : "", words[i]);
	return refuse(line, "%s is \"%.40s\": %s is needed", key, value, list);
}

static const char *const on_off[] = { "no", "yes", NULL };
static const char *const on_off_auto[] = { "no", "yes", "auto", NULL };
static const char *const fsyncs[] = { "never", "batch", NULL };
static const char *const host_ids[] = { "machine-id", "none", NULL };
static const char *const levels[] = { "error", "warning", "info", "debug", NULL };

static int set_mode(struct config *config, const char *value, unsigned int line)
{
	int mode = wxg_mode_parse(value, strlen(value));

	if (mode < 0)
		return refuse(line, "mode is \"%.40s\": off, learn, detect or enforce is needed",
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
		return refuse(line, "known_interval is \"%.40s\": a time from 1s to 1d is needed, as in known_interval = 60s",
			      value);
	config->known_interval = seconds;
	return 0;
}

/* A key of the file itself. */
static int on_top(cfg_t *cfg, cfg_opt_t *opt)
{
	struct config *config = parse.config;
	const char *key = cfg_opt_name(opt);
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	unsigned int line = cfg->line;
	int word = 0, error;

	if (!strcmp(key, "mode"))
		return set_mode(config, value, line);
	if (!strcmp(key, "store"))
		return set_path(config->store, key, value, line);
	if (!strcmp(key, "rules"))
		return set_path(config->rules, key, value, line);
	if (!strcmp(key, "known_interval"))
		return set_interval(config, value, line);
	if (!strcmp(key, "findings_keep"))
		return set_number(&config->findings_keep, key, value,
				  FINDINGS_KEEP_MIN, FINDINGS_KEEP_MAX, line);
	if (!strcmp(key, "hash_max_size"))
		return set_size(&config->hash_max_size, key, value, 0, HASH_SIZE_MAX, line);
	if (!strcmp(key, "fsync")) {
		error = set_word(&word, key, value, fsyncs, line);
		config->fsync = word;
		return error;
	}
	if (!strcmp(key, "host_id")) {
		error = set_word(&word, key, value, host_ids, line);
		config->host_id = word;
		return error;
	}
	error = set_word(&word, key, value, levels, line);
	config->log_level = word;
	return error;
}

static int on_json(const char *key, const char *value, unsigned int line)
{
	struct config_json *json = &parse.config->json;
	uint64_t number = 0;
	int word = 0, error;

	if (!strcmp(key, "path"))
		return set_path(json->path, key, value, line);
	if (!strcmp(key, "max_size"))
		return set_size(&json->max_size, key, value, FILE_SIZE_MIN,
				FILE_SIZE_MAX, line);
	if (!strcmp(key, "keep")) {
		error = set_number(&number, key, value, 0, FILE_KEEP_MAX, line);
		json->keep = number;
		return error;
	}
	if (!strcmp(key, "fsync")) {
		error = set_word(&word, key, value, fsyncs, line);
		json->fsync = word;
		return error;
	}
	error = set_word(&word, key, value, on_off, line);
	json->enabled = word;
	return error;
}

/* A key inside "output NAME { ... }". */
static int on_output(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *title = cfg_title(cfg);
	const char *key = cfg_opt_name(opt);
	const char *value = cfg_opt_getnstr(opt, cfg_opt_size(opt) - 1);
	int word = 0, error;

	if (!strcmp(title, "json"))
		return on_json(key, value, cfg->line);
	if (strcmp(title, "journal") && strcmp(title, "stdout"))
		return refuse(cfg->line, "unknown output \"%.40s\": json, journal or stdout is needed",
			      title);
	if (strcmp(key, "enabled"))
		return refuse(cfg->line, "output %s has no key \"%s\"; it has: enabled",
			      title, key);
	if (!strcmp(title, "journal")) {
		error = set_word(&word, key, value, on_off_auto, cfg->line);
		parse.config->journal = word;
	} else {
		error = set_word(&word, key, value, on_off, cfg->line);
		parse.config->stdout_enabled = word;
	}
	return error;
}

/* The end of a section: catches one with a wrong name and nothing in it. */
static int on_section(cfg_t *cfg, cfg_opt_t *opt)
{
	static const char *const outputs[] = { "json", "journal", "stdout", NULL };
	cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *title = section ? cfg_title(section) : NULL;

	if (!title || word_of(title, outputs) < 0)
		return refuse(cfg->line, "unknown output \"%.40s\": json, journal or stdout is needed",
			      title ? title : "");
	return 0;
}

/* What libconfuse itself finds wrong. */
static void on_error(cfg_t *cfg, const char *format, va_list ap)
{
	char said[200];

	vsnprintf(said, sizeof(said), format, ap);
	if (strstr(said, "'" END_KEY "'"))
		refuse(cfg->line, "the file ends inside output %.40s; a closing } is needed",
		       cfg_title(cfg) ? cfg_title(cfg) : "");
	else if (strncmp(said, "no such option", 14))
		refuse(cfg->line, "%s", said);
	else if (cfg_title(cfg))
		refuse(cfg->line, "unknown key %s in output %.40s; known are: enabled, and for json path, max_size, keep, fsync",
		       said + 15, cfg_title(cfg));
	else
		refuse(cfg->line, "unknown key %s; known are: mode, store, fsync, rules, known_interval, findings_keep, hash_max_size, host_id, log_level, output",
		       said + 15);
}

static const char *const top_keys[] = {
	"mode", "store", "fsync", "rules", "known_interval", "findings_keep",
	"hash_max_size", "host_id", "log_level", NULL
};
static const char *const output_keys[] = {
	"enabled", "path", "max_size", "keep", "fsync", NULL
};

static int parse_text(const char *text)
{
	cfg_opt_t output[] = {
		CFG_STR("enabled", NULL, CFGF_NODEFAULT),
		CFG_STR("path", NULL, CFGF_NODEFAULT),
		CFG_STR("max_size", NULL, CFGF_NODEFAULT),
		CFG_STR("keep", NULL, CFGF_NODEFAULT),
		CFG_STR("fsync", NULL, CFGF_NODEFAULT),
		CFG_END()
	};
	cfg_opt_t top[] = {
		CFG_STR("mode", NULL, CFGF_NODEFAULT),
		CFG_STR("store", NULL, CFGF_NODEFAULT),
		CFG_STR("fsync", NULL, CFGF_NODEFAULT),
		CFG_STR("rules", NULL, CFGF_NODEFAULT),
		CFG_STR("known_interval", NULL, CFGF_NODEFAULT),
		CFG_STR("findings_keep", NULL, CFGF_NODEFAULT),
		CFG_STR("hash_max_size", NULL, CFGF_NODEFAULT),
		CFG_STR("host_id", NULL, CFGF_NODEFAULT),
		CFG_STR("log_level", NULL, CFGF_NODEFAULT),
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
		cfg_set_validate_func(cfg, top_keys[i], on_top);
	for (i = 0; output_keys[i]; i++) {
		snprintf(name, sizeof(name), "output|%s", output_keys[i]);
		cfg_set_validate_func(cfg, name, on_output);
	}
	cfg_set_validate_func(cfg, "output", on_section);
	result = cfg_parse_buf(cfg, text);
	if (result == CFG_SUCCESS && !*parse.why && !cfg_size(cfg, END_KEY))
		refuse(cfg->line, "the file ends inside a comment; a closing */ is needed");
	cfg_free(cfg);
	if (result == CFG_SUCCESS && !*parse.why)
		return 0;
	if (!*parse.why)
		snprintf(parse.why, CONFIG_WHY_MAX, "%.250s: not a configuration file",
			 parse.file);
	return -EINVAL;
}

static int cannot_read(const char *path, int error)
{
	snprintf(parse.why, CONFIG_WHY_MAX, "cannot read %.250s: %s", path,
		 strerror(-error));
	return error;
}

/* The whole file, with END_LINE behind it. */
static int read_text(FILE *in, char *text, size_t size)
{
	size_t len = fread(text, 1, size, in);

	if (ferror(in))
		return cannot_read(parse.file, -EIO);
	if (memchr(text, '\0', len)) {
		snprintf(parse.why, CONFIG_WHY_MAX,
			 "cannot read %.250s: there is a NUL byte in it; a text file is needed",
			 parse.file);
		return -EINVAL;
	}
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
		snprintf(parse.why, CONFIG_WHY_MAX,
			 "cannot read %.250s: a regular file of at most 1 MiB is needed", path);
		error = -EINVAL;
	} else {
		text = calloc(1, st.st_size + sizeof(END_LINE));
		parse.file = path;
		error = text ? read_text(in, text, st.st_size) : cannot_read(path, -ENOMEM);
		if (!error)
			error = parse_text(text);
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
	parse.config = new;
	parse.why = why;
	error = parse_file(path ? path : CONFIG_PATH, !path);
	if (!error)
		error = parse_drop_ins(path ? path : CONFIG_PATH);
	if (!error)
		*config = *new;
	free(new);
	return error;
}
