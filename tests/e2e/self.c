// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A process describes itself from its own /proc, independently of wxguard.
 * Linked into the actors and into the payload.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "self.h"

static char text[65536];

void self_print_hex(const char *data, size_t len)
{
	while (len--)
		printf("%02x", (unsigned char)*data++);
}

/* Return: bytes read into text, 0 if there is nothing. */
static size_t read_proc(const char *path)
{
	ssize_t got;
	size_t len = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	while ((got = read(fd, text + len, sizeof(text) - 1 - len)) > 0)
		len += got;
	close(fd);
	text[len] = '\0';
	return len;
}

static void print_file(const char *key, const char *path)
{
	size_t len = read_proc(path);

	printf(",\"%s\":\"", key);
	self_print_hex(text, len);
	putchar('"');
}

static void print_link(const char *key, const char *path)
{
	ssize_t len = readlink(path, text, sizeof(text));

	printf(",\"%s\":\"", key);
	self_print_hex(text, len < 0 ? 0 : len);
	putchar('"');
}

static void print_number(const char *key, const char *path)
{
	printf(",\"%s\":%s", key, read_proc(path) ? text : "null");
}

/* A "Name:\tvalue" line of /proc/self/status, as a hex number. */
static void print_caps(const char *key, const char *name)
{
	const char *line;

	read_proc("/proc/self/status");
	line = strstr(text, name);
	printf(",\"%s\":\"%.16s\"", key, line ? line + strlen(name) : "");
}

/* Ticks since boot: field 22, counted behind the name, which may hold any byte. */
static void print_start(void)
{
	char *field;
	int left = 20;

	read_proc("/proc/self/stat");
	field = strrchr(text, ')');
	while (field && left--)
		field = strchr(field + 1, ' ');
	printf(",\"start_ticks\":%lld", field ? atoll(field) : -1LL);
}

static void print_exe_file(void)
{
	struct stat st;

	if (stat("/proc/self/exe", &st) < 0)
		return;
	printf(",\"exe_dev\":%u,\"exe_ino\":%llu,\"exe_size\":%lld,\"exe_mode\":%u"
	       ",\"exe_nlink\":%llu,\"exe_uid\":%u,\"exe_mtime\":%lld,\"exe_ctime\":%lld",
	       major(st.st_dev) << 20 | minor(st.st_dev),
	       (unsigned long long)st.st_ino, (long long)st.st_size, st.st_mode,
	       (unsigned long long)st.st_nlink, st.st_uid,
	       (long long)st.st_mtime, (long long)st.st_ctime);
}

static void print_namespace(const char *key, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0)
		printf(",\"%s\":%llu", key, (unsigned long long)st.st_ino);
}

void self_print(void)
{
	printf(",\"self\":{\"pid\":%d,\"ppid\":%d,\"uid\":%u,\"euid\":%u,\"gid\":%u",
	       getpid(), getppid(), getuid(), geteuid(), getgid());
	print_file("comm", "/proc/self/comm");
	print_file("args", "/proc/self/cmdline");
	print_file("cgroup", "/proc/self/cgroup");
	print_link("exe", "/proc/self/exe");
	print_link("cwd", "/proc/self/cwd");
	print_number("loginuid", "/proc/self/loginuid");
	print_number("sessionid", "/proc/self/sessionid");
	print_caps("cap_effective", "CapEff:\t");
	print_caps("cap_permitted", "CapPrm:\t");
	print_start();
	print_exe_file();
	print_namespace("pidns", "/proc/self/ns/pid");
	print_namespace("mntns", "/proc/self/ns/mnt");
	putchar('}');
}
