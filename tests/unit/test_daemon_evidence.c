// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The folder of payloads keeps its bound and follows no link; the copier reads
 * the memory that is meant, no other, and ends what takes too long.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <lib/proc_same.h>

#include "copier.h"
#include "evidence_impl.h"
#include "folder.h"

static char store[128], inside[128];
static int folder;

static int begin(void **state)
{
	(void)state;
	if (dir_make("evidence"))
		return -1;
	snprintf(store, sizeof(store), "%s/wxguard.db", dir);
	snprintf(inside, sizeof(inside), "%s/evidence", dir);
	folder = evidence_open_folder(store);
	return folder < 0;
}

static int finish(void **state)
{
	(void)state;
	close(folder);
	return dir_remove();
}

static void put(const char *id, size_t size, time_t age)
{
	struct timespec times[2] = { { 1000 - age, 0 }, { 1000 - age, 0 } };
	char name[EVIDENCE_NAME_MAX];
	int fd;

	assert_int_equal(evidence_name(id, EVIDENCE_PAYLOAD, name), 0);
	fd = evidence_begin(folder, name);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)size), 0);
	assert_int_equal(futimens(fd, times), 0);
	close(fd);
	assert_int_equal(evidence_commit(folder, name), 0);
}

static bool is_there(const char *name)
{
	return !faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW);
}

static void names_are_of_one_kind(void **state)
{
	char name[EVIDENCE_NAME_MAX], id[200];

	(void)state;
	assert_int_equal(evidence_name("0a-1f", EVIDENCE_REGION, name), 0);
	assert_string_equal(name, "0a-1f.region");
	assert_true(evidence_is_name(name));
	assert_true(evidence_is_name("0a-1f.payload"));
	assert_false(evidence_is_name("0a-1f.payload.new"));
	assert_false(evidence_is_name(".payload"));
	assert_false(evidence_is_name("x.payload"));
	assert_int_equal(evidence_name("../x", EVIDENCE_PAYLOAD, name), -EINVAL);
	assert_int_equal(evidence_name("", EVIDENCE_PAYLOAD, name), -EINVAL);
	memset(id, 'a', sizeof(id));
	id[sizeof(id) - 1] = '\0';
	assert_int_equal(evidence_name(id, EVIDENCE_PAYLOAD, name), -EINVAL);
}

static void a_file_is_there_when_it_is_whole(void **state)
{
	char name[EVIDENCE_NAME_MAX];
	struct stat st;
	int fd;

	(void)state;
	evidence_name("1", EVIDENCE_PAYLOAD, name);
	fd = evidence_begin(folder, name);
	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(write(fd, "abc", 3), 3);
	close(fd);
	assert_false(is_there(name));
	assert_int_equal(evidence_open(store, "1", EVIDENCE_PAYLOAD), -ENOENT);
	assert_int_equal(evidence_commit(folder, name), 0);
	fd = evidence_open(store, "1", EVIDENCE_PAYLOAD);
	assert_true(fd >= 0);
	close(fd);
	fd = evidence_begin(folder, "2.payload");
	assert_true(fd >= 0);
	close(fd);
	evidence_abandon(folder, "2.payload");
	assert_false(is_there("2.payload.new"));
	assert_int_equal(stat(inside, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void no_link_is_followed(void **state)
{
	int fd;

	(void)state;
	assert_int_equal(symlinkat("/etc/passwd", folder, "1.payload"), 0);
	assert_int_equal(evidence_open(store, "1", EVIDENCE_PAYLOAD), -ELOOP);
	/* What stands where a new one begins goes, and not what it leads to. */
	assert_int_equal(symlinkat("../victim", folder, "2.payload.new"), 0);
	fd = evidence_begin(folder, "2.payload");
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(faccessat(folder, "../victim", F_OK, 0), -1);
	assert_int_equal(mkdirat(folder, "3.payload", 0700), 0);
	assert_int_equal(evidence_open(store, "3", EVIDENCE_PAYLOAD), -EINVAL);
}

static void the_oldest_go(void **state)
{
	struct evidence_store kept = { 0 };

	(void)state;
	put("1", 400, 3);
	put("2", 400, 9);
	put("3", 400, 1);
	evidence_bound(folder, &kept, 10000);
	assert_int_equal(kept.bytes, 1200);
	assert_int_equal(kept.files, 3);
	evidence_bound(folder, &kept, 1000);
	assert_int_equal(kept.bytes, 800);
	assert_false(is_there("2.payload"));
	assert_true(is_there("1.payload") && is_there("3.payload"));
	/* Nothing is looked at while there is room; what was counted counts. */
	put("4", 1000, 0);
	evidence_bound(folder, &kept, 1000);
	assert_true(is_there("1.payload"));
	evidence_count(&kept, 1000);
	evidence_bound(folder, &kept, 1700);
	assert_false(is_there("1.payload"));
	assert_true(is_there("3.payload") && is_there("4.payload"));
	assert_int_equal(kept.files, 2);
}

/* ---- the copier ---------------------------------------------------------------- */

static struct copier copier = { .socket = -1 };
static uint64_t start;

static int copier_begin(void **state)
{
	uint64_t ticks;

	if (begin(state) || proc_start((uint32_t)getpid(), &ticks))
		return -1;
	start = ticks * (UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK));
	copier_start(&copier);
	return copier.socket < 0;
}

static int copier_finish(void **state)
{
	copier_end(&copier);
	return finish(state);
}

static struct copier_answer ask(const void *address, size_t size, uint64_t started, int fd)
{
	const struct copier_request request = {
		.pid = (uint32_t)getpid(), .start = started,
		.address = (uint64_t)(uintptr_t)address, .size = size,
	};
	struct pollfd poller = { .fd = copier.socket, .events = POLLIN };
	struct copier_answer answer;

	assert_int_equal(copier_answer(&copier, &answer), -EAGAIN);
	assert_int_equal(copier_ask(&copier, &request, fd), 0);
	assert_int_equal(poll(&poller, 1, 60000), 1);
	assert_int_equal(copier_answer(&copier, &answer), 0);
	return answer;
}

static void memory_is_copied(void **state)
{
	long page = sysconf(_SC_PAGESIZE);
	char *memory = mmap(NULL, 3 * page, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), back[32];
	int fd = evidence_begin(folder, "1.region");
	struct copier_answer answer;

	(void)state;
	assert_true(memory != MAP_FAILED && fd >= 0);
	strcpy(memory + page, "what is in memory");
	answer = ask(memory + page, 18, start, fd);
	if (answer.error == -EACCES || answer.error == -EPERM)
		skip();
	assert_int_equal(answer.error, 0);
	assert_int_equal(answer.size, 18);
	assert_int_equal(pread(fd, back, sizeof(back), 0), 18);
	assert_string_equal(back, "what is in memory");
	/* Up to where it ends. */
	assert_int_equal(munmap(memory + 2 * page, page), 0);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	answer = ask(memory, 3 * page, start, fd);
	assert_int_equal(answer.error, 0);
	assert_int_equal(answer.size, 2 * page);
	answer = ask(memory + 2 * page, page, start, fd);
	assert_int_equal(answer.error, -EFAULT);
	/* The number was given to another process meanwhile. */
	answer = ask(memory, page, start + UINT64_C(5000000000), fd);
	assert_int_equal(answer.error, -ESTALE);
	munmap(memory, 2 * page);
	close(fd);
}

/* More than can be read in that time; what is written goes nowhere. */
static void what_takes_too_long_is_ended(void **state)
{
	const size_t size = (size_t)1 << 36;
	void *memory = mmap(NULL, size, PROT_READ,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	static const char text[] = "still there";
	struct copier_answer answer;

	(void)state;
	assert_true(memory != MAP_FAILED && fd >= 0);
	answer = ask(memory, size, start, fd);
	if (answer.error == -EACCES || answer.error == -EPERM)
		skip();
	assert_int_equal(answer.error, -ETIMEDOUT);
	close(fd);
	fd = evidence_begin(folder, "1.region");
	answer = ask(text, sizeof(text), start, fd);
	assert_int_equal(answer.error, 0);
	assert_int_equal(answer.size, sizeof(text));
	munmap(memory, size);
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(names_are_of_one_kind, begin, finish),
		cmocka_unit_test_setup_teardown(a_file_is_there_when_it_is_whole, begin, finish),
		cmocka_unit_test_setup_teardown(no_link_is_followed, begin, finish),
		cmocka_unit_test_setup_teardown(the_oldest_go, begin, finish),
		cmocka_unit_test_setup_teardown(memory_is_copied, copier_begin, copier_finish),
		cmocka_unit_test_setup_teardown(what_takes_too_long_is_ended, copier_begin,
						copier_finish),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
