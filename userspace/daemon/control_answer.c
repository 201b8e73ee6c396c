// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * One request of a reader to the module, and its answer back, unchanged and a
 * datagram at a time: the module keeps the rest until the reader has taken
 * this one. When the reader leaves, the rest is read and thrown away, for the
 * socket is used again. Never waits.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include "control.h"

#define LATE_MS 10

static bool is_next(const struct control *control, unsigned int place)
{
	return control->reader[place].fd >= 0 && control->reader[place].waits;
}

/* One after the other, so that who asks most waits most. -1 = nobody. */
static int choose(const struct control *control)
{
	unsigned int i, place;

	for (i = 1; i <= CONTROL_READERS_MAX; i++) {
		place = (control->last + i) % CONTROL_READERS_MAX;
		if (is_next(control, place))
			return (int)place;
	}
	return -1;
}

static int send_request(struct control *control)
{
	uint8_t message[RELAY_REQUEST_LEN];
	uint16_t family = 0;
	int error = control->module.get(control->module.arg, &control->fd, &family);

	if (error)
		return error;
	if (family != control->request.family)
		return -ESTALE;
	relay_build(&control->request, message);
	if (send(control->fd, message, sizeof(message), MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return -errno;
	return 0;
}

static int make_room(struct control *control)
{
	if (control->answer)
		return 0;
	/* Pages that go back at once when nobody reads any more. */
	control->answer = mmap(NULL, CONTROL_DATAGRAM_MAX, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (control->answer != MAP_FAILED)
		return 0;
	control->answer = NULL;
	return -ENOMEM;
}

static bool begin(struct control *control, uint64_t now_ms)
{
	int place = choose(control), error;

	if (place < 0)
		return false;
	control->last = (unsigned int)place;
	control->owner = place;
	control->request = control->reader[place].request;
	control->begun_ms = control->moved_ms = now_ms;
	control->reader[place].moved_ms = now_ms;
	control->len = 0;
	control->over = false;
	control->again_ms = 0;
	control->busy = true;
	/* As long as it can take something, there is another turn. */
	control_watch(control, place, EPOLLOUT);
	error = make_room(control);
	if (!error)
		error = send_request(control);
	if (error)
		control_answer_fail(control, error, error == -ESTALE || error == -ENOENT ?
				    "the module was loaded again, or is gone; start this again" :
				    "wxguardd cannot ask the module now");
	return true;
}

void control_answer_fail(struct control *control, int error, const char *why)
{
	if (!control->busy)
		return;
	control->busy = false;
	control->len = 0;
	if (control->owner >= 0)
		control_tell(control, control->owner, control->request.seq, error, why);
}

/* 1 = a datagram is there, 0 = not yet, -errno. */
static int receive(struct control *control)
{
	struct sockaddr_nl from = { 0 };
	struct iovec part = { control->answer, CONTROL_DATAGRAM_MAX };
	struct msghdr message = { .msg_name = &from, .msg_namelen = sizeof(from),
				  .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t got = recvmsg(control->fd, &message, MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	if (!got || message.msg_flags & MSG_TRUNC)
		return -EIO;
	/* Only the kernel answers. */
	if (from.nl_family == AF_NETLINK && from.nl_pid)
		return 0;
	control->len = (size_t)got;
	control->over = relay_is_last(control->answer, control->len, control->request.seq);
	return 1;
}

static void end(struct control *control)
{
	control->busy = false;
	if (control->owner < 0)
		return;
	control->reader[control->owner].waits = false;
	control_watch(control, control->owner, EPOLLIN);
	control->served++;
}

/* false: the owner has to read first. */
static bool hand_over(struct control *control, uint64_t now_ms)
{
	struct control_reader *reader = control->owner < 0 ? NULL :
					&control->reader[control->owner];
	ssize_t sent;

	if (reader) {
		sent = send(reader->fd, control->answer, control->len,
			    MSG_DONTWAIT | MSG_NOSIGNAL);
		if (sent < 0 && (errno == EAGAIN || errno == EINTR))
			return false;
		if (sent < 0)
			control_drop(control, control->owner);
		else
			reader->moved_ms = now_ms;
	}
	control->len = 0;
	control->moved_ms = now_ms;
	if (control->over)
		end(control);
	return true;
}

/* What the kernel answers is there at once, so this is hardly ever needed. */
static void be_late(struct control *control, uint64_t now_ms)
{
	control->again_ms = now_ms + LATE_MS;
	if (control->owner >= 0)
		control_watch(control, control->owner, 0);
}

bool control_answer_step(struct control *control, uint64_t now_ms)
{
	int got;

	if (!control->busy)
		return begin(control, now_ms);
	if (!control->len) {
		got = receive(control);
		if (got < 0) {
			control_answer_fail(control, got, "the module's answer did not arrive");
			control->module.release(control->module.arg);
			return true;
		}
		if (!got) {
			be_late(control, now_ms);
			return false;
		}
		control->again_ms = 0;
		if (control->owner >= 0)
			control_watch(control, control->owner, EPOLLOUT);
	}
	return hand_over(control, now_ms);
}
