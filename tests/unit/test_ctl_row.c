// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A finding as one line: through the ECS document, as list and watch do it,
 * compared byte by byte. Names are what an attacker would choose.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <ctl/detail.h>
#include <ctl/feed.h>
#include <ctl/row.h>
#include <lib/ecs.h>
#include <lib/text.h>

#define BYTES(literal) ((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static const struct row_style plain = { .utc = true };

static const struct ecs_context host = {
	.boot_id = "3f1c9a52-d0e1-4c0f-9b0c-5a7e6d2b8f10",
	.host_name = "web-03",
};

/* mprotect on one anonymous page, on x86_64. */
static struct finding rwx(void)
{
	struct finding finding = {
		.seq = 423,
		.class = WXGUARD_CLASS_RWX_MPROTECT,
		.action = WXGUARD_ACTION_LOG,
		.verdict = WXGUARD_VERDICT_LOGGED,
		.mode = WXGUARD_MODE_DETECT,
		.time_real = 1768470067123456789u,
		.time_boot = 1000000000u,
		.has_window = true,
		.window = 604800,
		.has_syscall = true, .has_return = true,
		.syscall_nr = 10, .syscall_arch = 0xc000003e,
		.syscall_args = { 0x7f3a5c000000, 4096, 7 },
		.has_memory = true, .has_before = true,
		.memory_address = 0x7f3a5c000000, .memory_size = 4096,
		.prot_before = 3, .prot_asked = 7, .prot_effective = 7,
		.ancestors = 1,
	};

	finding.process.pid = finding.process.tid = 48123;
	finding.process.uid = 1001;
	finding.process.comm = BYTES("agentd");
	finding.process.exe = BYTES("/opt/acme/bin/agentd");
	finding.ancestor[0].pid = 812;
	finding.ancestor[0].comm = BYTES("systemd");
	finding.extra.user_name = (char *)"build";
	return finding;
}

/* A program from an unsealed memfd. */
static struct finding memfd(void)
{
	struct finding finding = rwx();

	finding.seq = 425;
	finding.class = WXGUARD_CLASS_EXEC_MEMORY;
	finding.has_memory = finding.has_window = false;
	finding.syscall_nr = 322;
	finding.has_exec = finding.has_seals = true;
	finding.exec_origin = WXGUARD_ORIGIN_MEMFD;
	finding.exec_name = BYTES("kworker");
	finding.exec_file.present = true;
	finding.exec_file.path = BYTES("/memfd:kworker (deleted)");
	finding.process.exe = BYTES("/memfd:kworker (deleted)");
	finding.process.pid = 48177;
	finding.ancestor[0].pid = 48170;
	finding.ancestor[0].exe = BYTES("/usr/bin/python3.11");
	return finding;
}

/* A write into the code of another process. */
static struct finding foreign(void)
{
	struct finding finding = rwx();

	finding.seq = 430;
	finding.class = WXGUARD_CLASS_FOREIGN_WRITE;
	finding.has_window = false;
	finding.syscall_nr = 18;
	finding.memory_size = 16;
	finding.prot_before = finding.prot_effective = 5;
	finding.has_target = true;
	finding.target.pid = 612;
	finding.target.uid = 0;
	finding.target.exe = BYTES("/usr/sbin/vic\xfftim");
	return finding;
}

static struct finding tampering(uint32_t reason)
{
	struct finding finding = {
		.seq = 441, .class = WXGUARD_CLASS_SENSOR_TAMPER,
		.action = WXGUARD_ACTION_LOG, .mode = WXGUARD_MODE_DETECT,
		.time_real = 1768470067123456789u, .time_boot = 1000000000u,
		.tamper = reason,
	};

	finding.process.uid = finding.process.euid = finding.process.gid = UINT32_MAX;
	finding.process.loginuid = finding.process.sessionid = UINT32_MAX;
	return finding;
}

static char *render_again(const struct finding *finding, uint64_t count, uint64_t last)
{
	json_t *doc = ecs_document(finding, &host);
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	assert_non_null(doc);
	assert_non_null(out);
	feed_repeated(doc, count, last);
	row_finding(out, &plain, doc);
	assert_int_equal(fclose(out), 0);
	json_decref(doc);
	return text;
}

static char *render(const struct finding *finding)
{
	return render_again(finding, 0, 0);
}

static void assert_row(const struct finding *finding, const char *expected)
{
	char *text = render(finding);

	assert_string_equal(text, expected);
	free(text);
}

static void an_rwx_finding_is_one_line(void **state)
{
	struct finding finding = rwx();

	(void)state;
	assert_row(&finding,
		   "09:41:07Z MEDIUM  rwx_mprotect     /opt/acme/bin/agentd[48123]           uid 1001(build)  mprotect 4.0K anon rw- -> rwx      LOGGED      by systemd[812]  #423\n");
}

static void a_memfd_exec_is_one_line(void **state)
{
	struct finding finding = memfd();

	(void)state;
	assert_row(&finding,
		   "09:41:07Z HIGH    exec_memory      \"/memfd:kworker (deleted)\"[48177]     uid 1001(build)  execveat memfd kworker unsealed    LOGGED      by /usr/bin/python3.11[48170]  #425\n");
	finding.flags = WXGUARD_FLAG_CHECKED;
	assert_row(&finding,
		   "09:41:07Z HIGH    exec_memory      \"/memfd:kworker (deleted)\"[48177]     uid 1001(build)  execveat memfd kworker unsealed asked only  LOGGED      by /usr/bin/python3.11[48170]  #425\n");
}

static void a_library_from_a_memfd_is_one_line(void **state)
{
	struct finding finding = rwx();

	(void)state;
	finding.class = WXGUARD_CLASS_MAP_MEMORY_EXEC;
	finding.syscall_nr = 9;
	finding.has_before = finding.has_window = false;
	finding.prot_effective = 5;
	finding.memory_region = WXGUARD_REGION_FILE_PRIVATE;
	finding.memory_origin = WXGUARD_ORIGIN_MEMFD;
	finding.memory_file.present = true;
	finding.memory_file.path = BYTES("/memfd:lib.so (deleted)");
	assert_row(&finding,
		   "09:41:07Z HIGH    map_memory_exec  /opt/acme/bin/agentd[48123]           uid 1001(build)  mmap 4.0K memfd:lib.so r-x         LOGGED      by systemd[812]  #423\n");
}

static void a_verdict_is_said(void **state)
{
	struct finding finding = rwx();

	(void)state;
	finding.verdict = WXGUARD_VERDICT_WOULD_DENY;
	assert_row(&finding,
		   "09:41:07Z MEDIUM  rwx_mprotect     /opt/acme/bin/agentd[48123]           uid 1001(build)  mprotect 4.0K anon rw- -> rwx      WOULD_DENY  by systemd[812]  #423\n");
}

static void a_write_names_its_target(void **state)
{
	struct finding finding = foreign();

	(void)state;
	assert_row(&finding,
		   "09:41:07Z HIGH    foreign_write    /opt/acme/bin/agentd[48123]           uid 1001(build)  pwrite64 16B anon r-x of \"/usr/sbin/vic\\xfftim\"[612]  LOGGED      by systemd[812]  #430\n");
	finding.target.pid = finding.process.pid;
	finding.flags = WXGUARD_FLAG_DEBUGGER;
	assert_row(&finding,
		   "09:41:07Z LOW     foreign_write    /opt/acme/bin/agentd[48123]           uid 1001(build)  pwrite64 16B anon r-x of itself    LOGGED      by systemd[812]  #430\n");
}

static void a_mapping_names_its_other_side(void **state)
{
	struct finding finding = rwx();

	(void)state;
	finding.class = WXGUARD_CLASS_MAP_MEMORY_EXEC;
	finding.has_window = false;
	finding.prot_effective = 5;
	finding.flags = WXGUARD_FLAG_DUAL;
	finding.has_writer = true;
	finding.writer.pid = 613;
	finding.writer.comm = BYTES("filler");
	assert_row(&finding,
		   "09:41:07Z HIGH    map_memory_exec  /opt/acme/bin/agentd[48123]           uid 1001(build)  mprotect 4.0K anon rw- -> r-x, written by filler[613]  LOGGED      by systemd[812]  #423\n");
}

static void what_no_process_did_is_of_the_kernel(void **state)
{
	struct finding finding = tampering(WXGUARD_TAMPER_CANARY);
	struct row_style colored = { .utc = true, .color = true };
	char *text = NULL;
	json_t *doc;
	size_t size;
	FILE *out;

	(void)state;
	assert_row(&finding,
		   "09:41:07Z HIGH    sensor_tamper    kernel                                -               the kernel's probes do not answer  LOGGED      by -  #441\n");
	finding.class = 99;
	finding.tamper = 99;
	assert_row(&finding,
		   "09:41:07Z MEDIUM  \"class 99\"       kernel                                -               for a reason unknown to this program  LOGGED      by -  #441\n");
	finding = tampering(WXGUARD_TAMPER_UNLOAD);
	doc = ecs_document(&finding, &host);
	out = open_memstream(&text, &size);
	row_finding(out, &colored, doc);
	fclose(out);
	assert_non_null(strstr(text, "\033[1;37;41mHIGH"));
	free(text);
	json_decref(doc);
}

static void a_finding_that_came_again_says_so(void **state)
{
	struct finding finding = rwx();
	char *text = render_again(&finding, 10, 1768470999000000000u);

	(void)state;
	assert_non_null(strstr(text, "by systemd[812]  #423  +10 more, last 09:56:39Z\n"));
	free(text);
	/* The one that tells of it. */
	finding.flags = WXGUARD_FLAG_REPEAT;
	finding.repeat_of = 400;
	finding.repeat_count = 10;
	finding.repeat_last = 1768470999000000000u;
	text = render(&finding);
	assert_non_null(strstr(text, "by systemd[812]  #423  10 more of #400, last 09:56:39Z\n"));
	free(text);
}

static char *detail(const struct finding *finding, uint64_t count, uint64_t last)
{
	json_t *doc = ecs_document(finding, &host);
	const struct ctl ctl = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	feed_repeated(doc, count, last);
	detail_print(out, &ctl, doc);
	fclose(out);
	json_decref(doc);
	return text;
}

static void show_tells_of_others_and_of_repeats(void **state)
{
	static const char *const expected[] = {
		"  repeats       10 more like it, the last at 2026-01-15T09:56:39.000000000Z\n",
		"  scope         containers\n",
		"\ntarget\n  pid           612\n  executable    \"/usr/sbin/vic\\xfftim\"\n  user          0\n",
	};
	struct finding finding = foreign();
	char *text;
	size_t i;

	(void)state;
	strcpy(finding.scope, "containers");
	text = detail(&finding, 10, 1768470999000000000u);
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (!strstr(text, expected[i]))
			fail_msg("\"%s\" is not in:\n%s", expected[i], text);
	free(text);

	finding.flags = WXGUARD_FLAG_REPEAT;
	finding.repeat_of = 400;
	finding.repeat_count = 10;
	text = detail(&finding, 0, 0);
	assert_non_null(strstr(text, "  repeat        10 more since #400; this is one of them\n"));
	free(text);

	finding = tampering(WXGUARD_TAMPER_BUDGET);
	text = detail(&finding, 0, 0);
	assert_non_null(strstr(text, "#441  Enforcement ended: the budget of denials is spent, the mode is detect\n"));
	assert_non_null(strstr(text, "  tampering     budget\n"));
	assert_non_null(strstr(text, "process\n  none          the module itself says so\n"));
	free(text);
}

static void control_bytes_and_newlines_are_quoted(void **state)
{
	struct finding finding = memfd();

	(void)state;
	finding.exec_name = BYTES("ev\x1b[31mil\nname");
	finding.process.exe = BYTES("/memfd:ev\x1b[31mil\nname (deleted)");
	assert_row(&finding,
		   "09:41:07Z HIGH    exec_memory      \"/memfd:ev\\x1b[31mil\\x0aname (deleted)\"[48177]  uid 1001(build)  execveat memfd \"ev\\x1b[31mil\\x0aname\" unsealed  LOGGED      by /usr/bin/python3.11[48170]  #425\n");
}

/* JSON cannot hold these; the document keeps their hex, the line shows them. */
static void bytes_that_are_no_text_are_shown_as_they_are(void **state)
{
	struct finding finding = rwx();

	(void)state;
	finding.process.exe = BYTES("/tmp/\xff\xfe\x80");
	finding.ancestor[0].comm = BYTES("a\xc3");
	assert_row(&finding,
		   "09:41:07Z MEDIUM  rwx_mprotect     \"/tmp/\\xff\\xfe\\x80\"[48123]            uid 1001(build)  mprotect 4.0K anon rw- -> rwx      LOGGED      by \"a\\xc3\"[812]  #423\n");
}

static void a_name_cannot_play_a_column(void **state)
{
	struct finding finding = rwx();

	(void)state;
	finding.process.exe = BYTES("/x  uid 0(root)  LOGGED");
	finding.extra.user_name = NULL;
	assert_row(&finding,
		   "09:41:07Z MEDIUM  rwx_mprotect     \"/x  uid 0(root)  LOGGED\"[48123]      uid 1001        mprotect 4.0K anon rw- -> rwx      LOGGED      by systemd[812]  #423\n");
}

static void a_long_path_is_cut_outside_its_quotes(void **state)
{
	struct finding finding = rwx();
	char path[300];
	char *text;

	(void)state;
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	finding.process.exe = (struct bytes){ (uint8_t *)path, sizeof(path) };
	text = render(&finding);
	assert_non_null(strstr(text, "aaa\"...[48123]"));
	assert_true(strlen(text) < 300);
	free(text);
}

static void colours_never_reach_a_pipe(void **state)
{
	struct finding finding = rwx();
	char *text = render(&finding);

	(void)state;
	assert_null(strchr(text, '\033'));
	free(text);
}

static void a_loss_stands_out(void **state)
{
	const struct finding_loss loss = { 301, 412 };
	struct row_style colored = { .utc = true, .color = true };
	char *text = NULL;
	size_t size;
	FILE *out;

	(void)state;
	out = open_memstream(&text, &size);
	row_loss(out, &plain, &loss, 0);
	fclose(out);
	assert_string_equal(text, "--:--:--Z LOST    112 findings, #301 to #412, were overwritten or never stored\n");
	free(text);
	out = open_memstream(&text, &size);
	row_loss(out, &colored, &loss, 1768470067);
	fclose(out);
	assert_non_null(strstr(text, "09:41:07Z \033[1;37;41mLOST\033[0m"));
	free(text);
}

/* Wherever the bytes stand in the document, under its own names too. */
static void no_place_of_show_loses_a_byte(void **state)
{
	struct finding finding = memfd();
	const struct ctl ctl = { 0 };
	const unsigned char *at;
	char *text = NULL;
	json_t *doc;
	size_t size;
	FILE *out;

	(void)state;
	finding.process.comm = finding.process.exe = finding.process.cwd =
		finding.process.cgroup = finding.exec_name = finding.exec_filename =
		finding.exec_file.path = finding.ancestor[0].comm =
		finding.ancestor[0].exe = BYTES("/a\x1b\xff b");
	finding.process.args = BYTES("x\xff\0y\n");
	doc = ecs_document(&finding, &host);
	out = open_memstream(&text, &size);
	detail_print(out, &ctl, doc);
	fclose(out);
	json_decref(doc);
	for (at = (unsigned char *)text; *at; at++)
		if (*at > 0x7e || (*at < 0x20 && *at != '\n'))
			fail_msg("byte %#x in:\n%s", *at, text);
	assert_non_null(strstr(text, "arguments     \"x\\xff\" \"y\\x0a\"\n"));
	assert_non_null(strstr(text, "cgroup        \"/a\\x1b\\xff b\"\n"));
	assert_non_null(strstr(text, "memfd name    \"/a\\x1b\\xff b\"\n"));
	free(text);
}

/* Every section of show, with nothing hostile left raw and each line labelled. */
static void show_has_every_section(void **state)
{
	static const char *const expected[] = {
		"#425  ", "what\n", "why\n", "process\n", "exec\n", "file\n",
		"system call\n", "ancestors, parent first\n",
		"  seals         none\n", "  user          build (1001)\n",
		"0x7f3a5c000000 0x1000 0x7",
	};
	struct finding finding = memfd();
	const struct ctl ctl = { 0 };
	char *text = NULL;
	json_t *doc;
	size_t size, i;
	FILE *out;

	(void)state;
	finding.exec_name = BYTES("ev\x1b[31mil");
	doc = ecs_document(&finding, &host);
	out = open_memstream(&text, &size);
	detail_print(out, &ctl, doc);
	fclose(out);
	json_decref(doc);
	for (i = 0; i < sizeof(expected) / sizeof(expected[0]); i++)
		if (!strstr(text, expected[i]))
			fail_msg("\"%s\" is not in:\n%s", expected[i], text);
	assert_non_null(strstr(text, "\"ev\\x1b[31mil\""));
	assert_null(strchr(text, '\033'));
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_rwx_finding_is_one_line),
		cmocka_unit_test(a_memfd_exec_is_one_line),
		cmocka_unit_test(a_library_from_a_memfd_is_one_line),
		cmocka_unit_test(a_verdict_is_said),
		cmocka_unit_test(a_write_names_its_target),
		cmocka_unit_test(a_mapping_names_its_other_side),
		cmocka_unit_test(what_no_process_did_is_of_the_kernel),
		cmocka_unit_test(a_finding_that_came_again_says_so),
		cmocka_unit_test(show_tells_of_others_and_of_repeats),
		cmocka_unit_test(control_bytes_and_newlines_are_quoted),
		cmocka_unit_test(bytes_that_are_no_text_are_shown_as_they_are),
		cmocka_unit_test(a_name_cannot_play_a_column),
		cmocka_unit_test(a_long_path_is_cut_outside_its_quotes),
		cmocka_unit_test(colours_never_reach_a_pipe),
		cmocka_unit_test(a_loss_stands_out),
		cmocka_unit_test(no_place_of_show_loses_a_byte),
		cmocka_unit_test(show_has_every_section),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
