/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One finding, wherever it is: for the verbs that take an ID.
 */
#ifndef WXG_CTL_PICK_H
#define WXG_CTL_PICK_H

#include "ctl.h"

/**
 * pick_finding() - the finding with this number or event.id
 * @word: from the command line; "#423" is 423
 * @doc: filled with its ECS document, a new reference
 * @row: filled with its row in the store, 0 = only the module has it
 *
 * Return: 0, or the exit code of the complaint.
 */
int pick_finding(const struct ctl *ctl, const struct verb *verb, const char *word,
		 json_t **doc, int64_t *row);

#endif
