// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the daemon sees of a process when its finding comes: this one, with
 * files and sockets that an attacker would open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include <jansson.h>

#include <daemon/moment.h>
#include <daemon/moment_impl.h>
#include <lib/proc_same.h>

#define MS UINT64_C(1000000)

static struct finding of_this_process(void)
{
	struct finding finding = { .class = WXGUARD_CLASS_RWX_MPROTECT, .time_boot = 500 * MS };
	uint64_t ticks = 0;

	assert_int_equal(proc_start((uint32_t)getpid(), &ticks), 0);
	finding.process.pid = (uint32_t)getpid();
	finding.process.start = ticks * (1000 * MS / (uint64_t)sysconf(_SC_CLK_TCK));
	return finding;
}

static json_t *take(const struct finding *finding)
{
	struct time_share moments = { 0 };
	json_t *json = moment_take(&moments, finding, 507 * MS);

	assert_non_null(json);
	return json;
}

/* The element of @list whose "fd" is this; "" of its member if there is none. */
static const char *of_fd(const json_t *json, const char *part, const char *list, int fd,
			 const char *member)
{
	const json_t *all = json_object_get(json_object_get(json, part), list);
	const char *text = NULL;
	size_t i;

	for (i = 0; i < json_array_size(all); i++) {
		const json_t *one = json_array_get(all, i);

		if (json_integer_value(json_object_get(one, "fd")) == fd)
			text = json_string_value(json_object_get(one, member));
	}
	return text ? text : "";
}

static int listen_on(struct sockaddr_in *address)
{
	socklen_t size = sizeof(*address);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	*address = (struct sockaddr_in){ .sin_family = AF_INET };
	address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)address, size), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)address, &size), 0);
	return fd;
}

static void connections_are_told(void **state)
{
	struct finding finding = of_this_process();
	struct sockaddr_in address;
	int listening = listen_on(&address);
	int connected = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char expected[64];
	json_t *json;

	(void)state;
	assert_int_equal(connect(connected, (struct sockaddr *)&address, sizeof(address)), 0);
	json = take(&finding);
	snprintf(expected, sizeof(expected), "127.0.0.1:%u", ntohs(address.sin_port));
	assert_string_equal(of_fd(json, "network", "sockets", listening, "state"), "LISTEN");
	assert_string_equal(of_fd(json, "network", "sockets", listening, "local"), expected);
	assert_string_equal(of_fd(json, "network", "sockets", listening, "remote"), "");
	assert_string_equal(of_fd(json, "network", "sockets", connected, "type"), "tcp");
	assert_string_equal(of_fd(json, "network", "sockets", connected, "state"), "ESTABLISHED");
	assert_string_equal(of_fd(json, "network", "sockets", connected, "remote"), expected);
	assert_int_equal(json_integer_value(json_object_get(json, "delay_ms")), 7);
	json_decref(json);
	close(connected);
	close(listening);
}

static int unix_socket(const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	strcpy(address.sun_path, path);
	unlink(path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* A path with a line break in it that says something about another socket. */
static void a_forged_line_describes_nothing(void **state)
{
	struct finding finding = of_this_process();
	char path[108], target[64];
	int honest, forger;
	ssize_t len;
	json_t *json;

	(void)state;
	honest = unix_socket("/tmp/wxguard-moment-honest");
	json = take(&finding);
	assert_string_equal(of_fd(json, "network", "sockets", honest, "local"),
			    "/tmp/wxguard-moment-honest");
	json_decref(json);

	snprintf(path, sizeof(path), "/proc/self/fd/%d", honest);
	len = readlink(path, target, sizeof(target) - 1);
	assert_true(len > 9);
	target[len - 1] = '\0';
	snprintf(path, sizeof(path), "/tmp/x\n0: 2 0 0 2 1 %s  nice", target + 8);
	assert_int_equal(system("mkdir -p '/tmp/x\n0: 2 0 0 2 1 '"), 0);
	forger = unix_socket(path);
	json = take(&finding);
	assert_string_equal(of_fd(json, "network", "sockets", honest, "state"), "ambiguous");
	assert_string_equal(of_fd(json, "network", "sockets", honest, "local"), "");
	json_decref(json);
	close(forger);
	close(honest);
	unlink(path);
	unlink("/tmp/wxguard-moment-honest");
	assert_int_equal(system("rmdir '/tmp/x\n0: 2 0 0 2 1 '"), 0);
}

/* The tables of a process that is made here. */
static void put_table(const char *name, const char *text)
{
	char path[80];
	FILE *out;

	snprintf(path, sizeof(path), "/tmp/wxguard-moment-proc/net/%s", name);
	out = fopen(path, "w");
	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

/* A table that changes while it is read tells a socket twice; that is no forgery. */
static void a_line_may_come_twice(void **state)
{
	struct moment moment = {
		.deadline = UINT64_MAX,
		.sockets = 2,
		.socket = { { .inode = 4711, .fd = 3 }, { .inode = 815, .fd = 4 } },
	};
	json_t *json, *wrap;

	(void)state;
	assert_int_equal(system("mkdir -p /tmp/wxguard-moment-proc/net"), 0);
	put_table("tcp",
		  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
		  "   0: 0100007F:8E54 0100007F:115C 02 00000000:00000000 00:00000000 00000000    33        0 4711 1 0\n"
		  "   1: 0100007F:8E54 0100007F:115C 01 00000000:00000000 00:00000000 00000000    33        0 4711 1 0\n");
	put_table("unix",
		  "Num       RefCount Protocol Flags    Type St Inode Path\n"
		  "0: 2 0 0 2 1 4711 /run/made-up\n"
		  "0: 2 0 0 2 1 815 /run/true\n"
		  "0: 2 0 0 2 1 815 /run/true\n");
	moment.proc = open("/tmp/wxguard-moment-proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(moment.proc >= 0);
	json = moment_network(&moment);
	wrap = json_pack("{s:o}", "network", json);
	assert_string_equal(of_fd(wrap, "network", "sockets", 3, "type"), "tcp");
	assert_string_equal(of_fd(wrap, "network", "sockets", 3, "state"), "ESTABLISHED");
	assert_string_equal(of_fd(wrap, "network", "sockets", 3, "remote"), "127.0.0.1:4444");
	assert_string_equal(of_fd(wrap, "network", "sockets", 4, "local"), "/run/true");
	json_decref(wrap);
	json_decref(moment.socket[0].json);
	json_decref(moment.socket[1].json);
	close(moment.proc);
	assert_int_equal(system("rm -r /tmp/wxguard-moment-proc"), 0);
}

static void files_are_told_as_bytes(void **state)
{
	static const char path[] = "/tmp/wxguard-moment-\xff\033[31m";
	struct finding finding = of_this_process();
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	json_t *json;

	(void)state;
	assert_true(fd >= 0);
	json = take(&finding);
	assert_string_equal(of_fd(json, "files", "open", fd, "path_hex"),
			    "2f746d702f777867756172642d6d6f6d656e742dff1b5b33316d");
	json_decref(json);
	close(fd);
	unlink(path);
}

static void what_is_too_much_is_counted(void **state)
{
	struct finding finding = of_this_process();
	json_t *json;
	int fd[64], i;

	(void)state;
	for (i = 0; i < 64; i++)
		fd[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	json = take(&finding);
	assert_int_equal(json_array_size(json_object_get(json_object_get(json, "files"), "open")), 32);
	assert_true(json_integer_value(json_object_get(json_object_get(json, "files"), "more")) >= 32);
	json_decref(json);
	for (i = 0; i < 64; i++)
		close(fd[i]);
}

static void another_process_is_never_described(void **state)
{
	struct finding finding = of_this_process();
	json_t *json;

	(void)state;
	finding.process.start += 1000 * MS;
	json = take(&finding);
	assert_string_equal(json_string_value(json_object_get(json, "missing")),
			    "the process was gone, and another one has its number");
	assert_null(json_object_get(json, "files"));
	json_decref(json);
	finding.process.pid = 1 << 30;
	json = take(&finding);
	assert_string_equal(json_string_value(json_object_get(json, "missing")),
			    "the process was gone");
	json_decref(json);
}

/* However many findings come, a tenth of the time is all that looking takes. */
static void a_flood_gets_no_look(void **state)
{
	struct finding finding = of_this_process();
	struct time_share moments = { 0 };
	struct timespec now;
	json_t *json;

	(void)state;
	clock_gettime(CLOCK_MONOTONIC, &now);
	moments.filled_ns = (uint64_t)now.tv_sec * 1000 * MS + (uint64_t)now.tv_nsec;
	assert_null(moment_take(&moments, &finding, 507 * MS));
	assert_in_range(moments.left_ns, 1, 50 * MS);	/* a tenth of what went by */
	moments.left_ns = 90 * MS;
	json = moment_take(&moments, &finding, 507 * MS);
	assert_non_null(json);
	json_decref(json);
	assert_in_range(moments.left_ns, 1, 90 * MS);	/* it was paid for */
	moments.filled_ns -= 1000000 * MS;
	moments.left_ns = 0;
	json_decref(moment_take(&moments, &finding, 507 * MS));
	assert_in_range(moments.left_ns, 1, 150 * MS);	/* no more is saved up */
	finding.repeat_of = 4;
	moments = (struct time_share){ 0 };
	assert_null(moment_take(&moments, &finding, 507 * MS));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(connections_are_told),
		cmocka_unit_test(a_forged_line_describes_nothing),
		cmocka_unit_test(a_line_may_come_twice),
		cmocka_unit_test(files_are_told_as_bytes),
		cmocka_unit_test(what_is_too_much_is_counted),
		cmocka_unit_test(another_process_is_never_described),
		cmocka_unit_test(a_flood_gets_no_look),
	};

	return cmocka_run_group_tests_name("daemon_moment", tests, NULL, NULL);
}
