/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Do two sets of rules say the same? */
#ifndef WXG_DAEMON_RULES_SAME_H
#define WXG_DAEMON_RULES_SAME_H

#include "../lib/client.h"

/*
 * Generation and hits apart. A file that is still a descriptor is not the same
 * as any identity.
 */
bool rules_same(const struct client_rules *a, const struct client_rules *b);

#endif
