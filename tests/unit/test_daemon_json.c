// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The findings file against death and a full disk. The system calls that
 * change files are ours here: they count, and at a chosen count they kill the
 * process or refuse. So each point at which the daemon can die is tried, not
 * some of them by chance.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../../userspace/daemon/sink.h"
#include "../../userspace/lib/store.h"

#define RECORDS 48
#define PER_BATCH 5

/* ---- the system calls ---- */

static long die_at = -1;	/* calls until death, -1 = never */
static long *calls;		/* counted where the parent can read it */
static long space = -1;		/* bytes that the disk has left, -1 = enough */
static bool append_only;
static bool sync_fails;
static unsigned int syncs;	/* of the findings file */

/* Death comes before the call, or in the middle of a write. */
static bool dying(void)
{
	if (calls)
		++*calls;
	return die_at >= 0 && !die_at--;
}

static void die(void)
{
	kill(getpid(), SIGKILL);
}

ssize_t write(int fd, const void *data, size_t len);
ssize_t write(int fd, const void *data, size_t len)
{
	if (fd > 2 && dying()) {
		syscall(SYS_write, fd, data, len / 2);
		die();
	}
	if (fd > 2 && space >= 0) {
		if (!space) {
			errno = ENOSPC;
			return -1;
		}
		if (len > (size_t)space)
			len = space;
		space -= len;
	}
	return syscall(SYS_write, fd, data, len);
}

ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at);
ssize_t pwrite64(int fd, const void *data, size_t len, off64_t at)
{
	if (dying()) {
		syscall(SYS_pwrite64, fd, data, len / 2, at);
		die();
	}
	return syscall(SYS_pwrite64, fd, data, len, at);
}

int ftruncate(int fd, off_t len)
{
	if (dying())
		die();
	if (append_only) {
		errno = EPERM;
		return -1;
	}
	return syscall(SYS_ftruncate, fd, len);
}

static bool is_findings_file(int fd);

/* Nothing here survives a power cut, so nobody waits for the disk. */
int fdatasync(int fd)
{
	if (dying())
		die();
	if (!is_findings_file(fd))
		return 0;
	syncs++;
	errno = EIO;
	return sync_fails ? -1 : 0;
}

int fsync(int fd)
{
	return fdatasync(fd);
}

int rename(const char *from, const char *to)
{
	if (dying())
		die();
	return syscall(SYS_rename, from, to);
}

/* ---- a daemon in small ---- */

static char dir[64];
static char db_path[PATH_MAX];
static struct config config;
static struct store *store;
static struct sink sinks[SINK_COUNT];
static struct sink *sink = &sinks[SINK_JSON];

static bool is_findings_file(int fd)
{
	struct stat a, b;

	return !fstat(fd, &a) && !stat(config.json.path, &b) && a.st_ino == b.st_ino &&
	       a.st_dev == b.st_dev;
}

static void record_json(char *json, size_t size, unsigned int number)
{
	unsigned int i, len;

	len = snprintf(json, size, "{\"event\":{\"id\":\"boot-%04u\"},\"fill\":\"", number);
	for (i = 0; i < 20 + number * 37 % 400; i++)
		json[len++] = 'a' + (number + i) % 26;
	snprintf(json + len, size - len, "\"}");
}

static int add_records(unsigned int first, unsigned int count)
{
	char json[1024], id[32];
	struct store_record record = { .kind = STORE_FINDING, .class = 1, .id = id, .json = json };
	unsigned int i;
	int error = store_begin(store);

	for (i = first; i < first + count && !error; i++) {
		record_json(json, sizeof(json), i);
		snprintf(id, sizeof(id), "boot-%04u", i);
		record.json_len = strlen(json);
		record.number = i;
		error = store_record_add(store, &record);
	}
	if (!error)
		error = store_meta_set_u64(store, STORE_META_LAST_SEQ, first + count - 1);
	return error ? error : store_commit(store);
}

static void open_all(void)
{
	char why[STORE_WHY_MAX];

	if (store_open(db_path, STORE_WRITE, &store, why))
		fail_msg("%s", why);
	sinks_init(sinks, &config, store);
}

static void close_all(void)
{
	sink_close(sink);
	store_close(store);
	store = NULL;
}

static void pump(void)
{
	if (sink_pump(sink, store))
		fail_msg("%s", sink->why);
	sinks_save(sinks, store);
}

/* From wherever the store says, to the last record. Says 0 when done. */
static int work(void)
{
	char why[STORE_WHY_MAX];
	uint64_t last = 0;
	unsigned int count;

	if (store_open(db_path, STORE_WRITE, &store, why))
		return 2;
	sinks_init(sinks, &config, store);
	if (sink_pump(sink, store))
		return 3;
	if (store_meta_get_u64(store, STORE_META_LAST_SEQ, &last))
		last = 0;
	while (last < RECORDS) {
		count = RECORDS - last < PER_BATCH ? RECORDS - last : PER_BATCH;
		if (add_records(last + 1, count) || sink_pump(sink, store))
			return 4;
		/* The store learns only now and then how far the file is. */
		if (last / PER_BATCH % 3 == 1)
			sinks_save(sinks, store);
		last += count;
	}
	close_all();
	return 0;
}

/* Run work() in a process that dies at that call. True if it was killed. */
static bool work_until(long at)
{
	int status;
	pid_t pid;

	*calls = 0;
	pid = fork();
	assert_true(pid >= 0);
	if (!pid) {
		die_at = at;
		_exit(work());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WIFSIGNALED(status)) {
		assert_int_equal(WTERMSIG(status), SIGKILL);
		return true;
	}
	assert_int_equal(WEXITSTATUS(status), 0);
	return false;
}

/* ---- what came out ---- */

struct seen {
	unsigned int next;	/* the record that has to come */
	unsigned int junk;	/* lines that are no record */
};

static void read_path(const char *path, struct seen *seen)
{
	char *line = NULL, expected[1024];
	size_t size = 0;
	ssize_t len;
	FILE *in = fopen(path, "r");

	if (!in)
		return;
	while ((len = getline(&line, &size, in)) > 0) {
		assert_int_equal(line[len - 1], '\n');
		line[len - 1] = '\0';
		record_json(expected, sizeof(expected), seen->next);
		if (!strcmp(line, expected))
			seen->next++;
		else if (len > 3 && !strcmp(line + len - 3, "\"}"))
			fail_msg("%s: record %u should come, not %s", path,
				 seen->next, line);
		else
			seen->junk++;
	}
	free(line);
	fclose(in);
}

/* All files, oldest first: each record once and in order. */
static void expect_records(unsigned int count, unsigned int junk)
{
	struct seen seen = { .next = 1 };
	char path[PATH_MAX + 16];
	int i;

	for (i = config.json.keep; i > 0; i--) {
		snprintf(path, sizeof(path), "%s.%d", config.json.path, i);
		read_path(path, &seen);
	}
	read_path(config.json.path, &seen);
	assert_int_equal(seen.next - 1, count);
	assert_int_equal(seen.junk, junk);
}

static void remove_all(void)
{
	char path[PATH_MAX + 300];
	struct dirent *entry;
	DIR *folder = opendir(dir);

	assert_non_null(folder);
	while ((entry = readdir(folder))) {
		snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name);
		unlink(path);
	}
	closedir(folder);
}

static off_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) ? -1 : st.st_size;
}

static int begin(void **state)
{
	(void)state;
	/* In memory where possible: it makes and removes thousands of files. */
	snprintf(dir, sizeof(dir), "%s/wxguard-json-XXXXXX",
		 access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
	if (!mkdtemp(dir))
		return -1;
	snprintf(db_path, sizeof(db_path), "%s/db", dir);
	config_init(&config);
	config.journal = CONFIG_NO;
	snprintf(config.json.path, sizeof(config.json.path), "%s/f", dir);
	config.json.max_size = 1 << 20;
	config.json.keep = 20;
	if (!calls)
		calls = mmap(NULL, sizeof(*calls), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	die_at = -1;
	space = -1;
	append_only = false;
	sync_fails = false;
	return 0;
}

static int finish(void **state)
{
	(void)state;
	die_at = -1;
	space = -1;
	append_only = false;
	sync_fails = false;
	if (store)
		close_all();
	remove_all();
	return rmdir(dir);
}

/* ---- the cases ---- */

static void test_every_death(void **state)
{
	long at, total;

	(void)state;
	config.json.max_size = 3000;	/* so that it rotates many times */
	assert_false(work_until(-1));
	total = *calls;
	assert_true(total > 50);
	expect_records(RECORDS, 0);
	for (at = 0; at < total; at++) {
		remove_all();
		if (!work_until(at))
			fail_msg("call %ld of %ld was not reached", at, total);
		/* A second death, early or late in the recovery of the first. */
		work_until(at * 7 % 23);
		assert_false(work_until(-1));
		expect_records(RECORDS, 0);
	}
}

static void test_full_disk(void **state)
{
	char expected[1024];
	unsigned int last;
	long room;

	(void)state;
	for (room = 0; room < 2500; room += 61) {
		remove_all();
		open_all();
		add_records(1, 12);
		space = room;
		if (sink_pump(sink, store)) {
			assert_non_null(strstr(sink->why, "No space left"));
			assert_non_null(strstr(sink->why, config.json.path));
			last = sink->place.row;
			record_json(expected, sizeof(expected), last + 1);
			/* Whole records only, and as many as there was room for. */
			expect_records(last, 0);
			assert_true(size_of(config.json.path) + (long)strlen(expected) + 1 > room);
			add_records(13, 2);	/* goes on being told meanwhile */
			assert_int_not_equal(sink_pump(sink, store), 0);
			expect_records(last, 0);
		} else {
			add_records(13, 2);
		}
		space = -1;
		pump();
		expect_records(14, 0);
		close_all();
	}
}

static void test_full_disk_and_death(void **state)
{
	(void)state;
	open_all();
	add_records(1, 12);
	space = 1000;
	assert_int_not_equal(sink_pump(sink, store), 0);
	close_all();
	space = -1;
	open_all();
	pump();
	expect_records(12, 0);
}

/* A file that cannot be cut keeps the torn line; what follows is whole. */
static void test_append_only(void **state)
{
	(void)state;
	open_all();
	add_records(1, 12);
	append_only = true;
	space = 1000;
	assert_int_not_equal(sink_pump(sink, store), 0);
	assert_true(size_of(config.json.path) == 1000);
	close_all();
	open_all();
	space = -1;
	pump();
	expect_records(12, 1);
}

/* What the disk did not take for sure is written again, and stands there once. */
static void test_sync_fails(void **state)
{
	(void)state;
	open_all();
	add_records(1, 5);
	pump();
	add_records(6, 4);
	sync_fails = true;
	assert_int_not_equal(sink_pump(sink, store), 0);
	assert_non_null(strstr(sink->why, config.json.path));
	expect_records(5, 0);
	assert_false(sink->saved);
	add_records(10, 2);
	assert_int_not_equal(sink_pump(sink, store), 0);
	sync_fails = false;
	pump();
	expect_records(11, 0);
	/* The old file, before it gets another name. */
	config.json.max_size = 300;
	add_records(12, 3);
	sync_fails = true;
	assert_int_not_equal(sink_pump(sink, store), 0);
	sync_fails = false;
	pump();
	expect_records(14, 0);
}

/* However many records: the disk is waited for once, and not without need. */
static void test_syncs_once(void **state)
{
	(void)state;
	open_all();
	add_records(1, 500);
	syncs = 0;
	pump();
	assert_int_equal(syncs, 1);
	pump();
	assert_int_equal(syncs, 1);
	config.json.fsync = false;
	add_records(501, 1);
	pump();
	assert_int_equal(syncs, 1);
	expect_records(501, 0);
}

static void test_rotation(void **state)
{
	char path[PATH_MAX + 16];
	struct stat st;
	unsigned int i;

	(void)state;
	config.json.max_size = 2000;
	config.json.keep = 2;
	open_all();
	for (i = 1; i < 40; i += 3) {
		add_records(i, 3);
		pump();
		assert_true(size_of(config.json.path) <= 2000);
	}
	snprintf(path, sizeof(path), "%s.2", config.json.path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640 & ~umask(umask(0)));
	snprintf(path, sizeof(path), "%s.3", config.json.path);
	assert_int_equal(size_of(path), -1);
	close_all();

	remove_all();
	config.json.keep = 0;
	open_all();
	for (i = 1; i < 40; i += 3) {
		add_records(i, 3);
		pump();
		assert_true(size_of(config.json.path) <= 2000);
	}
	snprintf(path, sizeof(path), "%s.1", config.json.path);
	assert_int_equal(size_of(path), -1);
}

/* logrotate renames, then asks; between the two the daemon may die. */
static void test_renamed(void **state)
{
	char path[PATH_MAX + 16];
	struct store_sink place;

	(void)state;
	open_all();
	add_records(1, 5);
	pump();
	assert_int_equal(store_sink_get(store, "json", &place), 0);
	add_records(6, 5);
	pump();
	snprintf(path, sizeof(path), "%s.1", config.json.path);
	assert_int_equal(rename(config.json.path, path), 0);
	/* As if it had died before the place was committed. */
	assert_int_equal(store_sink_set(store, "json", &place), 0);
	close_all();
	open_all();
	add_records(11, 2);
	pump();
	expect_records(12, 0);
}

static void test_removed(void **state)
{
	(void)state;
	open_all();
	add_records(1, 3);
	pump();
	assert_int_equal(unlink(config.json.path), 0);
	add_records(4, 3);
	pump();
	assert_true(size_of(config.json.path) > 0);
	close_all();
}

/* A power cut took the end of the file: it is written again. */
static void test_lost_tail(void **state)
{
	(void)state;
	open_all();
	add_records(1, 10);
	pump();
	close_all();
	assert_int_equal(truncate(config.json.path, size_of(config.json.path) - 700), 0);
	open_all();
	pump();
	expect_records(10, 0);
}

/* The database is new, the file is not: it goes by the last line. */
static void test_no_place(void **state)
{
	(void)state;
	open_all();
	add_records(1, 6);
	pump();
	assert_int_equal(store_sink_remove(store, "json"), 0);
	add_records(7, 3);
	close_all();
	open_all();
	pump();
	expect_records(9, 0);
}

static void append_text(const char *text)
{
	int fd = open(config.json.path, O_WRONLY | O_APPEND);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void test_foreign_lines(void **state)
{
	struct store_sink place;

	(void)state;
	open_all();
	add_records(1, 3);
	pump();
	assert_int_equal(store_sink_get(store, "json", &place), 0);
	append_text("a line of somebody else\n");
	add_records(4, 3);
	pump();
	append_text("half a li");
	assert_int_equal(store_sink_set(store, "json", &place), 0);
	close_all();
	open_all();
	add_records(7, 1);
	pump();
	expect_records(7, 1);
}

static void test_refused_paths(void **state)
{
	char target[PATH_MAX + 16];

	(void)state;
	snprintf(target, sizeof(target), "%s/t", dir);
	assert_int_equal(symlink(target, config.json.path), 0);
	open_all();
	add_records(1, 1);
	assert_int_not_equal(sink_pump(sink, store), 0);
	assert_non_null(strstr(sink->why, config.json.path));
	assert_int_equal(size_of(target), -1);
	assert_int_equal(unlink(config.json.path), 0);
	assert_int_equal(mkfifo(config.json.path, 0600), 0);
	assert_int_not_equal(sink_pump(sink, store), 0);
	assert_non_null(strstr(sink->why, "no regular file"));
	assert_int_equal(unlink(config.json.path), 0);
	pump();
	expect_records(1, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_every_death, begin, finish),
		cmocka_unit_test_setup_teardown(test_full_disk, begin, finish),
		cmocka_unit_test_setup_teardown(test_full_disk_and_death, begin, finish),
		cmocka_unit_test_setup_teardown(test_append_only, begin, finish),
		cmocka_unit_test_setup_teardown(test_sync_fails, begin, finish),
		cmocka_unit_test_setup_teardown(test_syncs_once, begin, finish),
		cmocka_unit_test_setup_teardown(test_rotation, begin, finish),
		cmocka_unit_test_setup_teardown(test_renamed, begin, finish),
		cmocka_unit_test_setup_teardown(test_removed, begin, finish),
		cmocka_unit_test_setup_teardown(test_lost_tail, begin, finish),
		cmocka_unit_test_setup_teardown(test_no_place, begin, finish),
		cmocka_unit_test_setup_teardown(test_foreign_lines, begin, finish),
		cmocka_unit_test_setup_teardown(test_refused_paths, begin, finish),
	};

	return cmocka_run_group_tests_name("daemon_json", tests, NULL, NULL);
}
