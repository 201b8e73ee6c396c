/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * UTF-8 as RFC 3629 has it, for text.c and json_*.c.
 */
#ifndef WXG_LIB_UTF8_H
#define WXG_LIB_UTF8_H

#include <stddef.h>
#include <stdint.h>

/*
 * Decode the character at @data. Returns its length (1..4) and sets *code;
 * 0 when there is no valid one: cut off, overlong, a surrogate, past
 * U+10FFFF (RFC 3629).
 */
size_t utf8_decode(const uint8_t *data, size_t len, uint32_t *code);

/* How many bytes from @data on are valid UTF-8 without a NUL. */
size_t utf8_valid(const uint8_t *data, size_t len);

#endif
