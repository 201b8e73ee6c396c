// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts a copy of itself from memory, as container runtimes do before they
 * enter a container: sealed and equal, which is no attack, and in ways that
 * only look like it. The copy then does what its original could do as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

#define ENV_COPY "ACTOR_COPY"	/* set: this is the copy, told what to do */
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)
#define PAD 9			/* in the ELF identification: unused, must exist */
#define PAGE 4096L

static char *arguments[] = { "actor_clone", "as_copy", NULL };

static int copy_of(const char *path)
{
	int fd = memfd_create("runc_cloned:/proc/self/exe",
			      MFD_CLOEXEC | MFD_ALLOW_SEALING);

	if (fd < 0)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	actor_copy(path, fd);
	return fd;
}

static _Noreturn void start_sealed(int fd, int seals, const char *then)
{
	char path[64];

	if (seals && fcntl(fd, F_ADD_SEALS, seals) < 0)
		actor_failed("cannot seal: %s", strerror(errno));
	setenv(ENV_COPY, then, 1);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	exec_start_with(path, arguments);
}

static void sealed(void)
{
	start_sealed(copy_of("/proc/self/exe"), SEALS, "");
}

/* The copy asks for RWX: that is its original's doing. */
static void sealed_then_rwx(void)
{
	start_sealed(copy_of("/proc/self/exe"), SEALS, "rwx");
}

/* The copy makes a copy, which is one of the original as well. */
static void clone_of_clone(void)
{
	start_sealed(copy_of("/proc/self/exe"), SEALS, "clone");
}

static void unsealed(void)
{
	start_sealed(copy_of("/proc/self/exe"), 0, "");
}

/* All seals but the one that matters. */
static void still_writable(void)
{
	start_sealed(copy_of("/proc/self/exe"), SEALS & ~F_SEAL_WRITE, "");
}

static void one_byte(void)
{
	int fd = copy_of("/proc/self/exe");

	if (pwrite(fd, "x", 1, PAD) != 1)
		actor_failed("cannot change a byte: %s", strerror(errno));
	start_sealed(fd, SEALS, "");
}

static void one_byte_more(void)
{
	int fd = copy_of("/proc/self/exe");

	if (lseek(fd, 0, SEEK_END) < 0 || write(fd, "x", 1) != 1)
		actor_failed("cannot add a byte: %s", strerror(errno));
	start_sealed(fd, SEALS, "");
}

/* The name that others allow, and a program of its own. */
static void name_only(void)
{
	int fd = copy_of(exec_beside("payload"));

	if (fcntl(fd, F_ADD_SEALS, SEALS) < 0)
		actor_failed("cannot seal: %s", strerror(errno));
	exec_start(fd, "", AT_EMPTY_PATH);
}

/* Who may write the original could have put anything there. */
static void start_from(const char *name, mode_t mode, uid_t owner)
{
	char path[4608];
	int fd;

	if (getenv(ENV_COPY))
		start_sealed(copy_of("/proc/self/exe"), SEALS, "");
	snprintf(path, sizeof(path), "%s/%s", actor_workspace(), name);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0700);
	actor_copy("/proc/self/exe", fd);
	if (fchown(fd, owner, owner) < 0 || fchmod(fd, mode) < 0)
		actor_failed("cannot change %s: %s", path, strerror(errno));
	close(fd);
	setenv(ENV_COPY, "again", 1);
	arguments[1] = (char *)name;
	exec_start_with(path, arguments);
}

static void world_writable(void)
{
	start_from("world_writable", 0757, 0);
}

static void group_writable(void)
{
	start_from("group_writable", 0775, 0);
}

static void of_a_user(void)
{
	start_from("of_a_user", 0755, 1000);
}

static void as_copy(void)
{
	const char *then = getenv(ENV_COPY);
	char exe[64] = "";
	void *memory;

	if (!then || readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0 ||
	    strncmp(exe, "/memfd:", 7) != 0)
		actor_failed("this is no copy: %s", exe);
	if (strcmp(then, "clone") == 0)
		start_sealed(copy_of("/proc/self/exe"), SEALS, "");
	if (strcmp(then, "rwx") != 0)
		actor_allowed();
	memory = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (actor_call(SYS_mprotect, (long)memory, PAGE,
		       PROT_READ | PROT_WRITE | PROT_EXEC, 0, 0, 0) == 0)
		actor_allowed();
	if (errno == EACCES && actor_perms_are(memory, "rw-"))
		actor_denied();
	actor_failed("mprotect: %s", strerror(errno));
}

static const struct actor_variant variants[] = {
	{ "sealed", sealed },
	{ "sealed_then_rwx", sealed_then_rwx },
	{ "clone_of_clone", clone_of_clone },
	{ "unsealed", unsealed },
	{ "still_writable", still_writable },
	{ "one_byte", one_byte },
	{ "one_byte_more", one_byte_more },
	{ "name_only", name_only },
	{ "world_writable", world_writable },
	{ "group_writable", group_writable },
	{ "of_a_user", of_a_user },
	{ "as_copy", as_copy },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
