// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The outputs to local sockets: the form of a message of syslog, hostile text
 * in it, its bound; and that nothing is lost while a receiver is away.
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
#include <sys/un.h>
#include <unistd.h>

#include <jansson.h>

#include "../../userspace/daemon/sink.h"
#include "../../userspace/daemon/sink_syslog.h"
#include "folder.h"

/* ---- the message ---- */

static char room[65536 + 1];

static const char *message_of(const char *json, enum config_syslog_format format,
			      size_t max)
{
	struct syslog_message message = { .data = room, .size = max };
	struct config_syslog config = { .format = format, .facility = 10 };

	assert_int_equal(syslog_from_json(&message, &config, json, strlen(json)), 0);
	assert_in_range(message.len, 1, max);
	room[message.len] = '\0';
	assert_int_equal(strlen(room), message.len);
	return room;
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no %s in: %s", part, text);
}

#define HEAD "\"@timestamp\":\"2026-01-15T09:41:07.123456789Z\"," \
	"\"host\":{\"hostname\":\"web-03\"},\"log\":{\"level\":\"warning\"," \
	"\"syslog\":{\"severity\":{\"code\":4}}},\"tags\":[\"wxguard\"]"

static const char plain[] =
	"{" HEAD ",\"event\":{\"code\":\"rwx_new_executable\",\"severity\":47,\"sequence\":7,"
	"\"id\":\"b-7\"},\"process\":{\"pid\":12,\"executable\":\"/opt/a b\"},"
	"\"threat\":{\"technique\":{\"id\":[\"T1059\"]}}}";

static void test_logfmt(void **state)
{
	char want[256];
	const char *text = message_of(plain, CONFIG_LOGFMT, 8192);

	(void)state;
	snprintf(want, sizeof(want),
		 "<84>1 2026-01-15T09:41:07.123456Z web-03 wxguardd %d rwx_new_executable - ",
		 (int)getpid());
	assert_memory_equal(text, want, strlen(want));
	assert_string_equal(text + strlen(want),
			    "level=warning sev=47 pid=12 exe=\"/opt/a b\" technique=T1059 "
			    "seq=7 id=b-7");
	/* What is not there is "-", and no document is no message. */
	expect(message_of("{}", CONFIG_LOGFMT, 8192), "<86>1 - - wxguardd ");
	{
		struct syslog_message message = { .data = room, .size = 1024 };
		struct config_syslog config = { 0 };

		assert_int_equal(syslog_from_json(&message, &config, "{", 1), -EINVAL);
	}
}

static void test_cee(void **state)
{
	const char *text = strstr(message_of(plain, CONFIG_CEE, 8192), " - @cee: ");

	(void)state;
	assert_non_null(text);
	assert_string_equal(text + 9, plain);
}

/* Neither a line, nor a key, nor a head can be made by a name. */
static void test_hostile(void **state)
{
	static const char json[] =
		"{\"host\":{\"hostname\":\"a b\\n\\u00e9\"},"
		"\"event\":{\"code\":\"x y\"},\"process\":{\"name\":\"a=b\","
		"\"executable\":\"/x\\u001b[31m\\n<0>1 \\\" uid=0 \\u202e\\u0000\\u009b\\\\\"}}";
	const char *text = message_of(json, CONFIG_LOGFMT, 8192);
	size_t i;

	(void)state;
	expect(text, "<86>1 - a?b??? wxguardd ");
	expect(text, " x?y - ");
	expect(text, " comm=\"a=b\" exe=\"/x\\u001b[31m\\n<0>1 \\\" uid=0 \\u202e\\u0000\\u009b\\\\\"");
	for (i = 0; text[i]; i++)
		assert_in_range((unsigned char)text[i], ' ', '~');
}

/* A long value is cut between characters, a message where its room ends. */
static void test_bounds(void **state)
{
	char *json = malloc(300000);
	const char *text;
	size_t size, len, i;
	json_t *document;

	(void)state;
	for (size = 1024; size <= 65536; size *= 4) {
		for (len = 400; len < 120000; len = 3 * len + 1) {
			char *at = json + sprintf(json, "{" HEAD ",\"event\":{\"id\":\"b-7\"},"
						  "\"process\":{\"executable\":\"");

			for (i = 0; i < len / 2; i++)
				at = stpcpy(at, "\xc3\xa9");
			sprintf(at, "\",\"args\":[\"%0*d\"]}}", (int)len, 0);
			text = message_of(json, CONFIG_LOGFMT, size);
			expect(text, " id=b-7");
			if (len > 1100)
				expect(text, " cut=yes");
			text = strstr(message_of(json, CONFIG_CEE, size), "@cee: ");
			assert_non_null(text);
			document = json_loads(text + 6, 0, NULL);
			if (!document)
				fail_msg("size %zu, length %zu: %s", size, len, text);
			expect(text, "\"id\":\"b-7\"");
			if (2 * len > size)
				expect(text, "\"cut\"");
			json_decref(document);
		}
	}
	free(json);
}

/* ---- delivery ---- */

static char db[128], place[100];
static struct store *store;
static struct config config;
static struct sink sinks[SINK_COUNT];

static void add(unsigned int number, size_t len)
{
	char *json = malloc(len + 64), id[16];
	struct store_record record = { .kind = STORE_NOTICE, .id = id, .json = json };

	assert_non_null(json);
	snprintf(id, sizeof(id), "%u", number);
	record.json_len = snprintf(json, len + 64, "{\"event\":{\"id\":\"%08u\"},\"x\":\"%0*d\"}",
				   number, (int)len, 0);
	assert_int_equal(store_record_add(store, &record), 0);
	free(json);
}

static int begin(void **state)
{
	char why[STORE_WHY_MAX];

	(void)state;
	if (dir_make("socket"))
		return -1;
	snprintf(db, sizeof(db), "%s/db", dir);
	snprintf(place, sizeof(place), "%s/socket", dir);
	config_init(&config);
	config.json.enabled = false;
	config.journal = CONFIG_NO;
	snprintf(config.syslog.path, sizeof(config.syslog.path), "%s", place);
	snprintf(config.stream.path, sizeof(config.stream.path), "%s", place);
	return store_open(db, STORE_WRITE, &store, why);
}

static int finish(void **state)
{
	(void)state;
	sink_close(&sinks[SINK_SYSLOG]);
	sink_close(&sinks[SINK_UNIX]);
	store_close(store);
	return dir_remove();
}

static int receiver(int type)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", place);
	unlink(place);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	if (type == SOCK_STREAM)
		assert_int_equal(listen(fd, 8), 0);
	return fd;
}

/* The ids of what is there to be read, which must come in order from *next on. */
static void read_messages(int fd, unsigned int *next)
{
	char text[8193], want[32];
	ssize_t got;

	while ((got = recv(fd, text, sizeof(text) - 1, 0)) > 0) {
		text[got] = '\0';
		snprintf(want, sizeof(want), " id=%08u", (*next)++);
		expect(text, want);
	}
}

static void test_syslog_receiver_away(void **state)
{
	struct sink *sink = &sinks[SINK_SYSLOG];
	unsigned int next = 1, i;
	int fd, error;

	(void)state;
	config.syslog.enabled = true;
	add(0, 5);	/* before this output was switched on: not for it */
	sinks_init(sinks, &config, store);
	/* Not there yet: what comes meanwhile is kept. */
	assert_int_equal(sink_pump(sink, store), -ENOENT);
	assert_non_null(strstr(sink->why, place));
	add(1, 5);
	fd = receiver(SOCK_DGRAM);
	assert_int_equal(sink_pump(sink, store), 0);
	read_messages(fd, &next);
	assert_int_equal(next, 2);
	/* Gone, and back with another socket of the same name. */
	close(fd);
	for (i = 2; i <= 90; i++)
		add(i, 5);
	assert_int_equal(sink_pump(sink, store), -ECONNREFUSED);
	fd = receiver(SOCK_DGRAM);
	/* It takes a few at once, which is no fault. */
	while ((error = sink_pump(sink, store)) == -EAGAIN)
		read_messages(fd, &next);
	assert_int_equal(error, 0);
	read_messages(fd, &next);
	assert_int_equal(next, 91);
	close(fd);
}

static unsigned int id_of(const char *line)
{
	static const char head[] = "{\"event\":{\"id\":\"";

	assert_memory_equal(line, head, strlen(head));
	return strtoul(line + strlen(head), NULL, 10);
}

/* Whole lines; the first id seen, and how many. A torn end is no line. */
static unsigned int read_stream(int fd, unsigned int *first)
{
	static char text[1 << 20];
	size_t have = 0;
	unsigned int count = 0, number;
	ssize_t got;
	char *line, *newline;

	while ((got = recv(fd, text + have, sizeof(text) - have - 1, 0)) > 0)
		have += got;
	text[have] = '\0';
	for (line = text; (newline = strchr(line, '\n')); line = newline + 1) {
		number = id_of(line);
		if (!count)
			*first = number;
		assert_int_equal(number, *first + count++);
	}
	return count;
}

static void test_unix_unread_is_sent_again(void **state)
{
	struct sink *sink = &sinks[SINK_UNIX];
	unsigned int first = 0, i;
	int fd, peer;

	(void)state;
	config.stream.enabled = true;
	sinks_init(sinks, &config, store);
	fd = receiver(SOCK_STREAM);
	add(1, 5);
	assert_int_equal(sink_pump(sink, store), 0);
	for (i = 2; i <= 40; i++)
		add(i, 3000);
	/* Taken by the socket, and read by nobody: not delivered yet. */
	assert_int_equal(sink_pump(sink, store), -EAGAIN);
	assert_int_equal(sink->place.row, 1);
	peer = accept(fd, NULL, NULL);
	assert_true(peer >= 0);
	close(peer);	/* it ends without having read */
	assert_int_equal(sink_pump(sink, store), -ECONNRESET);
	assert_int_equal(sink_pump(sink, store), -EAGAIN);
	peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	assert_int_equal(read_stream(peer, &first), 39);
	assert_int_equal(first, 2);
	assert_int_equal(sink_pump(sink, store), 0);
	assert_int_equal(sink->place.row, 40);
	/* Read whole, then ended: nothing is sent twice. */
	close(peer);
	add(41, 5);
	assert_true(sink_pump(sink, store) < 0);
	assert_int_equal(sink_pump(sink, store), -EAGAIN);
	peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	assert_int_equal(read_stream(peer, &first), 1);
	assert_int_equal(first, 41);
	close(peer);
	close(fd);
}

/* More than the socket takes: in pieces, in order, no line torn. */
static void test_unix_slow_reader(void **state)
{
	struct sink *sink = &sinks[SINK_UNIX];
	unsigned int next = 1, i;
	int fd, peer, error;

	(void)state;
	config.stream.enabled = true;
	sinks_init(sinks, &config, store);
	fd = receiver(SOCK_STREAM);
	assert_int_equal(sink_pump(sink, store), 0);
	peer = accept4(fd, NULL, NULL, SOCK_NONBLOCK);
	for (i = 1; i <= 400; i++)
		add(i, 9001);
	for (i = 0; (error = sink_pump(sink, store)) == -EAGAIN && i < 10000; i++) {
		char chunk[5000];
		static char rest[32768];
		static size_t have;
		ssize_t got;
		char *newline;

		while ((got = recv(peer, chunk, sizeof(chunk), 0)) > 0) {
			memcpy(rest + have, chunk, got);
			have += got;
			while ((newline = memchr(rest, '\n', have))) {
				assert_int_equal(id_of(rest), next++);
				have -= newline + 1 - rest;
				memmove(rest, newline + 1, have);
			}
		}
	}
	assert_int_equal(error, 0);
	assert_int_equal(next, 401);
	close(peer);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_logfmt),
		cmocka_unit_test(test_cee),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test_setup_teardown(test_syslog_receiver_away, begin, finish),
		cmocka_unit_test_setup_teardown(test_unix_unread_is_sent_again, begin, finish),
		cmocka_unit_test_setup_teardown(test_unix_slow_reader, begin, finish),
	};

	return cmocka_run_group_tests_name("daemon_socket", tests, NULL, NULL);
}
