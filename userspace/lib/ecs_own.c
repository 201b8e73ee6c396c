// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * auditd.* as the audit integration writes a system call, and wxguard.*, what
 * ECS has no field for. Names are chosen so that no dynamic mapping of
 * Elasticsearch takes them for something else (no *.start that is no date, no
 * *_score, no *_ip). Pure but for memory.
 */
#include <stdio.h>
#include <string.h>

#include "ecs_parts.h"
#include "json_out.h"
#include "json_text.h"
#include "names.h"
#include "../../module/core/class.h"

/* The audit integration shows an error by its name. */
static json_t *exit_value(int64_t value)
{
	const char *name = NULL;

	if (value < 0 && value >= -4095)
		name = strerrorname_np((int)-value);
	return name ? json_string(name) :
		      json_sprintf("%lld", (long long)value);
}

static json_t *call_name(const struct finding *finding)
{
	const char *name = names_syscall(finding->syscall_arch,
					 finding->syscall_nr);

	return name ? json_string(name) : json_decimal(finding->syscall_nr);
}

int ecs_put_auditd(json_t *root, const struct finding *finding)
{
	const struct finding_process *process = &finding->process;
	const char *outcome = ecs_outcome(finding);
	unsigned int i;
	int error = 0;

	if (!finding->has_syscall)
		return 0;
	error |= ecs_put_string(root, "auditd.message_type", "syscall");
	if (strcmp(outcome, "unknown"))
		error |= ecs_put_string(root, "auditd.result",
					!strcmp(outcome, "success") ?
					"success" : "fail");
	error |= ecs_put_id(root, "auditd.session", process->sessionid);
	error |= ecs_put_string(root, "auditd.data.arch",
				names_arch(finding->syscall_arch));
	error |= json_put(root, "auditd.data.syscall", call_name(finding));
	/* Hex in lower case, no 0x, no zeros before: a2 of PROT 7 is "7". */
	for (i = 0; i < 4; i++) {
		char path[32];

		snprintf(path, sizeof(path), "auditd.data.a%u", i);
		error |= json_put(root, path,
				  json_hex_bare(finding->syscall_args[i]));
	}
	if (finding->has_return)
		error |= json_put(root, "auditd.data.exit",
				  exit_value(finding->syscall_return));
	error |= ecs_put_id(root, "auditd.user.audit.id", process->loginuid);
	error |= ecs_put_string(root, "auditd.user.audit.name",
				finding->extra.login_name);
	return error;
}

static int put_finding(json_t *root, const struct finding *finding)
{
	const struct wxg_class *row = wxg_class_lookup(finding->class);
	int error = 0;

	error |= ecs_put_number(root, "wxguard.finding.number", finding->seq);
	error |= json_put(root, "wxguard.finding.class", row && row->name ?
			  json_string(row->name) :
			  json_sprintf("class %u", finding->class));
	error |= ecs_put_string(root, "wxguard.finding.verdict",
				wxg_verdict_name(finding->verdict));
	error |= ecs_put_string(root, "wxguard.finding.action",
				wxg_action_name(finding->action));
	error |= ecs_put_string(root, "wxguard.finding.mode",
				wxg_mode_name(finding->mode));
	error |= ecs_put_number(root, "wxguard.finding.rules_generation",
				finding->generation);
	error |= ecs_put_number(root, "wxguard.finding.uptime_ns",
				finding->time_boot);
	error |= json_put(root, "wxguard.finding.flags",
			  json_bits(finding->flags, names_flag));
	return error;
}

static int put_prot(json_t *root, const char *path, uint32_t prot)
{
	char text[4];

	names_prot(prot, text);
	return ecs_put_string(root, path, text);
}

static int put_memory(json_t *root, const struct finding *finding)
{
	const struct finding_file *file = &finding->memory_file;
	int error = 0;

	if (!finding->has_memory)
		return 0;
	/* 0: not known. 64 bits unsigned do not fit a long: a string. */
	if (finding->memory_address)
		error |= json_put(root, "wxguard.memory.address",
				  json_hex(finding->memory_address));
	if (finding->memory_size)
		error |= ecs_put_number(root, "wxguard.memory.size",
					finding->memory_size);
	if (finding->has_before)
		error |= put_prot(root, "wxguard.memory.prot_before",
				  finding->prot_before);
	error |= put_prot(root, "wxguard.memory.prot_asked",
			  finding->prot_asked);
	error |= put_prot(root, "wxguard.memory.prot_after",
			  finding->prot_effective);
	error |= json_put(root, "wxguard.memory.prot_asked_raw",
			  json_hex(finding->prot_asked));
	error |= ecs_put_string(root, "wxguard.memory.region",
				wxg_region_name(finding->memory_region));
	if (!file->present)
		return error | ecs_put_string(root, "wxguard.memory.backing",
					      "anonymous");
	error |= ecs_put_string(root, "wxguard.memory.backing", "file");
	error |= ecs_put_string(root, "wxguard.memory.origin",
				wxg_origin_name(finding->memory_origin));
	return error;
}

static int put_exec(json_t *root, const struct finding *finding)
{
	bool memfd = finding->exec_origin == WXGUARD_ORIGIN_MEMFD ||
		     finding->exec_origin == WXGUARD_ORIGIN_MEMFD_HUGETLB;
	int error = 0;

	if (!finding->has_exec)
		return 0;
	error |= ecs_put_string(root, "wxguard.exec.origin",
				wxg_origin_name(finding->exec_origin));
	error |= ecs_put_text(root, memfd ? "wxguard.exec.memfd_name" :
					    "wxguard.exec.name",
			      finding->exec_name);
	if (finding->has_seals)
		error |= json_put(root, "wxguard.exec.seals",
				  json_bits(finding->exec_seals, names_seal));
	error |= ecs_put_text(root, "wxguard.exec.filename",
			      finding->exec_filename);
	error |= ecs_put_number(root, "wxguard.exec.round",
				finding->exec_round);
	error |= json_put(root, "wxguard.exec.script",
			  json_boolean(finding->exec_script));
	return error;
}

/* Only findings of an executable that the known set did not hold come here. */
static int put_history(json_t *root, const struct finding *finding)
{
	int error = 0;

	if (!finding->has_window)
		return 0;
	error |= ecs_put_string(root, "wxguard.history.key",
				finding->class == WXGUARD_CLASS_EXEC_UNKNOWN ?
				"file.path" : "process.executable");
	error |= json_put(root, "wxguard.history.identity",
			  ecs_strings("device", "inode", "generation", "ctime",
				      finding->class == WXGUARD_CLASS_WX_TRANSITION ?
				      "region" : NULL, NULL));
	error |= ecs_put_number(root, "wxguard.history.window_seconds",
				finding->window);
	error |= json_put(root, "wxguard.history.known", json_false());
	return error;
}

static json_t *ancestor(const struct finding *finding, unsigned int index)
{
	const struct finding_process *process = &finding->ancestor[index];
	json_t *json = json_object();
	int error = 0;

	error |= ecs_put_number(json, "pid", process->pid);
	error |= json_put_text(json, "name", "raw.name", process->comm);
	error |= json_put_text(json, "executable", "raw.executable",
			       process->exe);
	error |= ecs_put_time(json, "start", finding->time_real -
			      finding->time_boot + process->start);
	if (!error)
		return json;
	json_decref(json);
	return NULL;
}

static int put_executable_file(json_t *root, const struct finding_file *file)
{
#define EXE "wxguard.process.executable_file."
	int error = 0;

	if (!file->present)
		return 0;
	error |= json_put(root, EXE "inode", json_decimal(file->ino));
	error |= json_put(root, EXE "device",
			  json_sprintf("%02x:%02x", file->dev >> 20,
				       file->dev & 0xfffff));
	error |= ecs_put_number(root, EXE "generation", file->generation);
	error |= ecs_put_number(root, EXE "size", file->size);
	error |= json_put(root, EXE "mode",
			  json_sprintf("%04o", file->mode & 07777));
	error |= ecs_put_id(root, EXE "uid", file->uid);
	error |= ecs_put_id(root, EXE "gid", file->gid);
	error |= ecs_put_number(root, EXE "links", file->nlink);
	error |= ecs_put_time(root, EXE "ctime", file->ctime_sec < 0 ? 0 :
			      (uint64_t)file->ctime_sec * 1000000000u +
			      file->ctime_nsec);
	error |= ecs_put_time(root, EXE "mtime", file->mtime_sec < 0 ? 0 :
			      (uint64_t)file->mtime_sec * 1000000000u +
			      file->mtime_nsec);
	return error;
#undef EXE
}

static int put_process(json_t *root, const struct finding *finding)
{
	const struct finding_process *process = &finding->process;
	json_t *list = json_array();
	unsigned int i;
	int error = 0;

	if (!finding_has_process(finding)) {
		json_decref(list);
		return 0;
	}
	for (i = 0; i < finding->ancestors; i++)
		error |= json_array_append_new(list, ancestor(finding, i));
	error |= json_put(root, "wxguard.process.ancestors", list);
	error |= ecs_put_text(root, "wxguard.process.cgroup", process->cgroup);
	if (process->pidns)
		error |= ecs_put_number(root, "wxguard.process.namespace.pid",
					process->pidns);
	if (process->mntns)
		error |= ecs_put_number(root, "wxguard.process.namespace.mnt",
					process->mntns);
	error |= ecs_put_string(root, "wxguard.process.hash_missing",
				finding->extra.exe_sha256_why);
	return error | put_executable_file(root, &process->exe_file);
}

int ecs_put_own(json_t *root, const struct finding *finding)
{
	return put_finding(root, finding) | put_memory(root, finding) |
	       put_exec(root, finding) | put_history(root, finding) |
	       put_process(root, finding);
}
