/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything about one finding, in sections.
 */
#ifndef WXG_CTL_DETAIL_H
#define WXG_CTL_DETAIL_H

#include <stdio.h>

#include "ctl.h"

/* Process, ancestors, memory, exec, file and call; not the head, what and why. */
void detail_facts(FILE *out, const struct ctl *ctl, const json_t *doc);
void detail_print(FILE *out, const struct ctl *ctl, const json_t *doc);

#endif
