// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests about the known set: what they may hold, and which executable is
 * meant. PROCESS context, in the caller; may sleep. Changes nothing.
 */
#include <linux/file.h>
#include <linux/fs.h>

#include "genl_known_request.h"

/* Attributes that tell which executable is meant, without a descriptor. */
#define KEY_POLICY \
	[WXGUARD_KNOWN_PAD] = WXG_GENL_PAD, \
	[WXGUARD_KNOWN_DEV] = { .type = NLA_U32 }, \
	[WXGUARD_KNOWN_INO] = { .type = NLA_U64 }, \
	[WXGUARD_KNOWN_GENERATION] = { .type = NLA_U32 }, \
	[WXGUARD_KNOWN_CTIME_SEC] = { .type = NLA_S64 }, \
	[WXGUARD_KNOWN_CTIME_NSEC] = { .type = NLA_U32 }, \
	[WXGUARD_KNOWN_SHAPE] = { .type = NLA_U32 }

const struct nla_policy wxg_known_add_policy[WXGUARD_KNOWN_MAX + 1] = {
	KEY_POLICY,
	[WXGUARD_KNOWN_PATH] = { .type = NLA_BINARY,
				 .len = WXGUARD_KNOWN_PATH_MAX },
	[WXGUARD_KNOWN_FIRST_SEEN] = { .type = NLA_U64 },
	[WXGUARD_KNOWN_LAST_SEEN] = { .type = NLA_U64 },
	[WXGUARD_KNOWN_COUNT] = { .type = NLA_U64 },
	[WXGUARD_KNOWN_CLASSES] = { .type = NLA_U32 },
	[WXGUARD_KNOWN_FLAGS] = { .type = NLA_U32 },
};

const struct nla_policy wxg_known_del_policy[WXGUARD_KNOWN_MAX + 1] = {
	KEY_POLICY,
};

const struct nla_policy wxg_known_pin_policy[WXGUARD_KNOWN_MAX + 1] = {
	KEY_POLICY,
	[WXGUARD_KNOWN_FLAGS] = { .type = NLA_U32 },
};

#define REQUEST_POLICY(nested) { \
	[WXGUARD_A_PAD] = WXG_GENL_PAD, \
	[WXGUARD_A_FD] = { .type = NLA_U32 }, \
	[WXGUARD_A_KNOWN] = NLA_POLICY_NESTED(nested), \
}

const struct nla_policy wxg_genl_known_add_policy[WXGUARD_A_KNOWN + 1] =
	REQUEST_POLICY(wxg_known_add_policy);
const struct nla_policy wxg_genl_known_del_policy[WXGUARD_A_KNOWN + 1] =
	REQUEST_POLICY(wxg_known_del_policy);
const struct nla_policy wxg_genl_known_pin_policy[WXGUARD_A_KNOWN + 1] =
	REQUEST_POLICY(wxg_known_pin_policy);

int wxg_known_request_parse(struct wxg_known_request *request,
			    struct genl_info *info,
			    const struct nla_policy *policy)
{
	memset(request, 0, sizeof(*request));
	request->extack = info->extack;
	request->fd = info->attrs[WXGUARD_A_FD];
	request->known = info->attrs[WXGUARD_A_KNOWN];
	if (!request->known)
		return 0;
	return nla_parse_nested(request->tb, WXGUARD_KNOWN_MAX, request->known,
				policy, info->extack);
}

int wxg_genl_key_from_fd(const struct nlattr *attr, struct wxg_known_key *key,
			 struct netlink_ext_ack *extack)
{
	u32 fd = nla_get_u32(attr);
	struct file *file = fget(fd);
	int ret;

	if (!file)
		return wxg_genl_refuse(extack, attr, -EBADF,
				       "%u is not an open descriptor of the caller; open the executable for reading (O_PATH does not do)",
				       fd);
	if (!S_ISREG(file_inode(file)->i_mode)) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "the descriptor is not of a regular file; open the executable itself");
		ret = -EINVAL;
	} else {
		ret = wxg_genl_rooms->file_key(file, key);
		if (ret)
			NL_SET_ERR_MSG_ATTR(extack, attr,
					    "the file system would not tell the identity of the file");
	}
	fput(file);
	return ret;
}

/* Absent, it is 0. */
int wxg_known_request_shape(const struct wxg_known_request *request,
			    struct wxg_known_key *key)
{
	const struct nlattr *attr = request->tb[WXGUARD_KNOWN_SHAPE];

	if (!attr)
		return 0;
	if (nla_get_u32(attr) >= __WXGUARD_REGION_MAX)
		return wxg_genl_refuse(request->extack, attr, -ERANGE,
				       "shape %u does not exist; give 0 to %u (enum wxguard_region)",
				       nla_get_u32(attr),
				       __WXGUARD_REGION_MAX - 1);
	key->shape = nla_get_u32(attr);
	return 0;
}

bool wxg_known_request_has_key(const struct wxg_known_request *request)
{
	return request->tb[WXGUARD_KNOWN_DEV] ||
	       request->tb[WXGUARD_KNOWN_INO] ||
	       request->tb[WXGUARD_KNOWN_GENERATION] ||
	       request->tb[WXGUARD_KNOWN_CTIME_SEC] ||
	       request->tb[WXGUARD_KNOWN_CTIME_NSEC];
}

int wxg_known_request_claim(const struct wxg_known_request *request,
			    struct wxg_known_key *key)
{
	struct nlattr *const *tb = request->tb;

	if (!tb[WXGUARD_KNOWN_DEV] || !tb[WXGUARD_KNOWN_INO] ||
	    !tb[WXGUARD_KNOWN_GENERATION] || !tb[WXGUARD_KNOWN_CTIME_SEC] ||
	    !tb[WXGUARD_KNOWN_CTIME_NSEC]) {
		NL_SET_ERR_MSG_ATTR(request->extack, request->known,
				    "an identity is incomplete; give DEV, INO, GENERATION, CTIME_SEC and CTIME_NSEC as a dump gave them");
		return -EINVAL;
	}
	memset(key, 0, sizeof(*key));
	key->dev = nla_get_u32(tb[WXGUARD_KNOWN_DEV]);
	key->ino = nla_get_u64(tb[WXGUARD_KNOWN_INO]);
	key->generation = nla_get_u32(tb[WXGUARD_KNOWN_GENERATION]);
	key->ctime_sec = nla_get_s64(tb[WXGUARD_KNOWN_CTIME_SEC]);
	key->ctime_nsec = nla_get_u32(tb[WXGUARD_KNOWN_CTIME_NSEC]);
	return wxg_known_request_shape(request, key);
}

int wxg_known_request_key(const struct wxg_known_request *request,
			  struct wxg_known_key *key)
{
	if (request->fd && wxg_known_request_has_key(request)) {
		NL_SET_ERR_MSG_ATTR(request->extack, request->known,
				    "give a descriptor or the identity of the executable, not both");
		return -EINVAL;
	}
	if (request->fd)
		return wxg_genl_key_from_fd(request->fd, key, request->extack) ?:
		       wxg_known_request_shape(request, key);
	if (request->known)
		return wxg_known_request_claim(request, key);
	NL_SET_ERR_MSG(request->extack,
		       "which executable? give an open descriptor (WXGUARD_A_FD) or its identity (WXGUARD_A_KNOWN)");
	return -EINVAL;
}
