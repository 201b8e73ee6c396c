/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A request about the known set, taken apart. Included by genl_known*.c only.
 */
#ifndef _WXG_GENL_KNOWN_REQUEST_H
#define _WXG_GENL_KNOWN_REQUEST_H

#include "core/identity.h"
#include "genl_priv.h"

/* A request, its WXGUARD_A_KNOWN taken apart (all NULL without it). */
struct wxg_known_request {
	struct netlink_ext_ack *extack;
	const struct nlattr *fd;
	const struct nlattr *known;
	struct nlattr *tb[WXGUARD_KNOWN_MAX + 1];
};

/* For all below: 0, or negative errno with a sentence in extack. May sleep. */

int wxg_known_request_parse(struct wxg_known_request *request,
			    struct genl_info *info,
			    const struct nla_policy *policy);
/* Which executable: told by a descriptor or by its identity, not by both. */
int wxg_known_request_key(const struct wxg_known_request *request,
			  struct wxg_known_key *key);
/* For which kind of memory, into the key. */
int wxg_known_request_shape(const struct wxg_known_request *request,
			    struct wxg_known_key *key);
/* The identity that stands in the request, whatever the descriptor says. */
int wxg_known_request_claim(const struct wxg_known_request *request,
			    struct wxg_known_key *key);

/* Does some part of an identity stand in the request? */
bool wxg_known_request_has_key(const struct wxg_known_request *request);

/* What the commands take inside WXGUARD_A_KNOWN. */
extern const struct nla_policy wxg_known_add_policy[WXGUARD_KNOWN_MAX + 1];
extern const struct nla_policy wxg_known_del_policy[WXGUARD_KNOWN_MAX + 1];
extern const struct nla_policy wxg_known_pin_policy[WXGUARD_KNOWN_MAX + 1];

#endif
