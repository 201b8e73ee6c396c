// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A file that is replaced is whole or as it was, and nothing is left beside
 * it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include <file_replace.h>

static char dir[64], path[96];

static int begin(void **state)
{
	(void)state;
	snprintf(dir, sizeof(dir), "/tmp/wxguard-replace-XXXXXX");
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/file", dir);
	return 0;
}

/* Fails when anything but the file is there. */
static int finish(void **state)
{
	(void)state;
	return unlink(path) && errno != ENOENT ? -1 : rmdir(dir);
}

static int put_text(FILE *out, void *text)
{
	return fputs(text, out) < 0 ? -errno : 0;
}

static int put_half(FILE *out, void *result)
{
	fputs("half", out);
	return *(int *)result;
}

static int put_much(FILE *out, void *arg)
{
	int i;

	(void)arg;
	for (i = 0; i < 100000; i++)
		fputc('x', out);
	return 0;
}

static void holds(const char *text, mode_t mode)
{
	char got[32] = "";
	FILE *in = fopen(path, "r");
	struct stat st;

	assert_non_null(in);
	fread(got, 1, sizeof(got) - 1, in);
	assert_int_equal(fstat(fileno(in), &st), 0);
	fclose(in);
	assert_string_equal(got, text);
	assert_int_equal(st.st_mode & 07777, mode);
}

static void a_new_file_is_for_its_owner_or_as_asked(void **state)
{
	(void)state;
	assert_int_equal(file_replace(path, false, put_text, "one"), 0);
	holds("one", 0600);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(file_replace(path, false, put_text, "two"), 0);
	holds("two", 0600);
	unlink(path);
	assert_int_equal(file_replace(path, true, put_text, "three"), 0);
	holds("three", 0640);
	assert_int_equal(chmod(path, 0604), 0);
	assert_int_equal(file_replace(path, true, put_text, "four"), 0);
	holds("four", 0604);
}

static void what_fails_leaves_the_old_one(void **state)
{
	int result;

	(void)state;
	assert_int_equal(file_replace(path, false, put_text, "old"), 0);
	for (result = -EIO; result <= 3; result += EIO + 3) {
		assert_int_equal(file_replace(path, false, put_half, &result), result);
		holds("old", 0600);
	}
}

static void a_full_disk_is_noticed(void **state)
{
	struct rlimit old, small;

	(void)state;
	assert_int_equal(file_replace(path, false, put_text, "old"), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &old);
	small = old;
	small.rlim_cur = 5000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	assert_int_equal(file_replace(path, false, put_much, NULL), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
	holds("old", 0600);
}

static void a_folder_that_is_not_there(void **state)
{
	char nowhere[128];

	(void)state;
	snprintf(nowhere, sizeof(nowhere), "%s/no/file", dir);
	assert_int_equal(file_replace(nowhere, false, put_text, "x"), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_file_is_for_its_owner_or_as_asked, begin, finish),
		cmocka_unit_test_setup_teardown(what_fails_leaves_the_old_one, begin, finish),
		cmocka_unit_test_setup_teardown(a_full_disk_is_noticed, begin, finish),
		cmocka_unit_test_setup_teardown(a_folder_that_is_not_there, begin, finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
