// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * process.*, user.*, container.* and file.*: who did it, and to which file.
 * Pure but for memory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ecs_parts.h"
#include "json_out.h"
#include "json_text.h"
#include "names.h"
#include "text.h"

uint64_t ecs_start_time(const struct finding *finding, uint64_t start)
{
	uint64_t boot = finding->time_real - finding->time_boot;

	return boot + start;
}

int ecs_put_entity(json_t *json, const char *path,
		   const struct finding_process *process,
		   const struct ecs_context *context)
{
	return json_put(json, path,
			json_sprintf("%.8s-%" PRIu32 "-%" PRIx64,
				     context->boot_id, process->pid,
				     process->start));
}

/* The arguments with blanks between, as ECS wants the command line. */
static int put_command_line(json_t *root, struct bytes args)
{
	uint8_t *copy;
	size_t i, len = args.len;
	json_t *line;

	/* The last argument ends in NUL, unless it was cut. */
	if (len && !args.data[len - 1])
		len--;
	copy = malloc(len + 1);
	if (!copy)
		return -1;
	for (i = 0; i < len; i++)
		copy[i] = args.data[i] ? args.data[i] : ' ';
	line = json_bytes((struct bytes){ copy, len });
	free(copy);
	return json_put(root, "process.command_line", line);
}

static int put_args(json_t *root, const struct finding *finding)
{
	struct bytes args = finding->process.args;
	bool lossy = false;
	json_t *list;
	size_t count;
	int error;

	if (!args.data || !args.len)
		return 0;
	list = json_args(args, &lossy);
	count = json_array_size(list);
	error = json_put(root, "process.args", list);
	/* Of a cut list only a part was counted: better no number. */
	if (!(finding->flags & WXGUARD_FLAG_ARGS_TRUNCATED))
		error |= ecs_put_number(root, "process.args_count", count);
	if (lossy)
		error |= json_put_hex(root, "wxguard.raw.process.args", args);
	return error | put_command_line(root, args);
}

static int put_parent(json_t *root, const struct finding *finding,
		      const struct ecs_context *context)
{
	const struct finding_process *parent = &finding->ancestor[0];
	int error = 0;

	if (!finding->ancestors)
		return 0;
	error |= ecs_put_number(root, "process.parent.pid", parent->pid);
	error |= ecs_put_entity(root, "process.parent.entity_id", parent, context);
	error |= ecs_put_text(root, "process.parent.name", parent->comm);
	error |= ecs_put_text(root, "process.parent.executable", parent->exe);
	error |= ecs_put_time(root, "process.parent.start",
			      ecs_start_time(finding, parent->start));
	return error;
}

static int put_user(json_t *root, const struct finding *finding)
{
	const struct finding_process *process = &finding->process;
	const struct finding_enrichment *extra = &finding->extra;
	int error = 0;

	error |= ecs_put_id(root, "user.id", process->uid);
	error |= ecs_put_string(root, "user.name", extra->user_name);
	error |= ecs_put_id(root, "user.effective.id", process->euid);
	error |= ecs_put_string(root, "user.effective.name", extra->euser_name);
	error |= ecs_put_id(root, "user.group.id", process->gid);
	error |= ecs_put_string(root, "user.group.name", extra->group_name);
	error |= ecs_put_string(root, "container.id", extra->container_id);
	if (extra->container_runtime &&
	    strcmp(extra->container_runtime, "unknown"))
		error |= ecs_put_string(root, "container.runtime",
					extra->container_runtime);
	return error;
}

static int put_capabilities(json_t *root, const struct finding_process *process)
{
	int error = 0;

	if (!process->has_capabilities)
		return 0;
	error |= json_put(root, "process.thread.capabilities.effective",
			  json_bits(process->cap_effective, names_capability));
	error |= json_put(root, "process.thread.capabilities.permitted",
			  json_bits(process->cap_permitted, names_capability));
	return error;
}

static int put_start(json_t *root, const struct finding *finding,
		     const struct ecs_context *context)
{
	const struct finding_process *process = &finding->process;

	return ecs_put_entity(root, "process.entity_id", process, context) |
	       ecs_put_time(root, "process.start",
			    ecs_start_time(finding, process->start));
}

int ecs_put_process(json_t *root, const struct finding *finding,
		    const struct ecs_context *context)
{
	const struct finding_process *process = &finding->process;
	int error = 0;

	if (!finding_has_process(finding))
		return 0;
	error |= ecs_put_number(root, "process.pid", process->pid);
	if (process->vpid)
		error |= ecs_put_number(root, "process.vpid", process->vpid);
	if (process->start)	/* of a repeat only the last pid is known */
		error |= put_start(root, finding, context);
	error |= ecs_put_text(root, "process.name", process->comm);
	error |= ecs_put_text(root, "process.executable", process->exe);
	error |= put_args(root, finding);
	error |= ecs_put_text(root, "process.working_directory", process->cwd);
	error |= ecs_put_string(root, "process.hash.sha256",
				finding->extra.exe_sha256);
	error |= ecs_put_number(root, "process.thread.id",
				process->tid ? process->tid : process->pid);
	error |= ecs_put_text(root, "process.thread.name", process->comm);
	error |= put_capabilities(root, process);
	error |= put_parent(root, finding, context);
	return error | put_user(root, finding);
}

static bool is_memfd(uint32_t origin)
{
	return origin == WXGUARD_ORIGIN_MEMFD ||
	       origin == WXGUARD_ORIGIN_MEMFD_HUGETLB;
}

/* The last component; a memfd's name may itself hold slashes. */
static struct bytes base_name(struct bytes path, uint32_t origin)
{
	static const char deleted[] = " (deleted)";
	const size_t suffix = sizeof(deleted) - 1;
	const uint8_t *slash;

	if (path.len > suffix &&
	    !memcmp(path.data + path.len - suffix, deleted, suffix) &&
	    origin != WXGUARD_ORIGIN_FILE)
		path.len -= suffix;
	if (is_memfd(origin) && path.len && path.data[0] == '/') {
		path.data++;
		path.len--;
		return path;
	}
	slash = memrchr(path.data, '/', path.len);
	if (slash) {
		path.len -= (size_t)(slash + 1 - path.data);
		path.data = slash + 1;
	}
	return path;
}

static const char *file_type(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG: return "file";
	case S_IFDIR: return "dir";
	case S_IFLNK: return "symlink";
	default: return "special";
	}
}

static uint64_t stamp(int64_t sec, uint32_t nsec)
{
	return sec < 0 ? 0 : (uint64_t)sec * 1000000000u + nsec;
}

/* Same inode as the program that runs: then its hash is the file's too. */
static bool is_executable_of(const struct finding_file *file,
			     const struct finding *finding)
{
	const struct finding_file *exe = &finding->process.exe_file;

	return exe->present && file->dev == exe->dev && file->ino == exe->ino;
}

int ecs_put_file(json_t *root, const struct finding *finding)
{
	const struct finding_file *file = finding->has_exec ?
		&finding->exec_file : &finding->memory_file;
	uint32_t origin = finding->has_exec ? finding->exec_origin :
					      finding->memory_origin;
	int error = 0;

	if (!file->present)
		return 0;
	error |= ecs_put_text(root, "file.path", file->path);
	if (file->path.data)
		error |= ecs_put_text(root, "file.name",
				      base_name(file->path, origin));
	error |= json_put(root, "file.inode", json_decimal(file->ino));
	error |= json_put(root, "file.device",
			  json_sprintf("%02x:%02x", file->dev >> 20,
				       file->dev & 0xfffff));
	error |= ecs_put_number(root, "file.size", file->size);
	error |= ecs_put_string(root, "file.type", file_type(file->mode));
	error |= json_put(root, "file.mode",
			  json_sprintf("%04o", file->mode & 07777));
	error |= ecs_put_id(root, "file.uid", file->uid);
	error |= ecs_put_id(root, "file.gid", file->gid);
	error |= ecs_put_time(root, "file.mtime",
			      stamp(file->mtime_sec, file->mtime_nsec));
	error |= ecs_put_time(root, "file.ctime",
			      stamp(file->ctime_sec, file->ctime_nsec));
	if (is_executable_of(file, finding))
		error |= ecs_put_string(root, "file.hash.sha256",
					finding->extra.exe_sha256);
	return error;
}
