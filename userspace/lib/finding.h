/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A finding in user space: the wire's values, plus what the daemon adds.
 * Byte strings are hostile: they come from a watched process and may hold any
 * byte. Only text.h may turn them into something that is shown.
 */
#ifndef WXG_LIB_FINDING_H
#define WXG_LIB_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uapi/linux/wxguard.h>

/* Borrowed from the finding's own buffer. data NULL = absent. */
struct bytes {
	const uint8_t *data;
	size_t len;
};

struct finding_file {
	bool present;
	struct bytes path;
	uint32_t dev;		/* major << 20 | minor */
	uint64_t ino;
	uint32_t generation;
	int64_t ctime_sec, mtime_sec;
	uint32_t ctime_nsec, mtime_nsec;
	uint64_t size;
	uint32_t mode, uid, gid, nlink, magic;
};

struct finding_process {
	uint32_t pid, tid, vpid;
	uint64_t start;		/* ns since boot */
	struct bytes comm, exe, args, cwd, cgroup;
	struct finding_file exe_file;
	uint32_t uid, euid, gid, loginuid, sessionid;
	bool has_capabilities;
	uint64_t cap_effective, cap_permitted, pidns, mntns;
};

/* What user space adds; every string is owned by the finding, NULL = unknown. */
struct finding_enrichment {
	char *exe_sha256;	/* lower-case hex; of the executable's file */
	char *exe_sha256_why;	/* why there is none */
	char *user_name, *euser_name, *group_name, *login_name;
	char *target_name;	/* user name of the target */
	char *container_id, *container_runtime;
};

struct finding {
	uint64_t seq;
	uint32_t class, action, verdict, mode, generation, flags;
	uint64_t time_real, time_boot;	/* ns */
	bool has_window;
	uint32_t window;		/* s */
	struct finding_process process;
	unsigned int ancestors;
	struct finding_process ancestor[WXGUARD_ANCESTORS_MAX];
	bool has_syscall, has_return;
	uint32_t syscall_nr, syscall_arch;
	uint64_t syscall_args[6];
	int64_t syscall_return;
	bool has_memory, has_before;
	uint64_t memory_address, memory_size;
	uint32_t prot_before, prot_asked, prot_effective;
	uint32_t memory_region, memory_origin;
	struct finding_file memory_file;
	bool has_exec, has_seals;
	struct bytes exec_filename, exec_name;
	struct finding_file exec_file;
	uint32_t exec_origin, exec_seals, exec_round, exec_script;
	/* of 0: no repeat, or (FLAG_REPEAT) the first one has no number */
	uint64_t repeat_of, repeat_count, repeat_last;
	uint32_t tamper;		/* enum wxguard_tamper, 0 = none */
	bool has_target, has_writer;
	struct finding_process target, writer;	/* pid, start, uid, comm, exe only */
	char scope[WXGUARD_EXEMPTION_NAME_MAX + 1];	/* "" = none decided */
	struct finding_enrichment extra;
	void *buffer;			/* what the bytes point into */
};

/* Numbers first to last never arrived. */
struct finding_loss {
	uint64_t first, last;
};

/* Or can no process be named, as when the kernel's probes do not answer? */
static inline bool finding_has_process(const struct finding *finding)
{
	return finding->process.pid;
}

/* Does it tell of further sightings of an earlier finding? */
static inline bool finding_is_repeat(const struct finding *finding)
{
	return finding->repeat_of || finding->flags & WXGUARD_FLAG_REPEAT;
}

void finding_free(struct finding *finding);

#endif
