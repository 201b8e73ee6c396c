// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What explain says about a finding, from the document that the daemon would
 * store, a store and a package database made for it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/doc.h>
#include <ctl/explain.h>
#include <ctl/explain_case.h>
#include <ctl/package.h>
#include <lib/ecs.h>
#include <lib/json_out.h>

#include "folder.h"

#define BYTES(literal) \
	((struct bytes){ (const uint8_t *)(literal), sizeof(literal) - 1 })

static const struct ecs_context host = {
	.boot_id = "3f1c9a52-d0e1-4c0f-9b0c-5a7e6d2b8f10",
	.host_name = "web-03",
};

static struct finding rwx(void)
{
	struct finding finding = {
		.seq = 423,
		.class = WXGUARD_CLASS_RWX_MPROTECT,
		.action = WXGUARD_ACTION_LOG,
		.verdict = WXGUARD_VERDICT_LOGGED,
		.mode = WXGUARD_MODE_DETECT,
		.generation = 3,
		.time_real = 1768470067123456789u,
		.time_boot = 1000000000000u,
		.has_window = true,
		.window = 604800,
		.has_syscall = true,
		.has_return = true,
		.syscall_nr = 10,
		.syscall_arch = 0xc000003e,
		.syscall_args = { 0x7f3a5c000000, 4096, 7 },
		.has_memory = true,
		.has_before = true,
		.memory_address = 0x7f3a5c000000,
		.memory_size = 4096,
		.prot_before = 3,
		.prot_asked = 7,
		.prot_effective = 7,
		.ancestors = 1,
	};

	finding.process.pid = finding.process.tid = 48123;
	finding.process.start = 900000000000u;
	finding.process.uid = 1001;
	finding.process.sessionid = 12;
	finding.process.comm = BYTES("agentd");
	finding.process.exe = BYTES("/opt/acme/a\xff\033gentd");
	finding.process.cgroup = BYTES("/system.slice/acme.service");
	finding.process.exe_file.present = true;
	finding.process.exe_file.dev = 8 << 20 | 1;
	finding.process.exe_file.ino = 42;
	finding.process.exe_file.generation = 7;
	finding.process.exe_file.ctime_sec = 1700000000;
	finding.process.exe_file.ctime_nsec = 5;
	finding.ancestor[0].pid = 812;
	finding.ancestor[0].comm = BYTES("systemd");
	finding.ancestor[0].exe = BYTES("/usr/lib/systemd/systemd");
	finding.extra.user_name = (char *)"build";
	return finding;
}

/* What the rules look at is what the module looked at, each byte of it. */
static void a_document_leads_back_to_the_event(void **state)
{
	struct finding finding = rwx();
	json_t *doc = ecs_document(&finding, &host);
	struct explain_case found;

	(void)state;
	explain_case(doc, 5, &found);
	assert_int_equal(found.event.class, WXGUARD_CLASS_RWX_MPROTECT);
	assert_false(found.by_parent);
	assert_int_equal(found.event.exe.len, finding.process.exe.len);
	assert_memory_equal(found.event.exe.data, finding.process.exe.data,
			    finding.process.exe.len);
	assert_memory_equal(found.event.comm.data, "agentd", 6);
	assert_int_equal(found.event.uid, 1001);
	assert_true(found.event.has_key);
	assert_int_equal(found.event.dev, 8 << 20 | 1);
	assert_int_equal(found.event.ino, 42);
	assert_int_equal(found.event.generation, 7);
	assert_int_equal(found.event.ctime_sec, 1700000000);
	assert_int_equal(found.event.ctime_nsec, 5);
	explain_case_free(&found);
	json_decref(doc);
}

/* A program that was started from memory was judged as the one that started it. */
static void a_start_is_judged_by_who_asks(void **state)
{
	struct finding finding = rwx();
	struct explain_case found;
	json_t *doc;

	(void)state;
	finding.class = WXGUARD_CLASS_EXEC_MEMORY;
	finding.has_memory = finding.has_window = false;
	finding.has_exec = true;
	finding.exec_origin = WXGUARD_ORIGIN_MEMFD;
	doc = ecs_document(&finding, &host);
	explain_case(doc, 5, &found);
	assert_true(found.by_parent);
	assert_memory_equal(found.event.exe.data, "/usr/lib/systemd/systemd",
			    24);
	assert_false(found.event.has_key);
	explain_case_free(&found);
	json_decref(doc);

	finding.verdict = WXGUARD_VERDICT_DENIED;
	doc = ecs_document(&finding, &host);
	explain_case(doc, 5, &found);
	assert_false(found.by_parent);
	assert_true(found.event.has_key);
	explain_case_free(&found);
	json_decref(doc);
}

static void exclusions_say_why_they_missed(void **state)
{
	struct client_exemption rows[] = {
		{ .name = "java",
		  .classes = 1 << WXGUARD_CLASS_RWX_MPROTECT,
		  .exe = "/usr/lib/jvm/**",
		  .has_uid = true,
		  .uid = 5 },
		{ .name = "shm",
		  .classes = 1 << WXGUARD_CLASS_EXEC_MEMORY,
		  .exe = "/**" },
		{ .name = "acme",
		  .classes = 1 << WXGUARD_CLASS_RWX_MPROTECT,
		  .exe = "/opt/acme/*" },
	};
	struct client_rules rules = { .count = 3, .exemption = rows };
	struct finding finding = rwx();
	json_t *doc = ecs_document(&finding, &host), *why = json_object(),
	       *list;
	struct explain_case found;

	(void)state;
	explain_case(doc, 5, &found);
	assert_int_equal(explain_exclusions(why, &rules, &found.event), 0);
	list = json_object_get(why, "exclusions");
	assert_int_equal(json_array_size(list), 3);
	assert_string_equal(
		doc_string(json_array_get(list, 0), "words"),
		"exe /usr/lib/jvm/** does not fit \"/opt/acme/a\\xff\\x1bgentd\"; uid is 5, not 1001");
	assert_string_equal(doc_string(json_array_get(list, 1), "words"),
			    "it is for exec_memory");
	assert_true(json_is_true(doc_get(json_array_get(list, 2), "covers")));
	explain_case_free(&found);
	json_decref(why);
	json_decref(doc);
}

static int begin(void **state)
{
	(void)state;
	return dir_make("explain");
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

static void a_file_is_looked_up_in_its_package(void **state)
{
	struct package package;

	(void)state;
	dir_put("/var/lib/dpkg/info/other.list", "/.\n/usr/bin/jitter\n");
	dir_put("/var/lib/dpkg/info/jit:amd64.list",
		 "/.\n/bin\n/bin/jit\n/usr/lib/x\n");
	dir_put(
		"/var/lib/dpkg/info/jit:amd64.md5sums",
		"900150983cd24fb0d6963f7d28e17f72  bin/jit\nd41d8cd98f00b204e9800998ecf8427e  usr/lib/x\n");
	dir_put("/usr/bin/jit", "abc");
	dir_put("/usr/lib/x", "not empty");
	dir_put("/usr/bin/jitter", "abc");
	/* The package says /bin/jit, from the time before /usr was merged. */
	package_look(dir, "/usr/bin/jit", &package);
	assert_string_equal(package.kind, "dpkg");
	assert_string_equal(package.name, "jit:amd64");
	assert_int_equal(package.match, PACKAGE_SAME);
	package_look(dir, "/usr/lib/x", &package);
	assert_int_equal(package.match, PACKAGE_CHANGED);
	package_look(dir, "/usr/bin/jitter", &package);
	assert_string_equal(package.name, "other");
	assert_int_equal(package.match, PACKAGE_UNCHECKED);
	assert_string_equal(package.why, "the package has no sum for it");
	package_look(dir, "/usr/bin/ji", &package);
	assert_string_equal(package.name, "");
	assert_string_equal(package.why, "no package has it");
	package_look(dir, "/bin\n/bin/jit", &package);
	assert_string_equal(package.name, "");
}

static const char moment[] =
	"{\"delay_ms\":4,\"network\":{\"sockets\":[{\"fd\":3,\"type\":\"tcp\",\"state\":\"ESTABLISHED\","
	"\"local\":\"10.0.0.1:1\",\"remote\":\"10.0.0.2:443\"}]},"
	"\"files\":{\"missing\":\"the process is gone\"}}";

static struct store *fill_store(int64_t *row, json_t **doc)
{
	struct finding finding = rwx();
	struct store *store = NULL;
	char path[128], why[STORE_WHY_MAX];
	uint64_t seq;

	snprintf(path, sizeof(path), "%s/db", dir);
	if (store_open(path, STORE_WRITE, &store, why))
		fail_msg("%s", why);
	for (seq = 422; seq <= 425; seq++) {
		struct store_record record = { .kind = STORE_FINDING,
					       .number = seq };
		char digest[] = "ab";
		json_t *made;
		char *line;

		finding = rwx();
		finding.seq = seq;
		finding.time_real += seq * 1000000000;
		if (seq ==
		    424) { /* another one with that number, in no session */
			finding.process.start++;
			finding.process.sessionid = UINT32_MAX;
			finding.process.cgroup = BYTES("/");
		}
		if (seq == 425)
			finding.process.pid = 5;
		finding.extra.exe_sha256 = digest;
		if (seq == 422) /* the path had other content by then */
			digest[0]++;
		made = ecs_document(&finding, &host);
		line = json_line(made, &record.json_len);
		record.json = line;
		record.id = doc_string(made, "event.id");
		record.time = finding.time_real;
		record.pid = finding.process.pid;
		record.exe = finding.process.exe;
		assert_int_equal(store_record_add(store, &record), 0);
		if (seq == 423)
			assert_int_equal(store_moment_put(store, record.id,
							  moment,
							  strlen(moment)),
					 0);
		free(line);
		if (seq == 423)
			*doc = made;
		else
			json_decref(made);
	}
	*row = 2;
	return store;
}

/* The file of rwx(), for two classes; and another one. */
static void put_known(struct store *store)
{
	struct store_known entry = {
		.known = { .dev = 8 << 20 | 1, .ino = 42, .generation = 7,
			   .ctime_sec = 1700000000, .ctime_nsec = 5,
			   .classes = 1 << WXGUARD_CLASS_RWX_MMAP,
			   .first_seen = 1768377599, .last_seen = 1768377599, .count = 2 },
	};

	assert_int_equal(store_known_put(store, &entry), 0);
	entry.known.classes = 1 << WXGUARD_CLASS_EXEC_MEMORY;
	entry.known.first_seen = entry.known.last_seen = 1768377600;
	assert_int_equal(store_known_put(store, &entry), 0);
	entry.known.ctime_nsec++;
	entry.known.first_seen = 5;
	assert_int_equal(store_known_put(store, &entry), 0);
}

static void explanation_has_an_answer_to_each_question(void **state)
{
	struct explain explain = { .no_client = "nobody",
				   .now = 1768470067,
				   .out = json_object() };
	const struct ctl ctl = { .utc = true };
	char *text = NULL;
	const json_t *near;
	size_t size;
	FILE *out;

	(void)state;
	explain.ctl = &ctl;
	explain.store = fill_store(&explain.row, &explain.doc);
	json_put(explain.out, "container",
		 json_pack("{s:s, s:{s:s}, s:s}", "name", "web", "image", "name",
			   "nginx:1.25", "source", "/run/x"));
	assert_int_equal(explain_what(&explain), 0);
	assert_int_equal(explain_why(&explain), 0);
	assert_int_equal(explain_executable(&explain), 0);
	put_known(explain.store);
	assert_int_equal(explain_first(&explain), 0);
	assert_int_equal(explain_around(&explain), 0);
	assert_int_equal(explain_next(&explain), 0);
	json_put(explain.out, "finding", json_incref(explain.doc));
	assert_string_equal(
		doc_string(explain.out, "what"),
		"agentd[48123] of build in container web (nginx:1.25), started by /usr/lib/systemd/systemd: mprotect by \"/opt/acme/a\\xff\\x1bgentd\" on 4096 bytes: rw- -> rwx; the first of this executable within 7d. It went through; the rule only logs.");
	near = doc_get(explain.out, "around.findings");
	assert_int_equal(json_array_size(near), 2);
	assert_int_equal(
		json_array_size(doc_get(json_array_get(near, 0), "shares")), 3);
	assert_int_equal(
		json_array_size(doc_get(json_array_get(near, 1), "shares")), 2);
	/* Nothing that a shell would act on. */
	assert_null(strchr(
		doc_string(json_array_get(doc_get(explain.out, "next"), 0),
			   "type"),
		'\\'));

	out = open_memstream(&text, &size);
	explain_print(out, &ctl, explain.out);
	assert_int_equal(fclose(out), 0);
	assert_null(strchr(text, '\033'));
	assert_non_null(strstr(text, "why it was reported"));
	assert_non_null(strstr(
		text, "still not known: the next time is reported, too"));
	assert_non_null(strstr(
		text, "fd 3   tcp   ESTABLISHED  10.0.0.1:1 -> 10.0.0.2:443"));
	assert_non_null(strstr(
		text, "files         not to be had: the process is gone"));
	assert_non_null(strstr(text, "(same process session"));
	assert_non_null(strstr(text, "T1059.004"));
	assert_non_null(strstr(text, "the container today"));
	assert_non_null(strstr(
		text,
		"first seen    2026-01-14 07:59:59Z: known since then for exec_memory,rwx_mmap, seen 4 times (as the daemon kept it)\n"
		"                2026-01-15 09:48:09Z: #422, the first stored finding of this path, which was another content then\n"
		"                2026-01-15 09:48:10Z: #423, which is this one, the first stored finding of this path with this content\n"));
	assert_non_null(strstr(text, "what to do next"));
	free(text);
	store_close(explain.store);
	json_decref(explain.doc);
	json_decref(explain.out);
}

static void what_cannot_be_had_says_why(void **state)
{
	struct explain explain = { .no_client = "nobody",
				   .no_store = "it is on fire",
				   .now = 1768470067,
				   .out = json_object() };
	struct finding finding = rwx();
	const struct ctl ctl = { .utc = true };

	(void)state;
	explain.ctl = &ctl;
	explain.doc = ecs_document(&finding, &host);
	assert_int_equal(explain_why(&explain), 0);
	assert_int_equal(explain_around(&explain), 0);
	assert_int_equal(explain_executable(&explain), 0);
	assert_int_equal(explain_first(&explain), 0);
	assert_string_equal(doc_string(explain.out,
				       "executable.first_seen.known.missing"),
			    "nobody");
	assert_string_equal(doc_string(explain.out,
				       "executable.first_seen.finding.missing"),
			    "it is on fire");
	assert_string_equal(doc_string(explain.out, "why.known_missing"),
			    "it is on fire");
	assert_string_equal(doc_string(explain.out, "around.missing"),
			    "it is on fire");
	assert_string_equal(doc_string(explain.out, "moment.missing"),
			    "it is on fire");
	assert_string_equal(
		doc_string(explain.out, "executable.package.missing"),
		"its path is no text; look at it with the SHA-256 instead");
	json_decref(explain.doc);
	json_decref(explain.out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_leads_back_to_the_event),
		cmocka_unit_test(a_start_is_judged_by_who_asks),
		cmocka_unit_test(exclusions_say_why_they_missed),
		cmocka_unit_test_setup_teardown(
			a_file_is_looked_up_in_its_package, begin, finish),
		cmocka_unit_test_setup_teardown(
			explanation_has_an_answer_to_each_question, begin,
			finish),
		cmocka_unit_test(what_cannot_be_had_says_why),
	};

	return cmocka_run_group_tests_name("ctl_explain", tests, NULL, NULL);
}
