/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who reads the findings: the daemon, which is never denied unless a rule
 * says so.
 */
#ifndef _WXG_READER_H
#define _WXG_READER_H

#include <linux/types.h>

/*
 * The current process has committed findings, so it is the daemon; the last
 * one that did counts. Process context.
 */
void wxg_reader_is_here(void);

/*
 * Is the current task the daemon? Its children are not. Any context.
 */
bool wxg_reader_is_current(void);

/* After the wire has gone and every slow path has ended. */
void wxg_reader_exit(void);

#endif
