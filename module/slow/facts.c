// SPDX-License-Identifier: GPL-2.0-only
/*
 * Facts about the current task: who it is, where it comes from, what it asked.
 * PROCESS context in that task. mmap_lock may be held by the caller, so user
 * memory is not touched and the lock is not taken here.
 */
#include <asm/syscall.h>
#include <linux/audit.h>
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/file.h>
#include <linux/fs_struct.h>
#include <linux/magic.h>
#include <linux/pid_namespace.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/sched/task_stack.h>
#include <linux/stat.h>

#include "compat.h"
#include "reader.h"
#include "slow/content.h"
#include "slow/facts.h"
#include "slow/finding.h"
#include "slow/origin.h"
#include "slow/scratch.h"

/* The cgroup path shares the scratch with the executable's path. */
#define CGROUP_ROOM 1024
#define EXE_ROOM (WXG_SCRATCH_SIZE - CGROUP_ROOM)

static void key_of_inode(const struct inode *inode, struct wxg_known_key *key)
{
	const struct timespec64 ctime = inode_get_ctime(inode);

	memset(key, 0, sizeof(*key));
	key->ino = inode->i_ino;
	key->ctime_sec = ctime.tv_sec;
	key->ctime_nsec = ctime.tv_nsec;
	key->dev = inode->i_sb->s_dev;
	key->generation = inode->i_generation;
}

int wxg_facts_key_of_path(const struct path *file, struct wxg_known_key *key)
{
	const struct inode *const inode = d_real_inode(file->dentry);
	struct kstat stat;
	int ret;

	key_of_inode(inode, key);
	/* All subvolumes share s_dev and their inode numbers repeat. */
	if (inode->i_sb->s_magic != BTRFS_SUPER_MAGIC)
		return 0;
	ret = vfs_getattr_nosec(file, &stat, STATX_INO, 0);
	if (!ret)
		key->dev = stat.dev;
	return ret;
}

int wxg_facts_key(struct file *file, struct wxg_known_key *key)
{
	return wxg_facts_key_of_path(&file->f_path, key);
}

bool wxg_facts_key_atomic(const struct file *file, struct wxg_known_key *key)
{
	if (unlikely(file->f_path.dentry->d_flags & DCACHE_OP_REAL))
		return false;
	if (unlikely(file_inode(file)->i_sb->s_magic == BTRFS_SUPER_MAGIC))
		return false;
	key_of_inode(file_inode(file), key);
	return true;
}

struct file *wxg_facts_exe_get(void)
{
	struct file *exe = NULL;

	rcu_read_lock();
	if (current->mm)
		exe = wxg_mm_exe_file_rcu(current->mm);
	rcu_read_unlock();
	return exe;
}

static size_t cgroup_path_of_current(char *buf, size_t size)
{
	int len;

	rcu_read_lock();
	len = cgroup_path(task_dfl_cgroup(current), buf, size);
	rcu_read_unlock();
	if (len < 0)
		return 0;
	return min_t(size_t, len, size - 1);
}

/* A self-clone is judged as what it is a copy of. */
static bool who_is_clone(struct wxg_who *who)
{
	struct wxg_subject *const subject = &who->subject;
	struct wxg_original *original;
	bool is = false;

	if (!wxg_file_is_memory(who->exe))
		return false;
	original = kmalloc(sizeof(*original), GFP_KERNEL);
	if (original && wxg_content_original(who->exe, original)) {
		subject->has_key = true;
		subject->key = original->key;
		memcpy(who->scratch, original->path, original->path_len);
		subject->exe = who->scratch;
		subject->exe_len = original->path_len;
		is = true;
	}
	kfree(original);
	return is;
}

int wxg_facts_who(struct wxg_who *who, struct file *instead)
{
	struct wxg_subject *const subject = &who->subject;
	char *cgroup;
	const char *path;

	memset(who, 0, sizeof(*who));
	who->scratch = wxg_scratch_alloc();
	if (!who->scratch)
		return -ENOMEM;
	cgroup = who->scratch + EXE_ROOM;
	subject->cgroup = cgroup;
	subject->cgroup_len = cgroup_path_of_current(cgroup, CGROUP_ROOM);

	get_task_comm(who->comm, current);
	subject->comm = who->comm;
	subject->comm_len = strlen(who->comm);
	subject->uid = from_kuid(&init_user_ns, current_uid());
	subject->is_init = is_global_init(current);
	subject->is_daemon = wxg_reader_is_current();
	/* A usermode helper has no memory of its own until its exec. */
	subject->kernel_spawned = !current->mm;

	subject->exe = "";
	who->exe = instead ? get_file(instead) : wxg_facts_exe_get();
	if (!who->exe || who_is_clone(who))
		return 0;
	subject->has_key = !wxg_facts_key(who->exe, &subject->key);
	path = d_path(&who->exe->f_path, who->scratch, EXE_ROOM);
	if (!IS_ERR(path)) {
		subject->exe = path;
		subject->exe_len = strlen(path);
	}
	return 0;
}

void wxg_facts_who_put(struct wxg_who *who)
{
	if (who->exe)
		fput(who->exe);
	wxg_scratch_free(who->scratch);
}

void wxg_facts_executable(struct wxg_finding *finding, struct file *exe)
{
	struct wxg_proc *const proc = &finding->proc;
	struct wxg_original *original;

	if (wxg_file_is_memory(exe)) {
		original = kmalloc(sizeof(*original), GFP_KERNEL);
		if (original && wxg_content_original(exe, original)) {
			finding->flags |= WXGUARD_FLAG_SELF_CLONE;
			wxg_finding_add(finding, &proc->exe, original->path,
					original->path_len);
			proc->exe_file = original->file;
			kfree(original);
			return;
		}
		kfree(original);
	}
	wxg_finding_add_path(finding, &proc->exe, &exe->f_path,
			     WXGUARD_PATH_MAX);
	wxg_finding_add_file(finding, &proc->exe_file, &exe->f_path, false);
}

void wxg_facts_subject(struct wxg_finding *finding, const struct wxg_who *who)
{
	const struct wxg_subject *const subject = &who->subject;
	struct wxg_proc *const proc = &finding->proc;

	/* Where it was cut, the whole is asked for once more. */
	if (subject->cgroup_len < CGROUP_ROOM - 1)
		wxg_finding_add(finding, &proc->cgroup, subject->cgroup,
				subject->cgroup_len);
	if (!who->exe)
		return;
	if (wxg_file_is_memory(who->exe) || !subject->exe_len ||
	    subject->exe_len > WXGUARD_PATH_MAX) {
		wxg_facts_executable(finding, who->exe);
		return;
	}
	wxg_finding_add(finding, &proc->exe, subject->exe, subject->exe_len);
	wxg_finding_add_file(finding, &proc->exe_file, &who->exe->f_path, false);
}

static void credentials(struct wxg_proc *proc)
{
	const struct cred *const cred = current_cred();

	proc->uid = from_kuid(&init_user_ns, cred->uid);
	proc->euid = from_kuid(&init_user_ns, cred->euid);
	proc->gid = from_kgid(&init_user_ns, cred->gid);
	proc->cap_effective = wxg_cap_value(cred->cap_effective);
	proc->cap_permitted = wxg_cap_value(cred->cap_permitted);
	proc->loginuid = from_kuid(&init_user_ns, audit_get_loginuid(current));
	proc->sessionid = audit_get_sessionid(current);
}

static void working_directory(struct wxg_finding *finding)
{
	struct path cwd;

	/* An exiting task has none any more. */
	if (!current->fs)
		return;
	get_fs_pwd(current->fs, &cwd);
	wxg_finding_add_path(finding, &finding->proc.cwd, &cwd,
			     WXGUARD_PATH_MAX);
	path_put(&cwd);
}

static void control_group(struct wxg_finding *finding)
{
	u8 *const place = wxg_finding_room(finding, PAGE_SIZE);

	if (place)
		wxg_finding_add(finding, &finding->proc.cgroup, place,
				cgroup_path_of_current(place, PAGE_SIZE));
}

void wxg_facts_process(struct wxg_finding *finding)
{
	struct wxg_proc *const proc = &finding->proc;

	proc->pid = task_tgid_nr(current);
	proc->tid = task_pid_nr(current);
	proc->vpid = task_tgid_vnr(current);
	proc->start = current->group_leader->start_boottime;
	get_task_comm(proc->comm, current);
	credentials(proc);
	if (task_active_pid_ns(current))
		proc->pidns = task_active_pid_ns(current)->ns.inum;
	if (current->nsproxy)
		proc->mntns = wxg_mnt_ns_inum(current->nsproxy);
	working_directory(finding);
	if (!proc->cgroup.len)
		control_group(finding);
}

/* The executable of another task, without taking its mm. */
static struct file *exe_of(struct task_struct *task)
{
	struct file *exe = NULL;

	task_lock(task);
	if (task->mm && !(task->flags & PF_KTHREAD)) {
		rcu_read_lock();
		exe = wxg_mm_exe_file_rcu(task->mm);
		rcu_read_unlock();
	}
	task_unlock(task);
	return exe;
}

/* Return: a reference to the parent's leader, NULL at the top. */
static struct task_struct *parent_get(struct task_struct *task)
{
	struct task_struct *parent;

	rcu_read_lock();
	parent = rcu_dereference(task->real_parent);
	parent = parent->group_leader;
	if (!task_tgid_nr(parent))
		parent = NULL;	/* the idle task: nobody's parent */
	else
		get_task_struct(parent);
	rcu_read_unlock();
	return parent;
}

static void ancestor(struct wxg_finding *finding, struct task_struct *task)
{
	struct wxg_ancestor *const to = &finding->ancestor[finding->ancestors++];
	struct file *const exe = exe_of(task);

	to->pid = task_tgid_nr(task);
	to->start = task->start_boottime;
	get_task_comm(to->comm, task);
	if (!exe)
		return;
	wxg_finding_add_path(finding, &to->exe, &exe->f_path,
			     WXGUARD_ANCESTOR_EXE_MAX);
	fput(exe);
}

void wxg_facts_ancestors(struct wxg_finding *finding)
{
	struct task_struct *task = parent_get(current);
	struct task_struct *next;

	while (task && finding->ancestors < WXGUARD_ANCESTORS_MAX) {
		ancestor(finding, task);
		next = parent_get(task);
		put_task_struct(task);
		task = next;
	}
	if (task) {
		finding->flags |= WXGUARD_FLAG_ANCESTORS_CUT;
		put_task_struct(task);
	}
}

struct task_struct *wxg_facts_owner_get(const struct mm_struct *mm)
{
	struct task_struct *owner = NULL;

#ifdef CONFIG_MEMCG
	rcu_read_lock();
	owner = rcu_dereference(mm->owner);
	if (owner)
		get_task_struct(owner);
	rcu_read_unlock();
#endif
	return owner;
}

void wxg_facts_other(struct wxg_finding *finding, struct wxg_other *to,
		     struct task_struct *task)
{
	struct file *const exe = exe_of(task);

	to->present = true;
	to->pid = task_tgid_nr(task);
	to->uid = from_kuid(&init_user_ns, task_uid(task));
	to->start = task->group_leader->start_boottime;
	get_task_comm(to->comm, task);
	if (!exe)
		return;
	wxg_finding_add_path(finding, &to->exe, &exe->f_path,
			     WXGUARD_PATH_MAX);
	fput(exe);
}

void wxg_facts_syscall(struct wxg_finding *finding)
{
	struct wxg_syscall *const call = &finding->syscall;
	struct pt_regs *const regs = task_pt_regs(current);
	unsigned long args[6];
	unsigned int i;

	/* Nobody made one for a usermode helper. */
	if (!current->mm) {
		finding->flags |= WXGUARD_FLAG_NO_OUTCOME;
		return;
	}
	call->present = true;
	call->nr = syscall_get_nr(current, regs);
	call->arch = syscall_get_arch(current);
	syscall_get_arguments(current, regs, args);
	for (i = 0; i < ARRAY_SIZE(args); i++)
		call->args[i] = args[i];
	if (in_compat_syscall())
		finding->flags |= WXGUARD_FLAG_COMPAT;
}
