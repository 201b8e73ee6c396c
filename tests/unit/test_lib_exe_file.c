// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Opening an executable where openat2() is not to be had, as under systemd's
 * RestrictSUIDSGID=: the same files are opened, the same are refused.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <cmocka.h>

#include <exe_file.h>

#include "folder.h"

static int begin(void **state)
{
	int fd;

	(void)state;
	if (dir_make("exe") || mkdir(dir_in("bin"), 0755) || symlink("bin", dir_in("linked")) ||
	    symlink("tool", dir_in("bin/link")) || mkfifo(dir_in("bin/fifo"), 0600))
		return -1;
	fd = open(dir_in("bin/tool"), O_WRONLY | O_CREAT, 0755);
	return fd < 0 || close(fd);
}

static int finish(void **state)
{
	(void)state;
	return dir_remove();
}

/* From here on, for this process. */
static void take_openat2_away(void)
{
	struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog program = { sizeof(code) / sizeof(*code), code };

	assert_int_equal(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), 0);
	assert_int_equal(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), 0);
	assert_int_equal(syscall(SYS_openat2, AT_FDCWD, "/", NULL, 0), -1);
	assert_int_equal(errno, ENOSYS);
}

static void opens(const char *name)
{
	int fd = exe_file_open(name);

	if (fd < 0)
		fail_msg("%s: %s", name, strerror(-fd));
	close(fd);
}

static void check_all(void)
{
	char twice[160];

	opens(dir_in("bin/tool"));
	snprintf(twice, sizeof(twice), "%s//bin/./tool", dir);
	opens(twice);
	opens(dir_in("bin/fifo"));
	assert_int_equal(exe_file_open(dir_in("bin/link")), -ELOOP);
	assert_true(exe_file_open(dir_in("linked/tool")) < 0);
	assert_true(exe_file_open("/proc/self/root/etc/passwd") < 0);
	assert_true(exe_file_open("/proc/self/exe") < 0);
	assert_int_equal(exe_file_open(dir_in("bin/none")), -ENOENT);
	assert_int_equal(exe_file_open(dir_in("none/tool")), -ENOENT);
	assert_int_equal(exe_file_open(dir_in("bin/tool/more")), -ENOTDIR);
	assert_int_equal(exe_file_open(""), -ENOENT);
	assert_int_equal(chdir(dir), 0);
	opens("bin/tool");
}

static void the_same_without_openat2(void **state)
{
	(void)state;
	check_all();
	take_openat2_away();
	check_all();
}

static void a_name_that_is_too_long(void **state)
{
	char name[300];

	(void)state;
	memset(name, 'a', sizeof(name));
	memcpy(name, "/", 1);
	memcpy(name + 290, "/b", 3);
	assert_int_equal(exe_file_open(name), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_without_openat2),
		cmocka_unit_test(a_name_that_is_too_long),
	};

	return cmocka_run_group_tests(tests, begin, finish);
}
