// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The control socket, with real sockets and a module that the test plays: who
 * may read, what passes, and that nobody who reads slowly, asks for more or
 * comes too often is waited for.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <linux/genetlink.h>
#include <linux/netlink.h>

#include "../../userspace/daemon/control.h"
#include "../../userspace/lib/client_priv.h"

#define FAMILY 77
#define GROUP 4711
#define NOBODY 65534

static char dir[64], path[96];
static struct control control;
static int module_end;		/* what the module hears and says */
static int our_end, module_error;
static uint16_t family = FAMILY;
static unsigned int released;
static uint64_t now = 1000000;

static int get(void *arg, int *fd, uint16_t *number)
{
	(void)arg;
	*fd = our_end;
	*number = family;
	return module_error;
}

static void release(void *arg)
{
	(void)arg;
	released++;
}

static int begin(void **state)
{
	const struct control_module module = { .get = get, .release = release };
	struct control_groups groups = { .name = "readers", .gid = { GROUP }, .count = 1 };
	int pair[2];

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/wxguard-control-XXXXXX");
	if (!mkdtemp(dir) || chmod(dir, 0755) ||
	    socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair))
		return -1;
	snprintf(path, sizeof(path), "%s/sock", dir);
	our_end = pair[0];
	module_end = pair[1];
	module_error = 0;
	family = FAMILY;
	released = 0;
	if (control_open(&control, path, &module))
		return -1;
	control_set_groups(&control, &groups);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	control_close(&control);
	close(our_end);
	close(module_end);
	return access(path, F_OK) == 0 || rmdir(dir);
}

/* ---- the two ends ---- */

static int connect_now(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0);

	assert_true(fd >= 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* As this user, with these groups; -1: this test is not run by root. */
static int connect_as(uid_t uid, gid_t gid, const gid_t *groups, size_t count)
{
	int fd;

	if (geteuid())
		return -1;
	assert_int_equal(setgroups(count, groups), 0);
	assert_int_equal(setresgid((gid_t)-1, gid, (gid_t)-1), 0);
	assert_int_equal(setresuid((uid_t)-1, uid, (uid_t)-1), 0);
	fd = connect_now();
	assert_int_equal(setresuid((uid_t)-1, 0, (uid_t)-1), 0);
	assert_int_equal(setresgid((gid_t)-1, 0, (gid_t)-1), 0);
	assert_int_equal(setgroups(0, NULL), 0);
	return fd;
}

static void turn(void)
{
	control_turn(&control, now);
}

static uint8_t room[65536];

/* The error in the answer that waits at @fd; 1 = none is there, 2 = it is closed. */
static int told(int fd, uint32_t seq)
{
	const struct nlmsghdr *head = (const void *)room;
	ssize_t got = recv(fd, room, sizeof(room), MSG_DONTWAIT);

	if (got <= 0)
		return got ? 1 : 2;
	assert_true((size_t)got >= NLMSG_HDRLEN + sizeof(struct nlmsgerr));
	assert_int_equal(head->nlmsg_len, got);
	assert_int_equal(head->nlmsg_type, NLMSG_ERROR);
	assert_int_equal(head->nlmsg_seq, seq);
	return ((const struct nlmsgerr *)(room + NLMSG_HDRLEN))->error;
}

static const char *words(void)
{
	const char *text = client_ext_ack((const void *)room);

	return text ? text : "";
}

/* Somebody who may read, and was welcomed. */
static int reader(void)
{
	int fd = connect_now();

	now += CONTROL_DEAF_MS;
	turn();
	assert_int_equal(told(fd, 0), 0);
	return fd;
}

#define ASK (NLM_F_REQUEST | NLM_F_ACK)

static size_t make(uint8_t *message, uint8_t command, uint16_t flags, uint32_t seq, size_t more)
{
	const struct nlmsghdr head = { .nlmsg_len = RELAY_REQUEST_LEN + (uint32_t)more,
				       .nlmsg_type = FAMILY, .nlmsg_flags = flags,
				       .nlmsg_seq = seq };
	const struct genlmsghdr generic = { .cmd = command, .version = 1 };

	memset(message, 0, RELAY_REQUEST_LEN + more);
	memcpy(message, &head, sizeof(head));
	memcpy(message + NLMSG_HDRLEN, &generic, sizeof(generic));
	return RELAY_REQUEST_LEN + more;
}

static void ask(int fd, uint8_t command, uint16_t flags, uint32_t seq, size_t more)
{
	static uint8_t message[65536];
	size_t len = make(message, command, flags, seq, more);

	assert_int_equal(send(fd, message, len, 0), len);
}

/* What the module heard; 0 = nothing. */
static uint8_t heard(void)
{
	uint8_t message[256];
	ssize_t got = recv(module_end, message, sizeof(message), MSG_DONTWAIT);

	if (got < 0)
		return 0;
	assert_int_equal(got, RELAY_REQUEST_LEN);
	return message[NLMSG_HDRLEN];
}

static void module_says(uint16_t type, uint32_t seq, size_t len, uint8_t fill)
{
	static uint8_t message[CONTROL_DATAGRAM_MAX + 64];
	const struct nlmsghdr head = { .nlmsg_len = (uint32_t)len, .nlmsg_type = type,
				       .nlmsg_seq = seq };

	memset(message, fill, len);
	memcpy(message, &head, sizeof(head));
	if (type < NLMSG_MIN_TYPE)
		memset(message + NLMSG_HDRLEN, 0, sizeof(int));
	assert_int_equal(send(module_end, message, len, MSG_DONTWAIT), len);
}

static void expect(int fd, uint16_t type, size_t len, uint8_t fill)
{
	const struct nlmsghdr *head = (const void *)room;

	assert_int_equal(recv(fd, room, sizeof(room), MSG_DONTWAIT), len);
	assert_int_equal(head->nlmsg_type, type);
	assert_int_equal(room[len - 1], fill);
}

/* ---- who ---- */

static int greeting_of(int fd)
{
	int error;

	now += CONTROL_DEAF_MS;
	turn();
	error = told(fd, 0);
	if (error)
		assert_int_equal(recv(fd, room + 4096, 1, MSG_DONTWAIT), 0);
	close(fd);
	turn();
	return error;
}

static void who_may_read(void **state)
{
	const gid_t few[] = { 100, 200, GROUP }, wrong[] = { 100, 200, GROUP + 1 };
	gid_t many[300];
	unsigned int i;

	(void)state;
	if (geteuid())
		skip();
	for (i = 0; i < 300; i++)
		many[i] = 10000 + i;
	assert_int_equal(greeting_of(connect_as(0, 0, NULL, 0)), 0);
	assert_int_equal(greeting_of(connect_as(NOBODY, GROUP, NULL, 0)), 0);
	assert_int_equal(greeting_of(connect_as(NOBODY, NOBODY, few, 3)), 0);
	assert_int_equal(greeting_of(connect_as(NOBODY, NOBODY, wrong, 3)), -EPERM);
	assert_string_equal(words(), "reading needs root or the group readers; to add somebody to it, as root: usermod -aG readers NAME, who then logs in anew");
	assert_int_equal(greeting_of(connect_as(NOBODY, NOBODY, NULL, 0)), -EPERM);
	/* Root's group is not root. */
	assert_int_equal(greeting_of(connect_as(NOBODY, 0, NULL, 0)), -EPERM);
	assert_int_equal(greeting_of(connect_as(NOBODY, NOBODY, many, 300)), -EPERM);
	many[299] = GROUP;
	assert_int_equal(greeting_of(connect_as(NOBODY, NOBODY, many, 300)), 0);
	assert_int_equal(control.refused, 4);
}

/* Nobody, rather than everybody. */
static void no_group_is_nobody(void **state)
{
	const struct control_groups none = { .name = "readers" };
	int fd;

	(void)state;
	if (geteuid())
		skip();
	control_set_groups(&control, &none);
	assert_int_equal(greeting_of(connect_as(NOBODY, 0, NULL, 0)), -EPERM);
	assert_string_equal(words(), "reading needs root: there is no group readers on this host");
	/* Who is there while it changes begins anew. */
	fd = reader();
	control_set_groups(&control, &(struct control_groups){ .name = "x" });
	assert_int_equal(told(fd, 0), 2);
	close(fd);
}

static void groups_of_the_configuration(void **state)
{
	struct control_groups groups;
	struct config config;
	char why[CONFIG_WHY_MAX] = "";

	(void)state;
	config_init(&config);
	assert_string_equal(config.read_group, "wxguard");
	assert_int_equal(control_groups(&config, &groups, why), 0);
	snprintf(config.read_group, sizeof(config.read_group), "no-such-group-here");
	assert_int_equal(control_groups(&config, &groups, why), 0);
	assert_true(groups.count <= 1);		/* adm */
	config.has_read_group = true;
	assert_int_equal(control_groups(&config, &groups, why), -EINVAL);
	assert_string_equal(why, "read_group is \"no-such-group-here\", and there is no such group; make it (groupadd --system no-such-group-here), or name another one");
	snprintf(config.read_group, sizeof(config.read_group), "4711");
	assert_int_equal(control_groups(&config, &groups, why), 0);
	assert_int_equal(groups.gid[0], 4711);
	snprintf(config.read_group, sizeof(config.read_group), "root");
	assert_int_equal(control_groups(&config, &groups, why), 0);
	assert_int_equal(groups.gid[0], 0);
}

/* ---- what ---- */

static bool reads(unsigned int command, bool dump)
{
	return dump ? command == WXGUARD_CMD_KNOWN_GET || command == WXGUARD_CMD_RULES_GET :
		      command == WXGUARD_CMD_STATUS_GET || command == WXGUARD_CMD_MODE_GET;
}

static void only_what_reads_passes(void **state)
{
	struct relay_request request;
	uint8_t message[RELAY_REQUEST_LEN + 8], made[RELAY_REQUEST_LEN];
	unsigned int command, flags;
	const char *why;
	int error;

	(void)state;
	for (command = 0; command < 256; command++) {
		for (flags = 0; flags < 0x1000; flags++) {
			const bool dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
			const bool exact = flags == (dump ? ASK | NLM_F_DUMP : ASK);

			make(message, (uint8_t)command, (uint16_t)flags, 9, 8);
			assert_int_not_equal(relay_judge(message, sizeof(message), &request, &why), 0);
			make(message, (uint8_t)command, (uint16_t)flags, 9, 0);
			error = relay_judge(message, RELAY_REQUEST_LEN, &request, &why);
			assert_int_equal(!error, exact && reads(command, dump));
			if (error)
				continue;
			relay_build(&request, made);
			assert_memory_equal(made, message, sizeof(made));
		}
	}
}

static void a_change_in_disguise(void **state)
{
	static const struct {
		uint8_t command;
		uint16_t flags;
		size_t more;
	} tries[] = {
		{ WXGUARD_CMD_MODE_SET, ASK, 8 },
		{ WXGUARD_CMD_MODE_SET, ASK | NLM_F_DUMP, 8 },
		{ WXGUARD_CMD_MODE_SET, ASK, 0 },
		{ WXGUARD_CMD_RULES_SET, ASK, 60000 },
		{ WXGUARD_CMD_KNOWN_FLUSH, ASK, 0 },
		{ WXGUARD_CMD_LOCK, ASK, 0 },
		{ WXGUARD_CMD_FINDING_ACK, ASK, 12 },
		{ WXGUARD_CMD_EVIDENCE_DROP, ASK, 12 },
		{ WXGUARD_CMD_KNOWN_GET, ASK, 0 },
	};
	int fd = reader();
	unsigned int i;

	(void)state;
	for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		ask(fd, tries[i].command, tries[i].flags, i + 1, tries[i].more);
		turn();
		assert_int_equal(told(fd, i + 1), -EPERM);
		assert_string_equal(words(), "deciding needs root; members of the group may read");
		assert_int_equal(heard(), 0);
	}
	ask(fd, WXGUARD_CMD_EVIDENCE_GET, ASK, 50, 12);
	turn();
	assert_int_equal(told(fd, 50), -EPERM);
	assert_string_equal(words(), "only root gets the payload of a finding");
	ask(fd, WXGUARD_CMD_FINDING_GET, ASK | NLM_F_DUMP, 51, 12);
	turn();
	assert_int_equal(told(fd, 51), -EPERM);
	assert_non_null(strstr(words(), "only root reads findings from the module itself"));
	assert_int_equal(heard(), 0);
	assert_int_equal(control.refused, i + 2);
	close(fd);
}

/* A second message behind the first, a wrong length, a beginning only. */
static void garbage_ends_it(void **state)
{
	uint8_t message[2 * RELAY_REQUEST_LEN];
	size_t len;
	int fd;

	(void)state;
	for (len = 1; len <= sizeof(message); len++) {
		if (len == RELAY_REQUEST_LEN)
			continue;
		make(message, WXGUARD_CMD_STATUS_GET, ASK, 5, 0);
		make(message + RELAY_REQUEST_LEN, WXGUARD_CMD_LOCK, ASK, 6, 0);
		fd = reader();
		assert_int_equal(send(fd, message, len, 0), len);
		turn();
		assert_int_equal(told(fd, len < NLMSG_HDRLEN ? 0 : 5), -EBADMSG);
		assert_int_equal(told(fd, 0), 2);
		assert_int_equal(heard(), 0);
		close(fd);
	}
}

static void answers_come_unchanged(void **state)
{
	int fd = reader();

	(void)state;
	ask(fd, WXGUARD_CMD_KNOWN_GET, ASK | NLM_F_DUMP, 7, 0);
	turn();
	assert_int_equal(heard(), WXGUARD_CMD_KNOWN_GET);
	module_says(FAMILY, 7, 100, 'a');
	module_says(FAMILY, 7, CONTROL_DATAGRAM_MAX, 'b');
	/* An end that belongs to another request is none. */
	module_says(NLMSG_DONE, 6, 20, 0);
	module_says(FAMILY, 7, 1000, 'c');
	turn();
	expect(fd, FAMILY, 100, 'a');
	expect(fd, FAMILY, CONTROL_DATAGRAM_MAX, 'b');
	expect(fd, NLMSG_DONE, 20, 0);
	expect(fd, FAMILY, 1000, 'c');
	assert_true(control.busy);
	module_says(NLMSG_DONE, 7, 20, 0);
	turn();
	expect(fd, NLMSG_DONE, 20, 0);
	assert_false(control.busy);
	assert_int_equal(control.served, 1);
	/* And the next. */
	ask(fd, WXGUARD_CMD_MODE_GET, ASK, 8, 0);
	turn();
	assert_int_equal(heard(), WXGUARD_CMD_MODE_GET);
	module_says(FAMILY, 8, 28, 'm');
	module_says(NLMSG_ERROR, 8, 36, 0);
	turn();
	expect(fd, FAMILY, 28, 'm');
	assert_int_equal(told(fd, 8), 0);
	assert_int_equal(released, 0);
	close(fd);
	turn();
	assert_int_equal(released, 1);
	assert_null(control.answer);
}

static void another_family_is_not_asked(void **state)
{
	uint8_t message[RELAY_REQUEST_LEN];
	int fd = reader();

	(void)state;
	family = GENL_ID_CTRL;
	make(message, WXGUARD_CMD_STATUS_GET, ASK, 3, 0);
	assert_int_equal(send(fd, message, sizeof(message), 0), sizeof(message));
	turn();
	assert_int_equal(told(fd, 3), -ESTALE);
	assert_int_equal(heard(), 0);
	family = FAMILY;
	module_error = -ENOENT;
	ask(fd, WXGUARD_CMD_STATUS_GET, ASK, 4, 0);
	turn();
	assert_int_equal(told(fd, 4), -ENOENT);
	close(fd);
}

/*
 * The kernel itself, whose controller has other commands: it answers before
 * the turn is over, so that nothing has to be waited for.
 */
static void the_kernel_answers_at_once(void **state)
{
	struct mnl_socket *kernel = client_socket_open(0);
	uint8_t message[RELAY_REQUEST_LEN];
	const uint16_t number = GENL_ID_CTRL;
	unsigned int dump;
	int own = our_end, fd;

	(void)state;
	if (!kernel)
		skip();
	our_end = mnl_socket_get_fd(kernel);
	family = GENL_ID_CTRL;
	for (dump = 0; dump < 2; dump++) {
		fd = reader();
		make(message, dump ? WXGUARD_CMD_RULES_GET : WXGUARD_CMD_MODE_GET,
		     dump ? ASK | NLM_F_DUMP : ASK, 5 + dump, 0);
		memcpy(message + offsetof(struct nlmsghdr, nlmsg_type), &number, sizeof(number));
		assert_int_equal(send(fd, message, sizeof(message), 0), sizeof(message));
		turn();
		assert_int_equal(recv(fd, room, sizeof(room), MSG_DONTWAIT), 36 + RELAY_REQUEST_LEN - NLMSG_HDRLEN);
		assert_int_equal(((struct nlmsghdr *)room)->nlmsg_seq, 5 + dump);
		assert_int_equal(((struct nlmsgerr *)(room + NLMSG_HDRLEN))->error, -EOPNOTSUPP);
		assert_false(control.busy);
		close(fd);
	}
	our_end = own;
	client_socket_close(kernel);
}

static void the_module_goes(void **state)
{
	int fd = reader();

	(void)state;
	ask(fd, WXGUARD_CMD_RULES_GET, ASK | NLM_F_DUMP, 3, 0);
	turn();
	assert_int_equal(heard(), WXGUARD_CMD_RULES_GET);
	control_module_gone(&control);
	assert_int_equal(told(fd, 3), -ENOENT);
	assert_string_equal(words(), "the module was unloaded");
	/* One that is late is waited for, without a turn at each moment, and not for long. */
	ask(fd, WXGUARD_CMD_RULES_GET, ASK | NLM_F_DUMP, 4, 0);
	turn();
	assert_int_equal(poll(&(struct pollfd){ .fd = control.epoll, .events = POLLIN }, 1, 0), 0);
	assert_in_range(control_due_ms(&control), now + 1, now + 100);
	now += 3000;
	turn();
	assert_int_equal(told(fd, 4), -ETIMEDOUT);
	assert_false(control.busy);
	close(fd);
}

/* ---- bounds ---- */

/* Datagrams, until the reader's side is full and the module has not been asked for more. */
static void fill(uint32_t seq)
{
	int i;

	for (i = 0; i < 40; i++) {
		module_says(FAMILY, seq, 8192, 'x');
		turn();
		if (control.len)
			return;
	}
	fail_msg("a reader that reads nothing was never waited for");
}

static void a_slow_reader_is_let_go(void **state)
{
	int slow = reader(), other = reader();

	(void)state;
	ask(slow, WXGUARD_CMD_KNOWN_GET, ASK | NLM_F_DUMP, 7, 0);
	turn();
	assert_int_equal(heard(), WXGUARD_CMD_KNOWN_GET);
	ask(other, WXGUARD_CMD_MODE_GET, ASK, 8, 0);
	fill(7);
	/* It costs no turn while it does not read. */
	assert_int_equal(poll(&(struct pollfd){ .fd = control.epoll, .events = POLLIN }, 1, 0), 0);
	assert_int_equal(control_due_ms(&control), now + CONTROL_STALL_MS);
	now += CONTROL_STALL_MS - 1;
	turn();
	assert_int_equal(control.owner >= 0, 1);
	now++;
	turn();
	assert_int_equal(control.owner, -1);
	/* What is left of its answer is read for nobody, then the other's turn comes. */
	assert_true(control.busy);
	assert_true(control_due_ms(&control) <= now);
	module_says(FAMILY, 7, 8192, 'y');
	module_says(NLMSG_DONE, 7, 20, 0);
	turn();
	assert_int_equal(heard(), WXGUARD_CMD_MODE_GET);
	module_says(NLMSG_ERROR, 8, 36, 0);
	turn();
	assert_int_equal(told(other, 8), 0);
	close(slow);
	close(other);
}

/* It reads, a bit at a time, and others wait: not for ever. */
static void a_long_answer_ends_where_others_wait(void **state)
{
	int slow = reader(), other = reader();
	uint64_t begun;

	(void)state;
	ask(slow, WXGUARD_CMD_KNOWN_GET, ASK | NLM_F_DUMP, 7, 0);
	turn();
	begun = now;
	assert_int_equal(heard(), WXGUARD_CMD_KNOWN_GET);
	while (now < begun + 2 * CONTROL_ANSWER_MS) {
		module_says(FAMILY, 7, 100, 'x');
		turn();
		expect(slow, FAMILY, 100, 'x');
		now += 1000;
	}
	assert_true(control.owner >= 0);
	ask(other, WXGUARD_CMD_MODE_GET, ASK, 8, 0);
	module_says(FAMILY, 7, 100, 'x');
	turn();
	assert_int_equal(control.owner, -1);
	close(slow);
	close(other);
}

static void places_are_few(void **state)
{
	int fd[CONTROL_READERS_MAX + 1], late, i;

	(void)state;
	for (i = 0; i < CONTROL_READERS_MAX; i++) {
		fd[i] = reader();
		now++;
	}
	late = connect_now();
	turn();
	assert_int_equal(told(late, 0), -EBUSY);
	assert_string_equal(words(), "too many read through wxguardd at the moment; try again");
	close(late);
	/* Who did nothing for some time makes room; the first one has just asked. */
	now += CONTROL_EVICT_MS;
	ask(fd[0], WXGUARD_CMD_LOCK, ASK, 1, 0);
	turn();
	assert_int_equal(told(fd[0], 1), -EPERM);
	fd[i] = reader();
	assert_int_equal(told(fd[0], 0), 1);
	assert_int_equal(told(fd[1], 0), 2);
	/* Who does nothing at all goes. */
	now += CONTROL_IDLE_MS;
	assert_true(control_due_ms(&control) <= now);
	turn();
	for (i = 0; i <= CONTROL_READERS_MAX; i++) {
		assert_int_equal(recv(fd[i], room, 1, MSG_DONTWAIT), 0);
		close(fd[i]);
	}
	assert_int_equal(control_due_ms(&control), 0);
	assert_true(released > 0);
}

static void one_user_does_not_have_them_all(void **state)
{
	int fd[CONTROL_READERS_EACH + 2], i, last = CONTROL_READERS_EACH;

	(void)state;
	if (geteuid())
		skip();
	for (i = 0; i <= last; i++) {
		now += CONTROL_DEAF_MS;
		fd[i] = connect_as(NOBODY, GROUP, NULL, 0);
		turn();
		assert_int_equal(told(fd[i], 0), i < last ? 0 : -EBUSY);
	}
	now += CONTROL_DEAF_MS;
	fd[i] = connect_as(NOBODY - 1, GROUP, NULL, 0);
	turn();
	assert_int_equal(told(fd[i], 0), 0);
	while (i >= 0)
		close(fd[i--]);
}

/* Turning people away is slow work, on purpose. */
static void strangers_cost_little(void **state)
{
	int first, second;

	(void)state;
	if (geteuid())
		skip();
	first = connect_as(NOBODY, NOBODY, NULL, 0);
	second = connect_as(NOBODY, NOBODY, NULL, 0);
	turn();
	assert_int_equal(told(first, 0), -EPERM);
	assert_int_equal(told(second, 0), 1);
	assert_int_equal(poll(&(struct pollfd){ .fd = control.epoll, .events = POLLIN }, 1, 0), 0);
	assert_int_equal(control_due_ms(&control), now + CONTROL_DEAF_MS);
	now += CONTROL_DEAF_MS;
	turn();
	assert_int_equal(told(second, 0), -EPERM);
	close(first);
	close(second);
}

/* ---- the other end, as wxguard is ---- */

static void serve(int ready)
{
	struct pollfd waits = { .fd = control.epoll, .events = POLLIN };

	/* Not longer than the test, which may fail. */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || write(ready, "", 1) != 1)
		_exit(1);
	for (;;) {
		poll(&waits, 1, 10);
		control_turn(&control, now++);
	}
}

static void wxguard_is_told(void **state)
{
	struct client *client = calloc(1, sizeof(*client));
	int ready[2];
	pid_t pid;
	char byte;

	(void)state;
	client->buffer = malloc(CLIENT_RECEIVE_SIZE);
	assert_int_equal(client_relay_open(client, "/nowhere/sock"), -EPERM);
	assert_string_equal(client_error(client), "reading needs root; members of the group wxguard may read, too, but only while wxguardd runs, and it does not");
	assert_false(client_is_relayed(client));
	if (geteuid()) {
		client_close(client);
		skip();
	}
	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid)
		serve(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(client_relay_open(client, path), 0);
	assert_true(client_is_relayed(client));
	client->family = FAMILY;
	assert_int_equal(client_known_flush(client), -EPERM);
	assert_string_equal(client_error(client), "emptying the known set was refused: deciding needs root; members of the group may read");
	close(client->relay);
	client->relayed = false;
	assert_int_equal(setresuid((uid_t)-1, NOBODY, (uid_t)-1), 0);
	assert_int_equal(client_relay_open(client, path), -EPERM);
	assert_int_equal(setresuid((uid_t)-1, 0, (uid_t)-1), 0);
	assert_non_null(strstr(client_error(client), "usermod -aG readers NAME"));
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	close(ready[0]);
	close(ready[1]);
	client_close(client);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, finish)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(who_may_read),
		TEST(no_group_is_nobody),
		TEST(groups_of_the_configuration),
		TEST(only_what_reads_passes),
		TEST(a_change_in_disguise),
		TEST(garbage_ends_it),
		TEST(answers_come_unchanged),
		TEST(another_family_is_not_asked),
		TEST(the_kernel_answers_at_once),
		TEST(the_module_goes),
		TEST(a_slow_reader_is_let_go),
		TEST(a_long_answer_ends_where_others_wait),
		TEST(places_are_few),
		TEST(one_user_does_not_have_them_all),
		TEST(strangers_cost_little),
		TEST(wxguard_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
