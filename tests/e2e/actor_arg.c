// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Starts an interpreter, itself an innocent program on disk, with a memory
 * file to run: as an argument in each spelling, or as standard input. And the
 * ordinary uses of interpreters and of memory files beside that.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "actor.h"
#include "exec.h"

#define SAID "{\"actor\":\"script\",\"variant\":\"\",\"result\":\"allowed\",\"note\":\"\","

static const char shell[] = EXEC_SCRIPT_BODY;
static const char python[] =
	"import os\n"
	"print('" SAID "\"pid\":%d,\"tid\":%d,\"call\":\"%s\"}'\n"
	"      % (os.getpid(), os.getpid(), os.environ['ACTOR_CALL']))\n";
static const char perl[] =
	"printf '" SAID "\"pid\":%d,\"tid\":%d,\"call\":\"%s\"}'.\"\\n\",\n"
	"       $$, $$, $ENV{ACTOR_CALL};\n";
static const char plain[] = SAID "\"pid\":0,\"tid\":0,\"call\":\"\"}\n";

static void fill(int fd, const char *text)
{
	if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
		actor_failed("cannot write the script: %s", strerror(errno));
	lseek(fd, 0, SEEK_SET);
}

/* A memory file that the interpreter will inherit. */
static int memory(const char *text)
{
	int fd = memfd_create("script", 0);

	fill(fd, text);
	return fd;
}

static int disk(const char *text, const char **path)
{
	static char name[4352];
	int fd;

	snprintf(name, sizeof(name), "%s/script", actor_workspace());
	fd = open(name, O_CREAT | O_EXCL | O_RDWR, 0644);
	fill(fd, text);
	if (path)
		*path = name;
	return fd;
}

/* "FORMAT" with the descriptor's number: a path, or an option with one. */
static char *spell(const char *format, int number)
{
	static char word[64];

	snprintf(word, sizeof(word), format, number);
	return word;
}

static const char *found(const char *program)
{
	if (access(program, X_OK) < 0)
		actor_skipped("there is no %s here", program);
	return program;
}

static _Noreturn void run(const char *program, char *word)
{
	char *argv[] = { (char *)strrchr(program, '/') + 1, word, NULL };

	exec_start_with(found(program), argv);
}

static _Noreturn void run_option(const char *program, char *option, char *word)
{
	char *argv[] = { (char *)strrchr(program, '/') + 1, option, word, NULL };

	exec_start_with(found(program), argv);
}

static _Noreturn void run_stdin(int fd, char *option)
{
	char *argv[] = { "sh", option, NULL };

	if (dup2(fd, STDIN_FILENO) < 0)
		actor_failed("cannot make it standard input: %s", strerror(errno));
	exec_start_with("/bin/sh", argv);
}

static void sh_proc_self_fd(void)
{
	run("/bin/sh", spell("/proc/self/fd/%d", memory(shell)));
}

static void sh_stdin(void)
{
	run_stdin(memory(shell), NULL);
}

static void sh_stdin_s(void)
{
	run_stdin(memory(shell), "-s");
}

static void python_dev_fd(void)
{
	run("/usr/bin/python3", spell("/dev/fd/%d", memory(python)));
}

/* The word before is longer than any path can be. */
static void python_long_word(void)
{
	char *argv[] = { "python3", "-W", NULL, NULL, NULL };
	static char word[6000] = "ignore:";

	memset(word + strlen(word), 'x', sizeof(word) - strlen(word) - 1);
	argv[2] = word;
	argv[3] = spell("/dev/fd/%d", memory(python));
	exec_start_with(found("/usr/bin/python3"), argv);
}

static void perl_proc_self_fd(void)
{
	run("/usr/bin/perl", spell("/proc/self/fd/%d", memory(perl)));
}

static void busybox_sh(void)
{
	run_option("/bin/busybox", "sh", spell("/proc/self/fd/%d", memory(shell)));
}

/* The option before does not hide it. */
static void sh_option(void)
{
	run_option("/bin/sh", "-u", spell("/proc/self/fd/%d", memory(shell)));
}

static void sh_symlink(void)
{
	char target[64], link[4352];
	int fd = memory(shell);

	snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	snprintf(link, sizeof(link), "%s/innocent", actor_workspace());
	if (symlink(target, link) < 0)
		actor_failed("cannot make %s: %s", link, strerror(errno));
	run("/bin/sh", link);
}

/* Not inherited at all: the parent's descriptor, which exec would close. */
static void sh_parent_fd(void)
{
	int fd = memfd_create("script", MFD_CLOEXEC);
	char word[64];

	fill(fd, shell);
	snprintf(word, sizeof(word), "/proc/%d/fd/%d", getpid(), fd);
	exec_in_child();
	run("/bin/sh", word);
}

/* The twins. */

/* A program that runs nothing of what it reads. */
static void cat_dev_fd(void)
{
	run("/bin/cat", spell("/dev/fd/%d", memory(plain)));
}

static void sh_disk_fd(void)
{
	run("/bin/sh", spell("/proc/self/fd/%d", disk(shell, NULL)));
}

static void sh_disk_stdin(void)
{
	run_stdin(disk(shell, NULL), NULL);
}

static void python_disk(void)
{
	const char *path;

	disk(python, &path);
	run("/usr/bin/python3", (char *)path);
}

/* Its own descriptor, closed by the exec: the shell cannot open it. */
static void sh_closed_fd(void)
{
	char *argv[] = { "sh", NULL, NULL };
	int fd = memfd_create("script", MFD_CLOEXEC), status;
	pid_t child;

	fill(fd, shell);
	argv[1] = spell("/proc/self/fd/%d", fd);
	child = fork();
	if (child == 0) {
		dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
		execv("/bin/sh", argv);
		_exit(126);
	}
	if (child < 0 || waitpid(child, &status, 0) != child)
		actor_failed("cannot start a child: %s", strerror(errno));
	if (!WIFEXITED(status) || WEXITSTATUS(status) == 0 ||
	    WEXITSTATUS(status) == 126)
		actor_failed("the shell ended with %#x", status);
	actor_allowed();
}

/* A memory file is inherited, but the program stands in the arguments. */
static void sh_c(void)
{
	memory("data");
	run_option("/bin/sh", "-c", (char *)shell);
}

static const struct actor_variant variants[] = {
	{ "sh_proc_self_fd", sh_proc_self_fd },
	{ "sh_stdin", sh_stdin },
	{ "sh_stdin_s", sh_stdin_s },
	{ "python_dev_fd", python_dev_fd },
	{ "python_long_word", python_long_word },
	{ "perl_proc_self_fd", perl_proc_self_fd },
	{ "busybox_sh", busybox_sh },
	{ "sh_option", sh_option },
	{ "sh_symlink", sh_symlink },
	{ "sh_parent_fd", sh_parent_fd },
	{ "cat_dev_fd", cat_dev_fd },
	{ "sh_disk_fd", sh_disk_fd },
	{ "sh_disk_stdin", sh_disk_stdin },
	{ "python_disk", python_disk },
	{ "sh_closed_fd", sh_closed_fd },
	{ "sh_c", sh_c },
	{ NULL, NULL },
};

int main(int argc, char **argv)
{
	return actor_main(argc, argv, variants);
}
