/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules file (/etc/wxguard/rules.conf, presets): text to values and back.
 * What print writes, parse accepts, and gives the same values.
 *
 *	class exec_memory {
 *		action = log
 *		known = report
 *		window = 7d
 *		repeat = 60s
 *		self-clone = exempt
 *		init = spare
 *	}
 *	budget {
 *		per-minute = 120
 *		per-executable = 10
 *	}
 *	scope web {
 *		cgroup = "/system.slice/nginx.service"
 *		classes = {exec_memory}
 *		action = deny
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
 * @rules: filled on success: every built class and the budget (the default of
 *	what the file does not name), every scope and every exclusion;
 *	client_rules_free() it
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
/* One exclusion of it. */
void rules_text_print_exemption(FILE *out, const struct client_exemption *exemption);

/* Print to a new file beside @path, fsync, rename over it. 0 or -errno. */
int rules_text_save(const char *path, const struct client_rules *rules);

/* As the kernel will judge it. 0, or -errno with a sentence in @why. */
int rules_text_check(const struct client_rules *rules, uint64_t now,
		     char why[RULES_TEXT_WHY_MAX]);

/**
 * rules_text_dangers() - could these rules lock their administrator out?
 *
 * What the module takes only when it is forced, as far as that can be told
 * without it: it alone knows how many executables are known.
 * Return: 0, or -errno with a sentence in @why.
 */
int rules_text_dangers(const struct client_rules *rules,
		       char why[RULES_TEXT_WHY_MAX]);

/* "7d", "12h", "30m", "45s", "45": seconds. -EINVAL, -ERANGE past 32 bits. */
int rules_text_duration(const char *text, uint32_t *seconds);
/* The shortest exact form: 604800 is "7d". */
void rules_text_duration_print(uint32_t seconds, char text[16]);
/* "2026-12-31T00:00:00Z", or "2026-12-31" (its start, UTC). -EINVAL. */
int rules_text_time(const char *text, uint64_t *seconds);
void rules_text_time_print(uint64_t seconds, char text[32]);

#define RULES_TEXT_INODE_MAX 80
#define RULES_TEXT_SHA256_MAX (2 * WXGUARD_SHA256_LEN + 1)

/*
 * "DEV:INO:GENERATION:SECONDS.NANOSECONDS", the identity of a file, from and
 * into dev to ctime_nsec; has_identity is left alone. 0 or -EINVAL.
 */
int rules_text_inode(const char *text, struct client_exemption *exemption);
void rules_text_inode_print(const struct client_exemption *exemption,
			    char text[RULES_TEXT_INODE_MAX]);
/* 64 hexadecimal digits. 0 or -EINVAL. */
int rules_text_sha256(const char *text, uint8_t sha256[WXGUARD_SHA256_LEN]);
void rules_text_sha256_print(const uint8_t sha256[WXGUARD_SHA256_LEN],
			     char text[RULES_TEXT_SHA256_MAX]);

#endif
