// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts the payload from memory that needs more than a memfd: huge pages,
 * shared anonymous and SysV memory, a binfmt_misc interpreter, the shared
 * memory directories; and from their innocent neighbours. Needs root.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "actor.h"
#include "binfmt.h"
#include "exec.h"

#define HUGE (2L << 20)

/*
 * A program in huge pages runs only if its segments are aligned to them; a
 * script always does.
 */
static void hugetlb(void)
{
	static const char script[] = "#!/bin/sh\n" EXEC_SCRIPT_BODY;
	char path[64], *memory;
	int fd = memfd_create("huge", MFD_HUGETLB);

	if (fd < 0)
		actor_skipped("no huge page memfd: %s", strerror(errno));
	actor_write("/proc/sys/vm/nr_hugepages", "2");
	if (ftruncate(fd, HUGE) < 0)
		actor_skipped("no huge page: %s", strerror(errno));
	memory = mmap(NULL, HUGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED)
		actor_skipped("no huge page can be had: %s", strerror(errno));
	memcpy(memory, script, sizeof(script) - 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	exec_start(AT_FDCWD, path, 0);
}

static void fill(void *memory, size_t size)
{
	char path[4352];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/payload", actor_directory());
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st) < 0 || (size_t)st.st_size > size ||
	    read(fd, memory, st.st_size) != st.st_size)
		actor_failed("cannot load %s", path);
	close(fd);
}

static void start_map_file(const char *memory, size_t size)
{
	char path[128];

	snprintf(path, sizeof(path), "/proc/self/map_files/%lx-%lx",
		 (unsigned long)memory, (unsigned long)memory + size);
	if (access(path, F_OK) < 0 && errno == EPERM)
		actor_skipped("needs CAP_CHECKPOINT_RESTORE for %s", path);
	exec_start(AT_FDCWD, path, 0);
}

static void shared_anon_map_files(void)
{
	const size_t size = HUGE;
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	fill(memory, size);
	start_map_file(memory, size);
}

static void sysv_map_files(void)
{
	const size_t size = HUGE;
	int id = shmget(IPC_PRIVATE, size, IPC_CREAT | 0700);
	char *memory;

	if (id < 0)
		actor_skipped("no SysV memory: %s", strerror(errno));
	memory = shmat(id, NULL, 0);
	shmctl(id, IPC_RMID, NULL);
	if (memory == (char *)-1)
		actor_failed("cannot attach: %s", strerror(errno));
	fill(memory, size);
	start_map_file(memory, size);
}

static void start_file(const char *file)
{
	exec_start(AT_FDCWD, file, 0);
}

static void run_binfmt(const char *flags)
{
	char file[4352];
	int fd;

	snprintf(file, sizeof(file), "%s/0", actor_workspace());
	fd = open(file, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0755);
	dprintf(fd, "WXGTEST\n");
	close(fd);
	binfmt_run("M::WXGTEST:", exec_memfd("wxg", MFD_CLOEXEC), flags,
		   start_file, file);
}

static void binfmt_misc_memfd(void)
{
	run_binfmt("");
}

/* The interpreter passes itself off as the file that was started. */
static void binfmt_misc_transparent(void)
{
	run_binfmt("T");
}

static void check_memfd(void)
{
	exec_check(exec_memfd("wxg", MFD_CLOEXEC));
}

static void check_disk(void)
{
	exec_check(exec_open_payload());
}

/* Mounts that only this process sees. */
static void mount_tmpfs(const char *path)
{
	static bool apart;

	if (!apart && (unshare(CLONE_NEWNS) < 0 ||
		       mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0))
		actor_skipped("cannot have mounts of its own: %s", strerror(errno));
	apart = true;
	mkdir(path, 0755);
	if (mount("tmpfs", path, "tmpfs", 0, "mode=0755") < 0)
		actor_skipped("cannot mount a tmpfs at %s: %s", path,
			      strerror(errno));
}

static void dev_shm(void)
{
	char name[64];

	snprintf(name, sizeof(name), "wxg-%d", getpid());
	if (access("/dev/shm", W_OK) < 0)
		mount_tmpfs("/dev/shm");
	exec_start_copy("/dev/shm", name);
}

static void dev_shm_deep(void)
{
	char directory[64];

	if (access("/dev/shm", W_OK) < 0)
		mount_tmpfs("/dev/shm");
	snprintf(directory, sizeof(directory), "/dev/shm/wxg-%d.d", getpid());
	mkdir(directory, 0700);
	exec_start_copy(directory, "deep");
}

/* So far below /dev/shm that the kernel cannot say its path. */
static void dev_shm_long(void)
{
	char name[256], directory[64];
	int depth;

	if (access("/dev/shm", W_OK) < 0)
		mount_tmpfs("/dev/shm");
	snprintf(directory, sizeof(directory), "/dev/shm/wxg-%d.l", getpid());
	mkdir(directory, 0700);
	memset(name, 'l', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	for (depth = 0; chdir(depth ? name : directory) == 0 && depth < 20; depth++)
		mkdir(name, 0700);
	if (depth < 20)
		actor_failed("cannot go %d folders deep: %s", depth, strerror(errno));
	exec_start_copy(".", "long");
}

/* Where /run/shm is a link to /dev/shm, another /run hides that. */
static void run_shm(void)
{
	mount_tmpfs("/run");
	mount_tmpfs("/run/shm");
	exec_start_copy("/run/shm", "wxg");
}

/* The twins: a tmpfs anywhere else, and a name that only begins alike. */

static void tmpfs_elsewhere(void)
{
	const char *directory = actor_workspace();

	mount_tmpfs(directory);
	exec_start_copy(directory, "program");
}

static void dev_shmx(void)
{
	mount_tmpfs("/dev/shmX");
	exec_start_copy("/dev/shmX", "program");
}

/* A disk file of that name, where /dev/shm is no shared memory. */
static void shm_in_name(void)
{
	char directory[4352];

	snprintf(directory, sizeof(directory), "%s/dev", actor_workspace());
	mkdir(directory, 0755);
	strcat(directory, "/shm");
	mkdir(directory, 0755);
	exec_start_copy(directory, "program");
}

static void shared_anon_as_data(void)
{
	char *memory = mmap(NULL, HUGE, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		actor_failed("cannot map: %s", strerror(errno));
	fill(memory, HUGE);
	actor_allowed();
}

static const struct actor_variant variants[] = {
	{ "hugetlb", hugetlb },
	{ "shared_anon_map_files", shared_anon_map_files },
	{ "sysv_map_files", sysv_map_files },
	{ "binfmt_misc_memfd", binfmt_misc_memfd },
	{ "binfmt_misc_transparent", binfmt_misc_transparent },
	{ "check_memfd", check_memfd },
	{ "check_disk", check_disk },
	{ "dev_shm", dev_shm },
	{ "dev_shm_deep", dev_shm_deep },
	{ "dev_shm_long", dev_shm_long },
	{ "run_shm", run_shm },
	{ "tmpfs_elsewhere", tmpfs_elsewhere },
	{ "dev_shmx", dev_shmx },
	{ "shm_in_name", shm_in_name },
	{ "shared_anon_as_data", shared_anon_as_data },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
