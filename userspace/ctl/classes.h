/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Class names on the command line and in tables.
 */
#ifndef WXG_CTL_CLASSES_H
#define WXG_CTL_CLASSES_H

#include <stddef.h>
#include <stdint.h>

#include "ctl.h"

/* Set the bit of the class called @name; else complain and return CTL_USAGE. */
int classes_add(const struct verb *verb, const char *name, uint32_t *bits);
/* "rwx_mprotect,rwx_mmap", "-" for none. */
const char *classes_print(char *out, size_t size, uint32_t bits);

#endif
