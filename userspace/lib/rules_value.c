// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Durations, times, inodes and digests as the rules file writes them. Pure.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "rules_text.h"

/* Longest first: printing takes the first that divides without rest. */
static const struct {
	char letter;
	uint32_t seconds;
} units[] = {
	{ 'd', 86400 }, { 'h', 3600 }, { 'm', 60 }, { 's', 1 },
};

#define UNITS (sizeof(units) / sizeof(units[0]))

int rules_text_duration(const char *text, uint32_t *seconds)
{
	uint64_t number = 0;
	uint32_t unit = 1;
	size_t i;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	for (; *text >= '0' && *text <= '9'; text++) {
		number = number * 10 + (uint64_t)(*text - '0');
		if (number > UINT32_MAX)
			return -ERANGE;
	}
	if (*text) {
		for (i = 0; i < UNITS && units[i].letter != *text; i++)
			;
		if (i == UNITS || text[1])
			return -EINVAL;
		unit = units[i].seconds;
	}
	if (number * unit > UINT32_MAX)
		return -ERANGE;
	*seconds = (uint32_t)number * unit;
	return 0;
}

void rules_text_duration_print(uint32_t seconds, char text[16])
{
	size_t i = UNITS - 1;

	if (seconds)
		for (i = 0; seconds % units[i].seconds; i++)
			;
	snprintf(text, 16, "%" PRIu32 "%c", seconds / units[i].seconds,
		 units[i].letter);
}

void rules_text_time_print(uint64_t seconds, char text[32])
{
	time_t when = (time_t)seconds;
	struct tm tm;

	gmtime_r(&when, &tm);
	strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

int rules_text_time(const char *text, uint64_t *seconds)
{
	struct tm tm = { 0 };
	char full[32], again[32];
	const char *end;
	time_t when;

	/* A date alone is its start. */
	if (strlen(text) == 10)
		snprintf(full, sizeof(full), "%sT00:00:00Z", text);
	else if ((size_t)snprintf(full, sizeof(full), "%s", text) >=
		 sizeof(full))
		return -EINVAL;
	end = strptime(full, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (!end || *end)
		return -EINVAL;
	when = timegm(&tm);
	if (when <= 0)
		return -EINVAL;
	/* strptime takes the 30th of February, and one digit for two. */
	rules_text_time_print((uint64_t)when, again);
	if (strcmp(full, again))
		return -EINVAL;
	*seconds = (uint64_t)when;
	return 0;
}

void rules_text_inode_print(const struct client_exemption *exemption,
			    char text[RULES_TEXT_INODE_MAX])
{
	snprintf(text, RULES_TEXT_INODE_MAX,
		 "%" PRIu32 ":%" PRIu64 ":%" PRIu32 ":%" PRId64 ".%09" PRIu32,
		 exemption->dev, exemption->ino, exemption->generation,
		 exemption->ctime_sec, exemption->ctime_nsec);
}

int rules_text_inode(const char *text, struct client_exemption *exemption)
{
	struct client_exemption read = { 0 };
	char again[RULES_TEXT_INODE_MAX];

	if (sscanf(text, "%" SCNu32 ":%" SCNu64 ":%" SCNu32 ":%" SCNd64 ".%" SCNu32,
		   &read.dev, &read.ino, &read.generation, &read.ctime_sec,
		   &read.ctime_nsec) != 5 ||
	    read.ctime_nsec >= 1000000000)
		return -EINVAL;
	/* sscanf takes blanks, signs, and numbers that are too large. */
	rules_text_inode_print(&read, again);
	if (strcmp(text, again))
		return -EINVAL;
	exemption->dev = read.dev;
	exemption->ino = read.ino;
	exemption->generation = read.generation;
	exemption->ctime_sec = read.ctime_sec;
	exemption->ctime_nsec = read.ctime_nsec;
	return 0;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int rules_text_sha256(const char *text, uint8_t sha256[WXGUARD_SHA256_LEN])
{
	size_t i;

	if (strlen(text) != RULES_TEXT_SHA256_MAX - 1)
		return -EINVAL;
	for (i = 0; text[i]; i++)
		if (digit(text[i]) < 0)
			return -EINVAL;
	for (i = 0; i < WXGUARD_SHA256_LEN; i++)
		sha256[i] = (uint8_t)(digit(text[2 * i]) << 4 |
				      digit(text[2 * i + 1]));
	return 0;
}

void rules_text_sha256_print(const uint8_t sha256[WXGUARD_SHA256_LEN],
			     char text[RULES_TEXT_SHA256_MAX])
{
	size_t i;

	for (i = 0; i < WXGUARD_SHA256_LEN; i++)
		snprintf(text + 2 * i, 3, "%02x", sha256[i]);
}
