// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set on the wire: add, also of what user space kept over a boot.
 * PROCESS context, in the caller; may sleep. Everything is parsed and checked
 * before the store is asked for one change.
 */
#include <linux/bits.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

#include "genl_known_request.h"

/*
 * A time that user space kept, as s since boot. The clock may have been set
 * back since it was noted, so a time still to come counts as now.
 */
static int time_parse(const struct wxg_known_request *request, int type, s64 *seconds)
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

static int add_parse_times(const struct wxg_known_request *request,
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

static int add_parse_classes(const struct wxg_known_request *request,
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

static int add_parse_rest(const struct wxg_known_request *request,
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
static int add_parse_key(const struct wxg_known_request *request,
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
		ret = wxg_known_request_shape(request, &entry->key);
	if (ret || !wxg_known_request_has_key(request))
		return ret;
	ret = wxg_known_request_claim(request, &claimed);
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
	struct wxg_known_request request;
	s64 last;
	int ret;

	ret = wxg_known_request_parse(&request, info, wxg_known_add_policy);
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
