// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The places at the control socket: who comes, asks, and goes. All of it is
 * bounded, in number, in time and in what one turn does; nothing waits. Who
 * may read is decided in control_peer.c, and what in ../lib/relay.c.
 */
#include "control.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define LISTENER CONTROL_READERS_MAX
#define BACKLOG 16
/* What one turn does at most, of each. */
#define ACCEPTS 4
#define STEPS 8
/* The kernel answers before it returns: this is for what cannot be. */
#define MODULE_MS 2000
#define SENTENCE_MAX 256
/* The answers that a reader has not taken yet, in the kernel. */
#define SEND_BUFFER (128 * 1024)

static int watch_fd(const struct control *control, int operation, int fd, uint32_t events,
		    unsigned int place)
{
	struct epoll_event event = { .events = events, .data.u32 = place };

	return epoll_ctl(control->epoll, operation, fd, &event) ? -errno : 0;
}

void control_watch(struct control *control, int place, uint32_t events)
{
	struct control_reader *reader = &control->reader[place];

	if (reader->events == events)
		return;
	reader->events = events;
	watch_fd(control, EPOLL_CTL_MOD, reader->fd, events, (unsigned int)place);
}

/* No room is kept where nobody reads. */
static void rest(struct control *control)
{
	unsigned int i;

	for (i = 0; i < CONTROL_READERS_MAX; i++)
		if (control->reader[i].fd >= 0)
			return;
	if (control->busy)
		return;
	if (control->answer)
		munmap(control->answer, CONTROL_DATAGRAM_MAX);
	control->answer = NULL;
	control->module.release(control->module.arg);
}

void control_drop(struct control *control, int place)
{
	struct control_reader *reader = &control->reader[place];

	close(reader->fd);
	reader->fd = -1;
	reader->waits = false;
	if (control->busy && control->owner == place)
		control->owner = -1;
}

static bool tell(int fd, uint32_t seq, int error, const char *why)
{
	uint8_t room[RELAY_REFUSAL_MAX];
	size_t len = relay_refusal(room, seq, error, why);

	return send(fd, room, len, MSG_DONTWAIT | MSG_NOSIGNAL) == (ssize_t)len;
}

void control_tell(struct control *control, int place, uint32_t seq, int error,
		  const char *why)
{
	struct control_reader *reader = &control->reader[place];

	reader->waits = false;
	if (!tell(reader->fd, seq, error, why))
		control_drop(control, place);
	else
		control_watch(control, place, EPOLLIN);
}

/* ---- who comes ----------------------------------------------------------------- */

/* The one that has asked nothing for longest; -1 = each is busy, or was. */
static int idlest(const struct control *control, uint64_t now_ms)
{
	uint64_t since = now_ms;
	int i, place = -1;

	for (i = 0; i < CONTROL_READERS_MAX; i++) {
		const struct control_reader *reader = &control->reader[i];

		if (reader->waits || reader->moved_ms + CONTROL_EVICT_MS > now_ms ||
		    reader->moved_ms >= since)
			continue;
		since = reader->moved_ms;
		place = i;
	}
	return place;
}

static int find_place(struct control *control, uid_t uid, uint64_t now_ms)
{
	unsigned int same = 0;
	int i, place = -1;

	for (i = 0; i < CONTROL_READERS_MAX; i++) {
		if (control->reader[i].fd < 0)
			place = i;
		else if (control->reader[i].uid == uid)
			same++;
	}
	if (uid && same >= CONTROL_READERS_EACH)
		return -1;
	if (place < 0) {
		place = idlest(control, now_ms);
		if (place >= 0)
			control_drop(control, place);
	}
	return place;
}

/* false: it was turned away, and is to be closed. */
static bool admit(struct control *control, int fd, uint64_t now_ms)
{
	char text[SENTENCE_MAX];
	int place, size = SEND_BUFFER;
	uid_t uid;

	if (!control_peer_may_read(fd, &control->groups, &uid)) {
		control_peer_refusal(&control->groups, text, sizeof(text));
		tell(fd, 0, -EPERM, text);
		return false;
	}
	place = find_place(control, uid, now_ms);
	if (place < 0) {
		tell(fd, 0, -EBUSY, "too many read through wxguardd at the moment; try again");
		return false;
	}
	setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	if (watch_fd(control, EPOLL_CTL_ADD, fd, EPOLLIN, (unsigned int)place))
		return false;
	control->reader[place] = (struct control_reader){
		.fd = fd, .uid = uid, .events = EPOLLIN, .moved_ms = now_ms,
	};
	if (!tell(fd, 0, 0, ""))
		control_drop(control, place);
	return true;
}

static void be_deaf(struct control *control, uint64_t now_ms)
{
	watch_fd(control, EPOLL_CTL_MOD, control->listener, 0, LISTENER);
	control->deaf_until_ms = now_ms + CONTROL_DEAF_MS;
}

static void hear_again(struct control *control, uint64_t now_ms)
{
	if (!control->deaf_until_ms || control->deaf_until_ms > now_ms)
		return;
	control->deaf_until_ms = 0;
	watch_fd(control, EPOLL_CTL_MOD, control->listener, EPOLLIN, LISTENER);
}

static void on_listener(struct control *control, uint64_t now_ms)
{
	int i, fd;

	for (i = 0; i < ACCEPTS; i++) {
		fd = accept4(control->listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
		if (fd < 0 && (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED))
			return;
		if (fd >= 0 && admit(control, fd, now_ms))
			continue;
		if (fd >= 0) {
			control->refused++;
			close(fd);
		}
		/* Also where there are no descriptors left: it would come at once again. */
		be_deaf(control, now_ms);
		return;
	}
}

/* ---- what is asked ------------------------------------------------------------- */

static void on_request(struct control *control, int place, uint64_t now_ms)
{
	struct control_reader *reader = &control->reader[place];
	uint8_t message[2 * RELAY_REQUEST_LEN];
	const char *why;
	ssize_t got = recv(reader->fd, message, sizeof(message), MSG_DONTWAIT | MSG_TRUNC);
	int error;

	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		control_drop(control, place);
		return;
	}
	reader->moved_ms = now_ms;
	/* What is longer cannot be right; its beginning says what it wanted. */
	error = relay_judge(message, (size_t)got < sizeof(message) ? (size_t)got :
			    sizeof(message), &reader->request, &why);
	if (!error) {
		reader->waits = true;
		control_watch(control, place, 0);
		return;
	}
	control->refused++;
	control_tell(control, place, reader->request.seq, error, why);
	if (error == -EBADMSG && reader->fd >= 0)
		control_drop(control, place);
}

static void on_reader(struct control *control, int place, uint32_t events, uint64_t now_ms)
{
	if (control->reader[place].fd < 0)
		return;
	if (events & (EPOLLHUP | EPOLLERR))
		control_drop(control, place);
	else if (events & EPOLLIN && !control->reader[place].waits)
		on_request(control, place, now_ms);
}

/* ---- who goes ------------------------------------------------------------------ */

static bool somebody_else_waits(const struct control *control)
{
	int i;

	for (i = 0; i < CONTROL_READERS_MAX; i++)
		if (i != control->owner && control->reader[i].fd >= 0 &&
		    control->reader[i].waits)
			return true;
	return false;
}

static void let_go(struct control *control, uint64_t now_ms)
{
	int i;

	for (i = 0; i < CONTROL_READERS_MAX; i++) {
		const struct control_reader *reader = &control->reader[i];

		if (reader->fd >= 0 && !reader->waits &&
		    reader->moved_ms + CONTROL_IDLE_MS <= now_ms)
			control_drop(control, i);
	}
	if (!control->busy)
		return;
	if (!control->len && control->moved_ms + MODULE_MS <= now_ms) {
		control_answer_fail(control, -ETIMEDOUT, "the module does not answer");
		control->module.release(control->module.arg);
	} else if (control->owner >= 0 &&
		   ((control->len && control->moved_ms + CONTROL_STALL_MS <= now_ms) ||
		    (control->begun_ms + CONTROL_ANSWER_MS <= now_ms &&
		     somebody_else_waits(control)))) {
		control_drop(control, control->owner);
	}
}

static void sooner(uint64_t *due, uint64_t ms)
{
	if (!*due || ms < *due)
		*due = ms;
}

uint64_t control_due_ms(const struct control *control)
{
	uint64_t due = control->deaf_until_ms;
	int i;

	if (control->listener < 0)
		return 0;
	for (i = 0; i < CONTROL_READERS_MAX; i++)
		if (control->reader[i].fd >= 0 && !control->reader[i].waits)
			sooner(&due, control->reader[i].moved_ms + CONTROL_IDLE_MS);
	if (!control->busy)
		return due;
	if (control->again_ms)
		sooner(&due, control->again_ms);
	else	/* where nobody is to be waited for at once, else at the end of the time */
		sooner(&due, control->moved_ms + (control->owner < 0 ? 0 : CONTROL_STALL_MS));
	return due;
}

void control_turn(struct control *control, uint64_t now_ms)
{
	struct epoll_event events[CONTROL_READERS_MAX + 1];
	bool somebody = false;
	int i, count;

	if (control->listener < 0)
		return;
	hear_again(control, now_ms);
	count = epoll_wait(control->epoll, events, CONTROL_READERS_MAX + 1, 0);
	for (i = 0; i < count; i++) {
		if (events[i].data.u32 == LISTENER)
			somebody = true;
		else
			on_reader(control, (int)events[i].data.u32, events[i].events, now_ms);
	}
	/* Afterwards, since a place may change hands. */
	if (somebody)
		on_listener(control, now_ms);
	for (i = 0; i < STEPS && control_answer_step(control, now_ms); i++)
		;
	let_go(control, now_ms);
	rest(control);
}

void control_module_gone(struct control *control)
{
	control_answer_fail(control, -ENOENT, "the module was unloaded");
}

/* ---- from start to end --------------------------------------------------------- */

static int listen_at(struct control *control, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	mode_t mask;
	int error = 0;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	snprintf(control->path, sizeof(control->path), "%s", path);
	control->listener = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (control->listener < 0)
		return -errno;
	/* Of a daemon that was killed; another one that runs has the lock. */
	if (unlink(path) && errno != ENOENT)
		error = -errno;
	/* Not afterwards: a name can be another file by then. */
	mask = umask(0111);
	if (!error && bind(control->listener, (struct sockaddr *)&address, sizeof(address)))
		error = -errno;
	umask(mask);
	if (!error && listen(control->listener, BACKLOG))
		error = -errno;
	return error;
}

int control_open(struct control *control, const char *path,
		 const struct control_module *module)
{
	int i, error;

	memset(control, 0, sizeof(*control));
	control->module = *module;
	control->owner = -1;
	control->listener = -1;
	for (i = 0; i < CONTROL_READERS_MAX; i++)
		control->reader[i].fd = -1;
	control->epoll = epoll_create1(EPOLL_CLOEXEC);
	error = control->epoll < 0 ? -errno : listen_at(control, path);
	if (!error)
		error = watch_fd(control, EPOLL_CTL_ADD, control->listener, EPOLLIN, LISTENER);
	if (error)
		control_close(control);
	return error;
}

static void drop_all(struct control *control)
{
	int i;

	for (i = 0; i < CONTROL_READERS_MAX; i++)
		if (control->reader[i].fd >= 0)
			control_drop(control, i);
}

void control_close(struct control *control)
{
	if (control->listener >= 0) {
		unlink(control->path);
		drop_all(control);
		control->busy = false;
		rest(control);
		close(control->listener);
	}
	if (control->epoll >= 0)
		close(control->epoll);
	control->listener = control->epoll = -1;
}

void control_set_groups(struct control *control, const struct control_groups *groups)
{
	if (control->listener >= 0 && memcmp(&control->groups, groups, sizeof(*groups)))
		drop_all(control);
	control->groups = *groups;
}
