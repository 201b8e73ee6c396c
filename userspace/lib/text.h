/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Hostile bytes become text that is safe to show. Every byte that a watched
 * process could choose passes through one of these before a person, a
 * terminal, a log or a JSON reader sees it. All results are malloc'ed and NUL
 * terminated; NULL means out of memory and nothing else.
 */
#ifndef WXG_LIB_TEXT_H
#define WXG_LIB_TEXT_H

#include <stdio.h>

#include "finding.h"

/* More input than this is cut: no field of a finding is longer. */
#define TEXT_MAX 65536

/**
 * text_utf8() - valid UTF-8 for a JSON string
 * @in: any bytes
 * @lossy: NULL, or set to true when the result does not say everything
 *
 * Valid UTF-8 stays as it is, controls and invisible characters too: it is
 * json_line() (json_out.h) that writes those as \uXXXX, so that nothing is
 * lost. A byte that is not UTF-8, and NUL, becomes U+FFFD; then *lossy tells
 * the caller to keep the bytes beside it (text_hex()).
 */
char *text_utf8(struct bytes in, bool *lossy);

/* Lower-case hex of every byte, for wxguard.raw.*. */
char *text_hex(struct bytes in);

/**
 * text_quote() - one word for a terminal or a log line
 * @in: any bytes
 * @max: show at most so many bytes of it, 0 = all (up to TEXT_MAX)
 *
 * Plain text comes out as it is. With a space, a quote, a backslash or
 * anything unprintable inside, or when empty, it is put in double quotes,
 * with \" and \\, \xNN for each byte that is not printable UTF-8, and \u{N}
 * for characters that are invisible or reorder text. What was cut ends in
 * "..." after the closing quote, where no content can stand.
 */
char *text_quote(struct bytes in, size_t max);

/* The same for an argument block (each ends in NUL), joined by blanks. */
char *text_quote_args(struct bytes args, size_t max);

/* Print text_quote() of @in; "-" when absent. Returns -1 on a write error. */
int text_print(FILE *out, struct bytes in, size_t max);

/*
 * For a sentence of ours that holds a piece of somebody's file: in place, each
 * character that is unsafe to show, and each byte that is no UTF-8, becomes
 * one '?'.
 */
void text_inert(char *text);

/* Is this code point invisible, a control, or one that reorders text? */
bool text_is_unsafe(uint32_t code);

/* Borrow a C string as bytes; NULL stays absent. */
struct bytes text_bytes(const char *string);

#endif
