// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Who may read: root, and members of the group of the configuration or of
 * adm, as the kernel says who they were when they connected. What cannot be
 * found out is no.
 */
#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "control.h"

/* As other logs, see tmpfiles.d. */
#define OTHER_GROUP "adm"
#define FEW 64

/* A number is itself: also of a group that is not known yet at boot. */
static int look_up(const char *name, gid_t *gid)
{
	const struct group *group;

	if (isdigit((unsigned char)name[0])) {
		*gid = (gid_t)strtoul(name, NULL, 10);
		return 0;
	}
	errno = 0;
	group = getgrnam(name);
	if (!group)
		return -ENOENT;
	*gid = group->gr_gid;
	return 0;
}

int control_groups(const struct config *config, struct control_groups *groups,
		   char why[CONFIG_WHY_MAX])
{
	memset(groups, 0, sizeof(*groups));
	snprintf(groups->name, sizeof(groups->name), "%s", config->read_group);
	if (!look_up(groups->name, &groups->gid[groups->count])) {
		groups->count++;
	} else if (config->has_read_group) {
		snprintf(why, CONFIG_WHY_MAX, "read_group is \"%s\", and there is no such group; make it (groupadd --system %s), or name another one",
			 groups->name, groups->name);
		return -EINVAL;
	}
	if (!look_up(OTHER_GROUP, &groups->gid[groups->count]) && !groups->count++)
		snprintf(groups->name, sizeof(groups->name), OTHER_GROUP);
	return 0;
}

static bool is_one(const struct control_groups *groups, gid_t gid)
{
	unsigned int i;

	for (i = 0; i < groups->count; i++)
		if (groups->gid[i] == gid)
			return true;
	return false;
}

static bool any_is_one(const struct control_groups *groups, const gid_t *gid, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (is_one(groups, gid[i]))
			return true;
	return false;
}

/* The kernel says how many there are when there is no room for them. */
static bool is_member(int fd, const struct control_groups *groups)
{
	gid_t few[FEW], *all;
	socklen_t len = sizeof(few);
	bool found = false;

	if (!getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, few, &len))
		return any_is_one(groups, few, len / sizeof(few[0]));
	if (errno != ERANGE)
		return false;
	all = malloc(len);
	if (all && !getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, all, &len))
		found = any_is_one(groups, all, len / sizeof(all[0]));
	free(all);
	return found;
}

bool control_peer_may_read(int fd, const struct control_groups *groups, uid_t *uid)
{
	struct ucred peer = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	socklen_t len = sizeof(peer);

	*uid = (uid_t)-1;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) || len != sizeof(peer) ||
	    peer.uid == (uid_t)-1)
		return false;
	*uid = peer.uid;
	return !peer.uid || is_one(groups, peer.gid) || is_member(fd, groups);
}

void control_peer_refusal(const struct control_groups *groups, char *text, size_t size)
{
	if (groups->count)
		snprintf(text, size, "reading needs root or the group %s; to add somebody to it, as root: usermod -aG %s NAME, who then logs in anew",
			 groups->name, groups->name);
	else
		snprintf(text, size, "reading needs root: there is no group %s on this host",
			 groups->name);
}
