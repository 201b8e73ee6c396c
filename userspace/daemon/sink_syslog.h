/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef WXG_DAEMON_SINK_SYSLOG_H
#define WXG_DAEMON_SINK_SYSLOG_H

#include <stddef.h>

#include "../lib/config.h"

/* One message of RFC 5424. @size is the bound; it is never longer. */
struct syslog_message {
	char *data;
	size_t len, size;
};

/*
 * Fill @message from one ECS document, in the form that @config chooses.
 * What does not fit is left out and the message says so: cut=yes, or the tag
 * "cut". -EINVAL if @json is no document, -ENOMEM.
 */
int syslog_from_json(struct syslog_message *message, const struct config_syslog *config,
		     const char *json, size_t len);

#endif
