// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the daemon does with the payload of a finding, and with the memory of
 * one: digested, kept in its bounds, or why not. The module is played here.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lib/proc_same.h>

#include "evidence_impl.h"
#include "wxguardd.h"
#include "folder.h"

#define ID "0123-0000000000000007"
#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

static struct wxguardd d;
static const char *content;	/* of the payload; NULL = the module has none */
static uint64_t asked, dropped;

/* These stand in for the library's. */
int client_evidence_get(struct client *client, uint64_t seq, int *fd)
{
	(void)client;
	asked = seq;
	if (!content)
		return -ENOENT;
	*fd = memfd_create("payload", MFD_CLOEXEC);
	return write(*fd, content, strlen(content)) == (ssize_t)strlen(content) ? 0 : -EIO;
}

int client_evidence_drop(struct client *client, uint64_t seq)
{
	(void)client;
	dropped = seq;
	return 0;
}

static int begin(void **state)
{
	(void)state;
	if (dir_make("payload"))
		return -1;
	memset(&d, 0, sizeof(d));
	d.evidence.copier.socket = -1;
	d.control = (struct client *)&d;
	d.seq_base = 100;
	snprintf(d.config.store, sizeof(d.config.store), "%s/db", dir);
	d.config.hash_max_size = 1 << 20;
	d.config.evidence_size = 1 << 20;
	content = "abc";
	asked = dropped = 0;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

static struct finding memory_exec(void)
{
	return (struct finding){
		.seq = 107, .class = WXGUARD_CLASS_EXEC_MEMORY, .has_exec = true,
		.exec_origin = WXGUARD_ORIGIN_MEMFD,
	};
}

/* "kept", "seen", or why neither. */
static const char *take(struct finding finding)
{
	static char said[128];
	json_t *json = evidence_take(&d, &finding, ID);
	const char *why = json_string_value(json_object_get(json, "missing"));
	const char *hex = json_string_value(json_object_get(json, "sha256"));

	if (!json)
		return NULL;
	snprintf(said, sizeof(said), "%s", why ? why :
		 json_is_true(json_object_get(json, "kept")) ? "kept" : "seen");
	if (hex && !strcmp(content, "abc"))
		assert_string_equal(hex, ABC);
	json_decref(json);
	return said;
}

static void a_payload_is_kept(void **state)
{
	char back[8] = "";
	struct stat st;
	int fd;

	(void)state;
	assert_string_equal(take(memory_exec()), "kept");
	assert_int_equal(asked, 7);	/* the module's number */
	assert_int_equal(dropped, 7);
	fd = evidence_open(d.config.store, ID, EVIDENCE_PAYLOAD);
	assert_true(fd >= 0);
	assert_int_equal(read(fd, back, sizeof(back)), 3);
	assert_string_equal(back, "abc");
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	close(fd);
	assert_int_equal(d.evidence.files, 1);
}

static void what_is_not_to_be_kept_is_digested(void **state)
{
	static char large[(1 << 19) + 2];

	(void)state;
	d.config.evidence_size = 0;
	assert_string_equal(take(memory_exec()), "seen");
	assert_int_equal(dropped, 0);	/* the module still has it for who asks */
	assert_int_equal(evidence_open(d.config.store, ID, EVIDENCE_PAYLOAD), -ENOENT);
	d.config.evidence_size = 1 << 20;
	memset(large, 'x', sizeof(large) - 1);
	content = large;
	assert_string_equal(take(memory_exec()), "seen");
	assert_int_equal(dropped, 0);
	d.config.hash_max_size = 1000;
	assert_string_equal(take(memory_exec()), "larger than what is read at once");
	content = NULL;
	assert_string_equal(take(memory_exec()), "the module does not hold it");
}

static void only_what_the_module_holds_is_asked_for(void **state)
{
	struct finding finding = memory_exec();

	(void)state;
	finding.repeat_of = 3;
	assert_null(take(finding));
	finding = memory_exec();
	finding.exec_origin = WXGUARD_ORIGIN_FILE;
	assert_null(take(finding));
	finding.class = WXGUARD_CLASS_EXEC_UNLINKED;
	assert_string_equal(take(finding), "kept");
	finding = (struct finding){ .seq = 101, .has_memory = true,
				    .memory_origin = WXGUARD_ORIGIN_MEMFD };
	assert_null(take(finding));
	finding.memory_file.present = true;
	assert_string_equal(take(finding), "kept");
}

static void a_flood_is_not_read(void **state)
{
	const uint64_t to_come = UINT64_C(1) << 62;

	(void)state;
	/* Spent for some time: what is owed is earned back first. */
	d.evidence.share.filled_ns = to_come;
	d.evidence.share.left_ns = 0;
	assert_string_equal(take(memory_exec()), "there were too many at once");
	assert_int_equal(asked, 0);
}

static void memory_is_kept(void **state)
{
	static char memory[] = "what is in memory";
	struct finding finding = { .seq = 102, .has_memory = true, .process.pid = (uint32_t)getpid() };
	struct pollfd poller;
	char back[32] = "";
	uint64_t ticks;
	int fd;

	(void)state;
	copier_start(&d.evidence.copier);
	assert_true(d.evidence.copier.socket >= 0);
	assert_int_equal(proc_start((uint32_t)getpid(), &ticks), 0);
	finding.process.start = ticks * (UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK));
	finding.memory_address = (uint64_t)(uintptr_t)memory;
	finding.memory_size = sizeof(memory);
	assert_null(take(finding));
	assert_int_equal(d.evidence.waiting, 1);
	poller = (struct pollfd){ .fd = d.evidence.copier.socket, .events = POLLIN };
	assert_int_equal(poll(&poller, 1, 60000), 1);
	evidence_copied(&d);
	assert_int_equal(d.evidence.waiting, 0);
	fd = evidence_open(d.config.store, ID, EVIDENCE_REGION);
	if (fd < 0 && geteuid())
		skip();
	assert_true(fd >= 0);
	assert_int_equal(read(fd, back, sizeof(back)), sizeof(memory));
	assert_string_equal(back, memory);
	close(fd);
	/* One that ended: told, and nothing waits for it. */
	assert_null(take(finding));
	shutdown(d.evidence.copier.socket, 2);
	evidence_copied(&d);
	assert_int_equal(d.evidence.waiting, 0);
	assert_int_equal(d.evidence.copier.socket, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_payload_is_kept, begin, finish),
		cmocka_unit_test_setup_teardown(what_is_not_to_be_kept_is_digested, begin, finish),
		cmocka_unit_test_setup_teardown(only_what_the_module_holds_is_asked_for, begin,
						finish),
		cmocka_unit_test_setup_teardown(a_flood_is_not_read, begin, finish),
		cmocka_unit_test_setup_teardown(memory_is_kept, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
