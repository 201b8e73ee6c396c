// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See allow.h. Everything that was seen of the finding is asked for, unless it
 * would not be there the next time. A path of a watched process is opened as
 * exe_file.h says, and is trusted for nothing.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../../module/core/interp.h"
#include "../lib/exe_file.h"
#include "../lib/text.h"
#include "allow.h"
#include "doc.h"

/* Where we are with one exclusion. */
struct making {
	const json_t *doc;
	const struct explain_case *found;
	struct client_exemption *row;
	struct stat stat;
	int fd;
	char *shown;		/* the path, quoted */
	char *why;
};

static int refuse(const struct making *making, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
static int refuse(const struct making *making, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(making->why, ALLOW_WHY_MAX, format, args);
	va_end(args);
	return code;
}

static bool others_may_write(const struct stat *stat, uint32_t uid)
{
	return (stat->st_uid && stat->st_uid != uid) ||
	       (stat->st_mode & 0002) || (stat->st_mode & 0020 && stat->st_gid);
}

bool allow_is_guarded(const char *path, uint32_t uid)
{
	char part[WXGUARD_GLOB_MAX + 1];
	struct stat stat;
	char *slash;

	snprintf(part, sizeof(part), "%s", path);
	if (lstat(part, &stat) || others_may_write(&stat, uid))
		return false;
	while ((slash = strrchr(part, '/')) && slash != part) {
		*slash = 0;
		if (lstat(part, &stat) || others_may_write(&stat, uid))
			return false;
	}
	return !lstat("/", &stat) && !others_may_write(&stat, uid);
}

/* A path that a rule can name, of a file that has one. */
static int check_path(const struct making *making)
{
	static const char deleted[] = " (deleted)";
	const size_t suffix = sizeof(deleted) - 1;
	struct bytes exe = making->found->event.exe;
	const char *path = making->found->exe;

	if (!exe.data || !exe.len)
		return refuse(making, CTL_INVALID, "the finding does not say which executable it was, and without that an exclusion would be broad; \"wxguard exclude add\" takes a uid or a cgroup");
	if (!strncmp(path, "/memfd:", 7) ||
	    (exe.len > suffix && !strcmp(path + exe.len - suffix, deleted)))
		return refuse(making, CTL_INVALID, "%s is in no file system any more, so nothing can be told about its next run; an exclusion by that name would fit whatever takes the name",
			      making->shown);
	if (*path != '/' || memchr(path, 0, exe.len))
		return refuse(making, CTL_INVALID, "%s is no path that a rule can name", making->shown);
	if (strchr(path, '*'))
		return refuse(making, CTL_INVALID, "%s has a * in it, which a rule takes for a wildcard; \"wxguard exclude add NAME --inode-of FILE\" names this very file",
			      making->shown);
	if (exe.len > WXGUARD_GLOB_MAX)
		return refuse(making, CTL_INVALID, "the path of the executable has %zu bytes, a rule takes %d",
			      exe.len, WXGUARD_GLOB_MAX);
	return 0;
}

static int open_file(struct making *making)
{
	making->fd = exe_file_open(making->found->exe);
	if (making->fd >= 0 && !fstat(making->fd, &making->stat) &&
	    S_ISREG(making->stat.st_mode))
		return 0;
	return refuse(making, CTL_NOT_FOUND, "%s cannot be read now (%s), so the exclusion could not say which program it means; --by path names the path alone",
		      making->shown, making->fd < 0 ? strerror(-making->fd) : "it is no regular file");
}

/* Of what ran, not of what starts it: only that was read by the daemon. */
static const char *digest_of(const struct making *making)
{
	if (making->found->by_parent)
		return "";
	if (making->found->event.class == WXGUARD_CLASS_EXEC_UNKNOWN)
		return doc_string(making->doc, "file.hash.sha256");
	return doc_string(making->doc, "process.hash.sha256");
}

static bool is_same_file(const struct making *making)
{
	const struct rules_case *event = &making->found->event;

	return event->ino == making->stat.st_ino &&
	       event->ctime_sec == making->stat.st_ctim.tv_sec &&
	       event->ctime_nsec == (uint32_t)making->stat.st_ctim.tv_nsec;
}

static int take_content(struct making *making)
{
	struct client_exemption *row = making->row;
	const char *then = digest_of(making);
	char now[EXE_FILE_HEX_MAX];
	int error, code = open_file(making);

	if (code)
		return code;
	error = exe_file_digest(making->fd, &making->stat, row->sha256);
	if (error)
		return refuse(making, CTL_FAILED, "%s: %s", making->shown, error == -ESTALE ?
			      "it changed while it was read; try again" : strerror(-error));
	exe_file_hex(row->sha256, now);
	if (*then ? strcmp(then, now) : making->found->event.has_key && !is_same_file(making))
		return refuse(making, CTL_FAILED, "%s is not the program of the finding any more: its content now is sha256 %.16s...; if it was upgraded, the next finding is about the new one, and --by path holds for both",
			      making->shown, now);
	row->has_sha256 = true;
	row->ctime_sec = making->stat.st_ctim.tv_sec;
	row->ctime_nsec = (uint32_t)making->stat.st_ctim.tv_nsec;
	return 0;
}

static int take_inode(struct making *making)
{
	int code = open_file(making);

	if (code || !making->found->event.has_key || is_same_file(making))
		return code;
	return refuse(making, CTL_FAILED, "%s is another file than the one of the finding; --by path names the path alone",
		      making->shown);
}

/* A path alone is worth as much as those who may write there are trusted. */
static int take_path(const struct making *making, bool force)
{
	uint32_t uid = making->row->has_uid ? making->row->uid : 0;

	if (force || allow_is_guarded(making->found->exe, uid))
		return 0;
	return refuse(making, CTL_INVALID, "others than root%s may put a program at %s, and it would be exempt, too; leave --by path out and its content counts, or insist with --force",
		      uid ? " and this user" : "", making->shown);
}

/* The group of a service or container comes again by this name; a session's does not. */
static void take_cgroup(const struct making *making)
{
	static const char service[] = ".service";
	const char *cgroup = making->found->cgroup;
	size_t len = making->found->event.cgroup.len;

	if (!cgroup || *cgroup != '/' || strlen(cgroup) != len || strchr(cgroup, '*') ||
	    len > WXGUARD_GLOB_MAX)
		return;
	if (*doc_string(making->doc, "container.id") ||
	    (len > sizeof(service) - 1 && !strcmp(cgroup + len - sizeof(service) + 1, service)))
		strcpy(making->row->cgroup, cgroup);
}

/* What an interpreter does is what its script says. */
static int check_breadth(const struct making *making, bool force)
{
	const char *slash = strrchr(making->found->exe, '/');

	if (force || making->row->cgroup[0] || !wxg_interp_is(slash + 1))
		return 0;
	return refuse(making, CTL_INVALID, "%s runs whatever script it is given, so each script of this user would be exempt; give the program a service of its own, exclude that control group (wxguard exclude add --cgroup), or insist with --force",
		      making->shown);
}

static int make(struct making *making, enum allow_by by, bool force)
{
	const struct rules_case *event = &making->found->event;
	struct client_exemption *row = making->row;
	int code;

	if (!event->class || event->class > WXGUARD_CLASS_MAX ||
	    event->class == WXGUARD_CLASS_SENSOR_TAMPER)
		return refuse(making, CTL_INVALID, "findings of this class are about wxguard itself and are never exempt");
	code = check_path(making);
	if (code)
		return code;
	if (by != ALLOW_BY_PATH && *doc_string(making->doc, "container.id"))
		return refuse(making, CTL_INVALID, "%s is in a container, and its file cannot be told from here; --by path names its path within this container",
			      making->shown);
	row->classes = 1U << event->class;
	row->has_uid = event->has_uid;
	row->uid = event->uid;
	memcpy(row->exe, making->found->exe, event->exe.len);
	take_cgroup(making);
	code = check_breadth(making, force);
	if (code)
		return code;
	if (by == ALLOW_BY_PATH)
		return *doc_string(making->doc, "container.id") ? 0 : take_path(making, force);
	code = by == ALLOW_BY_INODE ? take_inode(making) : take_content(making);
	if (!code) {
		row->has_fd = true;
		row->fd = making->fd;
	}
	return code;
}

int allow_make(const json_t *doc, const struct explain_case *found, enum allow_by by,
	       bool force, struct client_exemption *row, int *fd,
	       char why[ALLOW_WHY_MAX])
{
	struct making making = { .doc = doc, .found = found, .row = row, .fd = -1, .why = why };
	int code;

	making.shown = text_quote(found->event.exe, 160);
	if (!making.shown)
		return refuse(&making, CTL_FAILED, "out of memory");
	code = make(&making, by, force);
	free(making.shown);
	if (code && making.fd >= 0) {
		close(making.fd);
		making.fd = -1;
	}
	*fd = making.fd < 0 ? -1 : making.fd;
	return code;
}
