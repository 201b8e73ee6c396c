// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The executable as it was, as it is now, and the package that it came with.
 * Only reads, and no file but the one that the finding names.
 */
#include <errno.h>
#include <string.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../lib/exe_file.h"
#include "../lib/json_out.h"
#include "../lib/text.h"
#include "doc.h"
#include "explain.h"
#include "explain_case.h"
#include "package.h"

/* Does a path of this finding mean the same here? */
static bool is_same_mounts(const json_t *doc)
{
	struct stat stat_buf;
	uint64_t mntns;

	if (!doc_number(doc, "wxguard.process.namespace.mnt", &mntns))
		return false;
	return !stat("/proc/self/ns/mnt", &stat_buf) &&
	       stat_buf.st_ino == mntns;
}

/* NULL if @path can be opened as a file here, else why not. */
static const char *why_no_file(const json_t *doc, const char *path)
{
	static const char deleted[] = " (deleted)";
	size_t len = strlen(path), tail = sizeof(deleted) - 1;

	if (!*path)
		return "the executable is not known";
	if (*doc_string(doc, "wxguard.raw.process.executable"))
		return "its path is no text; look at it with the SHA-256 instead";
	if (*path != '/' || (len > tail && !strcmp(path + len - tail, deleted)))
		return "it has, or had by then, no name in any file system";
	if (!is_same_mounts(doc))
		return "the process has file systems of its own (a container): its path means another file here";
	return NULL;
}

static int put_state(json_t *now, const char *state, const char *words)
{
	return json_put(now, "state", json_string(state)) |
	       json_put(now, "words", json_string(words));
}

static int put_now(const struct explain *explain, json_t *exe, const char *path)
{
	const json_t *then =
		doc_get(explain->doc, "wxguard.process.executable_file");
	const char *inode = doc_string(then, "inode");
	json_t *now = json_object();
	int64_t seconds = 0;
	uint32_t nanoseconds = 0;
	struct stat stat_buf;
	int error = 0;

	if (lstat(path, &stat_buf))
		error |= put_state(now,
				   errno == ENOENT || errno == ENOTDIR ?
					   "gone" :
					   "unreadable",
				   strerror(errno));
	else if (!then || !explain_time(doc_string(then, "ctime"), &seconds,
					&nanoseconds))
		error |= put_state(now, "unknown",
				   "what it was then was not recorded");
	else if (stat_buf.st_ino != strtoull(inode, NULL, 10))
		error |= put_state(now, "replaced",
				   "another file has this path now");
	else if (stat_buf.st_ctim.tv_sec != seconds ||
		 stat_buf.st_ctim.tv_nsec != nanoseconds)
		error |= put_state(
			now, "changed",
			"it was changed since: its content, owner, mode or links");
	else
		error |= put_state(now, "same",
				   "it is the very file, unchanged since");
	return error | json_put(exe, "now", now);
}

static int put_package(json_t *exe, const char *path)
{
	static const char *const words[] = {
		[PACKAGE_UNCHECKED] = "unchecked",
		[PACKAGE_SAME] = "same",
		[PACKAGE_CHANGED] = "changed",
	};
	json_t *out = json_object();
	struct package package;
	int error = 0;

	package_look("", path, &package);
	error |= json_put(out, "database",
			  package.kind ? json_string(package.kind) :
					 json_null());
	error |= json_put(out, "name",
			  *package.name ? json_bytes(text_bytes(package.name)) :
					  json_null());
	if (*package.name)
		error |= json_put(out, "content",
				  json_string(words[package.match]));
	if (*package.why)
		error |= json_put(out, "missing", json_string(package.why));
	return error | json_put(exe, "package", out);
}

int explain_executable(struct explain *explain)
{
	const json_t *doc = explain->doc;
	const char *path = doc_string(doc, "process.executable"), *missing;
	json_t *exe;
	int error = 0;

	if (!doc_get(doc, "process"))
		return 0;
	exe = json_object();
	missing = why_no_file(doc, path);
	if (missing) {
		error |= json_put(exe, "now",
				  json_pack("{s:s}", "missing", missing));
		error |= json_put(exe, "package",
				  json_pack("{s:s}", "missing", missing));
	} else {
		error |= put_now(explain, exe, path);
		error |= put_package(exe, path);
	}
	return error | json_put(explain->out, "executable", exe);
}
