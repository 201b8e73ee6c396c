// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Code that reaches a process through the dynamic loader: dlopen of a memfd,
 * the loader started on a memfd, a program whose loader is a memfd. No exec
 * hook sees any of them. The only dynamic actor.
 */
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "binfmt.h"

#define LIBRARY "libm.so.6"
#define FIXED_FD 77

extern const ElfW(Ehdr) __ehdr_start;

/* The path in our own PT_INTERP: the loader of this system. */
static const char *loader(void)
{
	const ElfW(Phdr) *segment = (const void *)((const char *)&__ehdr_start +
						   __ehdr_start.e_phoff);
	int i;

	for (i = 0; i < __ehdr_start.e_phnum; i++) {
		if (segment[i].p_type == PT_INTERP)
			return (const char *)&__ehdr_start + segment[i].p_offset;
	}
	actor_failed("this program has no loader");
}

static int memfd_of(const char *path)
{
	int fd = memfd_create("wxg", 0);

	if (fd < 0)
		actor_failed("cannot make a memfd: %s", strerror(errno));
	actor_copy(path, fd);
	return fd;
}

static void library_path(char *path, size_t size)
{
	void *library = dlopen(LIBRARY, RTLD_NOW);
	struct link_map *map;

	if (!library || dlinfo(library, RTLD_DI_LINKMAP, &map) != 0)
		actor_failed("cannot find " LIBRARY ": %s", dlerror());
	snprintf(path, size, "%s", map->l_name);
	dlclose(library);
}

static void dlopen_memfd(void)
{
	char path[4096], name[64];
	const char *error;

	library_path(path, sizeof(path));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", memfd_of(path));
	if (dlopen(name, RTLD_NOW))
		actor_allowed();
	error = dlerror();
	if (strstr(error, "failed to map segment"))
		actor_denied();
	actor_failed("%s", error);
}

/* A library on disk that wants an executable stack: the loader makes it so. */
static void dlopen_exec_stack(void)
{
	char library[4096], path[4352];
	ElfW(Ehdr) elf;
	ElfW(Phdr) segment;
	const char *error;
	int fd, i;

	library_path(library, sizeof(library));
	snprintf(path, sizeof(path), "%s/library.so", actor_workspace());
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0755);
	actor_copy(library, fd);
	if (pread(fd, &elf, sizeof(elf), 0) != sizeof(elf))
		actor_failed("cannot read the library");
	for (i = 0; i < elf.e_phnum; i++) {
		off_t at = elf.e_phoff + i * sizeof(segment);

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			actor_failed("cannot read the library");
		if (segment.p_type != PT_GNU_STACK)
			continue;
		segment.p_flags |= PF_X;
		if (pwrite(fd, &segment, sizeof(segment), at) < 0)
			actor_failed("cannot change the library");
	}
	close(fd);
	if (dlopen(path, RTLD_NOW)) {
		if (!actor_perms_are(&elf, "rwx"))
			actor_failed("the stack is not rwx");
		actor_allowed();
	}
	error = dlerror();
	if (strstr(error, "cannot enable executable stack") &&
	    actor_perms_are(&elf, "rw-"))
		actor_denied();
	actor_failed("%s", error);
}

static void dlopen_disk(void)
{
	char path[4096];

	library_path(path, sizeof(path));
	if (!dlopen(path, RTLD_NOW))
		actor_failed("%s", dlerror());
	actor_allowed();
}

/*
 * Runs in a child, for it cannot tell by itself. @denied: how a refusal of
 * the mapping shows, an exit status or minus a signal.
 */
static void run(const char *path, char *const argv[], int denied)
{
	int status, how;
	pid_t child = fork();

	if (child == 0) {
		execv(path, argv);
		_exit(errno == EPERM ? 126 : 125);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		actor_failed("cannot start a child: %s", strerror(errno));
	how = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
	if (how == 0)
		actor_allowed();
	if (how == denied)
		actor_denied();
	actor_failed("the program ended with %d", how);
}

static void run_loader(const char *program)
{
	char *argv[] = { "loader", (char *)program, NULL };

	run(loader(), argv, 127);
}

static void loader_on_memfd(void)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", memfd_of("/bin/true"));
	run_loader(name);
}

static void loader_on_disk(void)
{
	run_loader("/bin/true");
}

/* A program on disk that names a descriptor as its loader. */
static void interp_is_memfd(void)
{
	static const char name[] = "/proc/self/fd/77";
	char path[4352], *argv[] = { "program", NULL };
	ElfW(Ehdr) elf;
	ElfW(Phdr) segment;
	int i, fd;

	if (dup2(memfd_of(loader()), FIXED_FD) < 0)
		actor_failed("cannot make descriptor 77: %s", strerror(errno));
	snprintf(path, sizeof(path), "%s/program", actor_workspace());
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0755);
	actor_copy("/bin/true", fd);
	if (pread(fd, &elf, sizeof(elf), 0) != sizeof(elf))
		actor_failed("cannot read the program");
	for (i = 0; i < elf.e_phnum; i++) {
		off_t at = elf.e_phoff + i * sizeof(segment);

		if (pread(fd, &segment, sizeof(segment), at) != sizeof(segment))
			actor_failed("cannot read the program");
		if (segment.p_type != PT_INTERP)
			continue;
		if (segment.p_filesz < sizeof(name))
			actor_skipped("no room for the loader's name");
		segment.p_filesz = sizeof(name);
		if (pwrite(fd, &segment, sizeof(segment), at) < 0 ||
		    pwrite(fd, name, sizeof(name), segment.p_offset) < 0)
			actor_failed("cannot change the program");
	}
	close(fd);
	run(path, argv, -11);
}

static void run_program(const char *file)
{
	char *argv[] = { (char *)file, NULL };

	run(file, argv, -11);
}

/* A kind of program that gets a memfd in the place of its own loader. */
static void binfmt_loader(void)
{
	char path[4352];
	int fd;

	snprintf(path, sizeof(path), "%s/program.wxg", actor_workspace());
	fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0755);
	actor_copy("/bin/true", fd);
	close(fd);
	binfmt_run("E::wxg:", memfd_of(loader()), "L", run_program, path);
}

static const struct actor_variant variants[] = {
	{ "dlopen_memfd", dlopen_memfd },
	{ "loader_on_memfd", loader_on_memfd },
	{ "interp_is_memfd", interp_is_memfd },
	{ "binfmt_loader", binfmt_loader },
	{ "dlopen_exec_stack", dlopen_exec_stack },
	{ "dlopen_disk", dlopen_disk },
	{ "loader_on_disk", loader_on_disk },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
