/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Building objects out of hostile bytes, for ecs*.c and raw_json*.c.
 */
#ifndef WXG_LIB_JSON_TEXT_H
#define WXG_LIB_JSON_TEXT_H

#include <jansson.h>

#include "finding.h"

/*
 * Put @in at @path as text; when that cannot say every byte, put its hex at
 * @raw_path too. Nothing is put when @in is absent. 0 or -1.
 */
int json_put_text(json_t *root, const char *path, const char *raw_path,
		  struct bytes in);

/* The hex of @in at @path. */
int json_put_hex(json_t *root, const char *path, struct bytes in);

/* An argument block as an array of strings; *lossy as text_utf8(). */
json_t *json_args(struct bytes args, bool *lossy);

/* Names of the set bits of @bits, by @name; a bit without one as "bit N". */
json_t *json_bits(uint64_t bits, const char *(*name)(unsigned int bit));

/* "0x1f", or "1f" as an audit record writes it. */
json_t *json_hex(uint64_t value);
json_t *json_hex_bare(uint64_t value);
/* An integer; past 2^63, which JSON readers cannot hold, the largest one. */
json_t *json_number(uint64_t value);
/* A number as a string: for ids, and what may pass 2^63. */
json_t *json_decimal(uint64_t value);
/* JSON null when @text is NULL or ""; bytes that are no UTF-8 as U+FFFD. */
json_t *json_text(const char *text);

#endif
