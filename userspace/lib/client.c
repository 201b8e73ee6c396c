// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Connecting to the module and saying why something failed. Process context
 * of the daemon or the CLI; blocks in the kernel only.
 */
#include "client_priv.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "relay.h"

int client_fail(struct client *client, int error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(client->why, sizeof(client->why), format, args);
	va_end(args);
	return error;
}

const char *client_error(const struct client *client)
{
	return client->why;
}

/* What to do about an errno that came without words. */
static const char *hint(int error)
{
	switch (-error) {
	case EPERM:
		return "it needs CAP_NET_ADMIN in the initial user namespace: run it as root";
	case ENOENT:
	case EOPNOTSUPP:
		return "the module was unloaded, or is another version than this program: modprobe wxguard, then start this again";
	default:
		return NULL;
	}
}

int client_refused(struct client *client, const char *what, int error,
		   const char *kernel_text)
{
	const char *more = hint(error);

	if (kernel_text)
		return client_fail(client, error, "%s was refused: %s", what,
				   kernel_text);
	return client_fail(client, error, "%s failed: %s%s%s", what,
			   strerror(-error), more ? "; " : "", more ? more : "");
}

/* The attributes that follow the number (and, in an error, our request). */
static size_t ext_ack_offset(const struct nlmsghdr *head, size_t len)
{
	const struct nlmsgerr *error = mnl_nlmsg_get_payload(head);
	size_t offset;

	if (head->nlmsg_type != NLMSG_ERROR)
		return sizeof(int);
	offset = sizeof(*error);
	/* Not capped: the whole request comes back first. */
	if (len >= offset && !(head->nlmsg_flags & NLM_F_CAPPED) &&
	    error->msg.nlmsg_len >= sizeof(error->msg))
		offset += MNL_ALIGN(error->msg.nlmsg_len - sizeof(error->msg));
	return offset;
}

const char *client_ext_ack(const struct nlmsghdr *head)
{
	size_t len = mnl_nlmsg_get_payload_len(head);
	const uint8_t *payload = mnl_nlmsg_get_payload(head);
	size_t offset = ext_ack_offset(head, len);

	if (!(head->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	while (offset + sizeof(struct nlattr) <= len) {
		const struct nlattr *attr = (const void *)(payload + offset);

		if (!mnl_attr_ok(attr, (int)(len - offset)))
			return NULL;
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
			return mnl_attr_get_str(attr);
		offset += MNL_ALIGN(attr->nla_len);
	}
	return NULL;
}

static void find_group(const struct nlattr *groups, uint32_t *id)
{
	const struct nlattr *group, *attr;

	mnl_attr_for_each_nested(group, groups) {
		const char *name = NULL;
		uint32_t number = 0;

		mnl_attr_for_each_nested(attr, group) {
			uint16_t type = mnl_attr_get_type(attr);

			if (type == CTRL_ATTR_MCAST_GRP_NAME &&
			    !mnl_attr_validate(attr, MNL_TYPE_NUL_STRING))
				name = mnl_attr_get_str(attr);
			if (type == CTRL_ATTR_MCAST_GRP_ID &&
			    !mnl_attr_validate(attr, MNL_TYPE_U32))
				number = mnl_attr_get_u32(attr);
		}
		if (name && !strcmp(name, WXGUARD_GENL_GROUP))
			*id = number;
	}
}

static int on_family(uint8_t command, const void *attrs, size_t len, void *arg)
{
	struct client *client = arg;
	const struct nlattr *attr;

	if (command != CTRL_CMD_NEWFAMILY)
		return 0;
	mnl_attr_for_each_payload(attrs, len) {
		uint16_t type = mnl_attr_get_type(attr);

		if (type == CTRL_ATTR_FAMILY_ID &&
		    !mnl_attr_validate(attr, MNL_TYPE_U16))
			client->family = mnl_attr_get_u16(attr);
		if (type == CTRL_ATTR_MCAST_GROUPS)
			find_group(attr, &client->group);
	}
	return 0;
}

static int find_family(struct client *client)
{
	struct exchange exchange = { .on_answer = on_family, .arg = client };
	struct request request;
	int error;

	client->family = GENL_ID_CTRL;
	error = client_begin(client, &request, CTRL_CMD_GETFAMILY, false, 256,
			     "looking for the module");
	if (error)
		return error;
	client_put_text(&request, CTRL_ATTR_FAMILY_NAME, WXGUARD_GENL_NAME);
	error = client_talk(client, &request, &exchange);
	if (!error && client->family == GENL_ID_CTRL)
		error = -ENOENT;
	if (error != -ENOENT)
		return error;
	if (!access("/sys/module/wxguard", F_OK))
		return client_fail(client, error, "the module wxguard is loaded, but does not answer here: it serves the initial network namespace only");
	return client_fail(client, error, "the module wxguard is not loaded; load it with: modprobe wxguard");
}

static int socket_open(struct client *client)
{
	int on = 1;

	client->socket = client_socket_open(0);
	if (!client->socket)
		return client_fail(client, -errno, "no netlink socket: %s",
				   strerror(errno));
	/* Both are comfort: without them there is only an errno. */
	mnl_socket_setsockopt(client->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(client->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	return 0;
}

static int connect_to_module(struct client *client, bool to_read)
{
	uint32_t mode;
	int error;

	error = socket_open(client);
	if (!error)
		error = find_family(client);
	/* Anyone may look for the family; this tells now who may use it. */
	if (!error)
		error = client_mode_get(client, &mode);
	if (error != -EPERM || !to_read)
		return error;
	error = client_relay_open(client, RELAY_PATH);
	return error ? error : client_mode_get(client, &mode);
}

static int open_client(struct client **result, bool to_read, char *why, size_t why_size)
{
	struct client *client = calloc(1, sizeof(*client));
	int error = -ENOMEM;

	if (client)
		client->buffer = malloc(CLIENT_RECEIVE_SIZE);
	if (client && client->buffer)
		error = connect_to_module(client, to_read);
	if (!error) {
		*result = client;
		return 0;
	}
	snprintf(why, why_size, "%s", client && client->why[0] ? client->why :
							  strerror(-error));
	client_close(client);
	return error;
}

int client_open(struct client **result, char *why, size_t why_size)
{
	return open_client(result, false, why, why_size);
}

int client_reach(struct client **result, char *why, size_t why_size)
{
	return open_client(result, true, why, why_size);
}

bool client_is_relayed(const struct client *client)
{
	return client->relayed;
}

int client_fd(const struct client *client)
{
	return client->relayed ? client->relay : mnl_socket_get_fd(client->socket);
}

uint16_t client_family(const struct client *client)
{
	return client->family;
}

void client_close(struct client *client)
{
	if (!client)
		return;
	client_socket_close(client->socket);
	client_socket_close(client->bell);
	if (client->relayed)
		close(client->relay);
	free(client->buffer);
	free(client);
}
