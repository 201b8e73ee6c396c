// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Requests that change: acknowledgement, known set, mode, lock. Each is one
 * message, which the module applies whole or not at all.
 */
#include "client_priv.h"

#include <errno.h>

#include "wire.h"

#define SMALL 256

int client_ack(struct client *client, uint64_t seq)
{
	struct request request;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_FINDING_ACK, false,
			     SMALL, "acknowledging findings");
	if (error)
		return error;
	client_put_u64(&request, WXGUARD_A_SEQ, seq);
	return client_talk(client, &request, NULL);
}

static void put_identity(struct request *request,
			 const struct client_known *known)
{
	client_put_u32(request, WXGUARD_KNOWN_DEV, known->dev);
	client_put_u64(request, WXGUARD_KNOWN_INO, known->ino);
	client_put_u32(request, WXGUARD_KNOWN_GENERATION, known->generation);
	client_put_u64(request, WXGUARD_KNOWN_CTIME_SEC,
		       (uint64_t)known->ctime_sec);
	client_put_u32(request, WXGUARD_KNOWN_CTIME_NSEC, known->ctime_nsec);
	if (known->shape)
		client_put_u32(request, WXGUARD_KNOWN_SHAPE, known->shape);
}

/* The file comes from the descriptor: only the rest is sent. */
static void put_memory(struct request *request, const struct client_known *known)
{
	client_put_u32(request, WXGUARD_KNOWN_CLASSES, known->classes);
	if (known->path_len)
		client_put(request, WXGUARD_KNOWN_PATH, known->path,
			   known->path_len);
	if (known->first_seen)
		client_put_u64(request, WXGUARD_KNOWN_FIRST_SEEN,
			       known->first_seen);
	if (known->last_seen)
		client_put_u64(request, WXGUARD_KNOWN_LAST_SEEN,
			       known->last_seen);
	if (known->count)
		client_put_u64(request, WXGUARD_KNOWN_COUNT, known->count);
	if (known->flags)
		client_put_u32(request, WXGUARD_KNOWN_FLAGS, known->flags);
	if (known->shape)
		client_put_u32(request, WXGUARD_KNOWN_SHAPE, known->shape);
}

int client_known_add(struct client *client, int fd,
		     const struct client_known *known)
{
	struct request request;
	struct nlattr *nest;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_KNOWN_ADD, false,
			     1024, "adding a known executable");
	if (error)
		return error;
	client_put_u32(&request, WXGUARD_A_FD, (uint32_t)fd);
	nest = client_nest(&request, WXGUARD_A_KNOWN);
	put_memory(&request, known);
	client_nest_end(&request, nest);
	return client_talk(client, &request, NULL);
}

int client_known_remove_fd(struct client *client, int fd)
{
	struct request request;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_KNOWN_DEL, false,
			     SMALL, "forgetting a known executable");
	if (error)
		return error;
	client_put_u32(&request, WXGUARD_A_FD, (uint32_t)fd);
	return client_talk(client, &request, NULL);
}

int client_known_remove(struct client *client, const struct client_known *known)
{
	struct request request;
	struct nlattr *nest;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_KNOWN_DEL, false,
			     SMALL, "forgetting a known executable");
	if (error)
		return error;
	nest = client_nest(&request, WXGUARD_A_KNOWN);
	put_identity(&request, known);
	client_nest_end(&request, nest);
	return client_talk(client, &request, NULL);
}

int client_known_pin_fd(struct client *client, int fd, bool pinned)
{
	struct request request;
	struct nlattr *nest;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_KNOWN_PIN, false,
			     SMALL, pinned ? "pinning a known executable" :
					     "unpinning a known executable");
	if (error)
		return error;
	client_put_u32(&request, WXGUARD_A_FD, (uint32_t)fd);
	nest = client_nest(&request, WXGUARD_A_KNOWN);
	client_put_u32(&request, WXGUARD_KNOWN_FLAGS,
		       pinned ? WXGUARD_KNOWN_F_PINNED : 0);
	client_nest_end(&request, nest);
	return client_talk(client, &request, NULL);
}

int client_known_pin(struct client *client, const struct client_known *known,
		     bool pinned)
{
	struct request request;
	struct nlattr *nest;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_KNOWN_PIN, false,
			     SMALL, pinned ? "pinning a known executable" :
					     "unpinning a known executable");
	if (error)
		return error;
	nest = client_nest(&request, WXGUARD_A_KNOWN);
	put_identity(&request, known);
	client_put_u32(&request, WXGUARD_KNOWN_FLAGS,
		       pinned ? WXGUARD_KNOWN_F_PINNED : 0);
	client_nest_end(&request, nest);
	return client_talk(client, &request, NULL);
}

int client_known_flush(struct client *client)
{
	struct request request;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_KNOWN_FLUSH, false,
			     SMALL, "emptying the known set");
	if (error)
		return error;
	return client_talk(client, &request, NULL);
}

static int set_mode(struct client *client, uint32_t mode, uint32_t confirm,
		    bool force)
{
	struct request request;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_MODE_SET, false,
			     SMALL, "setting the mode");
	if (error)
		return error;
	client_put_u32(&request, WXGUARD_A_MODE, mode);
	if (confirm)
		client_put_u32(&request, WXGUARD_A_CONFIRM, confirm);
	if (force)
		client_put(&request, WXGUARD_A_FORCE, "", 0);
	return client_talk(client, &request, NULL);
}

int client_mode_set(struct client *client, uint32_t mode, uint32_t confirm)
{
	return set_mode(client, mode, confirm, false);
}

int client_mode_force(struct client *client, uint32_t mode, uint32_t confirm)
{
	return set_mode(client, mode, confirm, true);
}

int client_lock(struct client *client)
{
	struct request request;
	int error;

	error = client_begin(client, &request, WXGUARD_CMD_LOCK, false, SMALL,
			     "locking the module");
	if (error)
		return error;
	return client_talk(client, &request, NULL);
}
