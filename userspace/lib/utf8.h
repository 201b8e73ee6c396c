/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One character at a time, for text.c and json_out.c.
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

#endif
