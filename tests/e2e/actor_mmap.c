// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Makes new mappings: of memory files as code, writable and executable from
 * birth, and the innocent ones beside them.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

#define PAGE 4096L
#define RX (PROT_READ | PROT_EXEC)
#define RW (PROT_READ | PROT_WRITE)
#define RWX (PROT_READ | PROT_WRITE | PROT_EXEC)

/* Ends the actor: @memory is the result of the call, errno its error. */
static _Noreturn void judge(long memory, const char *perms)
{
	if (memory == -1 && errno == EACCES)
		actor_denied();
	if (memory == -1)
		actor_failed("cannot map: %s", strerror(errno));
	if (!actor_perms_are((void *)memory, perms))
		actor_failed("the mapping is not %s", perms);
	actor_allowed();
}

static long map(long len, int prot, int flags, int fd)
{
	return actor_call(SYS_mmap, 0, len, prot, flags, fd, 0);
}

static int memfd(void)
{
	return exec_memfd("wxg", MFD_CLOEXEC);
}

static void memfd_rx_private(void)
{
	judge(map(PAGE, RX, MAP_PRIVATE, memfd()), "r-x");
}

static void memfd_rx_shared(void)
{
	judge(map(PAGE, RX, MAP_SHARED, memfd()), "r-x");
}

static void anon_rwx(void)
{
	judge(map(PAGE, RWX, MAP_PRIVATE | MAP_ANONYMOUS, -1), "rwx");
}

static void shared_anon_rwx(void)
{
	judge(map(PAGE, RWX, MAP_SHARED | MAP_ANONYMOUS, -1), "rwx");
}

/* A private view of a file on disk, as a patcher of libraries makes it. */
static void file_rwx(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	judge(map(PAGE, RWX, MAP_PRIVATE, fd), "rwx");
}

/* The second page takes the first one's place: told at the mapping, once. */
static void remapped_rwx(void)
{
	char path[4352];
	long memory;
	int fd;

	snprintf(path, sizeof(path), "%s/data", actor_workspace());
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, 2 * PAGE) < 0 ||
	    pwrite(fd, "second", 7, PAGE) != 7)
		actor_failed("cannot make %s: %s", path, strerror(errno));
	memory = map(2 * PAGE, RWX, MAP_SHARED, fd);
	if (memory == -1)
		judge(memory, "rwx");
	if (remap_file_pages((void *)memory, PAGE, 0, 1, 0) < 0)
		actor_failed("remap_file_pages: %s", strerror(errno));
	if (strcmp((char *)memory, "second") != 0)
		actor_failed("the pages did not move");
	judge(memory, "rwx");
}

static void implies_exec(void)
{
	int before = personality(0xffffffff), error;
	long memory;

	personality(before | READ_IMPLIES_EXEC);
	memory = map(PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1);
	error = errno;
	personality(before);
	errno = error;
	judge(memory, "rwx");
}

static long attach(int flags)
{
	int id = shmget(IPC_PRIVATE, PAGE, IPC_CREAT | 0700);
	long memory;
	int error;

	if (id < 0)
		actor_skipped("no SysV memory: %s", strerror(errno));
	memory = actor_call(SYS_shmat, id, 0, flags, 0, 0, 0);
	error = errno;
	shmctl(id, IPC_RMID, NULL);
	errno = error;
	return memory;
}

static void shmat_exec(void)
{
	judge(attach(SHM_EXEC), "rwx");
}

/* A program whose code segment is writable, as attack tools produce them. */
static void rwx_load(void)
{
	char path[4608], payload[4352];
	Elf64_Ehdr elf;
	Elf64_Phdr segment;
	int fd, i;

	snprintf(payload, sizeof(payload), "%s/payload", actor_directory());
	snprintf(path, sizeof(path), "%s/rwx-load", actor_workspace());
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0755);
	if (fd < 0)
		actor_failed("cannot make %s: %s", path, strerror(errno));
	actor_copy(payload, fd);
	if (pread(fd, &elf, sizeof(elf), 0) != sizeof(elf))
		actor_failed("cannot read %s", path);
	for (i = 0; i < elf.e_phnum; i++) {
		off_t at = elf.e_phoff + i * sizeof(segment);

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			actor_failed("cannot read %s", path);
		if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X))
			continue;
		segment.p_flags |= PF_W;
		if (pwrite(fd, &segment, sizeof(segment), at) != sizeof(segment))
			actor_failed("cannot change %s", path);
	}
	close(fd);
	exec_start(AT_FDCWD, path, 0);
}

/* The twins. */

static void disk_rx(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	judge(map(PAGE, RX, MAP_PRIVATE, fd), "r-x");
}

static void memfd_rw(void)
{
	judge(map(PAGE, RW, MAP_SHARED, memfd()), "rw-");
}

static void anon_rw(void)
{
	judge(map(PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1), "rw-");
}

static void anon_rx(void)
{
	judge(map(PAGE, RX, MAP_PRIVATE | MAP_ANONYMOUS, -1), "r-x");
}

static void shmat_rw(void)
{
	judge(attach(0), "rw-");
}

static void file_rw(void)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);

	judge(map(PAGE, RW, MAP_PRIVATE, fd), "rw-");
}

static const struct actor_variant variants[] = {
	{ "memfd_rx_private", memfd_rx_private },
	{ "memfd_rx_shared", memfd_rx_shared },
	{ "anon_rwx", anon_rwx },
	{ "shared_anon_rwx", shared_anon_rwx },
	{ "file_rwx", file_rwx },
	{ "remapped_rwx", remapped_rwx },
	{ "implies_exec", implies_exec },
	{ "shmat_exec", shmat_exec },
	{ "rwx_load", rwx_load },
	{ "disk_rx", disk_rx },
	{ "memfd_rw", memfd_rw },
	{ "anon_rw", anon_rw },
	{ "anon_rx", anon_rx },
	{ "shmat_rw", shmat_rw },
	{ "file_rw", file_rw },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
