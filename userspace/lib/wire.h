/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From the wire to values: the attributes of one netlink message (the part
 * after the generic netlink header). Every length is checked; nothing is
 * believed. Attributes that are not known are skipped (a newer module may
 * send more), known ones of a wrong length refuse the message.
 *
 * All return 0, -EBADMSG (malformed, or a required part is missing) or
 * -ENOMEM, and write their result only on 0. No I/O; any buffer alignment.
 */
#ifndef WXG_LIB_WIRE_H
#define WXG_LIB_WIRE_H

#include "client.h"

/* The finding copies what it needs; free it with finding_free(). */
int wire_decode_finding(const void *attrs, size_t len, struct finding **finding);
int wire_decode_loss(const void *attrs, size_t len, struct finding_loss *loss);
int wire_decode_status(const void *attrs, size_t len, struct client_status *status);
int wire_decode_known(const void *attrs, size_t len, struct client_known *known);
int wire_decode_seq(const void *attrs, size_t len, uint64_t *seq);
int wire_decode_mode(const void *attrs, size_t len, uint32_t *mode);
int wire_decode_generation(const void *attrs, size_t len, uint32_t *generation);
int wire_decode_fd(const void *attrs, size_t len, uint32_t *fd);

/*
 * One message of a rules dump: adds its classes, scopes, exemptions and the
 * budget to *rules, which the caller zeroes before the first and frees (client_rules_free())
 * after the last, also on error.
 */
int wire_decode_rules(const void *attrs, size_t len, struct client_rules *rules);

#endif
