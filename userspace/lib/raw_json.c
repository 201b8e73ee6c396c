// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A finding as the kernel gave it, in JSON. Pure but for memory.
 */
#include "raw_json.h"

#include <stdio.h>

#include "ecs.h"
#include "json_out.h"
#include "json_text.h"
#include "names.h"
#include "../../module/core/class.h"

/* The object, or NULL (and no object) if anything on the way failed. */
static json_t *id_or_null(uint32_t id)
{
	return id == UINT32_MAX ? json_null() : json_number(id);
}

/* For what is never 0 when it is known. */
static json_t *number_or_null(uint64_t number)
{
	return number ? json_number(number) : json_null();
}

/* "SECONDS.NANOSECONDS": exact, as the kernel keys the known set by it. */
static json_t *stamp(int64_t sec, uint32_t nsec)
{
	char text[40];

	snprintf(text, sizeof(text), "%lld.%09u", (long long)sec, nsec);
	return json_string(text);
}

static json_t *device(uint32_t dev)
{
	char text[32];

	snprintf(text, sizeof(text), "%u:%u", dev >> 20, dev & 0xfffff);
	return json_string(text);
}

/* Text at @path of @root, null when absent; hex under "raw" when needed. */
static int put_text(json_t *root, const char *path, struct bytes in)
{
	char raw[80];

	if (!in.data)
		return json_put(root, path, json_null());
	snprintf(raw, sizeof(raw), "raw.%s", path);
	return json_put_text(root, path, raw, in);
}

/* The file at @path of @root: its path goes through put_text(). */
static int put_file(json_t *root, const char *path,
		    const struct finding_file *file)
{
	char inner[64];
	json_t *json;
	int error = 0;

	if (!file->present)
		return json_put(root, path, json_null());
	json = json_object();
	error |= json_put(json, "path", json_null());	/* keeps its place */
	error |= json_put(json, "dev", device(file->dev));
	error |= json_put(json, "ino", json_decimal(file->ino));
	error |= json_put(json, "generation", json_number(file->generation));
	error |= json_put(json, "ctime", stamp(file->ctime_sec, file->ctime_nsec));
	error |= json_put(json, "mtime", stamp(file->mtime_sec, file->mtime_nsec));
	error |= json_put(json, "size", json_number(file->size));
	error |= json_put(json, "mode", json_sprintf("%06o", file->mode));
	error |= json_put(json, "uid", id_or_null(file->uid));
	error |= json_put(json, "gid", id_or_null(file->gid));
	error |= json_put(json, "nlink", json_number(file->nlink));
	error |= json_put(json, "magic", json_hex(file->magic));
	error |= json_put(root, path, json);
	snprintf(inner, sizeof(inner), "%s.path", path);
	return error | put_text(root, inner, file->path);
}

static int put_args(json_t *root, struct bytes args)
{
	bool lossy = false;
	json_t *list;
	int error;

	if (!args.data)
		return json_put(root, "process.args", json_null());
	list = json_args(args, &lossy);
	error = json_put(root, "process.args", list);
	if (lossy)
		error |= json_put_hex(root, "raw.process.args", args);
	return error;
}

static int put_process(json_t *root, const struct finding_process *process)
{
	int error = 0;

	error |= json_put(root, "process.pid", json_number(process->pid));
	error |= json_put(root, "process.tid", number_or_null(process->tid));
	error |= json_put(root, "process.vpid", number_or_null(process->vpid));
	error |= json_put(root, "process.start", number_or_null(process->start));
	error |= put_text(root, "process.comm", process->comm);
	error |= put_text(root, "process.exe", process->exe);
	error |= put_file(root, "process.exe_file", &process->exe_file);
	error |= put_args(root, process->args);
	error |= put_text(root, "process.cwd", process->cwd);
	error |= json_put(root, "process.uid", id_or_null(process->uid));
	error |= json_put(root, "process.euid", id_or_null(process->euid));
	error |= json_put(root, "process.gid", id_or_null(process->gid));
	error |= json_put(root, "process.loginuid", id_or_null(process->loginuid));
	error |= json_put(root, "process.sessionid",
			  id_or_null(process->sessionid));
	error |= json_put(root, "process.cap_effective",
			  process->has_capabilities ?
			  json_hex(process->cap_effective) : json_null());
	error |= json_put(root, "process.cap_permitted",
			  process->has_capabilities ?
			  json_hex(process->cap_permitted) : json_null());
	error |= put_text(root, "process.cgroup", process->cgroup);
	error |= json_put(root, "process.pidns", number_or_null(process->pidns));
	error |= json_put(root, "process.mntns", number_or_null(process->mntns));
	return error;
}

static json_t *ancestor_json(const struct finding_process *ancestor)
{
	json_t *json = json_object();
	int error = 0;

	error |= json_put(json, "pid", json_number(ancestor->pid));
	error |= json_put(json, "start", json_number(ancestor->start));
	error |= put_text(json, "comm", ancestor->comm);
	error |= put_text(json, "exe", ancestor->exe);
	return json_finish(json, error);
}

static json_t *ancestors_json(const struct finding *finding)
{
	json_t *list = json_array();
	unsigned int i;
	int error = 0;

	for (i = 0; i < finding->ancestors; i++)
		error |= json_array_append_new(
			list, ancestor_json(&finding->ancestor[i]));
	return json_finish(list, error);
}

static json_t *syscall_json(const struct finding *finding)
{
	json_t *json, *args;
	unsigned int i;
	int error = 0;

	if (!finding->has_syscall)
		return json_null();
	json = json_object();
	args = json_array();
	for (i = 0; i < 6; i++)
		error |= json_array_append_new(
			args, json_hex(finding->syscall_args[i]));
	error |= json_put(json, "nr", json_number(finding->syscall_nr));
	error |= json_put(json, "name",
			  json_text(names_syscall(finding->syscall_arch,
						  finding->syscall_nr)));
	error |= json_put(json, "arch",
			  json_text(names_arch(finding->syscall_arch)));
	error |= json_put(json, "args", args);
	error |= json_put(json, "return", finding->has_return ?
			  json_integer(finding->syscall_return) : json_null());
	return json_finish(json, error);
}

static json_t *prot(uint32_t bits)
{
	char text[4];

	names_prot(bits, text);
	return json_string(text);
}

static int put_memory(json_t *root, const struct finding *finding)
{
	int error = 0;

	if (!finding->has_memory)
		return json_put(root, "memory", json_null());
	error |= json_put(root, "memory.address",
			  json_hex(finding->memory_address));
	error |= json_put(root, "memory.size", json_number(finding->memory_size));
	error |= json_put(root, "memory.prot_before", finding->has_before ?
			  prot(finding->prot_before) : json_null());
	error |= json_put(root, "memory.prot_asked", prot(finding->prot_asked));
	error |= json_put(root, "memory.prot_asked_raw",
			  json_hex(finding->prot_asked));
	error |= json_put(root, "memory.prot_effective",
			  prot(finding->prot_effective));
	error |= json_put(root, "memory.region",
			  json_string(wxg_region_name(finding->memory_region)));
	error |= json_put(root, "memory.origin",
			  json_string(wxg_origin_name(finding->memory_origin)));
	error |= put_file(root, "memory.file", &finding->memory_file);
	return error;
}

static int put_exec(json_t *root, const struct finding *finding)
{
	int error = 0;

	if (!finding->has_exec)
		return json_put(root, "exec", json_null());
	error |= put_text(root, "exec.filename", finding->exec_filename);
	error |= put_file(root, "exec.file", &finding->exec_file);
	error |= json_put(root, "exec.origin",
			  json_string(wxg_origin_name(finding->exec_origin)));
	error |= put_text(root, "exec.name", finding->exec_name);
	error |= json_put(root, "exec.seals", finding->has_seals ?
			  json_bits(finding->exec_seals, names_seal) :
			  json_null());
	error |= json_put(root, "exec.round", json_number(finding->exec_round));
	error |= json_put(root, "exec.script",
			  json_boolean(finding->exec_script));
	return error;
}

/* Whose memory it was, or who else has the mapped file. */
static json_t *other_json(bool has, const struct finding_process *process)
{
	json_t *json;
	int error = 0;

	if (!has)
		return json_null();
	json = json_object();
	error |= json_put(json, "pid", json_number(process->pid));
	error |= json_put(json, "start", json_number(process->start));
	error |= json_put(json, "uid", id_or_null(process->uid));
	error |= put_text(json, "comm", process->comm);
	error |= put_text(json, "exe", process->exe);
	return json_finish(json, error);
}

static json_t *repeat_json(const struct finding *finding)
{
	json_t *json;
	int error = 0;

	if (!finding_is_repeat(finding))
		return json_null();
	json = json_object();
	error |= json_put(json, "of", finding->repeat_of ?
			  json_number(finding->repeat_of) : json_null());
	error |= json_put(json, "count", json_number(finding->repeat_count));
	error |= json_put(json, "last", json_number(finding->repeat_last));
	return json_finish(json, error);
}

static json_t *class_name(uint32_t class)
{
	const struct wxg_class *row = wxg_class_lookup(class);

	return row && row->name ? json_string(row->name) :
				  json_sprintf("class %u", class);
}

json_t *finding_json(const struct finding *finding)
{
	json_t *json = json_object();
	char time[ECS_TIME_MAX];
	int error = 0;

	ecs_time(finding->time_real, time);
	error |= json_put(json, "seq", json_number(finding->seq));
	error |= json_put(json, "class", class_name(finding->class));
	error |= json_put(json, "action",
			  json_string(wxg_action_name(finding->action)));
	error |= json_put(json, "verdict",
			  json_string(wxg_verdict_name(finding->verdict)));
	error |= json_put(json, "mode",
			  json_string(wxg_mode_name(finding->mode)));
	error |= json_put(json, "generation", json_number(finding->generation));
	error |= json_put(json, "flags", json_bits(finding->flags, names_flag));
	error |= json_put(json, "time", json_string(time));
	error |= json_put(json, "time_real", json_number(finding->time_real));
	error |= json_put(json, "time_boot", json_number(finding->time_boot));
	error |= json_put(json, "window", finding->has_window ?
			  json_number(finding->window) : json_null());
	error |= put_process(json, &finding->process);
	error |= json_put(json, "ancestors", ancestors_json(finding));
	error |= json_put(json, "syscall", syscall_json(finding));
	error |= put_memory(json, finding);
	error |= put_exec(json, finding);
	error |= json_put(json, "repeat", repeat_json(finding));
	error |= json_put(json, "tamper", finding->tamper ?
			  json_string(wxg_tamper_name(finding->tamper)) :
			  json_null());
	error |= json_put(json, "target", other_json(finding->has_target,
						     &finding->target));
	error |= json_put(json, "writer", other_json(finding->has_writer,
						     &finding->writer));
	error |= json_put(json, "scope", json_text(finding->scope));
	return json_finish(json, error);
}
