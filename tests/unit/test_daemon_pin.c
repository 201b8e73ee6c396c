// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Exclusions by content: which file they are pinned to, and that they never
 * are to another one; and whether two sets of rules are the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../userspace/daemon/pin.h"
#include "../../userspace/daemon/rules_same.h"
#include "../../userspace/lib/exe_file.h"
#include "folder.h"

#define HELLO "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"
#define OTHER "0000000000000000000000000000000000000000000000000000000000000000"

static char path[128];
static struct hash *hash;
static struct store *store;
static struct pins pins;

static void write_file(const char *text)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static int begin(void **state)
{
	(void)state;
	if (dir_make("pin"))
		return -1;
	snprintf(path, sizeof(path), "%s/e*e", dir);
	write_file("hello\n");
	hash = hash_new(1 << 20);
	memset(&pins, 0, sizeof(pins));
	store = NULL;
	return hash ? 0 : -1;
}

static int finish(void **state)
{
	(void)state;
	pin_free(&pins);
	hash_free(hash);
	store_close(store);
	return dir_remove();
}

/* By content, of the path as a glob that can match nothing else, or of none. */
static struct client_exemption by_content(bool literal)
{
	struct client_exemption exemption = {
		.name = "one", .classes = 1 << WXGUARD_CLASS_RWX_MPROTECT,
		.has_sha256 = true,
	};

	assert_int_equal(exe_file_unhex(HELLO, exemption.sha256), 0);
	if (literal)
		snprintf(exemption.exe, sizeof(exemption.exe), "%s/e\\*e", dir);
	return exemption;
}

/* What the kernel would have made of it. */
static void as_live(struct client_exemption *exemption)
{
	struct stat st;

	if (!exemption->has_fd)
		return;
	assert_int_equal(fstat(exemption->fd, &st), 0);
	exemption->has_identity = true;
	exemption->dev = 77;	/* the kernel's, which stat() need not show */
	exemption->ino = st.st_ino;
	exemption->generation = 5;
	exemption->ctime_sec = st.st_ctim.tv_sec;
	exemption->ctime_nsec = st.st_ctim.tv_nsec;
	close(exemption->fd);
	exemption->has_fd = false;
}

static bool fill(struct client_exemption *wanted, struct client_exemption *live)
{
	struct client_rules rules = { .count = 1, .exemption = wanted };
	struct client_rules old = { .count = live ? 1 : 0, .exemption = live };

	assert_int_equal(pin_fill(&pins, hash, store, &rules, &old), 0);
	return rules_same(&rules, &old);
}

static void test_pinned(void **state)
{
	struct client_exemption wanted = by_content(true), live;

	(void)state;
	assert_false(fill(&wanted, NULL));
	assert_true(wanted.has_fd);
	assert_false(wanted.has_identity);
	assert_false(pin_is_due(&pins));
	as_live(&wanted);
	live = wanted;

	/* The same again: nothing to send. */
	wanted = by_content(true);
	assert_true(fill(&wanted, &live));
	assert_false(wanted.has_fd);
	assert_int_equal(wanted.dev, 77);
	assert_int_equal(wanted.generation, 5);
	/* Nor when the live rules are what it was made from. */
	wanted = live;
	assert_true(fill(&wanted, &live));
}

static void test_follows(void **state)
{
	struct client_exemption wanted = by_content(true), live;

	(void)state;
	fill(&wanted, NULL);
	as_live(&wanted);
	live = wanted;

	/* Another identity, the same content: pinned again. */
	assert_int_equal(chmod(path, 0700), 0);
	assert_true(pin_is_due(&pins));
	assert_false(fill(&wanted, &live));
	assert_true(wanted.has_fd);
	assert_false(pin_is_due(&pins));
	as_live(&wanted);
	live = wanted;

	/* Another content: pinned to nothing, and read only once. */
	write_file("hellO\n");
	assert_true(pin_is_due(&pins));
	assert_false(fill(&wanted, &live));
	assert_false(wanted.has_fd);
	assert_false(wanted.has_identity);
	live = wanted;
	assert_false(pin_is_due(&pins));
	assert_true(fill(&wanted, &live));

	/* Gone, which is no change; back, which is one. */
	assert_int_equal(unlink(path), 0);
	assert_true(pin_is_due(&pins));
	assert_true(fill(&wanted, &live));
	assert_false(pin_is_due(&pins));
	write_file("hello\n");
	assert_true(pin_is_due(&pins));
	assert_false(fill(&wanted, &live));
	assert_true(wanted.has_fd);
	as_live(&wanted);
}

/* Links, and what is no file, are not followed. */
static void test_refused(void **state)
{
	struct client_exemption wanted = by_content(true);
	char other[160];

	(void)state;
	snprintf(other, sizeof(other), "%s/other", dir);
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rename(other, path), 0);
	hash_set_max_size(hash, 5);
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
}

/* Somebody writes between the reading and the kernel's taking of the identity. */
static void test_raced(void **state)
{
	struct client_exemption wanted = by_content(true);
	struct client_rules rules = { .count = 1, .exemption = &wanted };

	(void)state;
	fill(&wanted, NULL);
	assert_true(wanted.has_fd);
	assert_true(pin_held(&pins, &rules));
	write_file("evil!\n");
	assert_false(pin_held(&pins, &rules));
	assert_false(wanted.has_fd);
	assert_true(pin_held(&pins, &rules));	/* nothing is left to lose */
	assert_true(pin_is_due(&pins));
}

static struct finding *finding_of(const char *exe, uint64_t ino)
{
	static struct finding finding;

	memset(&finding, 0, sizeof(finding));
	finding.class = WXGUARD_CLASS_RWX_MPROTECT;
	finding.process.pid = 7;
	finding.process.exe.data = (const uint8_t *)exe;
	finding.process.exe.len = strlen(exe);
	finding.process.exe_file.present = true;
	finding.process.exe_file.dev = 8;
	finding.process.exe_file.ino = ino;
	finding.process.exe_file.generation = 3;
	finding.process.exe_file.ctime_sec = 4;
	finding.process.exe_file.ctime_nsec = 5;
	finding.extra.exe_sha256 = HELLO;
	return &finding;
}

static void test_by_finding(void **state)
{
	struct client_exemption wanted = by_content(false), live;
	struct finding *finding;

	(void)state;
	fill(&wanted, NULL);
	assert_false(wanted.has_identity);
	assert_false(pin_is_due(&pins));
	live = wanted;

	/* Not of this class, not of this content, not the subject. */
	finding = finding_of("/a", 1);
	finding->class = WXGUARD_CLASS_RWX_MMAP;
	pin_finding(&pins, finding);
	finding = finding_of("/a", 1);
	finding->extra.exe_sha256 = OTHER;
	pin_finding(&pins, finding);
	finding = finding_of("/a", 1);
	finding->extra.exe_sha256 = NULL;
	pin_finding(&pins, finding);
	assert_false(pin_is_due(&pins));

	pin_finding(&pins, finding_of("/a", 1));
	assert_true(pin_is_due(&pins));
	assert_false(fill(&wanted, &live));
	assert_true(wanted.has_identity);
	assert_int_equal(wanted.dev, 8);
	assert_int_equal(wanted.ino, 1);
	assert_int_equal(wanted.generation, 3);
	assert_int_equal(wanted.ctime_sec, 4);
	assert_int_equal(wanted.ctime_nsec, 5);
	live = wanted;
	assert_false(pin_is_due(&pins));
	pin_finding(&pins, finding_of("/a", 1));
	assert_false(pin_is_due(&pins));

	/* The rules file again, which knows no identity: it stays. */
	wanted = by_content(false);
	assert_true(fill(&wanted, &live));
	/* Also over a restart of the daemon. */
	pin_free(&pins);
	wanted = by_content(false);
	assert_true(fill(&wanted, &live));

	/* The old file is gone: the other copy is the one. */
	pin_finding(&pins, finding_of("/b", 2));
	assert_true(pin_is_due(&pins));
	assert_false(fill(&wanted, &live));
	assert_int_equal(wanted.ino, 2);
}

/* Of two copies that both are there, the first one keeps it. */
static void test_two_copies(void **state)
{
	struct client_exemption wanted = by_content(false);
	struct finding *finding = finding_of(path, 1);
	struct stat st;

	(void)state;
	assert_int_equal(stat(path, &st), 0);
	fill(&wanted, NULL);
	finding->process.exe_file.ino = st.st_ino;
	finding->process.exe_file.ctime_sec = st.st_ctim.tv_sec;
	finding->process.exe_file.ctime_nsec = st.st_ctim.tv_nsec;
	pin_finding(&pins, finding);
	fill(&wanted, NULL);
	assert_int_equal(wanted.ino, st.st_ino);
	pin_finding(&pins, finding_of("/b", 2));
	assert_false(pin_is_due(&pins));
}

/* ---- findings that the store has already ---- */

static void tell(const char *exe, uint32_t class, const char *sha256)
{
	static unsigned int number;
	char id[32], json[160];
	struct store_record record = {
		.kind = STORE_FINDING, .id = id, .number = ++number, .class = class,
		.exe = { (const uint8_t *)exe, strlen(exe) }, .json = json,
	};

	snprintf(id, sizeof(id), "b-%u", number);
	record.json_len = (size_t)snprintf(json, sizeof(json),
		"{\"process\":{\"hash\":{\"sha256\":\"%s\"}}}", sha256);
	assert_int_equal(store_record_add(store, &record), 0);
}

static void open_store(void)
{
	char name[160], why[STORE_WHY_MAX];

	snprintf(name, sizeof(name), "%s/db", dir);
	assert_int_equal(store_open(name, STORE_WRITE, &store, why), 0);
}

/* Told before it was excluded: the newest file that still has the content. */
static void test_by_store(void **state)
{
	struct client_exemption wanted = by_content(false), live;
	char gone[160], old[160];

	(void)state;
	snprintf(gone, sizeof(gone), "%s/gone", dir);
	snprintf(old, sizeof(old), "%s/db", dir);
	open_store();
	tell(path, WXGUARD_CLASS_RWX_MMAP, HELLO);
	tell(path, WXGUARD_CLASS_RWX_MPROTECT, OTHER);
	tell("relative", WXGUARD_CLASS_RWX_MPROTECT, HELLO);
	/* Another class, another content: not this exclusion's. */
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);

	/* Asked once: what comes later is told by the findings themselves. */
	tell(path, WXGUARD_CLASS_RWX_MPROTECT, HELLO);
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
	pin_free(&pins);
	tell(old, WXGUARD_CLASS_RWX_MPROTECT, HELLO);	/* has changed since */
	tell(gone, WXGUARD_CLASS_RWX_MPROTECT, HELLO);
	assert_false(fill(&wanted, NULL));
	assert_true(wanted.has_fd);
	as_live(&wanted);
	live = wanted;
	assert_false(pin_is_due(&pins));
	assert_true(fill(&wanted, &live));

	/* A copy that is seen while this one is there does not take its place. */
	pin_finding(&pins, finding_of("/b", 2));
	assert_false(pin_is_due(&pins));
	/* Rules that know no identity: pinned again, without another search. */
	wanted = by_content(false);
	store_close(store);
	store = NULL;
	assert_false(fill(&wanted, NULL));
	assert_true(wanted.has_fd);
	as_live(&wanted);
	/* No longer what it was. */
	write_file("hellO\n");
	wanted = by_content(false);
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
}

/* The path that the exclusion gives as a glob counts, and so do its classes. */
static void test_by_store_and_glob(void **state)
{
	struct client_exemption wanted = by_content(false);

	(void)state;
	open_store();
	tell(path, WXGUARD_CLASS_RWX_MMAP, HELLO);
	wanted.classes = 1 << WXGUARD_CLASS_RWX_MMAP;
	snprintf(wanted.exe, sizeof(wanted.exe), "/opt/**");
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
	snprintf(wanted.exe, sizeof(wanted.exe), "/tmp/**");
	fill(&wanted, NULL);
	assert_true(wanted.has_fd);
	as_live(&wanted);

	pin_free(&pins);
	wanted = by_content(false);
	fill(&wanted, NULL);
	assert_false(wanted.has_fd);
	wanted.classes |= 1 << WXGUARD_CLASS_RWX_MMAP;
	fill(&wanted, NULL);
	assert_true(wanted.has_fd);
	as_live(&wanted);
}

/* Of an exec that went through the finding has the new program, not the subject. */
static void test_subject(void **state)
{
	static const struct {
		uint32_t class, verdict;
		bool same_file, pinned;
	} rows[] = {
		{ WXGUARD_CLASS_EXEC_MEMORY, WXGUARD_VERDICT_LOGGED, false, false },
		{ WXGUARD_CLASS_EXEC_MEMORY, WXGUARD_VERDICT_DENIED, false, true },
		{ WXGUARD_CLASS_EXEC_UNKNOWN, WXGUARD_VERDICT_LOGGED, true, true },
		{ WXGUARD_CLASS_EXEC_UNKNOWN, WXGUARD_VERDICT_DENIED, false, false },
		{ WXGUARD_CLASS_FOREIGN_WRITE, WXGUARD_VERDICT_LOGGED, false, true },
	};
	struct client_exemption wanted = by_content(false);
	struct finding *finding;
	size_t i;

	(void)state;
	snprintf(wanted.exe, sizeof(wanted.exe), "/opt/**");
	wanted.classes = UINT32_MAX;
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		pin_free(&pins);
		fill(&wanted, NULL);
		finding = finding_of("/opt/a", 1);
		finding->class = rows[i].class;
		finding->verdict = rows[i].verdict;
		finding->exec_file.present = true;
		finding->exec_file.dev = 8;
		finding->exec_file.ino = rows[i].same_file ? 1 : 2;
		pin_finding(&pins, finding);
		assert_int_equal(pin_is_due(&pins), rows[i].pinned);
	}
	/* The exclusion's path counts as well. */
	pin_free(&pins);
	fill(&wanted, NULL);
	pin_finding(&pins, finding_of("/usr/a", 1));
	assert_false(pin_is_due(&pins));
}

/* Each difference is one, but for what the rules do not say. */
static void test_same(void **state)
{
	struct client_exemption one = by_content(false), two = one;
	struct client_scope scope = { .name = "s", .cgroup = "/x", .classes = 2 }, other = scope;
	struct client_rules a = {
		.generation = 1, .classes = 1, .class = { { .id = 1, .repeat = 60 } },
		.count = 1, .exemption = &one, .scopes = 1, .scope = &scope, .budget = 120,
	};
	struct client_rules b = a;

	(void)state;
	b.exemption = &two;
	b.scope = &other;
	b.generation = 9;
	two.hits = 4;
	other.hits = 4;
	assert_true(rules_same(&a, &b));
#define DIFFERS(member, value) do { \
		__typeof__(member) kept = (member); \
		(member) = (value); \
		assert_false(rules_same(&a, &b)); \
		(member) = kept; \
	} while (0)
	DIFFERS(b.class[0].repeat, 0);
	DIFFERS(b.class[0].self_clone, 1);
	DIFFERS(b.class[0].init, 1);
	DIFFERS(b.budget, 0);
	DIFFERS(b.budget_exe, 1);
	DIFFERS(b.scopes, 0);
	DIFFERS(other.action, 3);
	DIFFERS(other.has_known, true);
	DIFFERS(other.cgroup[1], 'y');
	DIFFERS(two.sha256[31], 0);
	DIFFERS(two.has_sha256, false);
	DIFFERS(two.has_identity, true);
	DIFFERS(two.expires, 1);
#undef DIFFERS
	one.has_identity = two.has_identity = true;
	assert_true(rules_same(&a, &b));
	two.generation = 1;
	assert_false(rules_same(&a, &b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_pinned, begin, finish),
		cmocka_unit_test_setup_teardown(test_follows, begin, finish),
		cmocka_unit_test_setup_teardown(test_refused, begin, finish),
		cmocka_unit_test_setup_teardown(test_raced, begin, finish),
		cmocka_unit_test_setup_teardown(test_by_finding, begin, finish),
		cmocka_unit_test_setup_teardown(test_two_copies, begin, finish),
		cmocka_unit_test_setup_teardown(test_by_store, begin, finish),
		cmocka_unit_test_setup_teardown(test_by_store_and_glob, begin, finish),
		cmocka_unit_test_setup_teardown(test_subject, begin, finish),
		cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests_name("daemon_pin", tests, NULL, NULL);
}
