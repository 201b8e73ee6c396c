// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The netlink client, as far as it goes without the module: against the
 * kernel's own generic netlink controller, which answers requests, refuses
 * them and dumps like any family. Skipped where there is no netlink.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client_priv.h"

/* A client whose "module" is the controller; NULL: no netlink here. */
static struct client *controller(void)
{
	struct client *client = calloc(1, sizeof(*client));
	int on = 1;

	assert_non_null(client);
	client->buffer = malloc(CLIENT_RECEIVE_SIZE);
	assert_non_null(client->buffer);
	client->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!client->socket ||
	    mnl_socket_bind(client->socket, 0, MNL_SOCKET_AUTOPID)) {
		client_close(client);
		return NULL;
	}
	mnl_socket_setsockopt(client->socket, NETLINK_EXT_ACK, &on, sizeof(on));
	mnl_socket_setsockopt(client->socket, NETLINK_CAP_ACK, &on, sizeof(on));
	client->family = GENL_ID_CTRL;
	return client;
}

#define NEED(client) \
	do { \
		if (!(client)) \
			skip(); \
	} while (0)

static int count(uint8_t command, const void *attrs, size_t len, void *arg)
{
	(void)attrs;
	assert_int_equal(command, CTRL_CMD_NEWFAMILY);
	assert_true(len > 0);
	++*(int *)arg;
	return 0;
}

static int ask(struct client *client, const char *name, int *answers)
{
	struct exchange exchange = { .on_answer = count, .arg = answers };
	struct request request;

	*answers = 0;
	assert_int_equal(client_begin(client, &request, CTRL_CMD_GETFAMILY,
				      !name, 4096, "asking"), 0);
	if (name)
		client_put_text(&request, CTRL_ATTR_FAMILY_NAME, name);
	return client_talk(client, &request, &exchange);
}

static void answers_and_errors(void **state)
{
	struct client *client = controller();
	int answers;

	(void)state;
	NEED(client);
	assert_int_equal(ask(client, "nlctrl", &answers), 0);
	assert_int_equal(answers, 1);
	assert_string_equal(client_error(client), "");
	assert_int_equal(ask(client, "no-such-family", &answers), -ENOENT);
	assert_int_equal(answers, 0);
	assert_non_null(strstr(client_error(client), "asking failed: "));
	/* The error before does not stand in the way of the next. */
	assert_int_equal(ask(client, "nlctrl", &answers), 0);
	/* A dump: several families, at least the controller itself. */
	assert_int_equal(ask(client, NULL, &answers), 0);
	assert_true(answers >= 1);
	client_close(client);
}

static int stop(uint8_t command, const void *attrs, size_t len, void *arg)
{
	(void)command;
	(void)attrs;
	(void)len;
	++*(int *)arg;
	return 42;
}

/* The rest of the dump is read, so that the next request is not disturbed. */
static void callback_stops(void **state)
{
	struct client *client = controller();
	int answers = 0;
	struct exchange exchange = { .on_answer = stop, .arg = &answers };
	struct request request;

	(void)state;
	NEED(client);
	assert_int_equal(client_begin(client, &request, CTRL_CMD_GETFAMILY,
				      true, 4096, "asking"), 0);
	assert_int_equal(client_talk(client, &request, &exchange), 42);
	assert_int_equal(answers, 1);
	assert_int_equal(ask(client, "nlctrl", &answers), 0);
	assert_int_equal(answers, 1);
	client_close(client);
}

/* What an earlier, broken-off request left in the socket is no answer. */
static void late_answers(void **state)
{
	struct client *client = controller();
	struct request early;
	int answers;

	(void)state;
	NEED(client);
	assert_int_equal(client_begin(client, &early, CTRL_CMD_GETFAMILY, false,
				      256, "asking"), 0);
	client_put_text(&early, CTRL_ATTR_FAMILY_NAME, "nlctrl");
	assert_true(mnl_socket_sendto(client->socket, early.head,
				      early.head->nlmsg_len) > 0);
	client_drop(&early);
	assert_int_equal(ask(client, "no-such-family", &answers), -ENOENT);
	assert_int_equal(answers, 0);
	client_close(client);
}

static void request_too_large(void **state)
{
	struct client *client = controller();
	struct request request;
	char text[300];

	(void)state;
	NEED(client);
	memset(text, 'x', sizeof(text));
	assert_int_equal(client_begin(client, &request, CTRL_CMD_GETFAMILY,
				      false, 256, "asking"), 0);
	client_put(&request, CTRL_ATTR_FAMILY_NAME, text, sizeof(text));
	assert_int_equal(client_talk(client, &request, NULL), -E2BIG);
	assert_string_equal(client_error(client),
			    "asking failed: the request does not fit into a message");
	client_close(client);
}

/*
 * The largest rule set goes out in one message: the controller has no such
 * command and says so, which it can only once it has the whole.
 */
static void largest_rules(void **state)
{
	struct client *client = controller();
	struct client_rules rules = { .count = WXGUARD_EXEMPTIONS_MAX,
				      .scopes = WXGUARD_SCOPES_MAX,
				      .budget_exe = 1 };
	uint32_t generation = 77;
	unsigned int i;

	(void)state;
	NEED(client);
	rules.exemption = calloc(rules.count, sizeof(*rules.exemption));
	rules.scope = calloc(rules.scopes, sizeof(*rules.scope));
	assert_non_null(rules.exemption);
	assert_non_null(rules.scope);
	for (i = 0; i < rules.scopes; i++) {
		memset(rules.scope[i].name, 'n', sizeof(rules.scope[i].name) - 1);
		memset(rules.scope[i].cgroup, 'g',
		       sizeof(rules.scope[i].cgroup) - 1);
		rules.scope[i].has_known = true;
	}
	for (i = 0; i < rules.count; i++) {
		struct client_exemption *one = &rules.exemption[i];

		memset(one->name, 'n', sizeof(one->name) - 1);
		memset(one->exe, 'e', sizeof(one->exe) - 1);
		memset(one->comm, 'c', sizeof(one->comm) - 1);
		memset(one->cgroup, 'g', sizeof(one->cgroup) - 1);
		memset(one->reason, 'r', sizeof(one->reason) - 1);
		memset(one->author, 'a', sizeof(one->author) - 1);
		one->unsafe = one->has_uid = true;
		one->has_identity = one->has_sha256 = true;
		one->expires = one->classes = 1;
	}
	if (geteuid()) {	/* only root may raise its socket's limit */
		client_rules_free(&rules);
		client_close(client);
		skip();
	}
	assert_int_equal(client_rules_set(client, &rules, 0, false, &generation),
			 -EOPNOTSUPP);
	assert_non_null(strstr(client_error(client), "setting the rules failed"));
	assert_int_equal(generation, 77);
	client_rules_free(&rules);
	client_close(client);
}

/* An error as the kernel sends it: number, our header, then its words. */
static struct nlmsghdr *refusal(char *room, const char *text, uint16_t flags,
				size_t echoed)
{
	struct nlmsghdr *head = mnl_nlmsg_put_header(room);
	struct nlmsgerr *error;

	head->nlmsg_type = NLMSG_ERROR;
	head->nlmsg_flags = flags;
	error = mnl_nlmsg_put_extra_header(head, sizeof(*error));
	error->error = -EINVAL;
	error->msg.nlmsg_len = (uint32_t)(sizeof(error->msg) + echoed);
	if (!(flags & NLM_F_CAPPED))
		mnl_nlmsg_put_extra_header(head, echoed);
	mnl_attr_put_u32(head, NLMSGERR_ATTR_OFFS, 20);
	mnl_attr_put_strz(head, NLMSGERR_ATTR_MSG, text);
	return head;
}

static void kernel_words(void **state)
{
	_Alignas(8) char room[1024];
	struct nlmsghdr *head;
	uint32_t len;

	(void)state;
	head = refusal(room, "not like this", NLM_F_ACK_TLVS | NLM_F_CAPPED, 40);
	assert_string_equal(client_ext_ack(head), "not like this");
	head = refusal(room, "not like this", NLM_F_ACK_TLVS, 40);
	assert_string_equal(client_ext_ack(head), "not like this");
	head = refusal(room, "not like this", NLM_F_CAPPED, 40);
	assert_null(client_ext_ack(head));
	/* Cut anywhere: no words, and no byte beyond the end. */
	head = refusal(room, "not like this", NLM_F_ACK_TLVS | NLM_F_CAPPED, 0);
	for (len = head->nlmsg_len - 4; len >= sizeof(*head); len--) {
		struct nlmsghdr *cut = malloc(len);

		memcpy(cut, head, len);
		cut->nlmsg_len = len;
		assert_null(client_ext_ack(cut));
		free(cut);
	}
}

static void sentences(void **state)
{
	struct client client = { 0 };

	(void)state;
	assert_int_equal(client_refused(&client, "doing it", -EINVAL,
					"the words"), -EINVAL);
	assert_string_equal(client_error(&client),
			    "doing it was refused: the words");
	assert_int_equal(client_refused(&client, "doing it", -EPERM, NULL),
			 -EPERM);
	assert_non_null(strstr(client_error(&client), "CAP_NET_ADMIN"));
	client_refused(&client, "doing it", -ENOENT, NULL);
	assert_non_null(strstr(client_error(&client), "modprobe wxguard"));
}

static void no_module(void **state)
{
	struct client *client = NULL;
	char why[256] = "";

	(void)state;
	if (!access("/sys/module/wxguard", F_OK))
		skip();
	client = controller();
	NEED(client);
	client_close(client);
	client = NULL;
	assert_int_equal(client_open(&client, why, sizeof(why)), -ENOENT);
	assert_null(client);
	assert_string_equal(why, "the module wxguard is not loaded; load it with: modprobe wxguard");
}

/* The notifications of the controller itself; it has had this number forever. */
#define CONTROLLER_GROUP 16

static int lend_one(void)
{
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, NETLINK_GENERIC);
	int group = CONTROLLER_GROUP;

	if (fd < 0 || bind(fd, (struct sockaddr *)&any, sizeof(any)))
		return -1;
	/* As a daemon that was killed leaves it: a member, with something unread. */
	assert_int_equal(setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group,
				    sizeof(group)), 0);
	assert_int_equal(client_lend(fd), 0);
	return fd;
}

/* Runs last: from here on this process makes no sockets of its own. */
static void lent_sockets_are_used_again(void **state)
{
	struct mnl_socket *first, *second;
	uint32_t groups[64] = { 0 };
	socklen_t size = sizeof(groups);
	int ends[2], fd;

	(void)state;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(client_lend(ends[0]), -EINVAL);
	fd = lend_one();
	if (fd < 0)
		skip();
	first = client_socket_open(0);
	assert_non_null(first);
	assert_true(mnl_socket_get_portid(first) != 0);
	assert_int_equal(fcntl(mnl_socket_get_fd(first), F_GETFL) & O_NONBLOCK, 0);
	assert_int_equal(getsockopt(fd, SOL_NETLINK, NETLINK_LIST_MEMBERSHIPS, groups, &size), 0);
	assert_int_equal(groups[0], 0);
	second = client_socket_open(SOCK_NONBLOCK);
	assert_null(second);
	assert_int_equal(errno, EMFILE);
	client_socket_close(first);
	second = client_socket_open(SOCK_NONBLOCK);
	assert_non_null(second);
	assert_true(fcntl(mnl_socket_get_fd(second), F_GETFL) & O_NONBLOCK);
	client_socket_close(second);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_and_errors),
		cmocka_unit_test(callback_stops),
		cmocka_unit_test(late_answers),
		cmocka_unit_test(request_too_large),
		cmocka_unit_test(largest_rules),
		cmocka_unit_test(kernel_words),
		cmocka_unit_test(sentences),
		cmocka_unit_test(no_module),
		cmocka_unit_test(lent_sockets_are_used_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
