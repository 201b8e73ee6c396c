// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Values of options that end up in rules. Everything that the command line
 * alone can get wrong is refused here, before the module is asked.
 */
#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "fields.h"
#include "known_file.h"
#include "units.h"

int fields_text(const struct verb *verb, const char *option, const char *value,
		char *to, size_t size)
{
	if (!*value)
		return option_wrong(verb, "--%s is empty", option);
	if (strlen(value) >= size)
		return option_wrong(verb, "--%s has %zu bytes, at most %zu fit",
				    option, strlen(value), size - 1);
	strcpy(to, value);
	return 0;
}

int fields_name(const struct verb *verb, const char *value,
		char to[WXGUARD_EXEMPTION_NAME_MAX + 1])
{
	if (strlen(value) > WXGUARD_EXEMPTION_NAME_MAX)
		return option_wrong(verb, "a name has at most %d bytes",
				    WXGUARD_EXEMPTION_NAME_MAX);
	strcpy(to, value);
	return 0;
}

int fields_expires(const struct verb *verb, const char *value, uint64_t *expires)
{
	struct units_clock clock;
	uint64_t span;
	time_t when;

	units_clock_read(&clock, false);
	if (!units_parse_duration(value, &span))
		when = clock.now + (time_t)span;
	else if (*value == '-' || units_parse_time(value, &clock, &when))
		return option_wrong(verb, "--expires is a duration such as 30d or a date such as 2026-12-31, not \"%s\"",
				    value);
	if (when <= clock.now)
		return option_wrong(verb, "--expires %s is in the past", value);
	*expires = (uint64_t)when;
	return 0;
}

int fields_sha256(const struct verb *verb, const char *value,
		  uint8_t digest[WXGUARD_SHA256_LEN])
{
	if (!exe_file_unhex(value, digest))
		return 0;
	return option_wrong(verb, "--sha256 is %d hexadecimal digits, not \"%.80s\"; --sha256-of FILE takes them from a file",
			    2 * WXGUARD_SHA256_LEN, value);
}

int fields_sha256_of(const char *path, uint8_t digest[WXGUARD_SHA256_LEN],
		     struct stat *stat, int *fd)
{
	int code = known_file_open(path, fd), error;
	char *shown;

	if (code)
		return code;
	error = fstat(*fd, stat) ? -errno : exe_file_digest(*fd, stat, digest);
	if (!error)
		return 0;
	close(*fd);
	*fd = -1;
	shown = text_quote(text_bytes(path), 0);
	code = ctl_fail(CTL_FAILED, "%s: %s", shown ? shown : "?",
			error == -ESTALE ? "it changed while it was read; try again" :
					   strerror(-error));
	free(shown);
	return code;
}

/* The login uid survives su and sudo, so it is the better answer to "who". */
void fields_author(char author[WXGUARD_AUTHOR_MAX + 1])
{
	FILE *file = fopen("/proc/self/loginuid", "re");
	unsigned int uid = UINT32_MAX;
	struct passwd *user = NULL;

	*author = 0;
	if (file) {
		if (fscanf(file, "%u", &uid) != 1)
			uid = UINT32_MAX;
		fclose(file);
	}
	if (uid != UINT32_MAX)
		user = getpwuid(uid);
	if (!user)
		user = getpwuid(getuid());
	if (user && strlen(user->pw_name) <= WXGUARD_AUTHOR_MAX)
		strcpy(author, user->pw_name);
}
