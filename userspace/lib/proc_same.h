/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Is the process with this number still the one that a finding was made of?
 * Numbers are given out again; a start time beside it is not.
 */
#ifndef WXG_LIB_PROC_SAME_H
#define WXG_LIB_PROC_SAME_H

#include <stdint.h>

/*
 * When the process started, in clock ticks since boot, as /proc/PID/stat has
 * it. 0, -ESRCH if there is none, -errno.
 */
int proc_start(uint32_t pid, uint64_t *ticks);

/*
 * 0: @pid is the process that started @start ns after boot. -ESRCH: there is
 * none, -ESTALE: it is another one by now, or -errno.
 */
int proc_same(uint32_t pid, uint64_t start);

#endif
