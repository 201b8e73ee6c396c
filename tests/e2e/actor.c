// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shared by all actors: choosing the variant, the one line of the report,
 * and a look at the process itself. Maps nothing executable and starts
 * nothing, so it cannot disturb what is watched.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "actor.h"
#include "self.h"
#include "starve.h"

#define ENV_CALL "ACTOR_CALL"

static const char *actor_name = "?";
static const char *variant_name = "?";

/* All mappings, before and after the call that was refused. */
static char maps_before[65536], maps_after[65536];
static bool maps_differ;

static _Noreturn void report(int code, const char *result, const char *note)
{
	const char *call = getenv(ENV_CALL);

	printf("{\"actor\":\"%s\",\"variant\":\"%s\",\"result\":\"%s\",\"note\":\"",
	       actor_name, variant_name, result);
	self_print_hex(note, strlen(note));
	printf("\",\"pid\":%d,\"tid\":%ld,\"call\":\"%s\"", getpid(),
	       syscall(SYS_gettid), call ? call : "");
	if (getenv(SELF_ENV))
		self_print();
	puts("}");
	fflush(stdout);
	if (code != ACTOR_ALLOWED && code != ACTOR_DENIED)
		fprintf(stderr, "%s %s: %s\n", actor_name, variant_name, note);
	_exit(code);
}

void actor_allowed(void)
{
	report(ACTOR_ALLOWED, "allowed", "");
}

void actor_denied(void)
{
	if (maps_differ)
		actor_failed("denied, but the mappings are not as before");
	report(ACTOR_DENIED, "denied", "");
}

void actor_failed(const char *format, ...)
{
	char note[512];
	va_list args;

	va_start(args, format);
	vsnprintf(note, sizeof(note), format, args);
	va_end(args);
	report(ACTOR_FAILED, "failed", note);
}

void actor_skipped(const char *format, ...)
{
	char note[512];
	va_list args;

	va_start(args, format);
	vsnprintf(note, sizeof(note), format, args);
	va_end(args);
	report(ACTOR_SKIPPED, "skipped", note);
}

void actor_announce(long nr, const long *args)
{
	char text[256];

	snprintf(text, sizeof(text), "%ld %lx %lx %lx %lx %lx %lx", nr, args[0],
		 args[1], args[2], args[3], args[4], args[5]);
	setenv(ENV_CALL, text, 1);
}

/* Without a libc stream, which would map memory itself. */
static __attribute__((noinline)) void read_maps(char *text, size_t size)
{
	ssize_t got;
	size_t len = 0;
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);

	while (fd >= 0 && (got = read(fd, text + len, size - 1 - len)) > 0)
		len += got;
	text[len] = '\0';
	close(fd);
	if (!len)
		actor_failed("cannot read /proc/self/maps: %s", strerror(errno));
}

long actor_call(long nr, long a0, long a1, long a2, long a3, long a4, long a5)
{
	const long args[6] = { a0, a1, a2, a3, a4, a5 };
	long result;
	int error;

	actor_announce(nr, args);
	read_maps(maps_before, sizeof(maps_before));
	starve_begin();
	result = syscall(nr, a0, a1, a2, a3, a4, a5);
	error = errno;
	starve_end();
	if (result == -1) {
		read_maps(maps_after, sizeof(maps_after));
		maps_differ = strcmp(maps_before, maps_after) != 0;
	}
	errno = error;
	return result;
}

bool actor_perms_are(const void *address, const char *perms)
{
	unsigned long from, to;
	char line[4352], seen[5];
	bool found = false;
	FILE *maps = fopen("/proc/self/maps", "re");

	if (!maps)
		actor_failed("cannot read /proc/self/maps: %s", strerror(errno));
	while (!found && fgets(line, sizeof(line), maps)) {
		if (sscanf(line, "%lx-%lx %4s", &from, &to, seen) != 3)
			continue;
		found = (unsigned long)address >= from &&
			(unsigned long)address < to;
	}
	fclose(maps);
	return found && strncmp(seen, perms, 3) == 0;
}

const char *actor_directory(void)
{
	static char path[4096];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	if (len < 0)
		actor_failed("cannot read /proc/self/exe: %s", strerror(errno));
	path[len] = '\0';
	slash = strrchr(path, '/');
	if (slash)
		*slash = '\0';
	return path;
}

const char *actor_workspace(void)
{
	static char path[4224];

	snprintf(path, sizeof(path), "%s/work.XXXXXX", actor_directory());
	if (!mkdtemp(path))
		actor_failed("cannot make %s: %s", path, strerror(errno));
	return path;
}

bool actor_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool done = fd >= 0 && write(fd, text, strlen(text)) >= 0;

	if (fd >= 0)
		close(fd);
	return done;
}

void actor_copy(const char *from, int fd)
{
	char block[65536];
	ssize_t got;
	int source = open(from, O_RDONLY | O_CLOEXEC);

	if (source < 0)
		actor_failed("cannot open %s: %s", from, strerror(errno));
	while ((got = read(source, block, sizeof(block))) > 0) {
		if (write(fd, block, got) != got)
			actor_failed("cannot copy %s: %s", from, strerror(errno));
	}
	if (got < 0)
		actor_failed("cannot read %s: %s", from, strerror(errno));
	close(source);
}

int actor_main(int argc, char **argv, const struct actor_variant *variants)
{
	const struct actor_variant *variant;
	const char *slash = strrchr(argv[0], '/');

	actor_name = slash ? slash + 1 : argv[0];
	for (variant = variants; argc > 1 && variant->name; variant++) {
		if (strcmp(variant->name, argv[1]) != 0)
			continue;
		variant_name = variant->name;
		variant->run();
	}
	fprintf(stderr, "%s: needs one variant out of:", actor_name);
	for (variant = variants; variant->name; variant++)
		fprintf(stderr, " %s", variant->name);
	fputc('\n', stderr);
	return ACTOR_USAGE;
}
