/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between kernels, and the only file with a version test.
 * The code is written for the newest kernel; each shim is guarded by the
 * feature where that has a name, and says until when it is needed.
 */
#ifndef _WXG_COMPAT_H
#define _WXG_COMPAT_H

#include <linux/binfmts.h>
#include <linux/capability.h>
#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/ftrace.h>
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mm_types.h>
#include <linux/module.h>
#include <linux/ns_common.h>
#include <linux/nsproxy.h>
#include <linux/ptrace.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/task_work.h>
#include <linux/version.h>
#include <net/genetlink.h>

/*
 * A kernel that is not supported is refused here, with the reason: DKMS before
 * 3.0.11 does not look at BUILD_EXCLUSIVE_CONFIG.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 10, 0)
#error "wxguard needs Linux 5.10 or newer."
#endif
#if !defined(CONFIG_SECURITY) || !defined(CONFIG_NET)
#error "wxguard needs a kernel with CONFIG_SECURITY and CONFIG_NET."
#endif
#if !defined(CONFIG_KPROBES) || !defined(CONFIG_KRETPROBES)
#error "wxguard needs a kernel with CONFIG_KPROBES and CONFIG_KRETPROBES."
#endif

/*
 * ftrace callbacks get a struct ftrace_regs since 5.11 and accessors for it
 * since 6.2; 5.10 passes pt_regs. The first goes with 5.10, the second with
 * 6.1. The flags say that the core need not guard a callback against itself:
 * ours cannot recurse (probe.h), and the guard costs more than they do.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
typedef struct pt_regs wxg_ftrace_regs;
#define wxg_ftrace_arg(regs, n)		regs_get_kernel_argument(regs, n)
#define wxg_ftrace_set_ip(regs, ip)	instruction_pointer_set(regs, ip)
#define WXG_FTRACE_FLAGS	(FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_RECURSION_SAFE)
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
typedef struct ftrace_regs wxg_ftrace_regs;
#define wxg_ftrace_arg(fregs, n)	regs_get_kernel_argument(&(fregs)->regs, n)
#define wxg_ftrace_set_ip(fregs, ip)	instruction_pointer_set(&(fregs)->regs, ip)
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
#define WXG_FTRACE_FLAGS	0
#else
/* arm64 has the arguments only where all registers are asked for. */
#define WXG_FTRACE_FLAGS	FTRACE_OPS_FL_SAVE_REGS
#endif
#else
typedef struct ftrace_regs wxg_ftrace_regs;
#define wxg_ftrace_arg(fregs, n)	ftrace_regs_get_argument(fregs, n)
#define wxg_ftrace_set_ip(fregs, ip)	ftrace_regs_set_instruction_pointer(fregs, ip)
#define WXG_FTRACE_FLAGS	0
#endif

/*
 * A BPF trampoline can share a function with an IP-modifying op since 6.0;
 * until 6.6 it has to be told (probe/trampoline.c). Goes with 6.1.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 0, 0) && \
	LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0) && \
	defined(CONFIG_BPF_JIT) && \
	defined(CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)
#define WXG_BPF_FORGETS_TO_SHARE
#endif

/* get_kretprobe() came with 5.11; goes with 5.10. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
#define wxg_kretprobe_of(instance)	((instance)->rp)
#else
#define wxg_kretprobe_of(instance)	get_kretprobe(instance)
#endif

/*
 * Does user space only ask whether it might execute it (AT_EXECVE_CHECK)?
 * Since 6.14; goes with 6.12.
 */
#ifdef WXG_HAVE_EXECVE_CHECK
#define wxg_bprm_is_check(bprm)	((bprm)->is_check)
#define WXG_KERNEL_CHECKS	true
#else
#define wxg_bprm_is_check(bprm)	false
#define WXG_KERNEL_CHECKS	false
#endif

/* kernel_cap_t was two words until 6.3. */
static inline u64 wxg_cap_value(kernel_cap_t cap)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	return (u64)cap.cap[1] << 32 | cap.cap[0];
#else
	return cap.val;
#endif
}

/*
 * The executable of an mm. get_mm_exe_file() is exported on 5.10 only;
 * get_file_rcu() takes the pointer's address since 6.7. Caller holds
 * rcu_read_lock(). Return: a reference, or NULL.
 */
static inline struct file *wxg_mm_exe_file_rcu(struct mm_struct *mm)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	struct file *file = rcu_dereference(mm->exe_file);

	if (file && !get_file_rcu(file))
		file = NULL;
	return file;
#else
	return get_file_rcu(&mm->exe_file);
#endif
}

/*
 * One page of another memory, to read it. The array of VMAs went with 6.5.
 * Caller holds mmap_lock of @mm. Return: 1 and a reference, or what failed.
 */
static inline long wxg_get_page_remote(struct mm_struct *mm,
				       unsigned long address,
				       struct page **page)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
	return get_user_pages_remote(mm, address, 1, FOLL_FORCE, page, NULL,
				     NULL);
#else
	return get_user_pages_remote(mm, address, 1, FOLL_FORCE, page, NULL);
#endif
}

/*
 * A call of pin_user_pages_remote() that pins nothing. It has lost its vmas
 * in 6.5. Caller holds mmap_lock.
 */
static inline void wxg_pin_no_pages(struct mm_struct *mm)
{
	struct page *page;

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
	pin_user_pages_remote(mm, 0, 0, 0, &page, NULL, NULL);
#else
	pin_user_pages_remote(mm, 0, 0, 0, &page, NULL);
#endif
}

/*
 * Who uses a module: private to kernel/module/ on new kernels (7.3 has it
 * there), in the same shape.
 */
#ifndef WXG_HAVE_MODULE_USE
struct module_use {
	struct list_head source_list;
	struct list_head target_list;
	struct module *source, *target;
};
#endif

/* A system call's function: the architecture stands in its name. */
#if defined(CONFIG_X86_64)
#define WXG_SYSCALL_SYMBOL(name)	"__x64_sys_" name
#define WXG_SYSCALL_SYMBOL_32(name)	"__ia32_sys_" name
#elif defined(CONFIG_ARM64)
#define WXG_SYSCALL_SYMBOL(name)	"__arm64_sys_" name
#define WXG_SYSCALL_SYMBOL_32(name)	"__arm64_compat_sys_" name
#else
#define WXG_SYSCALL_SYMBOL(name)	"sys_" name
#define WXG_SYSCALL_SYMBOL_32(name)	"compat_sys_" name
#endif

/* Accessors of inode times: 6.6 and 6.7, the first backported to stable. */
#ifndef WXG_HAVE_INODE_GET_CTIME
static inline struct timespec64 inode_get_ctime(const struct inode *inode)
{
	return inode->i_ctime;
}
#endif
#ifndef WXG_HAVE_INODE_GET_MTIME
static inline struct timespec64 inode_get_mtime(const struct inode *inode)
{
	return inode->i_mtime;
}
#endif

/*
 * Inode number of a mount namespace. struct mnt_namespace is private to fs/;
 * its ns_common is the first member since 5.11 and follows an atomic_t
 * before (fs/mount.h).
 */
static inline u64 wxg_mnt_ns_inum(const struct nsproxy *nsproxy)
{
	const char *ns = (const char *)nsproxy->mnt_ns;

	if (!ns)
		return 0;
#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 11, 0)
	ns += ALIGN(sizeof(atomic_t), __alignof__(struct ns_common));
#endif
	return ((const struct ns_common *)ns)->inum;
}

/*
 * genl: who may join a multicast group. A flag since 6.7 and in the stable
 * series back to 5.15; 5.10 got a bit that asks for CAP_SYS_ADMIN instead.
 * Goes with 5.10.
 */
#ifdef GENL_MCAST_CAP_NET_ADMIN
#define WXG_GENL_GROUP_ADMIN	.flags = GENL_MCAST_CAP_NET_ADMIN
#else
#define WXG_GENL_GROUP_ADMIN	.cap_sys_admin = 1
#endif

/*
 * An open of our own that no listener on file accesses can hold up, for it is
 * made with the family locked. Since 6.14 only the core may ask for that.
 */
static inline struct file *wxg_open_quietly(const struct path *path, int flags)
{
#ifdef __FMODE_NONOTIFY
	flags |= __FMODE_NONOTIFY;
#endif
	return dentry_open(path, flags, current_cred());
}

#endif
