/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON as it leaves us: one object, one line, nothing in it that a terminal
 * or a log viewer would act on.
 */
#ifndef WXG_LIB_JSON_OUT_H
#define WXG_LIB_JSON_OUT_H

#include <jansson.h>

#include "finding.h"

/**
 * json_line() - one compact line, without the newline
 * @json: any value
 * @len: NULL, or filled with the length
 *
 * Controls, DEL, C1 and every character of text_is_unsafe() are written as
 * \uXXXX (jansson leaves DEL and all beyond ASCII as they are, or escapes
 * every letter that is not ASCII); other UTF-8 stays readable. Lossless.
 *
 * Return: malloc'ed, NULL when out of memory.
 */
char *json_line(const json_t *json, size_t *len);

/* A JSON string of hostile bytes (text_utf8()); JSON null when absent. */
json_t *json_bytes(struct bytes in);

/* Are these bytes said in full by a JSON string? */
bool json_says(struct bytes in);

/*
 * Set dotted @path ("process.parent.pid") under @root, making the objects on
 * the way; @path is a constant of ours. Takes @value; a NULL value (out of memory) sets nothing. Returns 0
 * or -1, and remembers nothing: check the last line of the building function.
 */
int json_put(json_t *root, const char *path, json_t *value);
/*
 * The value at dotted @path, where a number steps into an array; NULL if it
 * leads nowhere. Borrowed.
 */
const json_t *json_at(const json_t *root, const char *path);
/* @json, or NULL (and it is freed) if something was not put. */
json_t *json_finish(json_t *json, int error);

#endif
