// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The daemon's own sentences, on stderr; and its clocks. What a watched
 * process chose may appear in them only after text_quote().
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "wxguardd.h"

static enum config_level limit = CONFIG_INFO;

void say_level(enum config_level level)
{
	limit = level;
}

void say(enum config_level level, const char *format, ...)
{
	static const char *const priority[] = { "<3>", "<4>", "<6>", "<7>" };
	char text[1024];
	va_list ap;

	if (level > limit)
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	/* The journal takes the priority off again. */
	fprintf(stderr, "%swxguardd: %s\n",
		getenv("JOURNAL_STREAM") ? priority[level] : "", text);
}

static uint64_t clock_ns(clockid_t id)
{
	struct timespec now;

	clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

uint64_t clock_real_ns(void)
{
	return clock_ns(CLOCK_REALTIME);
}

uint64_t clock_real_s(void)
{
	return clock_ns(CLOCK_REALTIME) / 1000000000;
}

uint64_t clock_mono_ms(void)
{
	return clock_ns(CLOCK_MONOTONIC) / 1000000;
}

uint64_t clock_boot_ns(void)
{
	return clock_ns(CLOCK_BOOTTIME);
}
