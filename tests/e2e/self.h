/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a process can say about itself, to be compared with what a finding
 * says about it.
 */
#ifndef WXG_E2E_SELF_H
#define WXG_E2E_SELF_H

#include <stddef.h>

/* Set in the environment: describe yourself in the report. */
#define SELF_ENV "ACTOR_SELF"

/* Prints ,"self":{...}; byte strings are hex. */
void self_print(void);
void self_print_hex(const char *data, size_t len);

#endif
