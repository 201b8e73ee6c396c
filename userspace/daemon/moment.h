/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a process had open when its finding came. The finding itself is made
 * by the kernel and is complete; this is a look at /proc a moment later, so
 * it says how much later, and whatever it could not have, it says why.
 */
#ifndef WXG_DAEMON_MOMENT_H
#define WXG_DAEMON_MOMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <jansson.h>

#include "../lib/finding.h"
#include "time_share.h"

/**
 * moment_take() - look at the process of a finding
 * @boot_now: ns since boot
 *
 * At most some 50 ms, and a tenth of all time: in a flood most findings get
 * none. A process that is not the one of the finding is never described.
 * Return: one JSON object; NULL = none for this one.
 */
json_t *moment_take(struct time_share *moments, const struct finding *finding,
		    uint64_t boot_now);

#endif
