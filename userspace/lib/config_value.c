// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values of the configuration: text to number, path or word, or the sentence
 * that says what is wrong. Works on what config.c is parsing.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_impl.h"
#include "rules_text.h"
#include "store.h"

struct config_parse config_parse;

int config_refuse(unsigned int line, const char *format, ...)
{
	int at = confuse_line(&config_parse.search, (int)line);
	char said[CONFIG_WHY_MAX / 2];
	va_list ap;

	if (*config_parse.why)
		return -1;
	va_start(ap, format);
	vsnprintf(said, sizeof(said), format, ap);
	va_end(ap);
	if (at > config_parse.lines)	/* END_LINE is none of the file's */
		at = config_parse.lines;
	snprintf(config_parse.why, CONFIG_WHY_MAX, "%.250s:%d: %s", config_parse.file,
		 at, said);
	return -1;
}

int config_word(const char *value, const char *const *words)
{
	int i;

	for (i = 0; words[i]; i++)
		if (!strcmp(value, words[i]))
			return i;
	return -1;
}

int config_set_path(char *to, const char *key, const char *value, unsigned int line)
{
	size_t i;

	if (value[0] != '/' || strlen(value) >= CONFIG_PATH_MAX - 64)
		return config_refuse(line, "%s is \"%.80s\": an absolute path is needed, as in %s = \"%s\"",
			      key, value, key, STORE_PATH);
	for (i = 0; value[i]; i++)
		if ((unsigned char)value[i] < 0x20 || value[i] == 0x7f)
			return config_refuse(line, "%s has a control character in it; a path without one is needed",
				      key);
	snprintf(to, CONFIG_PATH_MAX, "%s", value);
	return 0;
}

/* "65536", "64K", "100M", "2G" */
int config_set_size(uint64_t *to, const char *key, const char *value,
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
		return config_refuse(line, "%s is \"%.40s\": a size from %" PRIu64 " to %" PRIu64
			      " bytes is needed, as in %s = 64M", key, value, min, max, key);
	*to = number;
	return 0;
}

int config_set_number(uint64_t *to, const char *key, const char *value,
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
		return config_refuse(line, "%s is \"%.40s\": a whole number from %" PRIu64
			      " to %" PRIu64 " is needed", key, value, min, max);
	*to = number;
	return 0;
}

/* A count of seconds as people say it. */
static void span(uint32_t seconds, char text[16])
{
	static const struct {
		uint32_t seconds;
		char unit;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	int i;

	for (i = 0; seconds % units[i].seconds; i++)
		;
	snprintf(text, 16, "%u%c", seconds / units[i].seconds, units[i].unit);
}

/* "60", "60s", "5m", "1d" */
int config_set_seconds(uint32_t *to, const char *key, const char *value,
		       uint32_t min, uint32_t max, unsigned int line)
{
	char from[16], until[16];
	uint32_t seconds;

	if (!rules_text_duration(value, &seconds) && seconds >= min && seconds <= max) {
		*to = seconds;
		return 0;
	}
	span(min, from);
	span(max, until);
	return config_refuse(line, "%s is \"%.40s\": a time from %s to %s is needed, as in %s = 60s",
			     key, value, from, until, key);
}

int config_set_word(int *to, const char *key, const char *value,
		    const char *const *words, unsigned int line)
{
	char list[128] = "";
	int i, place = config_word(value, words);

	if (place >= 0) {
		*to = place;
		return 0;
	}
	for (i = 0; words[i]; i++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s",
			 i ? words[i + 1] ? ", " : " or " : "", words[i]);
	return config_refuse(line, "%s is \"%.40s\": %s is needed", key, value, list);
}
