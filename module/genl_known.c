// SPDX-License-Identifier: GPL-2.0-only
/*
 * The known set on the wire: remove, flush, pin. PROCESS context, in the
 * caller; may sleep. Everything is parsed and checked before the store is
 * asked for one change.
 */
#include "genl_known_request.h"
#include "rules_live.h"

static int absent(const struct wxg_known_request *request)
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
static int each_entry(const struct wxg_known_request *request,
		      struct wxg_known_key key,
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
	struct wxg_known_request request;
	struct wxg_known_key key;
	int ret;

	ret = wxg_known_request_parse(&request, info, wxg_known_del_policy);
	if (!ret)
		ret = wxg_known_request_key(&request, &key);
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
	struct wxg_known_request request;
	struct wxg_known_key key;
	int ret;

	ret = wxg_known_request_parse(&request, info, wxg_known_pin_policy);
	if (!ret)
		ret = wxg_known_request_key(&request, &key);
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
