// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * See confine.h. A plain BPF program, made once at start: one comparison per
 * call, and the kernel remembers the answers that do not look at arguments.
 * Looks at numbers and at the rights of a mapping only: what a pointer leads
 * to can change after the look.
 */
#include "confine.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

/* Not each machine has each call: the old ones are x86's. */
static const unsigned short allowed[] = {
	/* files */
	__NR_read, __NR_readv, __NR_pread64, __NR_preadv, __NR_write, __NR_writev,
	__NR_pwrite64, __NR_pwritev, __NR_openat, __NR_openat2, __NR_close, __NR_close_range,
	__NR_fstat, __NR_newfstatat, __NR_statx, __NR_statfs, __NR_fstatfs, __NR_lseek,
	__NR_fcntl, __NR_flock, __NR_fsync, __NR_fdatasync, __NR_ftruncate, __NR_truncate,
	__NR_fallocate, __NR_fadvise64, __NR_renameat, __NR_renameat2, __NR_unlinkat,
	__NR_mkdirat, __NR_linkat, __NR_faccessat, __NR_faccessat2, __NR_readlinkat,
	__NR_getdents64, __NR_getcwd, __NR_umask, __NR_fchmod, __NR_fchmodat, __NR_fchown,
	__NR_utimensat, __NR_ioctl, __NR_dup, __NR_dup3, __NR_pipe2,
#ifdef __NR_open
	__NR_open, __NR_stat, __NR_lstat, __NR_access, __NR_rename, __NR_unlink, __NR_mkdir,
	__NR_rmdir, __NR_readlink, __NR_dup2, __NR_poll, __NR_select, __NR_epoll_wait,
	__NR_epoll_create, __NR_time, __NR_getpgrp, __NR_arch_prctl,
#endif
	/* sockets; which ones can be made is looked at below */
	__NR_connect, __NR_bind, __NR_sendto, __NR_sendmsg, __NR_sendmmsg, __NR_recvfrom,
	__NR_recvmsg, __NR_recvmmsg, __NR_setsockopt, __NR_getsockopt, __NR_getsockname,
	__NR_getpeername, __NR_shutdown, __NR_accept4,
	/* waiting */
	__NR_ppoll, __NR_pselect6, __NR_epoll_create1, __NR_epoll_ctl, __NR_epoll_pwait,
	__NR_epoll_pwait2, __NR_eventfd2, __NR_signalfd4, __NR_timerfd_create,
	__NR_timerfd_settime, __NR_timerfd_gettime, __NR_futex, __NR_nanosleep,
	__NR_clock_nanosleep, __NR_restart_syscall, __NR_sched_yield,
	/* time, chance, itself */
	__NR_clock_gettime, __NR_clock_getres, __NR_gettimeofday, __NR_getrandom, __NR_uname,
	__NR_sysinfo, __NR_getpid, __NR_gettid, __NR_getppid, __NR_getuid, __NR_geteuid,
	__NR_getgid, __NR_getegid, __NR_getresuid, __NR_getresgid, __NR_getgroups,
	__NR_capget, __NR_getrusage, __NR_prlimit64, __NR_sched_getaffinity, __NR_getcpu,
	__NR_times, __NR_prctl, __NR_set_robust_list, __NR_set_tid_address, __NR_rseq,
	__NR_membarrier,
	/* signals; to itself */
	__NR_rt_sigaction, __NR_rt_sigprocmask, __NR_rt_sigreturn, __NR_rt_sigpending,
	__NR_rt_sigsuspend, __NR_rt_sigtimedwait, __NR_sigaltstack, __NR_tgkill,
	__NR_exit, __NR_exit_group,
	/* memory; mmap and mprotect are looked at below */
	__NR_munmap, __NR_mremap, __NR_madvise, __NR_brk, __NR_mincore,
};

static const unsigned short deadly[] = {
	__NR_execve, __NR_execveat, __NR_ptrace, __NR_process_vm_readv,
	__NR_process_vm_writev, __NR_init_module, __NR_finit_module, __NR_delete_module,
	__NR_kexec_load, __NR_bpf, __NR_perf_event_open, __NR_userfaultfd, __NR_unshare,
	__NR_setns, __NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot,
	__NR_open_by_handle_at, __NR_memfd_create, __NR_io_uring_setup,
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
/* Two instructions for each, and what looks at arguments. */
#define PROGRAM_MAX (2 * (COUNT(allowed) + COUNT(deadly)) + 32)

struct program {
	struct sock_filter code[PROGRAM_MAX];
	unsigned short len;
};

#define REFUSED (SECCOMP_RET_ERRNO | EPERM)

static void put(struct program *program, unsigned short code, unsigned int k,
		unsigned char if_true, unsigned char if_false)
{
	program->code[program->len++] = (struct sock_filter){ code, if_true, if_false, k };
}

static void load(struct program *program, unsigned int offset)
{
	put(program, BPF_LD | BPF_W | BPF_ABS, offset, 0, 0);
}

static void answer(struct program *program, unsigned int action)
{
	put(program, BPF_RET | BPF_K, action, 0, 0);
}

/* If the number is @nr, the next @skip instructions are run, else not. */
static void when(struct program *program, unsigned int nr, unsigned char skip)
{
	put(program, BPF_JMP | BPF_JEQ | BPF_K, nr, 0, skip);
}

static void all_of(struct program *program, const unsigned short *list, size_t count,
		   unsigned int action)
{
	size_t i;

	for (i = 0; i < count; i++) {
		when(program, list[i], 1);
		answer(program, action);
	}
}

/* Little endian on both machines: the low half stands first. */
#define ARGUMENT(n) (offsetof(struct seccomp_data, args) + 8 * (n))

/* Refused if the rights @bits are all asked for. */
static void unless_rights(struct program *program, unsigned int nr, unsigned int bits)
{
	when(program, nr, 5);
	load(program, ARGUMENT(2));
	put(program, BPF_ALU | BPF_AND | BPF_K, bits, 0, 0);
	put(program, BPF_JMP | BPF_JEQ | BPF_K, bits, 0, 1);
	answer(program, REFUSED);
	answer(program, SECCOMP_RET_ALLOW);
}

/* Local ones, and those of netlink. */
static void sockets(struct program *program)
{
	when(program, __NR_socket, 5);
	load(program, ARGUMENT(0));
	put(program, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 1, 0);
	put(program, BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1);
	answer(program, SECCOMP_RET_ALLOW);
	answer(program, REFUSED);
}

static void build(struct program *program)
{
	load(program, offsetof(struct seccomp_data, arch));
	when(program, ARCH, 1);
	put(program, BPF_JMP | BPF_JA, 1, 0, 0);
	answer(program, SECCOMP_RET_KILL_PROCESS);
	load(program, offsetof(struct seccomp_data, nr));
	all_of(program, allowed, COUNT(allowed), SECCOMP_RET_ALLOW);
	all_of(program, deadly, COUNT(deadly), SECCOMP_RET_KILL_PROCESS);
	/* Libraries of NSS are loaded late: executable files may be mapped. */
	unless_rights(program, __NR_mmap, PROT_WRITE | PROT_EXEC);
	unless_rights(program, __NR_mprotect, PROT_EXEC);
	sockets(program);
	answer(program, REFUSED);
}

int confine_calls(void)
{
	static struct program program;
	struct sock_fprog filter = { .filter = program.code };

	if (!ARCH)
		return -ENOSYS;
	program.len = 0;
	build(&program);
	filter.len = program.len;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) ? -errno : 0;
}
