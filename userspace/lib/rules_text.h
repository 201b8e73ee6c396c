/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules file (/etc/wxguard/rules.conf, presets): text to values and back.
 * What print writes, parse accepts, and gives the same values.
 *
 *	class rwx_mprotect {
 *		action = log
 *		known = exempt
 *		window = 7d
 *	}
 *	exclude kibana-node {
 *		classes = {rwx_mprotect}
 *		exe = "/usr/share/kibana/node/bin/node"
 *		reason = "..."
 *	}
 */
#ifndef WXG_LIB_RULES_TEXT_H
#define WXG_LIB_RULES_TEXT_H

#include <stdio.h>

#include "client.h"

#define RULES_TEXT_WHY_MAX 768

/**
 * rules_text_parse() - read a rules file
 * @path: the file
 * @now: s since 1970, for expiries
 * @expired: NULL: an expired exclusion is an error (a person loads the file).
 *	Else it is left out and counted here (the daemon, at start).
 * @rules: filled on success: every built class (its default when the file
 *	does not name it) and every exclusion; client_rules_free() it
 * @why: on failure "FILE:LINE: what was read, and what would be right"
 *
 * Return: 0, -EINVAL with @why, or -errno (with @why) if it cannot be read.
 * Nothing is written to @rules on failure.
 */
int rules_text_parse(const char *path, uint64_t now, unsigned int *expired,
		     struct client_rules *rules, char why[RULES_TEXT_WHY_MAX]);

/* The same from memory; @name stands for the file in messages. */
int rules_text_parse_buffer(const char *name, const char *text, size_t len,
			    uint64_t now, unsigned int *expired,
			    struct client_rules *rules,
			    char why[RULES_TEXT_WHY_MAX]);

/* Write @rules as a rules file. 0 or -errno of the stream. */
int rules_text_print(FILE *out, const struct client_rules *rules);

/* Print to a new file beside @path, fsync, rename over it. 0 or -errno. */
int rules_text_save(const char *path, const struct client_rules *rules);

/* As the kernel will judge it. 0, or -errno with a sentence in @why. */
int rules_text_check(const struct client_rules *rules, uint64_t now,
		     char why[RULES_TEXT_WHY_MAX]);

/* "7d", "12h", "30m", "45s", "45": seconds. -EINVAL, -ERANGE past 32 bits. */
int rules_text_duration(const char *text, uint32_t *seconds);
/* The shortest exact form: 604800 is "7d". */
void rules_text_duration_print(uint32_t seconds, char text[16]);
/* "2026-12-31T00:00:00Z", or "2026-12-31" (its start, UTC). -EINVAL. */
int rules_text_time(const char *text, uint64_t *seconds);
void rules_text_time_print(uint64_t seconds, char text[32]);

#endif
