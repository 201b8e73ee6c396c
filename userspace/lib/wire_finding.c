// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A finding off the wire. The attributes are copied once, and every byte
 * string points into that copy. Pure but for memory.
 */
#include "wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire_attr.h"

static int nest_file(struct bytes content, void *member)
{
#define FILE_FIELD(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_FILE_##_type, _kind, struct finding_file, _member)
	static const struct wire_field fields[] = {
		FILE_FIELD(PATH, WIRE_BYTES, path),
		FILE_FIELD(DEV, WIRE_U32, dev),
		FILE_FIELD(INO, WIRE_U64, ino),
		FILE_FIELD(GENERATION, WIRE_U32, generation),
		FILE_FIELD(CTIME_SEC, WIRE_U64, ctime_sec),
		FILE_FIELD(CTIME_NSEC, WIRE_U32, ctime_nsec),
		FILE_FIELD(MTIME_SEC, WIRE_U64, mtime_sec),
		FILE_FIELD(MTIME_NSEC, WIRE_U32, mtime_nsec),
		FILE_FIELD(SIZE, WIRE_U64, size),
		FILE_FIELD(MODE, WIRE_U32, mode),
		FILE_FIELD(UID, WIRE_U32, uid),
		FILE_FIELD(GID, WIRE_U32, gid),
		FILE_FIELD(NLINK, WIRE_U32, nlink),
		FILE_FIELD(MAGIC, WIRE_U32, magic),
	};
#undef FILE_FIELD
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding_file *file = member;

	file->present = true;
	return wire_decode(content, &table, file, NULL);
}

/* What the kernel did not send is "not set", never 0, which would be root. */
static void process_init(struct finding_process *process)
{
	memset(process, 0, sizeof(*process));
	process->uid = UINT32_MAX;
	process->euid = UINT32_MAX;
	process->gid = UINT32_MAX;
	process->loginuid = UINT32_MAX;
	process->sessionid = UINT32_MAX;
}

static int nest_process(struct bytes content, void *member)
{
#define PROC(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_PROC_##_type, _kind, struct finding_process, _member)
	static const struct wire_field fields[] = {
		PROC(PID, WIRE_U32, pid),
		PROC(TID, WIRE_U32, tid),
		PROC(VPID, WIRE_U32, vpid),
		PROC(START, WIRE_U64, start),
		PROC(COMM, WIRE_BYTES, comm),
		PROC(EXE, WIRE_BYTES, exe),
		WIRE_NEST_FIELD(WXGUARD_PROC_EXE_FILE, struct finding_process,
				exe_file, nest_file),
		PROC(ARGS, WIRE_BYTES, args),
		PROC(CWD, WIRE_BYTES, cwd),
		PROC(UID, WIRE_U32, uid),
		PROC(EUID, WIRE_U32, euid),
		PROC(GID, WIRE_U32, gid),
		PROC(LOGINUID, WIRE_U32, loginuid),
		PROC(SESSIONID, WIRE_U32, sessionid),
		PROC(CAP_EFFECTIVE, WIRE_U64, cap_effective),
		PROC(CAP_PERMITTED, WIRE_U64, cap_permitted),
		PROC(CGROUP, WIRE_BYTES, cgroup),
		PROC(PIDNS, WIRE_U64, pidns),
		PROC(MNTNS, WIRE_U64, mntns),
	};
#undef PROC
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding_process *process = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, process, &seen);
	if (error)
		return error;
	process->has_capabilities = WIRE_SEEN(seen, WXGUARD_PROC_CAP_EFFECTIVE);
	return WIRE_SEEN(seen, WXGUARD_PROC_PID) ? 0 : -EBADMSG;
}

static int nest_ancestor(struct bytes content, void *member)
{
	struct finding *finding = member;
	struct finding_process *ancestor;

	if (finding->ancestors == WXGUARD_ANCESTORS_MAX)
		return -EBADMSG;
	ancestor = &finding->ancestor[finding->ancestors++];
	process_init(ancestor);
	return nest_process(content, ancestor);
}

static int nest_other(struct bytes content, struct finding_process *process,
		      bool *has)
{
	/* The last one counts, whole: nothing of an earlier one stays in it. */
	process_init(process);
	*has = true;
	return nest_process(content, process);
}

static int nest_target(struct bytes content, void *member)
{
	struct finding *finding = member;

	return nest_other(content, &finding->target, &finding->has_target);
}

static int nest_writer(struct bytes content, void *member)
{
	struct finding *finding = member;

	return nest_other(content, &finding->writer, &finding->has_writer);
}

static int nest_syscall(struct bytes content, void *member)
{
#define SYSCALL(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_SYSCALL_##_type, _kind, struct finding, _member)
	static const struct wire_field fields[] = {
		SYSCALL(NR, WIRE_U32, syscall_nr),
		SYSCALL(ARCH, WIRE_U32, syscall_arch),
		SYSCALL(ARGS, WIRE_BLOB, syscall_args),
		SYSCALL(RETURN, WIRE_U64, syscall_return),
	};
#undef SYSCALL
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding *finding = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, finding, &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_SYSCALL_NR))
		return -EBADMSG;
	finding->has_syscall = true;
	finding->has_return = WIRE_SEEN(seen, WXGUARD_SYSCALL_RETURN);
	return 0;
}

static int nest_memory(struct bytes content, void *member)
{
#define MEMORY(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_MEMORY_##_type, _kind, struct finding, _member)
	static const struct wire_field fields[] = {
		MEMORY(ADDRESS, WIRE_U64, memory_address),
		MEMORY(SIZE, WIRE_U64, memory_size),
		MEMORY(PROT_BEFORE, WIRE_U32, prot_before),
		MEMORY(PROT_ASKED, WIRE_U32, prot_asked),
		MEMORY(PROT_EFFECTIVE, WIRE_U32, prot_effective),
		MEMORY(REGION, WIRE_U32, memory_region),
		MEMORY(ORIGIN, WIRE_U32, memory_origin),
		WIRE_NEST_FIELD(WXGUARD_MEMORY_FILE, struct finding,
				memory_file, nest_file),
	};
#undef MEMORY
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding *finding = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, finding, &seen);
	if (error)
		return error;
	finding->has_memory = true;
	finding->has_before = WIRE_SEEN(seen, WXGUARD_MEMORY_PROT_BEFORE);
	return 0;
}

static int nest_exec(struct bytes content, void *member)
{
#define EXEC(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_EXEC_##_type, _kind, struct finding, _member)
	static const struct wire_field fields[] = {
		EXEC(FILENAME, WIRE_BYTES, exec_filename),
		WIRE_NEST_FIELD(WXGUARD_EXEC_FILE, struct finding, exec_file,
				nest_file),
		EXEC(ORIGIN, WIRE_U32, exec_origin),
		EXEC(NAME, WIRE_BYTES, exec_name),
		EXEC(SEALS, WIRE_U32, exec_seals),
		EXEC(ROUND, WIRE_U32, exec_round),
		EXEC(SCRIPT, WIRE_U32, exec_script),
	};
#undef EXEC
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding *finding = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, finding, &seen);
	if (error)
		return error;
	finding->has_exec = true;
	finding->has_seals = WIRE_SEEN(seen, WXGUARD_EXEC_SEALS);
	return 0;
}

static int nest_finding(struct bytes content, void *member)
{
#define FINDING(_type, _kind, _member) \
	WIRE_FIELD(WXGUARD_FINDING_##_type, _kind, struct finding, _member)
	static const struct wire_field fields[] = {
		FINDING(SEQ, WIRE_U64, seq),
		FINDING(CLASS, WIRE_U32, class),
		FINDING(ACTION, WIRE_U32, action),
		FINDING(VERDICT, WIRE_U32, verdict),
		FINDING(MODE, WIRE_U32, mode),
		FINDING(GENERATION, WIRE_U32, generation),
		FINDING(FLAGS, WIRE_U32, flags),
		FINDING(TIME_REAL, WIRE_U64, time_real),
		FINDING(TIME_BOOT, WIRE_U64, time_boot),
		FINDING(WINDOW, WIRE_U32, window),
		WIRE_NEST_FIELD(WXGUARD_FINDING_PROCESS, struct finding,
				process, nest_process),
		WIRE_NEST_WHOLE(WXGUARD_FINDING_ANCESTOR, nest_ancestor),
		WIRE_NEST_WHOLE(WXGUARD_FINDING_SYSCALL, nest_syscall),
		WIRE_NEST_WHOLE(WXGUARD_FINDING_MEMORY, nest_memory),
		WIRE_NEST_WHOLE(WXGUARD_FINDING_EXEC, nest_exec),
		FINDING(REPEAT_OF, WIRE_U64, repeat_of),
		FINDING(REPEAT_COUNT, WIRE_U64, repeat_count),
		FINDING(REPEAT_LAST, WIRE_U64, repeat_last),
		FINDING(TAMPER, WIRE_U32, tamper),
		WIRE_NEST_WHOLE(WXGUARD_FINDING_TARGET, nest_target),
		WIRE_NEST_WHOLE(WXGUARD_FINDING_WRITER, nest_writer),
		FINDING(SCOPE, WIRE_STRING, scope),
	};
#undef FINDING
	static const struct wire_table table = WIRE_TABLE(fields);
	struct finding *finding = member;
	uint64_t seen;
	int error;

	error = wire_decode(content, &table, finding, &seen);
	if (error)
		return error;
	if (!WIRE_SEEN(seen, WXGUARD_FINDING_SEQ) ||
	    !WIRE_SEEN(seen, WXGUARD_FINDING_CLASS) ||
	    !WIRE_SEEN(seen, WXGUARD_FINDING_PROCESS))
		return -EBADMSG;
	finding->has_window = WIRE_SEEN(seen, WXGUARD_FINDING_WINDOW);
	return 0;
}

static int decode_into(struct bytes attrs, struct finding *finding)
{
	static const struct wire_field fields[] = {
		WIRE_NEST_WHOLE(WXGUARD_A_FINDING, nest_finding),
	};
	static const struct wire_table table = WIRE_TABLE(fields);
	uint64_t seen;
	int error;

	error = wire_decode(attrs, &table, finding, &seen);
	if (error)
		return error;
	return seen ? 0 : -EBADMSG;
}

int wire_decode_finding(const void *attrs, size_t len, struct finding **result)
{
	struct finding *finding;
	int error;

	if (!len)
		return -EBADMSG;
	finding = calloc(1, sizeof(*finding));
	if (!finding)
		return -ENOMEM;
	process_init(&finding->process);
	finding->buffer = malloc(len);
	if (!finding->buffer) {
		finding_free(finding);
		return -ENOMEM;
	}
	memcpy(finding->buffer, attrs, len);
	error = decode_into((struct bytes){ finding->buffer, len }, finding);
	if (error) {
		finding_free(finding);
		return error;
	}
	*result = finding;
	return 0;
}

void finding_free(struct finding *finding)
{
	if (!finding)
		return;
	free(finding->extra.exe_sha256);
	free(finding->extra.exe_sha256_why);
	free(finding->extra.user_name);
	free(finding->extra.euser_name);
	free(finding->extra.group_name);
	free(finding->extra.login_name);
	free(finding->extra.target_name);
	free(finding->extra.container_id);
	free(finding->extra.container_runtime);
	free(finding->buffer);
	free(finding);
}
