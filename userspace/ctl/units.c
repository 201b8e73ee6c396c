// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Numbers, times and durations between text and value. Reads no clock but in
 * units_clock_read(), prints nothing by itself.
 */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "units.h"

int units_parse_u64(const char *text, uint64_t *value)
{
	unsigned long long number;
	char *end;

	/* strtoull would take " 1", "-1" and "+1" as well. */
	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	number = strtoull(text, &end, 10);
	if (errno || *end)
		return -1;
	*value = number;
	return 0;
}

int units_parse_u32(const char *text, uint32_t *value)
{
	uint64_t wide;

	if (units_parse_u64(text, &wide) || wide > UINT32_MAX)
		return -1;
	*value = (uint32_t)wide;
	return 0;
}

static uint64_t unit_seconds(const char *unit)
{
	if (!*unit || !strcmp(unit, "s"))
		return 1;
	if (!strcmp(unit, "m"))
		return 60;
	if (!strcmp(unit, "h"))
		return 3600;
	if (!strcmp(unit, "d"))
		return 86400;
	if (!strcmp(unit, "w"))
		return 7 * 86400;
	return 0;
}

int units_parse_duration(const char *text, uint64_t *seconds)
{
	unsigned long long number;
	uint64_t each;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	errno = 0;
	number = strtoull(text, &end, 10);
	each = unit_seconds(end);
	/* A thousand years is a typing error, and keeps sums far from overflow. */
	if (errno || !each || number > 1000ULL * 366 * 86400 / each)
		return -1;
	*seconds = number * each;
	return 0;
}

void units_clock_read(struct units_clock *clock, bool utc)
{
	struct timespec up = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &up);
	clock->now = time(NULL);
	clock->boot = clock->now - up.tv_sec;
	clock->utc = utc;
}

static struct tm *split(time_t when, bool utc, struct tm *parts)
{
	return utc ? gmtime_r(&when, parts) : localtime_r(&when, parts);
}

static time_t join(struct tm *parts, bool utc)
{
	parts->tm_isdst = -1;
	return utc ? timegm(parts) : mktime(parts);
}

/* Midnight before @when, @days earlier. */
static time_t midnight(const struct units_clock *clock, int days)
{
	struct tm parts;

	split(clock->now, clock->utc, &parts);
	parts.tm_hour = parts.tm_min = parts.tm_sec = 0;
	parts.tm_mday -= days;
	return join(&parts, clock->utc);
}

static int parse_date(const char *text, const struct units_clock *clock,
		      time_t *when)
{
	static const char *const formats[] = {
		"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S",
		"%Y-%m-%d %H:%M", "%Y-%m-%d", "%H:%M:%S", "%H:%M",
	};
	const char *end;
	bool utc;
	size_t i;

	for (i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct tm parts = { 0 }, again;
		bool today = formats[i][1] == 'H';

		if (today)
			split(clock->now, clock->utc, &parts);
		parts.tm_sec = 0;
		end = strptime(text, formats[i], &parts);
		if (!end || (*end && strcmp(end, "Z")))
			continue;
		utc = clock->utc || *end;
		again = parts;
		*when = join(&again, utc);
		/* The calendar moved it: there is no such day (2026-02-30). */
		if (again.tm_mday != parts.tm_mday || again.tm_mon != parts.tm_mon)
			return -1;
		return 0;
	}
	return -1;
}

int units_parse_time(const char *text, const struct units_clock *clock,
		     time_t *when)
{
	uint64_t ago;

	if (!strcmp(text, "today"))
		*when = midnight(clock, 0);
	else if (!strcmp(text, "yesterday"))
		*when = midnight(clock, 1);
	else if (!strcmp(text, "boot"))
		*when = clock->boot;
	else if (!units_parse_duration(*text == '-' ? text + 1 : text, &ago))
		*when = clock->now - (time_t)ago;
	else
		return parse_date(text, clock, when);
	return 0;
}

const char *units_print_size(char *out, size_t size, uint64_t bytes)
{
	static const char letters[] = "KMGTPE";
	double value = (double)bytes;
	int i = -1;

	while (value >= 1024 && letters[i + 1]) {
		value /= 1024;
		i++;
	}
	if (i < 0)
		snprintf(out, size, "%" PRIu64 "B", bytes);
	else
		snprintf(out, size, value < 99.95 ? "%.1f%c" : "%.0f%c", value, letters[i]);
	return out;
}

const char *units_print_duration(char *out, size_t size, uint64_t seconds)
{
	static const struct {
		uint64_t each;
		char letter;
	} units[] = { { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	uint64_t rest;
	size_t i = 0;

	while (i < 3 && seconds < units[i].each)
		i++;
	rest = i < 3 ? seconds % units[i].each / units[i + 1].each : 0;
	if (rest)
		snprintf(out, size, "%" PRIu64 "%c %" PRIu64 "%c",
			 seconds / units[i].each, units[i].letter, rest,
			 units[i + 1].letter);
	else
		snprintf(out, size, "%" PRIu64 "%c", seconds / units[i].each,
			 units[i].letter);
	return out;
}

const char *units_print_time(char *out, size_t size, time_t when, bool utc,
			     bool date)
{
	struct tm parts;
	int day = 0;

	if (!split(when, utc, &parts)) {
		snprintf(out, size, "?");
		return out;
	}
	if (date)
		day = snprintf(out, size, "%04d-%02d-%02d ", parts.tm_year + 1900,
			       parts.tm_mon + 1, parts.tm_mday);
	if (day >= 0 && (size_t)day < size)
		snprintf(out + day, size - (size_t)day, "%02d:%02d:%02d%s", parts.tm_hour,
			 parts.tm_min, parts.tm_sec, utc ? "Z" : "");
	return out;
}
