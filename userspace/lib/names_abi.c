// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Fixed names of the kernel ABI: system calls that a finding can be about,
 * capabilities, seals, protections. Pure tables. Numbers, not __NR_*: a
 * finding may come from another architecture than the one we were built on.
 */
#include "names.h"

#include <linux/audit.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* x32 calls are x86_64 calls with this bit (and a few of their own). */
#define X32_BIT 0x40000000u

struct call {
	uint32_t nr;
	const char *name;
};

static const struct call x86_64_calls[] = {
	{ 1, "write" },		{ 9, "mmap" },
	{ 10, "mprotect" },	{ 11, "munmap" },
	{ 12, "brk" },		{ 18, "pwrite64" },
	{ 20, "writev" },	{ 176, "delete_module" },
	{ 296, "pwritev" },	{ 328, "pwritev2" },
	{ 25, "mremap" },	{ 30, "shmat" },
	{ 59, "execve" },	{ 101, "ptrace" },
	{ 134, "uselib" },	{ 135, "personality" },
	{ 216, "remap_file_pages" }, { 311, "process_vm_writev" },
	{ 319, "memfd_create" }, { 322, "execveat" },
	{ 329, "pkey_mprotect" },
	{ 520, "execve" },	{ 545, "execveat" },	/* x32 */
};

static const struct call i386_calls[] = {
	{ 4, "write" },		{ 11, "execve" },
	{ 26, "ptrace" },	{ 45, "brk" },
	{ 86, "uselib" },	{ 90, "mmap" },
	{ 91, "munmap" },	{ 117, "ipc" },
	{ 125, "mprotect" },	{ 136, "personality" },
	{ 129, "delete_module" }, { 146, "writev" },
	{ 163, "mremap" },	{ 181, "pwrite64" },
	{ 334, "pwritev" },	{ 379, "pwritev2" },
	{ 192, "mmap2" },	{ 257, "remap_file_pages" },
	{ 348, "process_vm_writev" }, { 356, "memfd_create" },
	{ 358, "execveat" },	{ 380, "pkey_mprotect" },
	{ 397, "shmat" },
};

/* The generic table: arm64, riscv. */
static const struct call generic_calls[] = {
	{ 64, "write" },	{ 66, "writev" },
	{ 68, "pwrite64" },	{ 70, "pwritev" },
	{ 106, "delete_module" }, { 287, "pwritev2" },
	{ 92, "personality" },	{ 117, "ptrace" },
	{ 196, "shmat" },	{ 214, "brk" },
	{ 215, "munmap" },	{ 216, "mremap" },
	{ 221, "execve" },	{ 222, "mmap" },
	{ 226, "mprotect" },	{ 234, "remap_file_pages" },
	{ 271, "process_vm_writev" }, { 279, "memfd_create" },
	{ 281, "execveat" },	{ 288, "pkey_mprotect" },
};

static const struct {
	uint32_t arch;
	const char *name;
	const struct call *call;
	size_t calls;
	uint32_t ignore;	/* bits that are no part of the number */
} arches[] = {
	{ AUDIT_ARCH_X86_64, "x86_64", x86_64_calls, COUNT(x86_64_calls),
	  X32_BIT },
	{ AUDIT_ARCH_I386, "i386", i386_calls, COUNT(i386_calls), 0 },
	{ AUDIT_ARCH_AARCH64, "aarch64", generic_calls, COUNT(generic_calls),
	  0 },
	{ AUDIT_ARCH_RISCV64, "riscv64", generic_calls, COUNT(generic_calls),
	  0 },
	{ AUDIT_ARCH_ARM, "arm", NULL, 0, 0 },
};

const char *names_arch(uint32_t arch)
{
	size_t i;

	for (i = 0; i < COUNT(arches); i++)
		if (arches[i].arch == arch)
			return arches[i].name;
	return NULL;
}

const char *names_syscall(uint32_t arch, uint32_t nr)
{
	size_t i, j;

	for (i = 0; i < COUNT(arches); i++) {
		if (arches[i].arch != arch)
			continue;
		nr &= ~arches[i].ignore;
		for (j = 0; j < arches[i].calls; j++)
			if (arches[i].call[j].nr == nr)
				return arches[i].call[j].name;
	}
	return NULL;
}

const char *names_capability(unsigned int bit)
{
	static const char *const capabilities[] = {
		"CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH",
		"CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID",
		"CAP_SETUID", "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE",
		"CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN",
		"CAP_NET_RAW", "CAP_IPC_LOCK", "CAP_IPC_OWNER",
		"CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT",
		"CAP_SYS_PTRACE", "CAP_SYS_PACCT", "CAP_SYS_ADMIN",
		"CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE",
		"CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD", "CAP_LEASE",
		"CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP",
		"CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
		"CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ",
		"CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
	};

	return bit < COUNT(capabilities) ? capabilities[bit] : NULL;
}

const char *names_seal(unsigned int bit)
{
	static const char *const seals[] = {
		"F_SEAL_SEAL", "F_SEAL_SHRINK", "F_SEAL_GROW", "F_SEAL_WRITE",
		"F_SEAL_FUTURE_WRITE", "F_SEAL_EXEC",
	};

	return bit < COUNT(seals) ? seals[bit] : NULL;
}

const char *names_flag(unsigned int bit)
{
	static const char *const flags[] = {
		"args_truncated", "path_truncated", "args_missing", "compat",
		"kernel_spawned", "implied_exec", "no_outcome",
		"ancestors_cut", "written", "unjudged", "debugger", "dual",
		"repeat", "aggregate", "self_clone", "checked",
	};

	return bit < COUNT(flags) ? flags[bit] : NULL;
}

void names_prot(uint32_t prot, char text[4])
{
	text[0] = prot & 1 ? 'r' : '-';
	text[1] = prot & 2 ? 'w' : '-';
	text[2] = prot & 4 ? 'x' : '-';
	text[3] = '\0';
}
