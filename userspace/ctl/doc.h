/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading an ECS document: the one form in which list, watch and show see a
 * finding, whether it comes from the store or straight from the module.
 * Everything in it may be absent.
 */
#ifndef WXG_CTL_DOC_H
#define WXG_CTL_DOC_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value at "process.parent.pid"; NULL if absent. Borrowed. */
const json_t *doc_get(const json_t *doc, const char *path);
/* A string that can be compared, not shown; "" if absent. Borrowed. */
const char *doc_string(const json_t *doc, const char *path);
bool doc_number(const json_t *doc, const char *path, uint64_t *number);

/*
 * The text at @path, quoted as text_quote() does, at most @max bytes of it
 * (0 = all). Bytes that JSON could not hold are taken from @raw, where the
 * document keeps their hex. malloc'ed; NULL if absent or out of memory.
 */
char *doc_quote_raw(const json_t *doc, const char *path, const char *raw, size_t max);
/* The same, with the hex at wxguard.raw.PATH (less "wxguard." in PATH). */
char *doc_quote(const json_t *doc, const char *path, size_t max);

/*
 * The elements of the array at @path, each quoted, with blanks between; from
 * the hex of an argument block at @raw where there is one.
 */
char *doc_quote_list(const json_t *doc, const char *path, const char *raw);

/*
 * Text of our own at @path, such as a rule's name: as it is while it is
 * harmless to show, else quoted. malloc'ed; NULL if absent or out of memory.
 */
char *doc_plain(const json_t *doc, const char *path);

#endif
