// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set on the wire: add, remove, flush, pin. PROCESS context, in
 * the caller; may sleep. Everything is parsed and checked before the store
 * is asked for one change.
 */
#include <linux/bits.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/minmax.h>
#include <linux/ktime.h>

#include "genl_priv.h"
#include "rules_live.h"

/* Attributes that tell which executable is meant, without a descriptor. */
#define KEY_POLICY \
	[WXGUARD_KNOWN_PAD] = WXG_GENL_PAD, \
	[WXGUARD_KNOWN_DEV] = { .type = NLA_U32 }, \
	[WXGUARD_KNOWN_INO] = { .type = NLA_U64 }, \
	[WXGUARD_KNOWN_GENERATION] = { .type = NLA_U32 }, \
	[WXGUARD_KNOWN_CTIME_SEC] = { .type = NLA_S64 }, \
	[WXGUARD_KNOWN_CTIME_NSEC] = { .type = NLA_U32 }, \
	[WXGUARD_KNOWN_SHAPE] = { .type = NLA_U32 }

static const struct nla_policy add_policy[WXGUARD_KNOWN_MAX + 1] = {
	KEY_POLICY,
	[WXGUARD_KNOWN_PATH] = { .type = NLA_BINARY,
				 .len = WXGUARD_KNOWN_PATH_MAX },
	[WXGUARD_KNOWN_FIRST_SEEN] = { .type = NLA_U64 },
	[WXGUARD_KNOWN_LAST_SEEN] = { .type = NLA_U64 },
	[WXGUARD_KNOWN_COUNT] = { .type = NLA_U64 },
	[WXGUARD_KNOWN_CLASSES] = { .type = NLA_U32 },
	[WXGUARD_KNOWN_FLAGS] = { .type = NLA_U32 },
};

static const struct nla_policy del_policy[WXGUARD_KNOWN_MAX + 1] = {
	KEY_POLICY,
};

static const struct nla_policy pin_policy[WXGUARD_KNOWN_MAX + 1] = {
	KEY_POLICY,
	[WXGUARD_KNOWN_FLAGS] = { .type = NLA_U32 },
};

#define REQUEST_POLICY(nested) { \
	[WXGUARD_A_PAD] = WXG_GENL_PAD, \
	[WXGUARD_A_FD] = { .type = NLA_U32 }, \
	[WXGUARD_A_KNOWN] = NLA_POLICY_NESTED(nested), \
}

const struct nla_policy wxg_genl_known_add_policy[WXGUARD_A_KNOWN + 1] =
	REQUEST_POLICY(add_policy);
const struct nla_policy wxg_genl_known_del_policy[WXGUARD_A_KNOWN + 1] =
	REQUEST_POLICY(del_policy);
const struct nla_policy wxg_genl_known_pin_policy[WXGUARD_A_KNOWN + 1] =
	REQUEST_POLICY(pin_policy);

/* A request, its WXGUARD_A_KNOWN taken apart (all NULL without it). */
struct request {
	struct netlink_ext_ack *extack;
	const struct nlattr *fd;
	const struct nlattr *known;
	struct nlattr *tb[WXGUARD_KNOWN_MAX + 1];
};

static int request_parse(struct request *request, struct genl_info *info,
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
static int shape_parse(const struct request *request, struct wxg_known_key *key)
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

static bool has_key(const struct request *request)
{
	return request->tb[WXGUARD_KNOWN_DEV] ||
	       request->tb[WXGUARD_KNOWN_INO] ||
	       request->tb[WXGUARD_KNOWN_GENERATION] ||
	       request->tb[WXGUARD_KNOWN_CTIME_SEC] ||
	       request->tb[WXGUARD_KNOWN_CTIME_NSEC];
}

static int key_from_attrs(const struct request *request,
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
	return shape_parse(request, key);
}

/* Which executable: told by a descriptor or by its identity, not by both. */
static int key_parse(const struct request *request, struct wxg_known_key *key)
{
	if (request->fd && has_key(request)) {
		NL_SET_ERR_MSG_ATTR(request->extack, request->known,
				    "give a descriptor or the identity of the executable, not both");
		return -EINVAL;
	}
	if (request->fd)
		return wxg_genl_key_from_fd(request->fd, key, request->extack) ?:
		       shape_parse(request, key);
	if (request->known)
		return key_from_attrs(request, key);
	NL_SET_ERR_MSG(request->extack,
		       "which executable? give an open descriptor (WXGUARD_A_FD) or its identity (WXGUARD_A_KNOWN)");
	return -EINVAL;
}

static int absent(const struct request *request)
{
	NL_SET_ERR_MSG_ATTR(request->extack, request->fd ?: request->known,
			    "this executable is not in the known set; if its file was changed, it is a new one");
	return -ENOENT;
}

/*
 * A descriptor means the file whatever it was seen doing, unless a shape is
 * given; an identity means one entry.
 * Return: 0, or -ENOENT if @change found nothing of it. Both of them are pure
 * successes or find nothing, so none is left half done.
 */
static int each_entry(const struct request *request, struct wxg_known_key key,
		      int (*change)(const struct wxg_known_key *key, bool on),
		      bool on)
{
	int ret = -ENOENT;

	if (!request->fd || request->tb[WXGUARD_KNOWN_SHAPE])
		return change(&key, on);
	for (key.shape = 0; key.shape < __WXGUARD_REGION_MAX; key.shape++) {
		if (!change(&key, on))
			ret = 0;
	}
	return ret;
}

static int remove_entry(const struct wxg_known_key *key, bool unused)
{
	return wxg_known_remove(key);
}

int wxg_genl_known_del(struct sk_buff *skb, struct genl_info *info)
{
	struct wxg_known_key key;
	struct request request;
	int ret;

	ret = request_parse(&request, info, del_policy);
	if (!ret)
		ret = key_parse(&request, &key);
	if (ret)
		return ret;
	return each_entry(&request, key, remove_entry, true) ?
	       absent(&request) : 0;
}

int wxg_genl_known_flush(struct sk_buff *skb, struct genl_info *info)
{
	if (READ_ONCE(wxg_live_mode) == WXGUARD_MODE_ENFORCE &&
	    wxg_rules_live_denies(WXGUARD_CLASS_EXEC_UNKNOWN)) {
		NL_SET_ERR_MSG(info->extack, "exec_unknown is denied: with nothing known no program would start; set mode detect first");
		return -EBUSY;
	}
	wxg_known_flush();
	return 0;
}

int wxg_genl_known_pin(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *flags;
	struct wxg_known_key key;
	struct request request;
	int ret;

	ret = request_parse(&request, info, pin_policy);
	if (!ret)
		ret = key_parse(&request, &key);
	if (ret)
		return ret;
	flags = request.tb[WXGUARD_KNOWN_FLAGS];
	if (!flags) {
		NL_SET_ERR_MSG_ATTR(info->extack, request.known,
				    "pin or unpin? give WXGUARD_KNOWN_FLAGS with WXGUARD_KNOWN_F_PINNED set or clear");
		return -EINVAL;
	}
	if (nla_get_u32(flags) & ~WXGUARD_KNOWN_F_PINNED)
		return wxg_genl_refuse(info->extack, flags, -EINVAL,
				       "flags 0x%x: only WXGUARD_KNOWN_F_PINNED (0x%x) can be set or cleared",
				       nla_get_u32(flags), WXGUARD_KNOWN_F_PINNED);
	return each_entry(&request, key, wxg_known_pin, nla_get_u32(flags)) ?
	       absent(&request) : 0;
}

/*
 * A time that user space kept, as s since boot. The clock may have been set
 * back since it was noted, so a time still to come counts as now.
 */
static int time_parse(const struct request *request, int type, s64 *seconds)
{
	const struct nlattr *attr = request->tb[type];
	u64 value;

	*seconds = ktime_get_boottime_seconds();
	if (!attr)
		return 0;
	value = nla_get_u64(attr);
	if (value > S64_MAX)
		return wxg_genl_refuse(request->extack, attr, -ERANGE,
				       "%llu is no time; give seconds since 1970",
				       value);
	*seconds = min_t(s64, *seconds, (s64)value - wxg_genl_boot_time());
	return 0;
}

static int add_parse_times(const struct request *request,
			   struct wxg_known_info *entry, s64 *last)
{
	int ret;

	ret = time_parse(request, WXGUARD_KNOWN_LAST_SEEN, last);
	if (ret)
		return ret;
	ret = time_parse(request, WXGUARD_KNOWN_FIRST_SEEN, &entry->first_seen);
	if (ret)
		return ret;
	if (!request->tb[WXGUARD_KNOWN_FIRST_SEEN])
		entry->first_seen = *last;
	if (entry->first_seen > *last) {
		NL_SET_ERR_MSG_ATTR(request->extack,
				    request->tb[WXGUARD_KNOWN_FIRST_SEEN],
				    "first seen lies after last seen; give the earlier time as FIRST_SEEN");
		return -EINVAL;
	}
	return 0;
}

static int add_parse_classes(const struct request *request,
			     struct wxg_known_info *entry, s64 last)
{
	const struct nlattr *attr = request->tb[WXGUARD_KNOWN_CLASSES];
	const u32 all = GENMASK(WXGUARD_CLASS_MAX, 1);
	u32 class, bits;

	if (!attr) {
		NL_SET_ERR_MSG_ATTR(request->extack, request->known,
				    "known for what? give WXGUARD_KNOWN_CLASSES, bits 1 << class");
		return -EINVAL;
	}
	bits = nla_get_u32(attr);
	if (!bits || (bits & ~all))
		return wxg_genl_refuse(request->extack, attr, -ERANGE,
				       "class bits 0x%x: give at least one of 0x%x (1 << class)",
				       bits, all);
	if (entry->key.shape && bits != BIT(WXGUARD_CLASS_WX_TRANSITION))
		return wxg_genl_refuse(request->extack, attr, -EINVAL,
				       "class bits 0x%x with a shape: shapes are for wx_transition; give 0x%lx alone, or leave SHAPE out",
				       bits, BIT(WXGUARD_CLASS_WX_TRANSITION));
	for (class = 0; class < __WXGUARD_CLASS_MAX; class++)
		entry->seen[class] = bits >> class & 1 ? last : S64_MIN;
	return 0;
}

static int add_parse_rest(const struct request *request,
			  struct wxg_known_info *entry)
{
	const u32 all = WXGUARD_KNOWN_F_PINNED | WXGUARD_KNOWN_F_LEARNED |
			WXGUARD_KNOWN_F_RESTORED;
	const struct nlattr *path = request->tb[WXGUARD_KNOWN_PATH];
	const struct nlattr *flags = request->tb[WXGUARD_KNOWN_FLAGS];
	const struct nlattr *count = request->tb[WXGUARD_KNOWN_COUNT];

	if (path) {
		entry->path_len = nla_len(path);
		memcpy(entry->path, nla_data(path), entry->path_len);
	}
	if (count)
		entry->count = nla_get_u64(count);
	entry->flags = WXGUARD_KNOWN_F_RESTORED;
	if (!flags)
		return 0;
	if (nla_get_u32(flags) & ~all)
		return wxg_genl_refuse(request->extack, flags, -EINVAL,
				       "flags 0x%x: only bits of 0x%x (WXGUARD_KNOWN_F_*) exist",
				       nla_get_u32(flags), all);
	entry->flags |= nla_get_u32(flags);
	return 0;
}

/* The identity comes from the descriptor; one that is sent along must agree. */
static int add_parse_key(const struct request *request,
			 struct wxg_known_info *entry)
{
	struct wxg_known_key claimed;
	int ret;

	if (!request->fd || !request->known) {
		NL_SET_ERR_MSG(request->extack,
			       "an executable is added by an open descriptor (WXGUARD_A_FD) and a description (WXGUARD_A_KNOWN)");
		return -EINVAL;
	}
	ret = wxg_genl_key_from_fd(request->fd, &entry->key, request->extack);
	if (!ret)
		ret = shape_parse(request, &entry->key);
	if (ret || !has_key(request))
		return ret;
	ret = key_from_attrs(request, &claimed);
	if (ret)
		return ret;
	if (!wxg_identity_equal(&claimed, &entry->key)) {
		NL_SET_ERR_MSG_ATTR(request->extack, request->known,
				    "the descriptor is of another file than DEV, INO, GENERATION and CTIME say, or the file was changed");
		return -ESTALE;
	}
	return 0;
}

int wxg_genl_known_add(struct sk_buff *skb, struct genl_info *info)
{
	struct wxg_known_info entry = {};
	struct request request;
	s64 last;
	int ret;

	ret = request_parse(&request, info, add_policy);
	if (!ret)
		ret = add_parse_key(&request, &entry);
	if (!ret)
		ret = add_parse_times(&request, &entry, &last);
	if (!ret)
		ret = add_parse_classes(&request, &entry, last);
	if (!ret)
		ret = add_parse_rest(&request, &entry);
	if (ret)
		return ret;

	ret = wxg_known_restore(&entry);
	if (ret == -ENOSPC)
		wxg_genl_refuse(info->extack, NULL, ret,
				"the known set is full: all %u entries are pinned; unpin or remove one, or load the module with a larger bound",
				wxg_known_max());
	else if (ret)
		NL_SET_ERR_MSG(info->extack, "no memory for another known executable; try again later");
	return ret;
}
