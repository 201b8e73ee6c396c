/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rules in the words of the rules file, one by one, so that two sets can be compared. */
#ifndef WXG_LIB_RULES_WORDS_H
#define WXG_LIB_RULES_WORDS_H

#include <jansson.h>

#include "client.h"

/**
 * rules_words() - { "class exec_memory": ["action = log", ...], ... }
 *
 * Each class, the budget, each scope and each exclusion, in their order; of an
 * exclusion by content also where it holds now ("now inode ..."), which the
 * file does not keep. Valid UTF-8: what is none, and controls, as \xNN. Hits
 * and generation are no part of it.
 *
 * Return: a new reference, NULL when out of memory.
 */
json_t *rules_words(const struct client_rules *rules);

#endif
