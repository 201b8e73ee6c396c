// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fire: processes that do what the module watches, as fast as they can, until
 * they are told to stop. Says of each deed whether it was let through, and
 * notices at once when one was that should have been refused, or the reverse.
 *
 *	fire PAGE PROCESSES [KINDS [PAUSE]]
 *
 * PAGE is a file of one page that both sides map (struct page below, read by
 * guest/fire.py). KINDS is a string of letters, one per process in turn:
 *	p  mprotect to W+X
 *	m  a mapping born W+X
 *	e  a program from a memfd
 *	x  p and e in turn
 *	i  innocent: an ordinary program, an ordinary mprotect
 * PAUSE: ms between two deeds, for a fire that only smoulders. Ends with 0 when
 * all its processes ended as they should.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAGE 4096
#define MEMBERS 32
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)

/* What a deed has to meet, in the low bits of the phase. */
enum { ANYTHING, REFUSED, PASSED, STOP };

struct member {
	uint64_t passed, refused, wrong, innocent;
	int64_t error;		/* errno of a deed that ended in neither way */
	uint64_t phase;		/* of the first wrong one */
	char kind[8];
	char reserved[8];
};

struct page {
	volatile uint64_t phase;	/* number << 2 | what is expected */
	uint64_t members;
	char reserved[48];
	struct member member[MEMBERS];
};

_Static_assert(sizeof(struct member) == 64, "guest/fire.py reads it");
_Static_assert(sizeof(struct page) <= PAGE, "one page");

static struct page *page;
static struct member *me;
static char *const no_argv[] = { "marker", "/dev/null", NULL };
static char *const no_envp[] = { NULL };
static char beside[4096];	/* the program that is started */

static void wrong(uint64_t phase, char kind)
{
	if (!me->wrong++) {
		me->phase = phase;
		me->kind[0] = kind;
	}
}

/* @error: 0, or the errno; @refusal: what the module refuses with. */
static void count(uint64_t before, char kind, int error, int refusal)
{
	const int wanted = page->phase == before ? before & 3 : ANYTHING;

	if (!error)
		me->passed++;
	else if (error == refusal)
		me->refused++;
	else
		me->error = error;
	if ((wanted == REFUSED && !error) || (wanted == PASSED && error == refusal))
		wrong(before, kind);
}

static void change(void)
{
	const uint64_t before = page->phase;
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int error = 0;

	if (memory == MAP_FAILED)
		return;
	memory[0] = 1;
	if (mprotect(memory, PAGE, RWX))
		error = errno;
	count(before, 'p', error, EACCES);
	munmap(memory, PAGE);
}

static void map(void)
{
	const uint64_t before = page->phase;
	char *memory = mmap(NULL, PAGE, RWX, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	count(before, 'm', memory == MAP_FAILED ? errno : 0, EACCES);
	if (memory != MAP_FAILED)
		munmap(memory, PAGE);
}

static int memory_program(void)
{
	char block[16384];
	ssize_t got;
	int from = open(beside, O_RDONLY | O_CLOEXEC);
	int fd = memfd_create("fire", MFD_CLOEXEC);

	while (from >= 0 && fd >= 0 && (got = read(from, block, sizeof(block))) > 0)
		if (write(fd, block, got) != got)
			break;
	close(from);
	return fd;
}

/* Starts @fd, or the program on disk if there is none. Its exit code. */
static int start(int fd)
{
	pid_t child = vfork();
	int status;

	if (child == 0) {
		if (fd >= 0)
			syscall(SYS_execveat, fd, "", no_argv, no_envp, AT_EMPTY_PATH);
		else
			execve(beside, no_argv, no_envp);
		_exit(errno & 127);
	}
	if (child < 0)
		return errno;
	while (waitpid(child, &status, 0) < 0)
		if (errno != EINTR)
			return errno;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void execute(void)
{
	const uint64_t before = page->phase;
	int fd = memory_program();
	int error = fd < 0 ? errno : start(fd);

	/*
	 * The backstop kills a program that no judge of execs saw. Where the
	 * judge of mappings refuses its first segment before that, the kernel
	 * has nothing to go back to and ends it with SIGSEGV.
	 */
	if (error == 128 + SIGKILL || error == 128 + SIGSEGV)
		error = EPERM;
	count(before, 'e', error, EPERM);
	close(fd);
}

static void innocent(void)
{
	int error = start(-1);
	char *memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (!error && mprotect(memory, PAGE, PROT_READ))
		error = errno;
	munmap(memory, PAGE);
	if (error == EPERM || error == EACCES || error == 128 + SIGKILL)
		wrong(page->phase, 'i');
	else if (error)
		me->error = error;
	else
		me->innocent++;
}

static void member(char kind, int pause)
{
	uint64_t turn;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (turn = 0; (page->phase & 3) != STOP; turn++) {
		if (kind == 'i')
			innocent();
		else if (kind == 'm')
			map();
		else if (kind == 'p' || (kind == 'x' && turn % 2))
			change();
		else
			execute();
		if (pause)
			poll(NULL, 0, pause);
	}
	_exit(0);
}

static void map_page(const char *path)
{
	int fd = open(path, O_RDWR | O_CLOEXEC);

	page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd < 0 || page == MAP_FAILED) {
		fprintf(stderr, "fire: %s cannot be mapped: %s\n", path, strerror(errno));
		exit(2);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	const char *kinds = argc > 3 ? argv[3] : "pe";
	int members = argc > 2 ? atoi(argv[2]) : 0;
	int pause = argc > 4 ? atoi(argv[4]) : 0, i, status, bad = 0;
	char *slash;

	if (members < 1 || members > MEMBERS || !*kinds) {
		fputs("fire: needs PAGE PROCESSES [KINDS [PAUSE]]\n", stderr);
		return 2;
	}
	if (readlink("/proc/self/exe", beside, sizeof(beside) - 8) < 0)
		return 2;
	slash = strrchr(beside, '/');
	strcpy(slash, "/marker");
	map_page(argv[1]);
	page->members = members;
	for (i = 0; i < members; i++) {
		me = &page->member[i];
		if (fork() == 0)
			member(kinds[i % strlen(kinds)], pause);
	}
	while (wait(&status) > 0)
		bad |= status;
	return bad ? 1 : 0;
}
