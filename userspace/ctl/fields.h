/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the verbs that write rules have in common: one option's value each,
 * checked. All return 0 or the exit code of the complaint.
 */
#ifndef WXG_CTL_FIELDS_H
#define WXG_CTL_FIELDS_H

#include <sys/stat.h>

#include "ctl.h"

/* A string that must fit, and may not be empty. */
int fields_text(const struct verb *verb, const char *option, const char *value,
		char *to, size_t size);
/* The operand NAME. */
int fields_name(const struct verb *verb, const char *value,
		char to[WXGUARD_EXEMPTION_NAME_MAX + 1]);
/* "30d", or a date: s since 1970, and to come. */
int fields_expires(const struct verb *verb, const char *value, uint64_t *expires);
/* 64 hexadecimal digits. */
int fields_sha256(const struct verb *verb, const char *value,
		  uint8_t digest[WXGUARD_SHA256_LEN]);
/* The content of a file, its state then, and a descriptor that the caller closes. */
int fields_sha256_of(const char *path, uint8_t digest[WXGUARD_SHA256_LEN],
		     struct stat *stat, int *fd);

/* Who is logged in; "" if that cannot be told. */
void fields_author(char author[WXGUARD_AUTHOR_MAX + 1]);

#endif
