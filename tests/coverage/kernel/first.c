// SPDX-License-Identifier: GPL-2.0-only
/* Linked before all that is counted. */
#include <linux/compiler.h>

#include "counters.h"

const void *const wxg_counters_first __section(".gcov_info");
