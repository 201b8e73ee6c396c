// SPDX-License-Identifier: GPL-2.0-only
/* Linked behind all that is counted. */
#include <linux/compiler.h>

#include "counters.h"

const void *const wxg_counters_last __section(".gcov_info");
