/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers, times and durations between text and value. Pure: the clock
 * arrives as an argument.
 */
#ifndef WXG_CTL_UNITS_H
#define WXG_CTL_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* All of these return 0, or -1 if the text is not one (value untouched). */
int units_parse_u64(const char *text, uint64_t *value);
int units_parse_u32(const char *text, uint32_t *value);
/* "90", "90s", "15m", "12h", "7d", "2w" -> seconds. */
int units_parse_duration(const char *text, uint64_t *seconds);

struct units_clock {
	time_t now;	/* s since 1970 */
	time_t boot;	/* when this boot began */
	bool utc;	/* read dates as UTC, not local time */
};

void units_clock_read(struct units_clock *clock, bool utc);

/*
 * A moment: 2026-01-15, 2026-01-15T09:00[:30], 09:00[:30] (today), today,
 * yesterday, boot, or a duration, which is so long before now.
 */
int units_parse_time(const char *text, const struct units_clock *clock,
		     time_t *when);

/* 4096 -> "4.0K". */
const char *units_print_size(char *out, size_t size, uint64_t bytes);
/* 604800 -> "7d", 93784 -> "1d 2h". */
const char *units_print_duration(char *out, size_t size, uint64_t seconds);
/* "2026-01-15 09:41:07", with "Z" in UTC; or without the date. */
const char *units_print_time(char *out, size_t size, time_t when, bool utc,
			     bool date);

#endif
