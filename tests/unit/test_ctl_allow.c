// SPDX-License-Identifier: GPL-2.0-or-later
/* Which exclusion a finding is worth, and when none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../userspace/ctl/allow.h"
#include "../../userspace/lib/exe_file.h"
#include "../../userspace/lib/json_out.h"

static char dir[64], program[96], digest[EXE_FILE_HEX_MAX];

static int begin(void **state)
{
	uint8_t bytes[WXGUARD_SHA256_LEN];
	struct stat stat;
	FILE *out;
	int fd;

	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/wxguard-allow-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(program, sizeof(program), "%s/agentd", dir);
	out = fopen(program, "w");
	if (!out || fputs("a program", out) < 0 || fclose(out))
		return -1;
	fd = exe_file_open(program);
	if (fd < 0 || fstat(fd, &stat) || exe_file_digest(fd, &stat, bytes))
		return -1;
	close(fd);
	exe_file_hex(bytes, digest);
	return 0;
}

static int finish(void **state)
{
	(void)state;
	unlink(program);
	return rmdir(dir);
}

static json_t *finding(const char *class, const char *exe, const char *cgroup)
{
	json_t *doc = json_object();
	int error = json_put(doc, "wxguard.finding.class", json_string(class)) |
		    json_put(doc, "wxguard.finding.verdict", json_string("logged")) |
		    json_put(doc, "process.executable", json_string(exe)) |
		    json_put(doc, "process.name", json_string("agentd")) |
		    json_put(doc, "user.id", json_string("1001")) |
		    json_put(doc, "wxguard.process.cgroup", json_string(cgroup));

	assert_int_equal(error, 0);
	return doc;
}

struct answer {
	struct client_exemption row;
	char why[ALLOW_WHY_MAX];
	int code;
};

/* Gives up @doc. */
static struct answer ask(json_t *doc, enum allow_by by, bool force)
{
	struct answer answer = { .why = "" };
	struct explain_case found;
	int fd = -1;

	explain_case(doc, 1768470067, &found);
	answer.code = allow_make(doc, &found, by, force, &answer.row, &fd, answer.why);
	assert_int_equal(fd >= 0, !answer.code && by != ALLOW_BY_PATH);
	if (fd >= 0)
		close(fd);
	explain_case_free(&found);
	json_decref(doc);
	return answer;
}

static void expect_refusal(struct answer answer, int code, const char *why)
{
	assert_int_equal(answer.code, code);
	if (!strstr(answer.why, why))
		fail_msg("\"%s\" is not in \"%s\"", why, answer.why);
}

static void test_narrow(void **state)
{
	json_t *doc = finding("rwx_mprotect", program, "/system.slice/acme.service");
	struct answer answer;

	(void)state;
	json_put(doc, "process.hash.sha256", json_string(digest));
	answer = ask(doc, ALLOW_BY_CONTENT, false);
	assert_string_equal(answer.why, "");
	assert_int_equal(answer.code, 0);
	assert_int_equal(answer.row.classes, 1 << WXGUARD_CLASS_RWX_MPROTECT);
	assert_string_equal(answer.row.exe, program);
	assert_true(answer.row.has_sha256);
	assert_true(answer.row.has_fd);
	assert_true(answer.row.has_uid);
	assert_int_equal(answer.row.uid, 1001);
	assert_string_equal(answer.row.cgroup, "/system.slice/acme.service");
	assert_string_equal(answer.row.comm, "");
}

/* The next login has another scope, and a control group of another kind comes and goes. */
static void test_cgroups(void **state)
{
	static const char *const passing[] = {
		"/user.slice/user-1001.slice/session-3.scope", "/", "/system.slice/*.service",
		".service", "/system.slice/acme.service/sub",
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(passing) / sizeof(passing[0]); i++)
		assert_string_equal(ask(finding("rwx_mprotect", program, passing[i]),
					ALLOW_BY_CONTENT, false).row.cgroup, "");
}

static void test_other_file(void **state)
{
	json_t *doc = finding("rwx_mprotect", program, "/");

	(void)state;
	digest[0] = digest[0] == '0' ? '1' : '0';
	json_put(doc, "process.hash.sha256", json_string(digest));
	expect_refusal(ask(doc, ALLOW_BY_CONTENT, true), CTL_FAILED,
		       "is not the program of the finding any more");
	unlink(program);
	expect_refusal(ask(finding("rwx_mprotect", program, "/"), ALLOW_BY_CONTENT, true),
		       CTL_NOT_FOUND, "cannot be read now (No such file or directory)");
	expect_refusal(ask(finding("rwx_mprotect", "/etc", "/"), ALLOW_BY_CONTENT, true),
		       CTL_NOT_FOUND, "it is no regular file");
	rmdir(dir);
}

static void test_inode(void **state)
{
	json_t *doc = finding("rwx_mprotect", program, "/");

	(void)state;
	json_put(doc, "wxguard.process.executable_file",
		 json_pack("{s:s, s:s, s:i, s:s}", "device", "08:01", "inode", "1",
			   "generation", 7, "ctime", "2026-01-15T09:41:07.000000001Z"));
	expect_refusal(ask(doc, ALLOW_BY_INODE, true), CTL_FAILED,
		       "is another file than the one of the finding");
	assert_int_equal(ask(finding("rwx_mprotect", program, "/"), ALLOW_BY_INODE, false).code, 0);
}

static void test_broad(void **state)
{
	(void)state;
	expect_refusal(ask(finding("rwx_mprotect", program, "/"), ALLOW_BY_PATH, false),
		       CTL_INVALID, "others than root and this user may put a program at");
	assert_int_equal(ask(finding("rwx_mprotect", program, "/"), ALLOW_BY_PATH, true).code, 0);
	expect_refusal(ask(finding("rwx_mprotect", "/usr/bin/python3.11", "/x.scope"),
			   ALLOW_BY_CONTENT, false),
		       CTL_INVALID, "runs whatever script it is given");
	assert_string_equal(ask(finding("rwx_mprotect", "/usr/bin/env", "/x.scope"),
				ALLOW_BY_PATH, false).row.exe, "/usr/bin/env");
	assert_string_equal(ask(finding("rwx_mprotect", "/usr/bin/python3.11", "/acme.service"),
				ALLOW_BY_PATH, true).row.cgroup, "/acme.service");
}

static void test_nameless(void **state)
{
	static const struct {
		const char *exe, *why;
	} rows[] = {
		{ "/memfd:x", "in no file system any more" },
		{ "/opt/agentd (deleted)", "in no file system any more" },
		{ "/opt/*/agentd", "takes for a wildcard" },
		{ "opt/agentd", "no path that a rule can name" },
		{ "", "does not say which executable" },
	};
	json_t *doc;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		expect_refusal(ask(finding("rwx_mprotect", rows[i].exe, "/"), ALLOW_BY_PATH, true),
			       CTL_INVALID, rows[i].why);
	expect_refusal(ask(finding("sensor_tamper", program, "/"), ALLOW_BY_PATH, true),
		       CTL_INVALID, "never exempt");
	doc = finding("rwx_mprotect", "/a\x1b[31mb", "/");
	expect_refusal(ask(doc, ALLOW_BY_CONTENT, true), CTL_NOT_FOUND, "\"/a\\x1b[31mb\"");
}

/* A start from memory belongs to who asks for it. */
static void test_start(void **state)
{
	json_t *doc = finding("exec_memory", "/memfd:evil (deleted)", "/");
	struct answer answer;

	(void)state;
	json_put(doc, "process.parent.executable", json_string(program));
	json_put(doc, "process.hash.sha256", json_string("00"));
	answer = ask(doc, ALLOW_BY_CONTENT, false);
	assert_string_equal(answer.why, "");
	assert_string_equal(answer.row.exe, program);
	assert_true(answer.row.has_sha256);
}

static void test_container(void **state)
{
	static const char cgroup[] = "/system.slice/docker-c0ffee.scope";
	json_t *doc = finding("rwx_mprotect", program, cgroup);
	struct answer answer;

	(void)state;
	json_put(doc, "container.id", json_string("c0ffee"));
	expect_refusal(ask(json_incref(doc), ALLOW_BY_CONTENT, true), CTL_INVALID,
		       "is in a container");
	answer = ask(doc, ALLOW_BY_PATH, false);
	assert_int_equal(answer.code, 0);
	assert_string_equal(answer.row.cgroup, cgroup);
}

static void test_guarded(void **state)
{
	(void)state;
	assert_true(allow_is_guarded("/usr/bin/env", 1001));
	assert_false(allow_is_guarded(program, 0));	/* /tmp is everybody's */
	assert_false(allow_is_guarded("/nowhere", 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_narrow, begin, finish),
		cmocka_unit_test_setup_teardown(test_cgroups, begin, finish),
		cmocka_unit_test_setup_teardown(test_guarded, begin, finish),
		cmocka_unit_test_setup_teardown(test_inode, begin, finish),
		cmocka_unit_test_setup_teardown(test_broad, begin, finish),
		cmocka_unit_test_setup_teardown(test_start, begin, finish),
		cmocka_unit_test_setup_teardown(test_container, begin, finish),
		cmocka_unit_test_setup_teardown(test_nameless, begin, finish),
		cmocka_unit_test_setup(test_other_file, begin),
	};

	return cmocka_run_group_tests_name("ctl_allow", tests, NULL, NULL);
}
