// SPDX-License-Identifier: GPL-2.0-only
/*
 * The payload of a finding, as a descriptor of the caller. PROCESS context, in
 * the caller that sent the request, so the descriptor becomes one of its own;
 * may sleep.
 */
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/netlink.h>
#include <linux/path.h>

#include "compat.h"
#include "evidence.h"
#include "genl_priv.h"

/*
 * It is another process's memory: beside the right to each command, whoever
 * asks and whoever made the socket need the right to look into processes.
 */
static int may_look(struct sk_buff *skb, struct netlink_ext_ack *extack)
{
	if (netlink_capable(skb, CAP_SYS_PTRACE))
		return 0;
	NL_SET_ERR_MSG(extack, "a payload is another process's memory: reading it needs CAP_SYS_PTRACE in the initial user namespace as well");
	return -EPERM;
}

static int seq_of(const struct genl_info *info, u64 *seq)
{
	const struct nlattr *attr = info->attrs[WXGUARD_A_SEQ];

	if (!attr) {
		NL_SET_ERR_MSG(info->extack, "which payload? give the number of a finding (WXGUARD_A_SEQ)");
		return -EINVAL;
	}
	*seq = nla_get_u64(attr);
	return 0;
}

static int not_held(const struct genl_info *info, u64 seq)
{
	const struct wxg_evidence_limits *const limits = wxg_evidence_limits();

	if (!limits->max)
		return wxg_genl_refuse(info->extack, info->attrs[WXGUARD_A_SEQ],
				       -ENOENT,
				       "no payload is held: the module was loaded with evidence_max=0");
	return wxg_genl_refuse(info->extack, info->attrs[WXGUARD_A_SEQ], -ENOENT,
			       "the module does not hold the payload of finding %llu, or not any more: it holds the last %u for %u s, and %llu KiB of them",
			       seq, limits->max, limits->seconds,
			       limits->bytes_max >> 10);
}

/* For reading, and for nothing else; a place in it of its own. */
static struct file *open_payload(u64 seq)
{
	struct file *file;
	struct path path;

	if (wxg_evidence_get(seq, &path))
		return ERR_PTR(-ENOENT);
	file = wxg_open_quietly(&path, O_RDONLY | O_LARGEFILE);
	path_put(&path);
	return file;
}

static int send_fd(struct genl_info *info, int fd)
{
	struct sk_buff *const reply =
		genlmsg_new(nla_total_size(sizeof(u32)), GFP_KERNEL);
	void *hdr;

	if (!reply)
		return -ENOMEM;
	hdr = genlmsg_put_reply(reply, info, &wxg_genl_family, 0,
				WXGUARD_CMD_EVIDENCE_GET);
	if (!hdr || nla_put_u32(reply, WXGUARD_A_FD, fd)) {
		nlmsg_free(reply);
		return -EMSGSIZE;
	}
	genlmsg_end(reply, hdr);
	return genlmsg_reply(reply, info);
}

int wxg_genl_evidence_get(struct sk_buff *skb, struct genl_info *info)
{
	struct file *file;
	u64 seq;
	int fd, ret;

	ret = may_look(skb, info->extack) ?: seq_of(info, &seq);
	if (ret)
		return ret;
	file = open_payload(seq);
	if (IS_ERR(file))
		return PTR_ERR(file) == -ENOENT ? not_held(info, seq) :
						  PTR_ERR(file);
	fd = get_unused_fd_flags(O_CLOEXEC);
	ret = fd < 0 ? fd : send_fd(info, fd);
	if (!ret) {
		/* The answer is on its way; from here nothing can fail. */
		fd_install(fd, file);
		return 0;
	}
	if (fd >= 0)
		put_unused_fd(fd);
	fput(file);
	return ret;
}

int wxg_genl_evidence_drop(struct sk_buff *skb, struct genl_info *info)
{
	u64 seq;
	int ret;

	ret = seq_of(info, &seq);
	if (ret)
		return ret;
	return wxg_evidence_drop(seq) ? not_held(info, seq) : 0;
}
