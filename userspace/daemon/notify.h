/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a service tells its manager; without one, nothing happens. */
#ifndef WXG_DAEMON_NOTIFY_H
#define WXG_DAEMON_NOTIFY_H

#include <stdint.h>

/* Lines of "NAME=VALUE", as sd_notify(3) has them. */
void notify(const char *lines);

/* How often WATCHDOG=1 is expected at the latest, in ms; 0 = not at all. */
uint64_t notify_watchdog_ms(void);

#endif
