// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What the verbs look at outside of themselves: a tree of programs, control
 * groups, contents, and the store's time of learning.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <ctl/cgroup.h>
#include <ctl/learning.h>
#include <ctl/scan_walk.h>
#include <exe_file.h>

#include "folder.h"

static int begin(void **state)
{
	(void)state;
	return dir_make("files");
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

static void write_file(const char *path, const char *text, mode_t mode)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	fputs(text, out);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

/* ---- the walk ---- */

struct seen {
	char paths[1024];
	size_t fds;
	int stop_after;
	volatile sig_atomic_t stop;
};

static int see(int fd, const struct stat *stat, const char *path, void *arg)
{
	struct seen *seen = arg;
	char byte;

	assert_true(S_ISREG(stat->st_mode));
	assert_true(pread(fd, &byte, 1, 0) >= 0);
	strncat(seen->paths, path + strlen(dir), sizeof(seen->paths) - strlen(seen->paths) - 2);
	strcat(seen->paths, " ");
	if (seen->stop_after && !--seen->stop_after)
		seen->stop = 1;
	return 0;
}

static void make_tree(void)
{
	assert_int_equal(mkdir(dir_in("bin"), 0755), 0);
	assert_int_equal(mkdir(dir_in("bin/deep"), 0755), 0);
	write_file(dir_in("bin/program"), "\177ELF", 0755);
	write_file(dir_in("bin/deep/group"), "#!/bin/sh\n", 0610);
	write_file(dir_in("bin/data"), "\177ELF", 0644);
	assert_int_equal(mkfifo(dir_in("bin/fifo"), 0777), 0);
	assert_int_equal(symlink("program", dir_in("bin/link")), 0);
	assert_int_equal(symlink("/usr/bin", dir_in("bin/away")), 0);
}

static void a_walk_sees_programs_and_follows_no_link(void **state)
{
	struct seen seen = { .paths = "" };
	struct scan_walk walk = { .on_program = see, .arg = &seen };

	(void)state;
	make_tree();
	assert_int_equal(scan_walk(&walk, dir), 0);
	assert_non_null(strstr(seen.paths, "/bin/program "));
	assert_non_null(strstr(seen.paths, "/bin/deep/group "));
	assert_int_equal(walk.programs, 2);
	assert_int_equal(walk.files, 3);
	assert_int_equal(walk.unreadable, 0);
	/* The root itself may not be a link either: the caller resolves it. */
	assert_int_equal(scan_walk(&walk, dir_in("bin/away")), -ENOTDIR);
	assert_int_equal(scan_walk(&walk, dir_in("bin/program")), -ENOTDIR);
	assert_int_equal(scan_walk(&walk, dir_in("nothing")), -ENOENT);
}

static void a_walk_can_be_stopped(void **state)
{
	struct seen seen = { .paths = "", .stop_after = 1 };
	struct scan_walk walk = { .on_program = see, .arg = &seen, .stop = &seen.stop };

	(void)state;
	make_tree();
	assert_int_equal(scan_walk(&walk, dir), -EINTR);
	assert_int_equal(walk.programs, 1);
}

/* ---- control groups ---- */

static void only_a_literal_group_can_be_missing(void **state)
{
	(void)state;
	/* No hierarchy: nothing can be told. */
	assert_true(cgroup_exists(dir, "/typo"));
	write_file(dir_in("cgroup.controllers"), "", 0444);
	assert_int_equal(mkdir(dir_in("a.slice"), 0755), 0);
	assert_int_equal(mkdir(dir_in("a.slice/b*c"), 0755), 0);
	assert_true(cgroup_exists(dir, "/"));
	assert_true(cgroup_exists(dir, "/a.slice"));
	assert_true(cgroup_exists(dir, "/a.slice/b\\*c"));
	assert_false(cgroup_exists(dir, "/a.slice/b\\*d"));
	assert_false(cgroup_exists(dir, "/typo"));
	assert_false(cgroup_exists(dir, "/cgroup.controllers"));
	assert_true(cgroup_exists(dir, "/typo/**"));
	assert_true(cgroup_exists(dir, "/typo?"));
}

static void beside_older_hierarchies_it_is_deeper(void **state)
{
	(void)state;
	assert_int_equal(mkdir(dir_in("unified"), 0755), 0);
	write_file(dir_in("unified/cgroup.controllers"), "", 0444);
	assert_int_equal(mkdir(dir_in("unified/a"), 0755), 0);
	assert_true(cgroup_exists(dir, "/a"));
	assert_false(cgroup_exists(dir, "/unified"));
}

/* ---- contents ---- */

static void a_digest_is_of_the_state_that_was_looked_at(void **state)
{
	uint8_t digest[WXGUARD_SHA256_LEN], again[WXGUARD_SHA256_LEN];
	char hex[EXE_FILE_HEX_MAX];
	struct stat st;
	int fd;

	(void)state;
	write_file(dir_in("exe"), "hello\n", 0755);
	fd = exe_file_open(dir_in("exe"));
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(exe_file_digest(fd, &st, digest), 0);
	exe_file_hex(digest, hex);
	assert_string_equal(hex, "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03");
	assert_int_equal(exe_file_unhex(hex, again), 0);
	assert_memory_equal(digest, again, sizeof(digest));
	write_file(dir_in("exe"), "hello, you\n", 0755);
	assert_int_equal(exe_file_digest(fd, &st, digest), -ESTALE);
	close(fd);
	assert_int_equal(symlink("exe", dir_in("link")), 0);
	assert_int_equal(exe_file_open(dir_in("link")), -ELOOP);
	hex[63] = 'g';
	assert_int_equal(exe_file_unhex(hex, again), -EINVAL);
	hex[63] = 0;
	assert_int_equal(exe_file_unhex(hex, again), -EINVAL);
}

/* ---- the time of learning ---- */

static void a_time_of_learning_is_written_whole_and_removed_whole(void **state)
{
	struct learning written = { .until = 2000, .since = 1000, .back = WXGUARD_MODE_ENFORCE,
				    .by = "ops" }, found;
	char why[STORE_WHY_MAX];
	struct store *store;

	(void)state;
	/* The command never makes the store. */
	assert_int_equal(store_open(dir_in("db"), STORE_AMEND, &store, why), -ENOENT);
	assert_int_equal(store_open(dir_in("db"), STORE_WRITE, &store, why), 0);
	store_close(store);
	assert_int_equal(store_open(dir_in("db"), STORE_AMEND, &store, why), 0);
	assert_int_equal(learning_read(store, &found), 0);
	assert_int_equal(found.until, 0);
	assert_int_equal(learning_write(store, &written), 0);
	assert_int_equal(learning_read(store, &found), 0);
	assert_int_equal(found.until, 2000);
	assert_int_equal(found.since, 1000);
	assert_int_equal(found.back, WXGUARD_MODE_ENFORCE);
	assert_string_equal(found.by, "ops");
	assert_true(learning_runs(&found, WXGUARD_MODE_LEARN, 1999));
	assert_false(learning_runs(&found, WXGUARD_MODE_LEARN, 2000));
	assert_false(learning_runs(&found, WXGUARD_MODE_DETECT, 1999));
	assert_int_equal(learning_remove(store), 0);
	assert_int_equal(learning_read(store, &found), 0);
	assert_int_equal(found.until, 0);
	assert_string_equal(found.by, "");
	store_close(store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_walk_sees_programs_and_follows_no_link, begin, finish),
		cmocka_unit_test_setup_teardown(a_walk_can_be_stopped, begin, finish),
		cmocka_unit_test_setup_teardown(only_a_literal_group_can_be_missing, begin, finish),
		cmocka_unit_test_setup_teardown(beside_older_hierarchies_it_is_deeper, begin, finish),
		cmocka_unit_test_setup_teardown(a_digest_is_of_the_state_that_was_looked_at, begin, finish),
		cmocka_unit_test_setup_teardown(a_time_of_learning_is_written_whole_and_removed_whole,
						begin, finish),
	};

	return cmocka_run_group_tests_name("ctl_files", tests, NULL, NULL);
}
