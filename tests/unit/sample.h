/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Findings as the module would send them, for the tests of the library: built
 * with libmnl, which the decoder does not use.
 */
#ifndef WXG_TESTS_SAMPLE_H
#define WXG_TESTS_SAMPLE_H

#include <libmnl/libmnl.h>
#include <linux/audit.h>
#include <stdint.h>
#include <string.h>

#include <uapi/linux/wxguard.h>

#define SAMPLE_MAX 16384

struct sample {
	/* A netlink header without a socket; attributes follow it. */
	_Alignas(8) char room[SAMPLE_MAX];
	struct nlmsghdr *head;
};

static inline void sample_begin(struct sample *sample)
{
	memset(sample->room, 0, sizeof(sample->room));
	sample->head = mnl_nlmsg_put_header(sample->room);
}

static inline const void *sample_attrs(const struct sample *sample)
{
	return mnl_nlmsg_get_payload(sample->head);
}

static inline size_t sample_len(const struct sample *sample)
{
	return mnl_nlmsg_get_payload_len(sample->head);
}

static inline void sample_text(struct sample *sample, uint16_t type,
			       const char *text)
{
	mnl_attr_put(sample->head, type, strlen(text), text);
}

struct sample_file {
	const char *path;
	uint64_t ino;
	uint32_t mode;
};

static inline void sample_file(struct sample *sample, uint16_t type,
			       const struct sample_file *file)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head, type);

	sample_text(sample, WXGUARD_FILE_PATH, file->path);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_DEV, 8 << 20 | 1);
	mnl_attr_put_u64(sample->head, WXGUARD_FILE_INO, file->ino);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_GENERATION, 77);
	mnl_attr_put_u64(sample->head, WXGUARD_FILE_CTIME_SEC, 1700000000);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_CTIME_NSEC, 5);
	mnl_attr_put_u64(sample->head, WXGUARD_FILE_MTIME_SEC, 1600000000);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_MTIME_NSEC, 6);
	mnl_attr_put_u64(sample->head, WXGUARD_FILE_SIZE, 912384);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_MODE, file->mode);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_UID, 33);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_GID, 34);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_NLINK, 1);
	mnl_attr_put_u32(sample->head, WXGUARD_FILE_MAGIC, 0xef53);
	mnl_attr_nest_end(sample->head, nest);
}

struct sample_process {
	const char *comm, *exe, *cgroup;
	const char *args;
	size_t args_len;
	uint64_t exe_ino;
};

static inline void sample_process(struct sample *sample,
				  const struct sample_process *process)
{
	struct sample_file exe = { process->exe, process->exe_ino, 0100755 };
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_FINDING_PROCESS);

	mnl_attr_put_u32(sample->head, WXGUARD_PROC_PID, 48123);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_TID, 48124);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_VPID, 7);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_START, 900000000000);
	sample_text(sample, WXGUARD_PROC_COMM, process->comm);
	sample_text(sample, WXGUARD_PROC_EXE, process->exe);
	sample_file(sample, WXGUARD_PROC_EXE_FILE, &exe);
	mnl_attr_put(sample->head, WXGUARD_PROC_ARGS, process->args_len,
		     process->args);
	sample_text(sample, WXGUARD_PROC_CWD, "/srv/acme");
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_UID, 1001);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_EUID, 0);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_GID, 100);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_LOGINUID, 1001);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_SESSIONID, 12);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_CAP_EFFECTIVE,
			 1 << 12 | 1 << 0);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_CAP_PERMITTED,
			 UINT64_C(1) << 40 | 1 << 12 | 1 << 0);
	sample_text(sample, WXGUARD_PROC_CGROUP, process->cgroup);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_PIDNS, 4026531836);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_MNTNS, 4026531841);
	mnl_attr_nest_end(sample->head, nest);
}

static inline void sample_ancestor(struct sample *sample, uint32_t pid,
				   const char *comm, const char *exe)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_FINDING_ANCESTOR);

	mnl_attr_put_u32(sample->head, WXGUARD_PROC_PID, pid);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_START, 1000000000);
	sample_text(sample, WXGUARD_PROC_COMM, comm);
	sample_text(sample, WXGUARD_PROC_EXE, exe);
	mnl_attr_nest_end(sample->head, nest);
}

/* Another process with a part in it: WXGUARD_FINDING_TARGET or _WRITER. */
static inline void sample_other(struct sample *sample, uint16_t type,
				uint32_t pid, const char *comm, const char *exe)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head, type);

	mnl_attr_put_u32(sample->head, WXGUARD_PROC_PID, pid);
	mnl_attr_put_u64(sample->head, WXGUARD_PROC_START, 2000000000);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_UID, 33);
	sample_text(sample, WXGUARD_PROC_COMM, comm);
	sample_text(sample, WXGUARD_PROC_EXE, exe);
	mnl_attr_nest_end(sample->head, nest);
}

static inline void sample_syscall(struct sample *sample, uint32_t nr,
				  const uint64_t args[6], int64_t result)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_FINDING_SYSCALL);

	mnl_attr_put_u32(sample->head, WXGUARD_SYSCALL_NR, nr);
	mnl_attr_put_u32(sample->head, WXGUARD_SYSCALL_ARCH, AUDIT_ARCH_X86_64);
	mnl_attr_put(sample->head, WXGUARD_SYSCALL_ARGS, 6 * sizeof(*args),
		     args);
	mnl_attr_put_u64(sample->head, WXGUARD_SYSCALL_RETURN,
			 (uint64_t)result);
	mnl_attr_nest_end(sample->head, nest);
}

static inline struct nlattr *sample_finding(struct sample *sample,
					    uint64_t seq, uint32_t class,
					    uint32_t verdict)
{
	struct nlattr *nest = mnl_attr_nest_start(sample->head,
						  WXGUARD_A_FINDING);

	mnl_attr_put_u64(sample->head, WXGUARD_FINDING_SEQ, seq);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_CLASS, class);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_ACTION,
			 WXGUARD_ACTION_LOG);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_VERDICT, verdict);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_MODE,
			 WXGUARD_MODE_DETECT);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_GENERATION, 3);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_FLAGS,
			 WXGUARD_FLAG_WRITTEN);
	/* 2026-01-15T09:41:07.123456789Z, 1000 s after the boot. */
	mnl_attr_put_u64(sample->head, WXGUARD_FINDING_TIME_REAL,
			 UINT64_C(1768470067123456789));
	mnl_attr_put_u64(sample->head, WXGUARD_FINDING_TIME_BOOT,
			 UINT64_C(1000000000000));
	return nest;
}

/* mprotect(0x7f3a5c000000, 4096, PROT 7) by /opt/acme/bin/agentd: granted. */
static inline void sample_rwx(struct sample *sample)
{
	static const char args[] = "/opt/acme/bin/agentd\0--plugin\0/tmp/p.so";
	static const uint64_t call[6] = { 0x7f3a5c000000, 0x1000, 7, 0, 1, 2 };
	const struct sample_process process = {
		.comm = "agentd", .exe = "/opt/acme/bin/agentd",
		.args = args, .args_len = sizeof(args), .exe_ino = 4242,
		.cgroup = "/system.slice/docker-f0c1d2e3a4b5968778695a4b3c2d1e0ff0c1d2e3a4b5968778695a4b3c2d1e0f.scope",
	};
	struct nlattr *finding, *memory;

	sample_begin(sample);
	finding = sample_finding(sample, 423, WXGUARD_CLASS_RWX_MPROTECT,
				 WXGUARD_VERDICT_LOGGED);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_WINDOW, 604800);
	sample_process(sample, &process);
	sample_ancestor(sample, 812, "systemd", "/usr/lib/systemd/systemd");
	sample_ancestor(sample, 1, "systemd", "/usr/lib/systemd/systemd");
	sample_syscall(sample, 10, call, 0);
	memory = mnl_attr_nest_start(sample->head, WXGUARD_FINDING_MEMORY);
	mnl_attr_put_u64(sample->head, WXGUARD_MEMORY_ADDRESS, 0x7f3a5c000000);
	mnl_attr_put_u64(sample->head, WXGUARD_MEMORY_SIZE, 4096);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_BEFORE, 3);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_ASKED, 7);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_EFFECTIVE, 7);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_REGION,
			 WXGUARD_REGION_ANON);
	mnl_attr_nest_end(sample->head, memory);
	mnl_attr_nest_end(sample->head, finding);
}

/* execveat of a sealed memfd with a hostile name, denied or not. */
static inline void sample_memfd(struct sample *sample, uint32_t verdict)
{
	static const char args[] = "[kworker/u8:2]";
	static const uint64_t call[6] = { 3, 0x7ffd0000, 0x7ffd1000, 0x7ffd2000,
					  0x1000, 0 };
	const struct sample_process process = {
		.comm = "3", .exe = "/memfd:ev\x1b[31mil\nna/me\xff (deleted)",
		.args = args, .args_len = sizeof(args), .exe_ino = 10245,
		.cgroup = "/user.slice",
	};
	const struct sample_file file = {
		"/memfd:ev\x1b[31mil\nna/me\xff (deleted)", 10245, 0100777
	};
	struct nlattr *finding, *exec;

	sample_begin(sample);
	finding = sample_finding(sample, 425, WXGUARD_CLASS_EXEC_MEMORY, verdict);
	sample_process(sample, &process);
	sample_ancestor(sample, 48170, "python3", "/usr/bin/python3.11");
	sample_syscall(sample, 322, call,
		       verdict == WXGUARD_VERDICT_DENIED ? -1 : 0);
	exec = mnl_attr_nest_start(sample->head, WXGUARD_FINDING_EXEC);
	sample_text(sample, WXGUARD_EXEC_FILENAME, "/proc/self/fd/3");
	sample_file(sample, WXGUARD_EXEC_FILE, &file);
	mnl_attr_put_u32(sample->head, WXGUARD_EXEC_ORIGIN,
			 WXGUARD_ORIGIN_MEMFD);
	sample_text(sample, WXGUARD_EXEC_NAME, "ev\x1b[31mil\nna/me\xff");
	mnl_attr_put_u32(sample->head, WXGUARD_EXEC_SEALS, 0xf);
	mnl_attr_put_u32(sample->head, WXGUARD_EXEC_ROUND, 0);
	mnl_attr_put_u32(sample->head, WXGUARD_EXEC_SCRIPT, 0);
	mnl_attr_nest_end(sample->head, exec);
	mnl_attr_nest_end(sample->head, finding);
}

/*
 * pwrite64 into /proc/PID/mem: the fourth repeat of finding 430, decided by a
 * scope.
 */
static inline void sample_foreign(struct sample *sample, uint32_t flags)
{
	static const char args[] = "gdb";
	static const uint64_t call[6] = { 5, 0x7ffd0000, 16, 0x401000, 0, 0 };
	const struct sample_process process = {
		.comm = "injector", .exe = "/tmp/injector", .args = args,
		.args_len = sizeof(args), .exe_ino = 99, .cgroup = "/user.slice",
	};
	const struct sample_file file = { "/usr/sbin/victim", 4321, 0100755 };
	struct nlattr *finding, *memory;

	sample_begin(sample);
	finding = sample_finding(sample, 437, WXGUARD_CLASS_FOREIGN_WRITE,
				 WXGUARD_VERDICT_LOGGED);
	/* The last of a type counts. */
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_FLAGS, flags);
	sample_process(sample, &process);
	sample_syscall(sample, 18, call, 16);
	memory = mnl_attr_nest_start(sample->head, WXGUARD_FINDING_MEMORY);
	mnl_attr_put_u64(sample->head, WXGUARD_MEMORY_ADDRESS, 0x401000);
	mnl_attr_put_u64(sample->head, WXGUARD_MEMORY_SIZE, 16);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_BEFORE, 5);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_ASKED, 2);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_EFFECTIVE, 5);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_REGION,
			 WXGUARD_REGION_FILE_PRIVATE);
	sample_file(sample, WXGUARD_MEMORY_FILE, &file);
	mnl_attr_nest_end(sample->head, memory);
	sample_other(sample, WXGUARD_FINDING_TARGET, 612, "vic\xfftim",
		     "/usr/sbin/victim");
	if (flags & WXGUARD_FLAG_REPEAT) {
		mnl_attr_put_u64(sample->head, WXGUARD_FINDING_REPEAT_OF, 430);
		mnl_attr_put_u64(sample->head, WXGUARD_FINDING_REPEAT_COUNT, 10);
		mnl_attr_put_u64(sample->head, WXGUARD_FINDING_REPEAT_LAST,
				 UINT64_C(1768470066000000000));
	}
	mnl_attr_put_strz(sample->head, WXGUARD_FINDING_SCOPE, "containers");
	mnl_attr_nest_end(sample->head, finding);
}

/* Executable mapping of a memfd that another process maps writable. */
static inline void sample_dual(struct sample *sample)
{
	static const char args[] = "loader";
	static const uint64_t call[6] = { 0, 0x1000, 5, 1, 4, 0 };
	const struct sample_process process = {
		.comm = "loader", .exe = "/opt/loader", .args = args,
		.args_len = sizeof(args), .exe_ino = 98, .cgroup = "/user.slice",
	};
	const struct sample_file file = { "/memfd:jit (deleted)", 4322, 0100777 };
	struct nlattr *finding, *memory;

	sample_begin(sample);
	finding = sample_finding(sample, 440, WXGUARD_CLASS_MAP_MEMORY_EXEC,
				 WXGUARD_VERDICT_LOGGED);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_FLAGS, WXGUARD_FLAG_DUAL);
	sample_process(sample, &process);
	sample_syscall(sample, 9, call, 0x7f0000000000);
	memory = mnl_attr_nest_start(sample->head, WXGUARD_FINDING_MEMORY);
	mnl_attr_put_u64(sample->head, WXGUARD_MEMORY_ADDRESS, 0x7f0000000000);
	mnl_attr_put_u64(sample->head, WXGUARD_MEMORY_SIZE, 4096);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_ASKED, 5);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_PROT_EFFECTIVE, 5);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_REGION,
			 WXGUARD_REGION_FILE_SHARED);
	mnl_attr_put_u32(sample->head, WXGUARD_MEMORY_ORIGIN,
			 WXGUARD_ORIGIN_MEMFD);
	sample_file(sample, WXGUARD_MEMORY_FILE, &file);
	mnl_attr_nest_end(sample->head, memory);
	sample_other(sample, WXGUARD_FINDING_WRITER, 613, "filler", "/opt/filler");
	mnl_attr_nest_end(sample->head, finding);
}

/* By no process that could be told: of PROCESS only the pid, and that is 0. */
static inline void sample_tamper(struct sample *sample, uint32_t reason)
{
	struct nlattr *finding, *process;

	sample_begin(sample);
	finding = sample_finding(sample, 441, WXGUARD_CLASS_SENSOR_TAMPER,
				 WXGUARD_VERDICT_LOGGED);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_FLAGS,
			 WXGUARD_FLAG_NO_OUTCOME);
	process = mnl_attr_nest_start(sample->head, WXGUARD_FINDING_PROCESS);
	mnl_attr_put_u32(sample->head, WXGUARD_PROC_PID, 0);
	mnl_attr_nest_end(sample->head, process);
	mnl_attr_put_u32(sample->head, WXGUARD_FINDING_TAMPER, reason);
	mnl_attr_nest_end(sample->head, finding);
}

#endif
