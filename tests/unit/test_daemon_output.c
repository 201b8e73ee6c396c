// SPDX-License-Identifier: GPL-2.0-or-later
/* The outputs journal and standard output: form, hostile text, a slow reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../../userspace/daemon/sink.h"
#include "../../userspace/daemon/sink_journal.h"
#include "folder.h"

/* ---- journal ---- */

/* Take one field off the entry, by the protocol; its end, NULL at the end. */
static const char *next_field(const char *at, const char *end, char *name,
			      const char **value, uint64_t *len)
{
	const char *newline;

	if (at == end)
		return NULL;
	newline = memchr(at, '\n', end - at);
	assert_non_null(newline);
	assert_true(newline - at < 64);
	memcpy(name, at, newline - at);
	name[newline - at] = '\0';
	assert_true(end - newline > 9);
	memcpy(len, newline + 1, 8);
	*len = le64toh(*len);
	assert_true(*len < (uint64_t)(end - newline - 9));
	*value = newline + 9;
	assert_int_equal((*value)[*len], '\n');
	return *value + *len + 1;
}

static void expect_field(const struct journal_entry *entry, const char *field,
			 const char *expected)
{
	const char *at = entry->data, *end = entry->data + entry->len, *value;
	char name[64];
	uint64_t len;
	int seen = 0;

	while ((at = next_field(at, end, name, &value, &len))) {
		assert_int_equal(strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
				 strlen(name));
		if (strcmp(name, field))
			continue;
		seen++;
		if (!expected || len != strlen(expected) || memcmp(value, expected, len))
			fail_msg("%s is %.*s", field, (int)len, value);
	}
	assert_int_equal(seen, expected ? 1 : 0);
}

static void test_journal_fields(void **state)
{
	static const char json[] =
		"{\"message\":\"RWX: /opt/a b\",\"event\":{\"id\":\"x-1\",\"sequence\":7,"
		"\"code\":\"rwx_new_executable\",\"severity\":47,\"risk_score\":47.0},"
		"\"log\":{\"syslog\":{\"severity\":{\"code\":4}}},"
		"\"process\":{\"pid\":12,\"executable\":\"/opt/a b\"},"
		"\"threat\":{\"technique\":{\"id\":[\"T1059\",\"T1\"]}}}";
	static const char parts[] =
		"{\"event\":{\"code\":\"sensor_tamper\"},\"log\":{\"syslog\":{\"severity\":{\"code\":2}}},"
		"\"wxguard\":{\"finding\":{\"class\":\"sensor_tamper\",\"verdict\":\"logged\"},"
		"\"scope\":{\"name\":\"s\"},\"tamper\":{\"reason\":\"unload\"},"
		"\"target\":{\"pid\":8,\"executable\":\"/t\"},\"writer\":{\"pid\":9},"
		"\"repeat\":{\"of\":4,\"count\":10}}}";
	static const char quoted[] =
		"{\"message\":\"Fileless: \\\"/memfd:a b\\\\\\\\x1b (deleted)\\\" \\u001b\"}";
	struct journal_entry entry = { 0 };

	(void)state;
	assert_int_equal(journal_from_json(&entry, json, strlen(json)), 0);
	expect_field(&entry, "MESSAGE", "RWX: /opt/a b");
	expect_field(&entry, "MESSAGE_ID", "04467dad944f4e93a7df58aacdeafd45");
	expect_field(&entry, "PRIORITY", "4");
	expect_field(&entry, "SYSLOG_IDENTIFIER", "wxguardd");
	expect_field(&entry, "WXGUARD_EVENT_ID", "x-1");
	expect_field(&entry, "WXGUARD_SEQ", "7");
	expect_field(&entry, "WXGUARD_SEVERITY", "47");
	expect_field(&entry, "WXGUARD_RISK_SCORE", "47");
	expect_field(&entry, "WXGUARD_EXE", "/opt/a b");
	expect_field(&entry, "WXGUARD_TECHNIQUE", "T1059");
	expect_field(&entry, "OBJECT_PID", "12");
	expect_field(&entry, "WXGUARD_SHA256", NULL);
	expect_field(&entry, "WXGUARD_TAMPER", NULL);
	expect_field(&entry, "WXGUARD_TARGET_PID", NULL);
	assert_int_equal(journal_from_json(&entry, parts, strlen(parts)), 0);
	expect_field(&entry, "PRIORITY", "2");
	expect_field(&entry, "MESSAGE_ID", "38d3f7c4b7404ec3865dc5815f502764");
	expect_field(&entry, "WXGUARD_CLASS", "sensor_tamper");
	expect_field(&entry, "WXGUARD_VERDICT", "logged");
	expect_field(&entry, "WXGUARD_SCOPE", "s");
	expect_field(&entry, "WXGUARD_TAMPER", "unload");
	expect_field(&entry, "WXGUARD_TARGET_PID", "8");
	expect_field(&entry, "WXGUARD_TARGET_EXE", "/t");
	expect_field(&entry, "WXGUARD_WRITER_PID", "9");
	expect_field(&entry, "WXGUARD_REPEAT_OF", "4");
	expect_field(&entry, "WXGUARD_REPEAT_COUNT", "10");
	expect_field(&entry, "OBJECT_PID", NULL);
	/* Quotes and backslashes of a sentence are text, a control byte is not. */
	assert_int_equal(journal_from_json(&entry, quoted, strlen(quoted)), 0);
	expect_field(&entry, "MESSAGE",
		     "Fileless: \"/memfd:a b\\\\x1b (deleted)\" \\x1b");
	/* The same entry again: nothing of the first is left. */
	assert_int_equal(journal_from_json(&entry, "{}", 2), 0);
	expect_field(&entry, "MESSAGE_ID", NULL);
	expect_field(&entry, "WXGUARD_SEQ", NULL);
	assert_int_equal(journal_from_json(&entry, "{", 1), -EINVAL);
	free(entry.data);
}

/* A name with newlines must not become a field, nor move a terminal. */
static void test_journal_hostile(void **state)
{
	static const char json[] =
		"{\"message\":\"x\\u001b[31m \\\"q\\\" \\u202e\\nPRIORITY=0\\u0000\","
		"\"process\":{\"executable\":\"/a\\nMESSAGE_ID=0\\nOBJECT_PID\\n\\u0000\\u0001\"}}";
	struct journal_entry entry = { 0 };
	const char *at, *value;
	char name[64];
	uint64_t len, i;

	(void)state;
	assert_int_equal(journal_from_json(&entry, json, strlen(json)), 0);
	expect_field(&entry, "PRIORITY", "4");
	expect_field(&entry, "MESSAGE_ID", NULL);
	expect_field(&entry, "OBJECT_PID", NULL);
	at = next_field(entry.data, entry.data + entry.len, name, &value, &len);
	assert_non_null(at);
	assert_string_equal(name, "MESSAGE");
	for (i = 0; i < len; i++)
		assert_in_range((unsigned char)value[i], 0x20, 0x7e);
	free(entry.data);
}

/* ---- standard output ---- */

static char path[128];
static struct store *store;
static struct config config;
static struct sink sinks[SINK_COUNT];
static int saved_stdout, reader;

static void add(unsigned int number, size_t len)
{
	char *json = malloc(len + 64), id[16];
	struct store_record record = { .kind = STORE_NOTICE, .id = id, .json = json };

	assert_non_null(json);
	snprintf(id, sizeof(id), "%u", number);
	record.json_len = snprintf(json, len + 64, "%08u %0*d", number, (int)len, 0);
	assert_int_equal(store_record_add(store, &record), 0);
	free(json);
}

static int begin(void **state)
{
	char why[STORE_WHY_MAX];
	int fds[2];

	(void)state;
	if (dir_make("output"))
		return -1;
	snprintf(path, sizeof(path), "%s/db", dir);
	config_init(&config);
	config.json.enabled = false;
	config.journal = CONFIG_NO;
	config.stdout_enabled = true;
	if (store_open(path, STORE_WRITE, &store, why) || pipe2(fds, O_CLOEXEC))
		return -1;
	fflush(stdout);
	saved_stdout = dup(STDOUT_FILENO);
	dup2(fds[1], STDOUT_FILENO);
	close(fds[1]);
	reader = fds[0];
	fcntl(reader, F_SETFL, O_NONBLOCK);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	sink_close(&sinks[SINK_STDOUT]);
	dup2(saved_stdout, STDOUT_FILENO);
	close(saved_stdout);
	close(reader);
	store_close(store);
	return dir_remove();
}

/* Read all there is and count whole lines, which must come in order. */
static void read_lines(unsigned int *next, char *rest, size_t size)
{
	size_t have = strlen(rest);
	char *line, *newline, want[16];
	ssize_t got;

	while ((got = read(reader, rest + have, size - have - 1)) > 0) {
		have += got;
		rest[have] = '\0';
		for (line = rest; (newline = strchr(line, '\n')); line = newline + 1) {
			snprintf(want, sizeof(want), "%08u ", (*next)++);
			assert_memory_equal(line, want, 9);
		}
		have -= line - rest;
		memmove(rest, line, have + 1);
	}
}

static void test_stdout_slow_reader(void **state)
{
	static char rest[1 << 17];
	struct sink *sink = &sinks[SINK_STDOUT];
	unsigned int next = 1, i, waits = 0;
	int error;

	(void)state;
	*rest = '\0';
	add(0, 5);	/* before this output was switched on: not for it */
	sinks_init(sinks, &config, store);
	assert_int_equal(sink_pump(sink, store), 0);
	for (i = 1; i <= 60; i++)
		add(i, 9001);
	while ((error = sink_pump(sink, store)) == -EAGAIN) {
		waits++;
		read_lines(&next, rest, sizeof(rest));
	}
	assert_int_equal(error, 0);
	read_lines(&next, rest, sizeof(rest));
	assert_int_equal(next, 61);
	assert_string_equal(rest, "");
	assert_in_range(waits, 3, 60);
	/* The pipe itself is not made non-blocking for whoever shares it. */
	assert_int_equal(fcntl(STDOUT_FILENO, F_GETFL) & O_NONBLOCK, 0);
}

static void test_stdout_goes_on(void **state)
{
	char rest[4096] = "";
	unsigned int next = 1;

	(void)state;
	sinks_init(sinks, &config, store);
	assert_int_equal(sink_pump(&sinks[SINK_STDOUT], store), 0);
	add(1, 5);
	assert_int_equal(sink_pump(&sinks[SINK_STDOUT], store), 0);
	add(2, 5);
	sink_close(&sinks[SINK_STDOUT]);	/* a restart */
	sinks_init(sinks, &config, store);
	assert_int_equal(sink_pump(&sinks[SINK_STDOUT], store), 0);
	read_lines(&next, rest, sizeof(rest));
	assert_int_equal(next, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_journal_fields),
		cmocka_unit_test(test_journal_hostile),
		cmocka_unit_test_setup_teardown(test_stdout_slow_reader, begin, finish),
		cmocka_unit_test_setup_teardown(test_stdout_goes_on, begin, finish),
	};

	return cmocka_run_group_tests_name("daemon_output", tests, NULL, NULL);
}
