/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters of lines in a module, on a kernel that has no GCOV of its own.
 */
#ifndef WXG_COUNTERS_H
#define WXG_COUNTERS_H

/* Leaves all that was counted so far in a new file of /out/gcov. */
void wxg_counters_write(void);

/* Pointers to what the compiler keeps per object stand between these. */
extern const void *const wxg_counters_first;
extern const void *const wxg_counters_last;

#endif
