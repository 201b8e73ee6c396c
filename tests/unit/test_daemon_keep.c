// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Is it still the same executable? For the known set over a reboot, and for
 * the SHA-256 of a finding.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../userspace/daemon/hash.h"
#include "../../userspace/daemon/keep.h"
#include "folder.h"

#define HELLO_SHA256 "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"

static char path[128], other[128];
static struct hash *hash;

static void write_file(const char *name, const char *text)
{
	FILE *out = fopen(name, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
}

static int begin(void **state)
{
	(void)state;
	if (dir_make("keep"))
		return -1;
	snprintf(path, sizeof(path), "%s/exe", dir);
	snprintf(other, sizeof(other), "%s/other", dir);
	write_file(path, "hello\n");
	hash = hash_new(1 << 20);
	return hash ? 0 : -1;
}

static int finish(void **state)
{
	(void)state;
	hash_free(hash);
	return dir_remove();
}

/* As the kernel and keep_describe() would have it. */
static struct store_known learnt(void)
{
	struct store_known entry = { 0 };
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	entry.known.dev = major(st.st_dev) << 20 | minor(st.st_dev);
	entry.known.ino = st.st_ino;
	entry.known.ctime_sec = st.st_ctim.tv_sec;
	entry.known.ctime_nsec = st.st_ctim.tv_nsec;
	entry.known.path_len = strlen(path);
	memcpy(entry.known.path, path, strlen(path));
	keep_describe(hash, &entry);
	return entry;
}

static void expect(const struct store_known *entry, enum keep_verdict verdict)
{
	struct stat st;
	int fd = -2;

	assert_int_equal(keep_verify(hash, entry, &fd), verdict);
	if (verdict == KEEP_SAME) {
		assert_int_equal(fstat(fd, &st), 0);
		assert_int_equal(st.st_ino, entry->known.ino);
		close(fd);
	} else {
		assert_int_equal(fd, -1);
	}
}

static void set_mtime(const struct store_known *entry)
{
	struct timespec times[2] = {
		{ .tv_nsec = UTIME_OMIT },
		{ .tv_sec = entry->mtime_sec, .tv_nsec = entry->mtime_nsec },
	};

	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_verify(void **state)
{
	struct store_known entry = learnt(), changed;

	(void)state;
	assert_true(entry.verifiable);
	assert_int_equal(entry.size, 6);
	assert_string_equal(entry.sha256, HELLO_SHA256);
	expect(&entry, KEEP_SAME);

	/* The device is numbered anew at boot: the content decides. */
	changed = entry;
	changed.known.dev++;
	expect(&changed, KEEP_SAME);
	changed.sha256[0] = '0';
	expect(&changed, KEEP_CHANGED);
	changed.sha256[0] = '\0';
	expect(&changed, KEEP_CHANGED);

	changed = entry;
	changed.known.ino++;
	expect(&changed, KEEP_CHANGED);
	changed = entry;
	changed.mtime_nsec ^= 1;
	expect(&changed, KEEP_CHANGED);
	changed = entry;
	changed.verifiable = false;
	expect(&changed, KEEP_UNVERIFIABLE);
}

static void test_verify_changes(void **state)
{
	struct store_known entry = learnt();

	(void)state;
	assert_int_equal(chmod(path, 0700), 0);
	expect(&entry, KEEP_SAME);

	/* Same size, and the modification time set back: the content tells. */
	write_file(path, "hellO\n");
	set_mtime(&entry);
	expect(&entry, KEEP_CHANGED);
	write_file(path, "hello\n");
	set_mtime(&entry);
	expect(&entry, KEEP_SAME);

	assert_int_equal(rename(path, other), 0);
	expect(&entry, KEEP_GONE);
	assert_int_equal(symlink(other, path), 0);
	expect(&entry, KEEP_GONE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	expect(&entry, KEEP_GONE);
	assert_int_equal(unlink(path), 0);
	write_file(path, "hello\n");	/* equal, but another file */
	set_mtime(&entry);
	expect(&entry, KEEP_CHANGED);
}

static void test_describe_refuses(void **state)
{
	struct store_known entry = learnt();

	(void)state;
	entry.known.ctime_nsec ^= 1;	/* another file by now */
	keep_describe(hash, &entry);
	assert_false(entry.verifiable);
	entry = learnt();
	entry.known.path_len = 0;
	keep_describe(hash, &entry);
	assert_false(entry.verifiable);
	expect(&entry, KEEP_UNVERIFIABLE);
	entry = learnt();
	memcpy(entry.known.path, "exe\0", 4);	/* relative, and a NUL in it */
	expect(&entry, KEEP_GONE);
}

/* ---- the executable of a finding ---- */

static void of_file(struct finding *finding, const char *name, pid_t pid)
{
	struct finding_file *file = &finding->process.exe_file;
	struct stat st;

	memset(finding, 0, sizeof(*finding));
	assert_int_equal(stat(name, &st), 0);
	finding->process.pid = pid;
	finding->process.exe.data = (const uint8_t *)name;
	finding->process.exe.len = strlen(name);
	file->present = true;
	file->ino = st.st_ino;
	file->size = st.st_size;
	file->ctime_sec = st.st_ctim.tv_sec;
	file->ctime_nsec = st.st_ctim.tv_nsec;
	file->magic = EXT4_SUPER_MAGIC;
	assert_int_equal(stat("/proc/self/ns/mnt", &st), 0);
	finding->process.mntns = st.st_ino;
}

static void expect_why(struct finding *finding, const char *why)
{
	hash_executable(hash, finding);
	assert_null(finding->extra.exe_sha256);
	assert_non_null(finding->extra.exe_sha256_why);
	if (!strstr(finding->extra.exe_sha256_why, why))
		fail_msg("not \"%s\": %s", why, finding->extra.exe_sha256_why);
	free(finding->extra.exe_sha256_why);
	finding->extra.exe_sha256_why = NULL;
}

static void expect_hash(struct finding *finding)
{
	hash_executable(hash, finding);
	assert_non_null(finding->extra.exe_sha256);
	assert_int_equal(strlen(finding->extra.exe_sha256), 64);
	free(finding->extra.exe_sha256);
	finding->extra.exe_sha256 = NULL;
}

/* A process number that is free. */
static pid_t gone(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	return pid;
}

static void test_executable(void **state)
{
	struct finding finding;

	(void)state;
	of_file(&finding, "/proc/self/exe", getpid());
	finding.process.exe.data = NULL;
	hash_set_max_size(hash, 1ULL << 32);
	expect_hash(&finding);
	hash_set_max_size(hash, 1 << 20);

	/* The process is another, or gone: then by path, if it is that file. */
	of_file(&finding, path, getpid());
	hash_executable(hash, &finding);
	assert_string_equal(finding.extra.exe_sha256, HELLO_SHA256);
	free(finding.extra.exe_sha256);
	finding.extra.exe_sha256 = NULL;
	of_file(&finding, path, gone());
	expect_hash(&finding);
}

static void test_executable_refused(void **state)
{
	struct finding finding;

	(void)state;
	of_file(&finding, path, gone());
	finding.process.exe_file.ctime_nsec ^= 1;
	expect_why(&finding, "another file now");
	of_file(&finding, path, gone());
	finding.process.mntns ^= 1;
	expect_why(&finding, "another mount namespace");
	of_file(&finding, path, gone());
	finding.process.exe_file.magic = 0x65735546;	/* FUSE: may never answer */
	expect_why(&finding, "not on a local file system");
	of_file(&finding, path, gone());
	hash_set_max_size(hash, 5);
	expect_why(&finding, "hash_max_size");
	hash_set_max_size(hash, 1 << 20);
	of_file(&finding, path, gone());
	finding.process.exe_file.present = false;
	expect_why(&finding, "not known");
	of_file(&finding, path, gone());
	assert_int_equal(unlink(path), 0);
	expect_why(&finding, "cannot be opened");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_verify, begin, finish),
		cmocka_unit_test_setup_teardown(test_verify_changes, begin, finish),
		cmocka_unit_test_setup_teardown(test_describe_refuses, begin, finish),
		cmocka_unit_test_setup_teardown(test_executable, begin, finish),
		cmocka_unit_test_setup_teardown(test_executable_refused, begin, finish),
	};

	return cmocka_run_group_tests_name("daemon_keep", tests, NULL, NULL);
}
